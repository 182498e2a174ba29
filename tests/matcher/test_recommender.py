"""The small world: this need of this commune → exactly these calls, in this order."""

import dataclasses
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.catalogue import Catalogue, build_catalogue
from matcher.errors import QueryError
from matcher.explanation import Recommendations
from matcher.recommender import LONGEST_QUERY, Query, Recommender, Request
from matcher.records import ApplicantKind, Commune, FundingCall
from matcher.verdicts import Criterion, Verdict
from tests import world
from tests.fakes import HashingEncoder

FUNDED = {"M5C2I2.01.00": {ApplicantKind.COMMUNE: 498, ApplicantKind.REGION: 3}}
TODAY = Request(on=world.TODAY, excluded=20)


def _catalogue(calls: tuple[FundingCall, ...] = world.CALLS) -> Catalogue:
    return build_catalogue(calls, HashingEncoder().encode_documents, FUNDED)


CATALOGUE = _catalogue()
RECOMMENDER = Recommender(CATALOGUE, HashingEncoder())


def _ask(text: str, commune: Commune = world.RHO, request: Request = TODAY, **fields: object) -> Recommendations:
    return RECOMMENDER.recommend(Query(text, commune, **fields), request)  # type: ignore[arg-type]


def _names(answer: Recommendations) -> list[str]:
    return [found.call.id.removeprefix("world:") for found in answer.items]


def _verdicts(answer: Recommendations) -> dict[str, Verdict]:
    return {f.call.id.removeprefix("world:"): f.eligibility.verdict for f in (*answer.items, *answer.excluded)}


@pytest.mark.parametrize(
    ("need", "commune", "best"),
    [
        ("Serve un asilo nido: le liste d'attesa sono lunghe", world.RHO, ["nidi"]),
        ("Adeguamento sismico della scuola media", world.RHO, ["scuole-sicure"]),
        ("Pannelli fotovoltaici sul tetto del municipio", world.RHO, ["fotovoltaico-lombardia"]),
        ("Pannelli fotovoltaici sul tetto del municipio", world.TORINO, ["fotovoltaico-piemonte"]),
        ("Una pista ciclabile verso la stazione", world.RHO, ["ciclabili"]),
        ("Riqualificare la piazza del paese", world.NOSATE, ["piccoli-comuni"]),
        ("Recuperare edifici degradati contro l'emarginazione", world.MILANO, ["misura-rigenerazione"]),
        ("Eventi per il turismo", world.GREZZAGO, ["eventi-in-cinque"]),
    ],
)
def test_the_call_for_this_need_of_this_commune_comes_first(need: str, commune: Commune, best: list[str]) -> None:
    assert _names(_ask(need, commune))[: len(best)] == best


def test_a_call_is_found_by_what_it_pays_for_after_pages_of_premises() -> None:
    answer = _ask("Recuperare la cascina abbandonata e farne alloggi per famiglie fragili")
    assert _names(answer)[0] == "rigenerazione-pagina-nove"
    (match,) = answer.items[0].passages
    assert "recupero di cascine abbandonate" in match.call_passage
    assert match.offset > 4_000


@pytest.mark.parametrize(
    ("need", "commune", "call", "criterion"),
    [
        ("Cappotto termico e fotovoltaico", world.RHO, "energia-imprese", Criterion.APPLICANT),
        ("Recupero di aree degradate", world.RHO, "dottorati", Criterion.APPLICANT),
        ("Pannelli fotovoltaici sul municipio", world.RHO, "fotovoltaico-piemonte", Criterion.TERRITORY),
        ("Riqualificare la piazza", world.RHO, "piccoli-comuni", Criterion.POPULATION),
        ("Piste ciclabili", world.RHO, "ciclabili-2024", Criterion.DATES),
    ],
)
def test_a_call_that_the_commune_may_not_apply_for_is_ruled_out_for_its_reason(
    need: str, commune: Commune, call: str, criterion: Criterion
) -> None:
    answer = _ask(need, commune)
    assert call not in _names(answer)
    found = next(f for f in answer.excluded if f.call.id == f"world:{call}")
    refused = [c for c in found.eligibility.criteria if c.verdict is Verdict.NOT_MET]
    assert [c.criterion for c in refused] == [criterion]
    assert refused[0].quote


def test_a_population_threshold_is_read_from_the_text_and_quoted() -> None:
    answer = _ask("Riqualificare la piazza", world.NOSATE)
    (read,) = [c for c in answer.items[0].eligibility.criteria if c.criterion is Criterion.POPULATION]
    assert read.verdict is Verdict.MET
    assert "inferiore a 5.000 abitanti" in read.quote


