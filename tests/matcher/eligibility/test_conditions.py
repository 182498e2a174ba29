"""Partners, lead, asset, amounts and co-financing, from fields and from text."""

from decimal import Decimal
from typing import Any

import pytest
from applicants_at import CINISELLO, a_call

from matcher.eligibility import extract_rules, judge
from matcher.records import Money, QueryKind
from matcher.verdicts import Criterion, CriterionResult, Verdict, municipality


def condition(criterion: Criterion, query: QueryKind | None = None, **fields: Any) -> CriterionResult | None:
    results = judge(extract_rules(a_call(**fields)), municipality(CINISELLO), None, query).criteria
    return next((result for result in results if result.criterion is criterion), None)


@pytest.mark.parametrize(
    ("text", "partners"),
    [
        ("Il partenariato deve essere composto da almeno cinque partner (capofila compreso).", "5"),
        ("Raggruppamenti costituiti da almeno 3 (tre) enti legati da un accordo.", "3"),
        ("Aggregazioni composte da un minimo di 2 partner e fino a un massimo di 8.", "2"),
    ],
)
def test_a_minimum_of_partners_is_a_condition_to_check(text: str, partners: str) -> None:
    result = condition(Criterion.PARTNERSHIP, text=text)
    assert result is not None
    assert ("min_partners", partners) in result.facts
    assert (result.verdict, result.missing) == (Verdict.UNKNOWN, "partners")
    assert result.quote in text


@pytest.mark.parametrize(
    "text", ["almeno cinque comuni", "almeno 3 imprese iscritte", "la capofila invia comunicazioni ai partner"]
)
def test_numbers_without_a_partnership_ask_for_none(text: str) -> None:
    assert condition(Criterion.PARTNERSHIP, text=text) is None


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("Il capofila deve essere un ente pubblico.", "public"),
        ("Il partenariato individua un comune capofila.", "commune"),
    ],
)
def test_the_lead_that_a_partnership_needs_is_read(text: str, lead: str) -> None:
    result = condition(Criterion.PARTNERSHIP, text=text)
    assert result is not None
    assert ("lead", lead) in result.facts


def test_an_asset_in_public_hands_is_asked_of_projects_and_given_for_assets() -> None:
    text = "Sono ammessi interventi su impianti sportivi di proprietà comunale."
    asked = condition(Criterion.ASSET, text=text)
    given = condition(Criterion.ASSET, QueryKind.ASSET, text=text)
    assert asked is not None
    assert given is not None
    assert (asked.verdict, asked.missing) == (Verdict.UNKNOWN, "ownership")
    assert given.verdict is Verdict.MET


def test_award_limits_come_from_the_fields() -> None:
    result = condition(Criterion.AMOUNT, min_award=Money(Decimal(10_000)), max_award=Money(Decimal(50_000)))
    assert result is not None
    assert result.facts == (("min_award", "10000"), ("max_award", "50000"))


def test_award_limits_come_from_the_text() -> None:
    result = condition(Criterion.AMOUNT, text="Il contributo massimo concedibile è pari a 150.000,00 euro.")
    assert result is not None
    assert result.facts == (("max_award", "150000.00"),)


def test_a_share_below_the_whole_asks_for_own_funds() -> None:
    result = condition(Criterion.COFINANCING, cofinancing=Decimal("0.7"))
    assert result is not None
    assert (result.verdict, result.missing, result.facts) == (Verdict.UNKNOWN, "own_funds", (("covered", "0.7"),))


def test_a_call_that_pays_everything_asks_for_nothing() -> None:
    result = condition(Criterion.COFINANCING, text="Contributo a fondo perduto fino al 100% delle spese ammissibili.")
    assert result is not None
    assert result.verdict is Verdict.MET


@pytest.mark.parametrize(
    "text",
    [
        "Le spese di personale sono ammissibili fino al 20% delle spese del progetto.",
        "Costi indiretti calcolati in misura forfettaria pari al 7% dei costi diretti.",
        "Anticipo del contributo pari al 40% della spesa.",
    ],
)
def test_ceilings_on_expenses_and_advances_are_no_share(text: str) -> None:
    assert condition(Criterion.COFINANCING, text=text) is None


def test_conditions_never_rule_out() -> None:
    text = "Partenariato di almeno 5 partner. Contributo a fondo perduto pari al 50% delle spese."
    call = a_call(text=text, applicants_text="Comuni", territory_text="nazionale")
    assert judge(extract_rules(call), municipality(CINISELLO), None).verdict is Verdict.MET
