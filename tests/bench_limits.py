"""Prints what judging and evaluating at full size cost beside their bars: ``python -m tests.bench_limits``.

``REMIX_SHARED`` (default ``../shared``) holds the official files; calls that they lack of 8,000 are second editions.
"""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

from evaluation.harness import Clock, collected, run_task
from evaluation.systems import SYSTEMS
from evaluation.tasks.data import read_calls, read_communes
from evaluation.tasks.leaks import benchmark
from evaluation.tasks.task import Fold, Material, Task
from matcher.eligibility import EligibilityTable, extract_rules
from matcher.recommender import Query, Request
from matcher.records import Commune, FundingCall
from matcher.verdicts import municipality
from tests.fakes import HashingEncoder

DATA = Path(os.environ.get("REMIX_SHARED", Path(__file__).resolve().parents[1].parent / "shared")) / "data"
N_CALLS, N_QUERIES, TIMES = 8_000, 2_000, 20
T = TypeVar("T")


def eight_thousand() -> tuple[FundingCall, ...]:
    """The real calls, then second editions of them."""
    calls = read_calls(DATA)
    editions = (replace(call, id=f"{call.id}-bis", title=f"{call.title}, seconda edizione") for call in calls[::-1])
    return (*calls, *islice(editions, N_CALLS - len(calls)))


def task_of(calls: tuple[FundingCall, ...], communes: list[Commune]) -> Task:
    """Two thousand real projects as queries, each from a commune of its own."""
    texts = [item for split in ("train", "dev") for item in benchmark(DATA, split)][:N_QUERIES]
    asked = tuple(Query(one.text, communes[3 * n], id=one.id) for n, one in enumerate(texts))
    qrels = {query.id: {calls[0].id: 1} for query in asked}
    return Task(name="t", title="", about="", folds=(Fold(Material(calls), asked),), qrels=qrels, request=Request(k=20))


def quiet(_what: str, _done: int, _total: int) -> None:
    """Report no progress."""


def timed(step: Callable[[], T]) -> tuple[float, T]:
    """Return the seconds that a step took, and what it made."""
    start = time.perf_counter()
    made = step()
    return time.perf_counter() - start, made


def main() -> None:
    """Print each figure beside its bar."""
    calls = eight_thousand()
    communes = sorted(read_communes(DATA).values(), key=lambda commune: commune.istat)
    rules = [extract_rules(call) for call in calls]
    built, table = timed(lambda: EligibilityTable.build(rules))
    applicant = municipality(communes[0])
    judged = min(timed(lambda: (table.verdicts(applicant), table.likelihoods(applicant)))[0] for _ in range(TIMES))
    print(f"table of {len(calls)} calls built       {1000 * built:8.1f} ms   (bar 500 ms)")
    print(f"one commune judged, best of {TIMES}     {1000 * judged:8.2f} ms   (bar 5 ms)")
    task = task_of(calls, communes)
    took, _ = timed(lambda: collected([run_task(task, list(SYSTEMS), HashingEncoder(), quiet, Clock())], [], {}))
    print(f"{N_QUERIES} queries, {len(SYSTEMS)} systems evaluated {took:8.1f} s    (bar 90 s)")


if __name__ == "__main__":
    main()
