"""Whether the product can be believed, measured on the small world."""

import dataclasses

import pytest

from evaluation.tasks.task import Fold, Material, Task
from evaluation.trust import trust
from matcher.catalogue import build_catalogue
from matcher.recommender import Query, Recommender, Request
from tests import world
from tests.fakes import HashingEncoder

QUERIES = (
    Query("Serve un asilo nido: le liste d'attesa sono lunghe", world.RHO, id="q1"),
    Query("Riqualificare la piazza del paese", world.NOSATE, id="q2"),
)
TASK = Task(
    name="world",
    title="Mondo",
    about="",
    folds=(Fold(Material(world.CALLS), QUERIES),),
    qrels={"q1": {"world:nidi": 3}, "q2": {"world:piccoli-comuni": 3}},
    may_apply={
        "q1": {"world:nidi": "yes", "world:piccoli-comuni": "no", "world:misura-rigenerazione": "unknown"},
        "q2": {"world:piccoli-comuni": "yes", "world:energia-imprese": "no", "world:elsewhere": "yes"},
    },
    strata={"q1": {"size": ("50,000 and more",)}, "q2": {"size": ("below 1,000",)}},
    request=Request(k=10),
)


def measured(task: Task) -> dict[str, float]:
    encoder = HashingEncoder()
    recommender = Recommender(build_catalogue(world.CALLS, encoder.encode_documents, {}), encoder)
    results, totals = trust(task, recommender, encoder)
    return {r.measure: r.mean() for r in results} | {t.measure: t.value for t in totals}


@pytest.fixture(scope="module")
def found() -> dict[str, float]:
    return measured(TASK)


def test_explanations_are_true_to_the_score(found: dict[str, float]) -> None:
    assert (found["Additive"], found["FallsWithoutPassage"]) == (1.0, 1.0)


def test_who_was_admitted_by_a_reader_is_not_ruled_out(found: dict[str, float]) -> None:
    assert found["FalseExclusions"] == found["FalseExclusions (pairs)"] == 0.0


def test_likelihoods_are_held_against_the_answers_that_are_known(found: dict[str, float]) -> None:
    assert 0 <= found["ECE"] < 0.2


def test_a_reader_of_another_mind_shows_in_both() -> None:
    contrary = {"q1": {"world:piccoli-comuni": "yes", "world:nidi": "no"}}
    found = measured(dataclasses.replace(TASK, may_apply=contrary))
    assert found["FalseExclusions"] == 1.0
    assert found["ECE"] > 0.8


def test_villages_and_cities_are_compared_and_ways_of_writing_tried(found: dict[str, float]) -> None:
    assert found["SizeGap"] == 0.0
    assert {"Loss(capitals) nDCG@10", "Loss(typos) nDCG@10", "Loss(keywords) nDCG@10"} <= set(found)


def test_what_a_task_does_not_know_is_left_out() -> None:
    plain = measured(dataclasses.replace(TASK, may_apply={}, strata={}))
    assert not {"ECE", "FalseExclusions", "SizeGap"} & set(plain)
    assert plain["Additive"] == 1.0
