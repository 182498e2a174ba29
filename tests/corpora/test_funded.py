"""What every funded project has: a CUP, a measure, places, an amount, a text that names no private person."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.reading import FieldError, Layout, Row
from corpora.rows import Repairs
from corpora.sources import _funded as funded
from matcher.records import ApplicantKind, Money

TO_FIRMS = "CONCESSIONE DI INCENTIVI AD UNITA' PRODUTTIVE"
TO_OTHERS = "CONCESSIONE DI CONTRIBUTI AD ALTRI SOGGETTI (DIVERSI DA UNITA' PRODUTTIVE)"
WORKS = "REALIZZAZIONE DI LAVORI PUBBLICI (OPERE ED IMPIANTISTICA)"


def row(**values: str) -> Row:
    return Row(2, Layout("test", {name: name for name in values}, frozenset(), "."), values, Repairs())


@pytest.mark.parametrize("code", ["", "J71F2200063000", "j71f22000630006", "J71F22000630006 ", "771F22000630006"])
def test_a_code_that_is_no_cup_is_refused(code: str) -> None:
    with pytest.raises(FieldError):
        funded.cup(row(cup=code))


@pytest.mark.parametrize(
    ("code", "year"), [("J71F22000630006", 2022), ("G97H03000110002", 2003), ("B10J97000000001", 1997)]
)
def test_a_cup_carries_the_year_of_its_decision(code: str, year: int) -> None:
    assert funded.decision_year(code) == year


@pytest.mark.parametrize("code", ["", "PNRR", "M5C2", "M5C21.2.01", "5C2I2.01.00", "M5C2I2.01.00.1"])
def test_a_code_that_is_no_measure_is_refused(code: str) -> None:
    with pytest.raises(FieldError):
        funded.measure_code(row(measure=code), "measure")


@given(
    st.integers(1, 7),
    st.integers(1, 4),
    st.sampled_from("IR"),
    st.integers(1, 9),
    st.integers(1, 99),
    st.integers(0, 99),
)
def test_every_spelling_of_a_measure_has_one_form(
    mission: int, component: int, sort: str, group: int, number: int, part: int
) -> None:
    short = f"M{mission}C{component}{sort}{group}.{number}" + (f".{part}" if part else "")
    normal = f"M{mission}C{component}{sort}{group}.{number:02}.{part:02}"
    assert funded.measure_code(row(measure=short), "measure") == normal
    assert funded.measure_code(row(measure=normal), "measure") == normal


def test_codes_of_provinces_and_regions_are_no_communes() -> None:
    cell = "018000000:::018080010:::018078000:::018080010"
    assert funded.communes(row(places=cell), "places", ":::") == ("080010",)
    assert funded.communes(row(places="015182;001001"), "places") == ("015182", "001001")
    assert funded.communes(row(places=""), "places") == ()


@pytest.mark.parametrize("cell", ["15182", "Rho", "015182,001001"])
def test_a_place_that_is_no_code_is_refused(cell: str) -> None:
    with pytest.raises(FieldError):
        funded.communes(row(places=cell), "places")


def test_all_communes_is_no_name() -> None:
    names = "TUTTI I COMUNI;LODI;LOMBARDIA-TUTTI I COMUNI;AMBITO NAZIONALE;LODI"
    assert funded.commune_names(row(names=names), "names") == ("LODI",)


def test_amounts_kept_as_binary_fractions_become_cents() -> None:
    published = row(amount="11050.580078125", whole="97500.0", none="")
    assert funded.amount(published, "amount") == Money(Decimal("11050.58"))
    assert funded.amount(published, "whole") == Money(Decimal("97500"))
    assert funded.amount(published, "none") is None
    assert published.repairs.counts == {"amount rounded to cents": 1}


def test_the_parts_of_a_title_stay_as_published() -> None:
    published = row(title="ASILO NIDO*VIA MASCAGNI*AMPLIAMENTO", summary="AMPLIAMENTO", nature=WORKS)
    assert funded.title_and_text(published, "title", "summary") == (
        "ASILO NIDO - VIA MASCAGNI - AMPLIAMENTO",
        "AMPLIAMENTO",
    )


@pytest.mark.parametrize("nature", [TO_FIRMS, TO_OTHERS, TO_FIRMS.capitalize()])
def test_whoever_the_money_was_handed_on_to_is_not_named(nature: str) -> None:
    summary = "BAR DI ADA INVENTATA*VIA ROMA 1*NUOVO FORNO"
    for title in ("BAR DI ADA INVEN", "BAR DI ADA INVENTATA", summary, ""):
        read = funded.title_and_text(row(title=title, summary=summary, nature=nature), "title", "summary")
        assert read == ("VIA ROMA 1 - NUOVO FORNO", "VIA ROMA 1 - NUOVO FORNO")


def test_a_title_of_its_own_stays_when_the_name_goes() -> None:
    published = row(title="Linea 2", summary="ADA INVENTATA*NUOVO FORNO", nature=TO_FIRMS)
    assert funded.title_and_text(published, "title", "summary") == ("Linea 2", "NUOVO FORNO")


@pytest.mark.parametrize(("title", "nature"), [("", WORKS), ("*", TO_FIRMS)])
def test_a_project_that_says_nothing_is_refused(title: str, nature: str) -> None:
    with pytest.raises(FieldError, match="nothing says what was funded"):
        funded.title_and_text(row(title=title, nature=nature, summary=""), "title", "summary")


def test_incentives_to_productive_units_go_to_firms_and_contributions_to_nobody_in_particular() -> None:
    assert funded.beneficiary(TO_FIRMS) is ApplicantKind.FIRM
    assert funded.beneficiary(TO_OTHERS) is None
    assert funded.beneficiary(WORKS) is None


def test_a_body_is_named_unless_it_is_a_person_or_hands_the_money_on() -> None:
    rho = {"body": "COMUNE DI RHO", "tax_code": "00893240150", "nature": WORKS}
    assert funded.body(row(**rho), "body", "tax_code") == "COMUNE DI RHO"
    assert funded.body(row(**rho | {"tax_code": "NVNDAA80A41F205X"}), "body", "tax_code") == ""
    assert funded.body(row(**rho | {"nature": TO_OTHERS}), "body", "tax_code") == ""
    assert funded.body(row(**rho | {"body": "Non Determinata"}), "body", "tax_code") == ""
