"""One project in two sources: a CUP joins, two CUPs part, and without a CUP a title alone is never enough."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.project_entries import ProjectEntry, cup_in, entry_of, parts_of, same_body
from matcher.project_twins import Evidence, find_twins
from matcher.records import Money, Precedent, Project

CUP, OTHER_CUP = "J47H21005960001", "J47H21005990001"
RHO, MILAN = "015182", "015146"
NURSERY = "Nuovo asilo nido Girasole con giardino d'inverno in via Mazzini"

OFFICIAL = Precedent(
    id="pnrr-progetti:1",
    source="pnrr-progetti",
    title="ASILO NIDO GIRASOLE - VIA MAZZINI",
    text="COSTRUZIONE ASILO NIDO GIRASOLE CON GIARDINO D'INVERNO",
    cup=CUP,
    measure="M4C1I1.01.00",
    communes=(RHO,),
    commune_names=("RHO",),
    body="COMUNE DI RHO",
    amount=Money(Decimal("1200000.00")),
    year=2021,
)
OTHER = replace(OFFICIAL, id="pnc:1", source="pnc", measure="PNC-C.1")
TENDER = replace(OFFICIAL, id="pnrr-gare:1", source="pnrr-gare", title="LAVORI ASILO NIDO VIA MAZZINI", text="")
OWN = Project(id="hand:1", title=NURSERY, text="", communes=(RHO,), lead="Comune di Rho")
TENDERS = {"pnrr-gare"}


def entries(*records: Precedent | Project) -> list[ProjectEntry]:
    return [entry_of(record, tenders=TENDERS) for record in records]


def pairs(*records: Precedent | Project) -> list[tuple[str, str]]:
    return [(twin.first, twin.second) for twin in find_twins(entries(*records))]


def test_two_cups_are_two_projects_however_alike_they_read() -> None:
    assert pairs(OFFICIAL, replace(OTHER, cup=OTHER_CUP)) == []


def test_rows_of_one_publisher_under_one_cup_are_shares_of_it() -> None:
    assert pairs(OFFICIAL, replace(OFFICIAL, id="pnrr-progetti:2")) == []


def test_one_cup_in_two_sources_is_one_project_and_says_why() -> None:
    (twin,) = find_twins(entries(OFFICIAL, OTHER))
    assert (twin.first, twin.second, twin.likeness) == ("pnc:1", "pnrr-progetti:1", 1.0)
    assert twin.evidence == (Evidence.SAME_CUP, Evidence.SAME_COMMUNE, Evidence.SAME_BODY, Evidence.SAME_AMOUNT)


def test_one_cup_in_two_communes_is_not_proposed() -> None:
    assert pairs(OFFICIAL, replace(OTHER, communes=(MILAN,))) == []


def test_of_many_rows_under_one_cup_the_commune_singles_one_out_or_none_is_proposed() -> None:
    elsewhere = replace(OFFICIAL, id="pnrr-progetti:2", communes=(MILAN,))
    assert pairs(OFFICIAL, elsewhere, OTHER) == [("pnc:1", "pnrr-progetti:1")]
    assert pairs(OFFICIAL, replace(elsewhere, communes=(RHO,)), OTHER) == []


def test_a_tender_of_the_same_cup_is_told_from_a_second_entry() -> None:
    (twin,) = find_twins(entries(OFFICIAL, TENDER))
    assert twin.is_tender


def test_a_tender_that_serves_two_projects_is_neither_of_them() -> None:
    framework = replace(TENDER, id="pnrr-gare:2", cup=OTHER_CUP)
    assert pairs(OFFICIAL, TENDER, framework) == []


def test_a_tender_for_more_than_the_project_pays_buys_for_others_too() -> None:
    assert pairs(OFFICIAL, replace(TENDER, amount=Money(Decimal(9_000_000)))) == []


def test_what_a_commune_wrote_is_found_by_its_words_place_and_body() -> None:
    (twin,) = find_twins(entries(OFFICIAL, OWN))
    assert twin.evidence == (Evidence.SAME_TITLE, Evidence.SAME_COMMUNE, Evidence.SAME_BODY)
    wooden = replace(OFFICIAL, text=f"{OFFICIAL.text} IN LEGNO")
    (near,) = find_twins(entries(wooden, replace(OWN, title=f"{NURSERY} a Stellanda")))
    assert near.evidence[0] is Evidence.NEAR_TITLE
    assert 0.8 <= near.likeness < 1


@pytest.mark.parametrize(
    "changed",
    [
        {"communes": (MILAN,)},
        {"communes": ()},
        {"lead": "Croce Rossa"},
        {"title": "Asilo nido"},
        {"title": "Lavori di manutenzione straordinaria della scuola comunale"},
        {"title": NURSERY + " - lotto 2"},
        {"amount": Money(Decimal(90_000))},
    ],
)
def test_a_title_is_not_enough_without_place_body_words_lot_and_a_like_sum(changed: dict[str, object]) -> None:
    assert pairs(OFFICIAL, replace(OWN, **changed)) == []


def test_two_official_projects_that_are_equally_alike_are_not_chosen_between() -> None:
    assert pairs(OFFICIAL, replace(OFFICIAL, id="pnrr-progetti:2", cup=OTHER_CUP), OWN) == []


def test_the_same_sum_speaks_for_one_project_where_bodies_differ() -> None:
    own = replace(OWN, lead="Azienda speciale", amount=Money(Decimal("1199999.00")))
    (twin,) = find_twins(entries(OFFICIAL, own))
    assert Evidence.NEAR_AMOUNT in twin.evidence


def test_a_cup_that_is_only_in_the_text_counts_and_two_of_them_do_not() -> None:
    assert cup_in(f"Progetto CUP {CUP}, in corso") == CUP
    assert cup_in(f"{CUP} e {OTHER_CUP}") == ""
    (twin,) = find_twins(entries(OFFICIAL, replace(OWN, title="Nido", text=f"CUP: {CUP}.")))
    assert Evidence.SAME_CUP in twin.evidence


def test_two_entries_that_people_wrote_of_one_project_are_proposed() -> None:
    again = replace(OWN, id="hand:2", title="Asilo nido Girasole: giardino d'inverno di via Mazzini")
    assert pairs(OWN, again) == [("hand:1", "hand:2")]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Palestra - II lotto", {"lotto 2"}),
        ("Palestra, LOTTO N. 2", {"lotto 2"}),
        ("Secondo stralcio della pista", {"stralcio 2"}),
        ("Padiglione A e padiglione B", {"padiglione a", "padiglione b"}),
        ("Un lotto di terreno", set()),
    ],
)
def test_lots_are_one_however_they_are_written(text: str, parts: set[str]) -> None:
    assert parts_of(text) == parts


def test_bodies_are_one_by_the_words_that_tell_them_apart() -> None:
    assert same_body("COMUNE DI RHO", "Comune di Rho, settore opere")
    assert not same_body("COMUNE DI RHO", "COMUNE DI LAINATE")
    assert not same_body("COMUNE", "COMUNE DI RHO")


RECORDS = st.lists(
    st.builds(
        lambda key, cup, source, commune, amount, title: replace(
            OFFICIAL,
            id=f"{source}:{key}",
            source=source,
            cup=cup,
            communes=(commune,),
            amount=amount and Money(Decimal(amount)),
            title=title,
        ),
        st.integers(0, 9),
        st.sampled_from(["", CUP, OTHER_CUP]),
        st.sampled_from(["pnrr-progetti", "pnc", "opencoesione", "pnrr-gare"]),
        st.sampled_from([RHO, MILAN]),
        st.sampled_from([None, 1_200_000, 40_000]),
        st.sampled_from([NURSERY, "LAVORI ASILO", "PISTA CICLABILE LUNGO IL CANALE VILLORESI VERSO ARESE"]),
    ),
    max_size=12,
    unique_by=lambda record: record.id,
)


@given(RECORDS, st.randoms(use_true_random=False))
def test_pairs_do_not_depend_on_the_order_and_never_join_one_origin_or_two_cups(records, random) -> None:
    known = {record.id: record for record in records}
    found = find_twins(entries(*records))
    shuffled = list(records)
    random.shuffle(shuffled)
    assert find_twins(entries(*shuffled)) == found
    for twin in found:
        one, other = known[twin.first], known[twin.second]
        assert one.source != other.source
        assert not (one.cup and other.cup and one.cup != other.cup)