def test_a_measure_that_does_not_say_who_may_apply_stays_in_to_be_checked() -> None:
    assert _verdicts(_ask("Rigenerazione urbana di aree degradate"))["misura-rigenerazione"] is Verdict.UNKNOWN


def test_partners_that_are_still_missing_are_named_and_do_not_rule_out() -> None:
    answer = _ask("Eventi e promozione turistica", world.GREZZAGO)
    (read,) = [c for c in answer.items[0].eligibility.criteria if c.criterion is Criterion.PARTNERSHIP]
    assert (read.verdict, "cinque partner" in read.quote) == (Verdict.UNKNOWN, True)


def test_on_any_date_a_closed_call_is_shown_and_not_judged() -> None:
    names = _names(_ask("Piste ciclabili", request=dataclasses.replace(TODAY, on=None, grouped=False)))
    assert {"ciclabili", "ciclabili-2024"} <= set(names)


def test_without_eligibility_everything_is_ranked_by_purpose_alone() -> None:
    answer = _ask("Fotovoltaico", request=dataclasses.replace(TODAY, judge_eligibility=False))
    assert {"fotovoltaico-lombardia", "fotovoltaico-piemonte", "energia-imprese"} <= set(_names(answer))
    assert answer.n_excluded == 0


def test_only_the_sources_asked_for_are_searched() -> None:
    other = dataclasses.replace(world.NIDI, id="other:nidi", source="other")
    recommender = Recommender(_catalogue((*world.CALLS, other)), HashingEncoder())
    asked = dataclasses.replace(TODAY, sources=frozenset({"other"}))
    answer = recommender.recommend(Query("Asilo nido", world.RHO), asked)
    assert [f.call.id for f in answer.items] == ["other:nidi"]
    assert answer.n_candidates == 1


@pytest.mark.parametrize("letters", ["cab", "bca", "abc"])
def test_equal_scores_are_ordered_by_id(letters: str) -> None:
    twins = tuple(dataclasses.replace(world.NIDI, id=f"world:nidi-{letter}") for letter in letters)
    recommender = Recommender(_catalogue(twins), HashingEncoder())
    answer = recommender.recommend(Query("Asilo nido", world.RHO), dataclasses.replace(TODAY, grouped=False))
    assert len({found.score for found in answer.items}) == 1
    assert [f.call.id for f in answer.items] == ["world:nidi-a", "world:nidi-b", "world:nidi-c"]


def test_a_score_is_not_rounded_so_that_only_equal_calls_tie() -> None:
    answer = _ask("Cappotto termico, impianti fotovoltaici e piste ciclabili")
    scores = [found.score for found in answer.items]
    assert len(scores) > 3
    assert all(score != round(score, 9) for score in scores)
    assert scores == [sum(c.contribution for c in found.contributions) for found in answer.items]


def test_a_call_that_the_commune_hid_is_left_out_and_counted() -> None:
    hidden = dataclasses.replace(TODAY, hidden=frozenset({world.NIDI.id, "gone:long-ago"}))
    answer = _ask("Serve un asilo nido", request=hidden)
    shown = [f.call.id for f in (*answer.items, *answer.excluded)]
    assert world.NIDI.id not in shown
    assert (answer.n_hidden, answer.n_candidates) == (1, len(world.CALLS) - 1)


def test_an_empty_catalogue_answers_with_nothing() -> None:
    answer = Recommender(_catalogue(()), HashingEncoder()).recommend(Query("Asilo nido", world.RHO), TODAY)
    assert (answer.items, answer.n_candidates) == ((), 0)


@pytest.mark.parametrize("text", ["", "   \n", "x" * (LONGEST_QUERY + 1), "a\0b", "a\ud800b"])
def test_a_text_that_cannot_be_matched_is_refused(text: str) -> None:
    with pytest.raises(QueryError):
        Query(text, world.RHO)


WORDS = st.sampled_from(
    ["scuola", "asilo", "nido", "ciclabile", "piazza", "turismo", "energia", "cascina", "alloggi", "degrado", "sport"]
)
NEEDS = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)
REQUESTS = st.builds(
    Request,
    k=st.integers(1, 12),
    on=st.sampled_from([None, world.TODAY]),
    judge_eligibility=st.booleans(),
    excluded=st.integers(0, 12),
    grouped=st.booleans(),
)


