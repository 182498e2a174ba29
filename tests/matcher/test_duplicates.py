"""Pairs of calls: which are one, and which only look alike. All texts are ours, shaped like published ones."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.call_identity import language_of
from matcher.duplicates import Groups, Link, find_groups, find_pairs
from matcher.records import FundingCall, Moment, Money
from tests.fakes import HashingEncoder
from tests.world import ROME


def call(own_id: str, title: str, **fields: object) -> FundingCall:
    days = {name: Moment(datetime.fromisoformat(f"{fields.pop(name)}T12:00").replace(tzinfo=ROME))
            for name in ("opens", "closes") if name in fields}  # fmt: skip
    if "total" in fields:
        days["total_amount"] = Money(Decimal(fields.pop("total")))
    source, _, _ = own_id.partition(":")
    return FundingCall(id=own_id, source=source, title=title, **(days | fields))  # type: ignore[arg-type]


def grouped(*calls: FundingCall) -> Groups:
    ordered = sorted(calls, key=lambda one: one.id)
    return find_groups(ordered, HashingEncoder().encode_documents([one.title for one in ordered]))


def link(one: FundingCall, other: FundingCall, similarity: float = 0.9) -> Link | None:
    """What links two calls whose titles have this similarity."""
    titles = np.array([[1, 0], [similarity, np.sqrt(1 - similarity**2)]], dtype=np.float32)
    found = list(find_pairs(sorted((one, other), key=lambda c: c.id), titles))
    return found[0].link if found else None


SPRING = {"opens": "2022-04-04", "closes": "2022-09-02", "total": 90_000_000}
PORTAL = call("padigitale:app-io", "1.4.3 - app IO - Comuni - Aprile 2022", programme="M1C1I1.04.03",
              issuer="Dipartimento per la trasformazione digitale", **SPRING)  # fmt: skip
PLAN = call("pnrr-avvisi:111", "Adozione app IO - comuni", programme="M1C1I1.04.03",
            issuer="PCM - DIPARTIM. TRASFORMAZIONE DIGITALE", **SPRING)  # fmt: skip
VOUCHER = call("incentivi:1", "Bando voucher export 2024 - CCIAA Varese", issuer="Camera di commercio di Varese",
               opens="2024-02-01", closes="2024-05-01", total=100_000)  # fmt: skip


def later(one: FundingCall, **fields: object) -> FundingCall:
    return replace(
        one, id=f"{one.id}-later", opens=Moment(datetime(2025, 2, 1, tzinfo=ROME)),
        closes=Moment(datetime(2025, 5, 1, tzinfo=ROME)), **fields,
    )  # type: ignore[arg-type]  # fmt: skip


def test_the_same_notice_on_two_portals_is_one_by_programme_dates_and_budget() -> None:
    assert link(PORTAL, PLAN) is Link.SAME_NOTICE


def test_two_notices_of_one_programme_and_day_for_different_things_are_two() -> None:
    other = replace(PLAN, title="Adozione piattaforma pagoPA", total_amount=Money(Decimal(200_000_000)))
    assert link(PORTAL, other) is None


def test_next_years_call_of_the_same_issuer_is_an_edition() -> None:
    assert link(VOUCHER, later(VOUCHER, title="Camera di commercio Varese - Voucher export 2025")) is Link.EDITION


@pytest.mark.parametrize(
    "other",
    [
        later(VOUCHER, issuer="Camera di commercio di Lecce", title="Bando voucher export 2025"),
        later(VOUCHER, title="Bando voucher turismo 2025 - CCIAA Varese"),
        later(VOUCHER, title="Bando voucher export 2025 - CCIAA Varese - Linea B"),
        later(VOUCHER, title="Bando 2025"),
        replace(VOUCHER, id="incentivi:2", total_amount=Money(Decimal(50_000))),
    ],
    ids=["another chamber", "another purpose", "another line", "a title that says nothing", "another lot of that day"],
)
def test_a_call_that_only_looks_alike_stays_by_itself(other: FundingCall) -> None:
    assert link(VOUCHER, other, similarity=0.99) is None


def test_two_communes_with_the_same_national_fund_have_two_calls() -> None:
    fund = {"title": "Fondo di sostegno ai comuni marginali - annualità 2022", "opens": "2024-01-01"}
    here = call("incentivi:3", issuer="Comune di Piuro", **fund)
    there = call("incentivi:4", issuer="COMUNE DI COLLINAS", **fund)
    assert link(here, there) is None


def test_a_firm_that_publishes_for_two_districts_has_two_calls() -> None:
    bando = call(
        "incentivi:5", "Sviluppo dei distretti 2022-2024", issuer="Alfa Lab srl", opens="2023-04-14", total=72_072
    )
    other = replace(bando, id="incentivi:6", opens=Moment(datetime(2023, 5, 4, tzinfo=ROME)))
    assert link(bando, other) is None


def test_a_renamed_office_still_publishes_the_same_call() -> None:
    before = call("incentivi:7", "Marchi+ 2022", issuer="UNIONCAMERE", opens="2022-10-25", closes="2022-11-08")
    after = call(
        "incentivi:8", "Marchi+ 2025", issuer="Ministero delle Imprese e del Made in Italy", opens="2025-12-04"
    )
    assert link(before, after) is Link.EDITION
    assert link(before, replace(after, title="Marchi collettivi+ 2025")) is None


def test_a_regions_own_text_and_its_entry_in_a_catalogue_are_one_by_their_rare_name() -> None:
    text = call("regione-lombardia:seed", "Bando SEED PA - efficienza degli edifici (azione 2.1.1)",
                issuer="Regione Lombardia", territory_text="Lombardia", applicants_text="comuni;province")  # fmt: skip
    entry = call("incentivi:9", "SEED PA - Efficienza degli Edifici pubblici", issuer="Regione Lombardia",
                 territory_text="Lombardia", applicants_text="ente_pubblico", opens="2025-05-12")  # fmt: skip
    assert link(text, entry) is Link.SAME_NOTICE
    assert link(text, replace(entry, applicants_text="impresa")) is None
    assert link(text, replace(entry, territory_text="Piemonte")) is None


def test_one_call_in_two_languages_is_one_only_where_dates_and_budget_agree() -> None:
    german = call("incentivi:10", "Beiträge für die Energieeffizienz der Gemeindegebäude", opens="2025-01-01",
                  issuer="Provincia Autonoma di Bolzano", total=400_000)  # fmt: skip
    italian = replace(german, id="incentivi:11", title="Contributi per l'efficienza energetica degli edifici comunali")
    assert link(german, italian, similarity=0.935) is Link.SAME_NOTICE
    assert link(german, italian, similarity=0.80) is None
    assert link(german, replace(italian, total_amount=Money(Decimal(1)))) is None
    assert link(german, replace(italian, issuer="Provincia Autonoma di Trento")) is None


@pytest.mark.parametrize(
    ("title", "language"),
    [("Förderung für die Gemeinden", "de"), ("Grants for the towns", "en"), ("Aides pour les communes", "fr"),
     ("Bando per i comuni", "it"), ("", "it"), ("Bando «Call for the Future of Towns» per i comuni", "it")],
)  # fmt: skip
def test_a_title_is_foreign_only_if_none_of_its_words_is_italian(title: str, language: str) -> None:
    assert language_of(title) == language


def test_a_measure_is_known_by_its_code_and_its_notices_by_theirs() -> None:
    measure = call("pnrr-misure:M1C1I1.04.03", "PagoPA e IO", programme="M1C1I1.04.03")
    groups = grouped(call("incentivi:12", "Senza programma"), PORTAL, PLAN, measure)
    assert groups.measure.tolist() == [-1, 3, 3, -1]
    assert groups.family.tolist() == [0, 1, 1, 3]


def test_what_two_records_have_in_common_a_third_has_too() -> None:
    groups = grouped(PORTAL, PLAN, later(PORTAL, title="1.4.3 - app IO - Comuni - maggio 2025"))
    assert set(groups.family.tolist()) == {0}
    assert groups.occasion.tolist() == [0, 1, 0]


def test_no_calls_are_no_groups() -> None:
    assert grouped().family.tolist() == []


WORDS = st.lists(st.sampled_from(["voucher", "export", "2024", "2025", "cultura", "linea A", "Varese"]), max_size=5)


@given(st.lists(WORDS.map(" ".join), max_size=8), st.randoms())
@settings(max_examples=50, deadline=None)
def test_the_order_in_which_calls_arrive_does_not_change_the_groups(titles, chance) -> None:
    calls = [replace(VOUCHER, id=f"incentivi:{n}", title=title) for n, title in enumerate(titles)]
    shuffled = [*calls]
    chance.shuffle(shuffled)
    assert np.array_equal(grouped(*calls).family, grouped(*shuffled).family)
