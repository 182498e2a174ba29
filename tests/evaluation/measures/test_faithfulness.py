"""Whether explanations are true to the score, on the small world."""

import dataclasses
from collections.abc import Mapping, Sequence

import pytest

from evaluation.errors import MeasureError
from evaluation.measures.faithfulness import additive, falls_without_passage, quoted, without_passage
from matcher.catalogue import build_catalogue
from matcher.explanation import Contribution, PassageMatch, Recommendations
from matcher.passages import passages_of
from matcher.recommender import Query, Recommender, Request
from matcher.records import FundingCall
from tests import world
from tests.fakes import HashingEncoder

THEMES = {
    "M5C2I2.01.00": "recupero di piazze; orti di quartiere; centri per anziani; mercati coperti; palestre; teatri"
}
QUERIES = {
    query.id: query
    for query in (
        Query("Serve un asilo nido: le liste d'attesa sono lunghe", world.RHO, id="q1"),
        Query("Una pista ciclabile verso la stazione", world.RHO, id="q2"),
        Query("Orti di quartiere e mercati coperti, centri per anziani", world.RHO, id="q3"),
    )
}


def build(calls: Sequence[FundingCall], more: Mapping[str, str]) -> Recommender:
    encoder = HashingEncoder()
    return Recommender(build_catalogue(calls, encoder.encode_documents, {}, {**THEMES, **more}), encoder)


@pytest.fixture(scope="module")
def answers() -> list[Recommendations]:
    return list(build(world.CALLS, {}).recommend_many(list(QUERIES.values()), Request(on=world.TODAY)))


def test_contributions_that_sum_to_the_score_are_additive(answers: list[Recommendations]) -> None:
    assert additive(answers) == {"q1": 1.0, "q2": 1.0, "q3": 1.0}


def test_the_additive_share_counts_the_recommendations_that_do_not_add_up(answers: list[Recommendations]) -> None:
    # five recommendations: scores 1.0 to 5.0
    # contributions 0.6 + 0.4 sum to the first score only; + 1e-12 is rounding, + 1e-6 is not
    parts = (Contribution("dense_passage", 0.0, 0.6), Contribution("length", 0.0, 0.4))
    scores = [1.0, 1.0 + 1e-12, 1.0 + 1e-6, 2.0, 0.0]
    items = [dataclasses.replace(answers[0].items[0], score=score, contributions=parts) for score in scores]
    assert additive([dataclasses.replace(answers[0], items=tuple(items))]) == {"q1": 0.4}


def test_a_query_without_results_has_no_explanation_to_test(answers: list[Recommendations]) -> None:
    empty = dataclasses.replace(answers[0], items=())
    assert additive([empty]) == {}
    assert quoted(empty) is None


def test_the_twin_lacks_the_quoted_passage_and_nothing_else(answers: list[Recommendations]) -> None:
    call = dataclasses.replace(world.NIDI, text="Prima frase.\n\nSeconda frase.")
    first = without_passage(call, PassageMatch("", "", "text", 0, 0.0))
    assert (first.text, first.title, first.summary) == ("", call.title, call.summary)
    assert without_passage(call, PassageMatch("", "", "title", 0, 0.0)).title == ""


def test_a_quote_that_is_not_in_the_call_is_an_error() -> None:
    with pytest.raises(MeasureError, match=r"world:nidi.*text:7"):
        without_passage(world.NIDI, PassageMatch("", "", "text", 7, 0.0))


def test_without_the_passage_that_is_quoted_the_score_falls(answers: list[Recommendations]) -> None:
    assert falls_without_passage(answers, QUERIES, world.CALLS, build) == {"q1": 1.0, "q2": 1.0, "q3": 1.0}


def test_what_a_programme_has_funded_can_be_taken_away_too(answers: list[Recommendations]) -> None:
    (match,) = answers[2].items[0].passages
    assert match.field == "funded_before"
    found = quoted(answers[2])
    assert found is not None
    assert "orti" in answers[2].items[0].call.funded_before
    assert "orti" not in found.themes


def test_a_quote_that_moved_nothing_is_found_out(answers: list[Recommendations]) -> None:
    wanted = answers[0].items[0]
    idle = dataclasses.replace(wanted.call, text="Il termine scade a marzo. " * 25 + "Sede in via Roma.")
    calls = [idle if call.id == idle.id else call for call in world.CALLS]
    quote = dataclasses.replace(wanted.passages[0], field="text", offset=_last_passage(idle))
    item = dataclasses.replace(wanted, call=idle, passages=(quote,))
    answer = dataclasses.replace(answers[0], items=(item,))
    assert falls_without_passage([answer], QUERIES, calls, build) == {"q1": 0.0}


def _last_passage(call: FundingCall) -> int:
    return passages_of(call)[-1].start
