"""Runs systems on tasks: one catalogue per fold, every system over it, and the measures of each ranking.

Task ──► fold by fold: catalogue ──► system by system: Run ──► measures ──► Results
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from evaluation.measures.coverage import CALL_COVERAGE, call_coverage
from evaluation.measures.eligibility import INELIGIBLE, ineligible_share
from evaluation.measures.ranking import ranking_measures
from evaluation.results import DEPTH, PerQuery, Ranking, Result, Results, Run, TaskInfo, Total
from evaluation.systems import SYSTEMS, Bench
from evaluation.tasks.task import Checked, Fold, Task
from evaluation.trust import PRODUCT, trust
from matcher.catalogue import build_catalogue
from matcher.encoder import Encoder
from matcher.precedents import build_precedents
from matcher.reranker import Reranker

PURPOSE = "purpose "
"""Stands before a measure that is taken on purpose alone, whoever may apply."""
_OF_PURPOSE = ("nDCG@10", "R@20", "RR", "Success@10")

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many are done and how many there are."""


@dataclass
class Clock:
    """Where the seconds of an evaluation went: name → seconds."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def measuring(self, what: str) -> Iterator[None]:
        """Add the seconds that the block takes to one name."""
        began = time.perf_counter()
        yield
        self.seconds[what] = self.seconds.get(what, 0.0) + time.perf_counter() - began


@dataclass(frozen=True, slots=True)
class Ran:
    """A task, what each system ranked in it, how many calls there were, and what else was measured of the product."""

    task: Task
    runs: Mapping[str, Run]
    n_calls: int
    results: tuple[Result, ...] = ()
    totals: tuple[Total, ...] = ()


def run_task(
    task: Task,
    systems: Sequence[str],
    encoder: Encoder,
    progress: Progress,
    clock: Clock,
    reranker: Reranker | None = None,
) -> Ran:
    """Ask every system every query of a task; queries of one fold are answered over its own catalogue.

    ``reranker``: that of the product, by default the one that ships.
    """
    runs: dict[str, dict[str, Sequence[tuple[str, float]]]] = {system: {} for system in systems}
    more: tuple[list[Result], list[Total]] = [], []
    total = len(task.folds) * (len(systems) + 1)
    for number, fold in enumerate(task.folds):
        with clock.measuring("catalogues"):
            bench = open_bench(fold, encoder, reranker)
        with clock.measuring("query vectors"):
            bench.encoder.encode_queries([query.text for query in fold.queries])
        for done, system in enumerate(systems, start=1):
            progress(task.name, number * (len(systems) + 1) + done, total)
            with clock.measuring(system):
                runs[system].update(SYSTEMS[system](bench).rank(fold.queries, task.request))
        if task.trusted and PRODUCT in systems:
            with clock.measuring("trust"):
                more = trust(task, bench.recommender, encoder)
    progress(task.name, total, total)
    return Ran(task, runs, _n_asked(task), tuple(more[0]), tuple(more[1]))


def _n_asked(task: Task) -> int:
    """Return how many calls could be answers: those of the sources asked for."""
    sources = task.request.sources
    calls = (call for fold in task.folds for call in fold.material.calls)
    return len({call.id for call in calls if sources is None or call.source in sources})


def open_bench(fold: Fold, encoder: Encoder, reranker: Reranker | None = None) -> Bench:
    """Build the catalogue of a fold, as the product builds its own."""
    material = fold.material
    programmes = {call.programme for call in material.calls}
    precedents = build_precedents(material.precedents, encoder.encode_queries, material.themes, programmes)
    catalogue = build_catalogue(
        material.calls, encoder.encode_documents, material.funded, material.themes, precedents=precedents
    )
    return Bench(catalogue, encoder, material.funded, reranker)


def measured(ran: Ran) -> tuple[list[Result], list[Total], list[Ranking]]:
    """Return every measure of every system on one task, and the first calls of each ranking."""
    name = ran.task.name
    results: list[Result] = []
    totals: list[Total] = []
    rankings: list[Ranking] = []
    for system, run in ran.runs.items():
        values = measures_of(ran.task, run)
        results.extend(Result(name, system, measure, per_query) for measure, per_query in values.items())
        totals.append(Total(name, system, CALL_COVERAGE, call_coverage(run, ran.n_calls)))
        top = {query: tuple(call for call, _ in found[:DEPTH]) for query, found in run.items()}
        rankings.append(Ranking(name, system, top))
    return [*results, *ran.results], [*totals, *ran.totals], rankings


def measures_of(task: Task, run: Run) -> dict[str, PerQuery]:
    """Return the measures of one ranking: measure → query id → value."""
    values = dict(ranking_measures(run, task.qrels))
    if task.purpose:
        found = ranking_measures(run, task.purpose)
        values.update((PURPOSE + name, found[name]) for name in _OF_PURPOSE)
    if task.may_apply:
        values[INELIGIBLE] = ineligible_share(run, task.may_apply)
    return values


def collected(ran: Iterable[Ran], checked: Iterable[Checked], context: Mapping[str, str]) -> Results:
    """Gather what was measured on several tasks, with the titles of all calls that are shown."""
    tasks: list[TaskInfo] = []
    results: list[Result] = []
    totals: list[Total] = []
    rankings: list[Ranking] = []
    titles: dict[str, str] = {}
    for one in ran:
        found = measured(one)
        tasks.append(one.task.info())
        results.extend(found[0])
        totals.extend(found[1])
        rankings.extend(found[2])
        shown = {call for ranking in found[2] for top in ranking.top.values() for call in top}
        shown |= {call for grades in one.task.qrels.values() for call in grades}
        calls = (call for fold in one.task.folds for call in fold.material.calls)
        titles.update((call.id, call.title) for call in calls if call.id in shown)
    for other in checked:
        tasks.append(other.info)
        results.extend(other.results)
        totals.extend(other.totals)
    return Results(context, tuple(tasks), tuple(results), tuple(totals), tuple(rankings), titles)
