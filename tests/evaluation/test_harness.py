"""Running systems on tasks: every fold over its own catalogue, every query counted once, the same numbers twice."""

import pytest

from evaluation.harness import Clock, collected, measures_of, run_task
from evaluation.results import read_results, write_results
from evaluation.tasks.task import Fold, Material, Task
from matcher.recommender import Query, Request
from tests.fakes import HashingEncoder
from tests.world import CALLS, CICLABILI, MISURA_SENZA_DESTINATARI, NIDI, RHO

MEASURE = MISURA_SENZA_DESTINATARI
MATERIAL = Material(CALLS, themes={MEASURE.programme: "posti letto; dormitorio; mensa dei poveri"})
QUERIES = (
    Query("Nuovi posti all'asilo nido", RHO, id="nido"),
    Query("Una pista ciclabile verso la stazione", RHO, id="bici"),
)
TASK = Task(
    name="world",
    title="Mondo",
    about="twelve calls",
    folds=(Fold(MATERIAL, QUERIES[:1]), Fold(MATERIAL, QUERIES[1:])),
    qrels={"nido": {NIDI.id: 3}, "bici": {CICLABILI.id: 2, NIDI.id: 0}},
)


def quiet(_what: str, _done: int, _total: int) -> None:
    """Report no progress."""


def test_the_queries_of_all_folds_are_in_one_run() -> None:
    ran = run_task(TASK, ["bm25", "remix"], HashingEncoder(), quiet, Clock())
    assert list(ran.runs) == ["bm25", "remix"]
    assert all(list(run) == ["nido", "bici"] for run in ran.runs.values())
    assert ran.n_calls == len(CALLS)
    assert measures_of(TASK, ran.runs["remix"])["Success@1"] == {"nido": 1.0, "bici": 1.0}


def test_what_is_withheld_in_a_fold_is_not_known_there_and_is_known_in_the_others() -> None:
    query = Query("Un dormitorio con mensa dei poveri", RHO, id="warm")
    cold = Query(query.text, RHO, id="cold")
    folds = (Fold(MATERIAL, (query,)), Fold(MATERIAL.without({MEASURE.programme}), (cold,)))
    task = Task(name="t", title="", about="", folds=folds, qrels={q: {MEASURE.id: 1} for q in ("warm", "cold")})
    run = run_task(task, ["remix"], HashingEncoder(), quiet, Clock()).runs["remix"]
    scores = {query_id: dict(found).get(MEASURE.id, float("-inf")) for query_id, found in run.items()}
    assert scores["warm"] > scores["cold"]
    assert run["warm"][0][0] == MEASURE.id


def test_withholding_touches_neither_the_calls_nor_other_programmes() -> None:
    both = Material(CALLS, {"A": {}, "B": {}}, {"A": "a", "B": "b"})
    assert both.without({"A", "C"}) == Material(CALLS, {"B": {}}, {"B": "b"})


def test_the_same_evaluation_gives_the_same_file_to_the_last_bit(tmp_path) -> None:
    for name in ("a.json", "b.json"):
        ran = run_task(TASK, ["random", "hybrid", "remix"], HashingEncoder(), quiet, Clock())
        write_results(collected([ran], [], {"split": "dev"}), tmp_path / name)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    found = read_results(tmp_path / "a.json")
    assert found.systems("world") == ("random", "hybrid", "remix")
    assert found.titles[NIDI.id] == NIDI.title
    assert found.ranking("world", "remix").top["nido"][0] == NIDI.id
    assert 0 < found.total("world", "remix", "CallCoverage@10").value <= 1


def test_a_ranker_in_reversed_order_is_measured_as_worse() -> None:
    run = run_task(TASK, ["remix"], HashingEncoder(), quiet, Clock()).runs["remix"]
    backwards = {query: found[::-1] for query, found in run.items()}
    assert sum(measures_of(TASK, backwards)["RR"].values()) < sum(measures_of(TASK, run)["RR"].values())


def test_a_trusted_task_also_measures_what_can_be_believed_of_the_product_only() -> None:
    task = Task(
        name="t", title="", about="", folds=(Fold(MATERIAL, QUERIES),), qrels=TASK.qrels, purpose=TASK.qrels,
        may_apply={"nido": {NIDI.id: "yes"}}, request=Request(k=10), trusted=True,
    )  # fmt: skip
    found = collected([run_task(task, ["bm25", "remix"], HashingEncoder(), quiet, Clock())], [], {})
    assert found.result("t", "remix", "Additive").mean() == 1.0
    assert "Additive" not in {r.measure for r in found.results if r.system == "bm25"}
    assert {"nDCG@10", "purpose nDCG@10", "Ineligible@10"} <= set(found.measures("t"))


def test_progress_ends_at_its_total_and_the_clock_knows_every_system() -> None:
    told, clock = [], Clock()
    run_task(TASK, ["bm25", "remix"], HashingEncoder(), lambda *report: told.append(report), clock)
    assert told[-1] == ("world", 6, 6)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)
    assert {"catalogues", "bm25", "remix"} <= set(clock.seconds)
    assert all(seconds >= 0 for seconds in clock.seconds.values())


@pytest.mark.parametrize("split", ["dev", "test"])
def test_ids_of_queries_are_shown_with_their_strata(split: str) -> None:
    task = Task(
        name="t", title="T", about="", folds=(Fold(MATERIAL, QUERIES),), qrels={}, strata={"nido": {"split": (split,)}}
    )
    assert task.info().strata() == {"split": {split: frozenset({"nido"})}}
