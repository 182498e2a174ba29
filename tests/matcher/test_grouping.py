"""One place in the list: which call of a group stands there, which beneath it, and what never happens."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.catalogue import build_catalogue
from matcher.duplicates import Groups
from matcher.explanation import Recommendations, VariantKind
from matcher.grouping import kind_of, members, places, standing_of
from matcher.recommender import Query, Recommender, Request
from matcher.records import CallStatus, FundingCall
from matcher.verdicts import Verdict
from tests import world
from tests.fakes import HashingEncoder

TODAY = Request(on=world.TODAY)
ANY_DAY = Request()
NEED = Query("Piste ciclabili verso la stazione", world.RHO)
MEASURE = replace(
    world.MISURA_SENZA_DESTINATARI,
    id="world:M5C2I2.01.00",
    title="Piste ciclabili e mobilità dolce nelle città",
    summary="Piste ciclabili verso la stazione.",
)
NOTICE = replace(world.CICLABILI, id="world:avviso-7", title="Avviso per ciclovie", programme=MEASURE.programme)


def ask(calls: tuple[FundingCall, ...], request: Request = TODAY, query: Query = NEED) -> Recommendations:
    catalogue = build_catalogue(calls, HashingEncoder().encode_documents, {})
    return Recommender(catalogue, HashingEncoder()).recommend(query, request)


def flat(calls: tuple[FundingCall, ...], request: Request) -> list[str]:
    return [found.call.id for found in ask(calls, replace(request, grouped=False)).items]


def listed(answer: Recommendations) -> list[tuple[str, list[tuple[str, VariantKind]]]]:
    return [(f.call.id, [(v.call.id, v.kind) for v in f.variants]) for f in answer.items]


def test_an_edition_that_closed_stands_beneath_the_open_one_and_says_so():
    answer = ask((world.CICLABILI_CHIUSO, world.CICLABILI))
    assert listed(answer) == [(world.CICLABILI.id, [(world.CICLABILI_CHIUSO.id, VariantKind.EDITION)])]
    (variant,) = answer.items[0].variants
    assert variant.eligibility.verdict is Verdict.NOT_MET
    assert answer.n_excluded == 1


def test_where_dates_are_not_judged_the_publisher_says_which_edition_is_closed():
    nearer = replace(world.CICLABILI_CHIUSO, summary="Piste ciclabili verso la stazione.")
    assert flat((nearer, world.CICLABILI), ANY_DAY) == [nearer.id, world.CICLABILI.id]
    assert listed(ask((nearer, world.CICLABILI), ANY_DAY))[0][0] == world.CICLABILI.id


def test_of_two_closed_editions_the_later_one_stands_there():
    older, later = (
        replace(world.CICLABILI_CHIUSO, id=f"world:{year}", title=f"Piste ciclabili {year}",
                opens=world._moment(year, 1, 10), closes=world._moment(year, 5, 31))
        for year in (2022, 2023)
    )  # fmt: skip
    assert listed(ask((later, older), ANY_DAY)) == [("world:2023", [("world:2022", VariantKind.EDITION)])]


def test_an_edition_that_was_opened_again_is_closed_whatever_an_old_file_says():
    opened = world._moment(2024, 3, 4)
    nearer = "Piste ciclabili verso la stazione."
    stale = replace(world.CICLABILI_CHIUSO, status=CallStatus.OPEN, opens=opened, summary=nearer)
    newest = replace(world.CICLABILI, status=CallStatus.CLOSED, opens=world._moment(2025, 3, 3))
    assert listed(ask((stale, newest), ANY_DAY))[0][0] == newest.id
    assert listed(ask((stale,), ANY_DAY))[0][0] == stale.id


def test_a_notice_that_may_be_applied_for_is_not_hidden_behind_its_measure():
    by_purpose = replace(TODAY, judge_eligibility=False)
    assert flat((MEASURE, NOTICE), by_purpose) == [MEASURE.id, NOTICE.id]
    answer = ask((MEASURE, NOTICE), by_purpose)
    assert listed(answer) == [(NOTICE.id, [(MEASURE.id, VariantKind.MEASURE)])]
    assert answer.items[0].variants[0].eligibility.verdict is Verdict.UNKNOWN


def test_the_notices_of_a_measure_stand_beneath_it_when_they_are_closed():
    closed = replace(NOTICE, closes=world._moment(2024, 1, 31))
    assert listed(ask((MEASURE, closed))) == [(MEASURE.id, [(closed.id, VariantKind.NOTICE)])]


def test_two_notices_of_one_measure_that_are_open_keep_a_place_each():
    other = replace(NOTICE, id="world:avviso-8", title="Avviso per ciclostazioni e bici pubbliche")
    found = listed(ask((MEASURE, NOTICE, other)))
    assert {head for head, _ in found} == {NOTICE.id, other.id}
    assert sum(len(variants) for _, variants in found) == 1


def test_the_plain_ranking_has_every_call_by_itself():
    answer = ask((world.CICLABILI_CHIUSO, world.CICLABILI), replace(ANY_DAY, grouped=False))
    assert sorted(listed(answer)) == sorted([(world.CICLABILI.id, []), (world.CICLABILI_CHIUSO.id, [])])


def test_a_call_of_a_source_that_was_not_asked_for_stands_nowhere():
    elsewhere = replace(world.CICLABILI, id="portal:9", source="portal")
    assert listed(ask((world.CICLABILI, elsewhere))) == [
        (elsewhere.id, [(world.CICLABILI.id, VariantKind.SAME_NOTICE)])
    ]
    assert listed(ask((world.CICLABILI, elsewhere), replace(TODAY, sources=frozenset({"world"})))) == [
        (world.CICLABILI.id, [])
    ]


@pytest.mark.parametrize(("status", "verdicts"), [(CallStatus.CLOSED, "210"), (CallStatus.OPEN, "210")])
def test_open_comes_before_closed_and_ruled_out_comes_last(status: CallStatus, verdicts: str):
    closed = np.full(3, status is CallStatus.CLOSED)
    standing = standing_of(np.array([int(v) for v in verdicts], dtype=np.int8), closed)
    assert standing[0] > standing[1] > standing[2]
    assert standing[2] < 0
    assert (standing[0] < 2) == (status is CallStatus.CLOSED)


N = 12
POSITIONS = st.permutations(range(N)).flatmap(lambda order: st.integers(1, N).map(lambda n: order[:n]))
MEASURES = st.lists(st.integers(-1, N - 1), min_size=N, max_size=N)
VERDICTS = st.lists(st.integers(0, 2), min_size=N, max_size=N)
CLOSED = st.lists(st.booleans(), min_size=N, max_size=N)
FAMILIES = st.lists(st.integers(0, N - 1), min_size=N, max_size=N)


def groups_of(families: list[int], measures: list[int]) -> Groups:
    first = {family: families.index(family) for family in families}
    family = np.array([first[one] for one in families], dtype=np.int64)
    return Groups(family, np.arange(N, dtype=np.int64), np.array(measures, dtype=np.int64))


@given(POSITIONS, FAMILIES, MEASURES, VERDICTS, CLOSED, st.integers(1, N))
@settings(max_examples=200, deadline=None)
def test_whatever_the_groups_every_call_has_one_place_and_no_better_one_lies_beneath(
    ranked, families, measures, verdicts, closed, k
):
    groups = groups_of(families, measures)
    standing = standing_of(np.array(verdicts, dtype=np.int8), np.array(closed))
    shown = np.ones(N, dtype=np.bool_)
    opens = np.zeros(N, dtype=np.int64)
    found = list(places(np.array(ranked, dtype=np.int64), standing, opens, groups, shown, N))
    placed = [p for place in found for p in (ranked[place.row], *place.variants)]
    assert len(placed) == len(set(placed))
    assert set(ranked) <= set(placed)
    for place in found:
        beneath = [p for p in place.variants if p in ranked]
        assert all(standing[p] <= standing[ranked[place.row]] for p in beneath)
    assert list(places(np.array(ranked), standing, opens, groups, shown, k)) == found[:k]


@given(FAMILIES, MEASURES, st.integers(0, N - 1), st.integers(0, N - 1))
def test_belonging_together_is_mutual_and_has_a_reason(families, measures, one, other):
    groups = groups_of(families, measures)
    assert (other in members(groups, one)) == (one in members(groups, other))
    assert one in members(groups, one)
    if families[one] == families[other] and one != other:
        assert kind_of(groups, one, other) is VariantKind.EDITION
