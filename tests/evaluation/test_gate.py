"""The gate on the judged needs: the product stands above its floors, and a broken one does not."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from evaluation.gate import check, load_floors
from evaluation.harness import Clock, Ran, collected, open_bench, run_task
from evaluation.results import Results, Run
from evaluation.systems import Bench, Product
from evaluation.tasks import load_task, needs, needs_small
from evaluation.tasks.task import Task
from evaluation.vector_cache import KeptVectors
from matcher.onnx_encoder import OnnxEncoder
from matcher.recommender import Request

TASK = "needs-small"
FLOORS = tuple(floor for floor in load_floors() if floor.task == TASK)


@pytest.fixture(scope="module")
def task(shared_data: Path) -> Task:
    return needs_small.load_both(shared_data)


@pytest.fixture(scope="module")
def bench(task: Task, default_encoder: OnnxEncoder, default_encoder_folder: Path) -> Bench:
    kept = default_encoder_folder.parent.parent / "evaluation" / "gate.npz"
    return open_bench(task.folds[0], KeptVectors(default_encoder, kept))


def ranked(task: Task, bench: Bench, change: Callable[[Request], Request] = lambda request: request) -> Run:
    return Product(bench).rank(task.queries, change(task.request))


def results(task: Task, run: Run, bench: Bench) -> Results:
    return collected([Ran(task, {"remix": run}, len(bench.catalogue.calls))], [], {})


@pytest.fixture(scope="module")
def run(task: Task, bench: Bench) -> Run:
    return ranked(task, bench)


def test_the_product_stands_above_every_floor(task: Task, bench: Bench, run: Run) -> None:
    fallen = [shortfall.sentence for shortfall in check(results(task, run, bench), FLOORS)]
    assert not fallen, "\n" + "\n".join(fallen)


def test_a_ranking_upside_down_is_caught(task: Task, bench: Bench, run: Run) -> None:
    upside_down = {query: list(reversed(found)) for query, found in run.items()}
    fallen = check(results(task, upside_down, bench), FLOORS)
    assert {"nDCG@10", "RR", "Success@5"} <= {shortfall.floor.measure for shortfall in fallen}
    assert all("remix evaluate --task needs-small" in shortfall.sentence for shortfall in fallen)


def test_recommending_to_those_who_may_not_apply_is_caught(task: Task, bench: Bench) -> None:
    careless = ranked(task, bench, lambda request: dataclasses.replace(request, judge_eligibility=False))
    fallen = {s.floor.measure: s.measured for s in check(results(task, careless, bench), FLOORS) if not s.floor.stratum}
    assert fallen["Ineligible@10"] > 0.2
    assert "nDCG@10" in fallen


def test_every_floor_of_the_task_is_on_the_product_and_both_splits_have_one() -> None:
    assert {floor.system for floor in FLOORS} == {"remix"}
    assert {floor.value for floor in FLOORS if floor.stratum == "split"} == {"dev", "test"}


def test_the_small_catalogue_is_small_enough_for_every_change(bench: Bench, task: Task) -> None:
    assert len(bench.catalogue.passages) <= 2_300
    assert len(task.queries) >= 80
    assert sum(any(grades.values()) for grades in task.qrels.values()) >= 60


@pytest.mark.slow
@pytest.mark.parametrize("name", ["pnrr-warm", "pnrr-cold", "fr-tee", "asset-calls"])
def test_on_real_outcomes_the_product_stands_above_its_floor(
    shared_data: Path, default_encoder: OnnxEncoder, default_encoder_folder: Path, name: str
) -> None:
    encoder = KeptVectors(default_encoder, default_encoder_folder.parent.parent / "evaluation" / "gate.npz")
    ran = run_task(load_task(name, shared_data, "test"), ["remix"], encoder, lambda *_: None, Clock())
    floors = [floor for floor in load_floors() if floor.task == name]
    fallen = [shortfall.sentence for shortfall in check(collected([ran], [], {}), floors)]
    assert floors
    assert not fallen, "\n" + "\n".join(fallen)


@pytest.mark.slow
def test_over_the_full_catalogue_the_product_stands_above_every_floor(
    shared_data: Path, default_encoder: OnnxEncoder, default_encoder_folder: Path
) -> None:
    encoder = KeptVectors(default_encoder, default_encoder_folder.parent.parent / "evaluation" / "gate.npz")
    ran = run_task(needs.load(shared_data, "test"), ["remix"], encoder, lambda *_: None, Clock())
    floors = [floor for floor in load_floors() if floor.task == "needs"]
    fallen = [shortfall.sentence for shortfall in check(collected([ran], [], {}), floors)]
    assert len(floors) >= 10
    assert not fallen, "\n" + "\n".join(fallen)