@given(NEEDS, st.sampled_from(world.COMMUNES), REQUESTS)
@settings(max_examples=60, deadline=None)
def test_every_answer_keeps_its_promises(need: str, commune: Commune, request_: Request) -> None:
    answer = _ask(need, commune, request_)
    ids = [f.call.id for f in answer.items]
    assert len(ids) == len(set(ids)) <= request_.k
    assert [f.rank for f in answer.items] == list(range(1, len(ids) + 1))
    assert request_.grouped or [f.score for f in answer.items] == sorted((f.score for f in answer.items), reverse=True)
    beneath = [v.call.id for f in answer.items for v in f.variants]
    assert len({*ids, *beneath}) == len(ids) + len(beneath)
    for found in answer.items:
        assert found.score == pytest.approx(sum(c.contribution for c in found.contributions), abs=1e-9)
        assert not request_.judge_eligibility or found.eligibility.verdict is not Verdict.NOT_MET
    assert all(f.eligibility.verdict is Verdict.NOT_MET for f in answer.excluded)


@given(st.permutations(world.CALLS), NEEDS)
@settings(max_examples=15, deadline=None)
def test_the_order_in_which_calls_arrive_does_not_change_the_answer(calls: list[FundingCall], need: str) -> None:
    shuffled = Recommender(_catalogue(tuple(calls)), HashingEncoder())
    assert _names(shuffled.recommend(Query(need, world.RHO), TODAY)) == _names(_ask(need))


@given(st.lists(NEEDS, min_size=1, max_size=5))
@settings(max_examples=15, deadline=None)
def test_many_queries_at_once_are_answered_as_one_by_one(needs: list[str]) -> None:
    queries = [Query(need, world.RHO, id=str(i)) for i, need in enumerate(needs)]
    at_once = list(RECOMMENDER.recommend_many(queries, TODAY))
    one_by_one = [RECOMMENDER.recommend(query, TODAY) for query in queries]
    assert [(_names(a), a.query_id) for a in at_once] == [(_names(a), a.query_id) for a in one_by_one]
    for many, single in zip(at_once, one_by_one, strict=True):
        np.testing.assert_allclose([f.score for f in many.items], [f.score for f in single.items], rtol=1e-6)


def test_communes_that_ask_the_same_are_answered_as_one_by_one() -> None:
    queries = [Query("Pannelli fotovoltaici sul tetto del municipio", commune) for commune in world.COMMUNES]
    at_once = list(RECOMMENDER.recommend_many(queries, TODAY))
    assert at_once == [Recommender(CATALOGUE, HashingEncoder()).recommend(query, TODAY) for query in queries]


def test_what_many_ask_in_the_same_words_is_encoded_once() -> None:
    encoder = HashingEncoder()
    list(Recommender(CATALOGUE, encoder).recommend_many([Query("asilo nido", one) for one in world.COMMUNES], TODAY))
    assert encoder.encoded == ["asilo nido"]


@given(NEEDS, st.frozensets(st.sampled_from([call.id for call in world.CALLS])))
@settings(max_examples=15, deadline=None)
def test_asked_for_some_calls_it_returns_their_places_with_the_ranks_they_have_among_all(
    need: str, among: frozenset[str]
) -> None:
    every = _ask(need).items
    some = _ask(need, request=dataclasses.replace(TODAY, among=among)).items
    assert list(some) == [one for one in every if among & {one.call.id, *(v.call.id for v in one.variants)}]


def test_removing_the_shared_words_from_a_call_lowers_its_score() -> None:
    before = _ask("Piste ciclabili e ciclostazioni").items[0]
    duller = dataclasses.replace(before.call, title="Mobilità", summary="Collegamenti con le stazioni ferroviarie.")
    calls = tuple(duller if call.id == duller.id else call for call in world.CALLS)
    after = Recommender(_catalogue(calls), HashingEncoder()).recommend(
        Query("Piste ciclabili e ciclostazioni", world.RHO), TODAY
    )
    scores = {f.call.id: f.score for f in after.items}
    assert scores.get(before.call.id, float("-inf")) < before.score


def test_a_call_that_closes_meanwhile_is_judged_anew():
    recommender = Recommender(_catalogue((world.NIDI,)), HashingEncoder())
    query, closes = Query("asili nido", world.RHO), world.NIDI.closes.at
    moments = (closes - timedelta(seconds=1), closes, closes + timedelta(seconds=1), closes)
    answers = [recommender.recommend(query, Request(on=on, excluded=1)) for on in moments]
    found = [answer.items or answer.excluded for answer in answers]
    assert [one.eligibility.verdict for (one,) in found] == [Verdict.MET, Verdict.MET, Verdict.NOT_MET, Verdict.MET]
