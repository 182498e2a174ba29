"""What an evaluation found, in one form: the report, the gate and the README's table are all made of it.

    Results ── context (what was run)
        ├── tasks: TaskInfo ── queries: QueryInfo ── strata
        ├── results: Result     one value per query of (task, system, measure)
        ├── totals: Total       one value for a whole run, where no single query has one
        └── rankings: Ranking   the first calls of each query, to look at

Strata belong to the queries of a task, since every system and measure shares them. A query may stand in several values
of one stratum (its relevant calls may be of two sources).
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from evaluation.errors import ResultsError

FORM = 1
"""Version of the JSON form; a file of another version is refused."""
DEPTH = 10
"""How many calls of each query a ``Ranking`` keeps for the report."""
MOST_NAMED = 12
"""Names listed in a message about one that is not there."""

Qrels = Mapping[str, Mapping[str, int]]
"""Query id → call id → grade."""
Run = Mapping[str, Sequence[tuple[str, float]]]
"""Query id → (call id, score), best first, ties already broken."""
PerQuery = dict[str, float]
"""Query id → value of one measure."""
UNKNOWN = "unknown"
"""The value of a stratum where a record does not tell."""
Found = TypeVar("Found")


def in_order(value: str) -> tuple[bool, int, str]:
    """Return the sorting key of a stratum's value: by its first number ("below" it comes first), then by name."""
    number = re.search(r"\d[\d,]*", value)
    first = int(number.group().replace(",", "")) if number else 0
    return value == UNKNOWN, 0 if value.startswith("below") else first, value


@dataclass(frozen=True, slots=True)
class QueryInfo:
    """A query as the report shows it: ``strata`` maps a stratum (kind, size, split, source…) to its values."""

    query_id: str
    text: str
    strata: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskInfo:
    """A task as the report shows it: ``about`` says in a sentence what is asked of whom, ``grades`` are the qrels.

    ``language`` is that of title, queries and calls (ISO 639-1).
    """

    name: str
    title: str
    about: str
    queries: tuple[QueryInfo, ...]
    grades: Qrels = field(default_factory=dict)
    language: str = "it"

    def strata(self) -> dict[str, dict[str, frozenset[str]]]:
        """Return stratum → value → ids of the queries that have it, values in order."""
        found: dict[str, dict[str, set[str]]] = {}
        for query in self.queries:
            for name, values in query.strata.items():
                for value in values:
                    found.setdefault(name, {}).setdefault(value, set()).add(query.query_id)
        return {
            name: {v: frozenset(found[name][v]) for v in sorted(found[name], key=in_order)} for name in sorted(found)
        }


@dataclass(frozen=True, slots=True)
class Result:
    """One measure of one system on one task: query id → value. A query for which it is undefined is left out."""

    task: str
    system: str
    measure: str
    per_query: Mapping[str, float]

    def mean(self, queries: Collection[str] | None = None) -> float:
        """Return the mean over all queries, or over some; nan where none of them has a value."""
        values = [v for q, v in self.per_query.items() if queries is None or q in queries]
        return sum(values) / len(values) if values else float("nan")


@dataclass(frozen=True, slots=True)
class Total:
    """A value that only a whole run has (coverage, calibration); ``points`` are rows of a curve, named columns each."""

    task: str
    system: str
    measure: str
    value: float
    points: tuple[Mapping[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """The first ``DEPTH`` call ids of each query, best first."""

    task: str
    system: str
    top: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Results:
    """Everything one evaluation found; ``context`` says what was run, ``titles`` holds the calls that are shown."""

    context: Mapping[str, str]
    tasks: tuple[TaskInfo, ...]
    results: tuple[Result, ...]
    totals: tuple[Total, ...] = ()
    rankings: tuple[Ranking, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)

    def task(self, name: str) -> TaskInfo:
        """Return a task by name; raises ResultsError naming those there are."""
        return _only([t for t in self.tasks if t.name == name], f"task {name!r}", [t.name for t in self.tasks])

    def result(self, task: str, system: str, measure: str) -> Result:
        """Return the values of one measure; raises ResultsError naming those there are."""
        found = [r for r in self.results if (r.task, r.system, r.measure) == (task, system, measure)]
        known = [f"{r.task}/{r.system}/{r.measure}" for r in self.results]
        return _only(found, f"result {task}/{system}/{measure}", known)

    def total(self, task: str, system: str, measure: str) -> Total:
        """Return a value of a whole run; raises ResultsError naming those there are."""
        found = [t for t in self.totals if (t.task, t.system, t.measure) == (task, system, measure)]
        known = [f"{t.task}/{t.system}/{t.measure}" for t in self.totals]
        return _only(found, f"total {task}/{system}/{measure}", known)

    def ranking(self, task: str, system: str) -> Ranking:
        """Return the first calls of each query; raises ResultsError naming those there are."""
        found = [r for r in self.rankings if (r.task, r.system) == (task, system)]
        return _only(found, f"ranking {task}/{system}", [f"{r.task}/{r.system}" for r in self.rankings])

    def systems(self, task: str) -> tuple[str, ...]:
        """Return the names of the systems measured on a task, in the order in which they were run."""
        return tuple(dict.fromkeys(r.system for r in self.results if r.task == task))

    def measures(self, task: str) -> tuple[str, ...]:
        """Return the names of the measures taken per query on a task, in their order."""
        return tuple(dict.fromkeys(r.measure for r in self.results if r.task == task))


def write_results(results: Results, path: Path) -> None:
    """Write the JSON form: sorted keys, so that equal results are equal files."""
    text = json.dumps({"form": FORM, **asdict(results)}, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


def read_results(path: Path) -> Results:
    """Read the JSON form back; raises ResultsError for a file that is not one."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path} cannot be read as results: {error}; write it with remix evaluate --json") from error
    if not isinstance(found, dict) or found.get("form") != FORM:
        form = found.get("form") if isinstance(found, dict) else type(found).__name__
        raise ResultsError(f"{path}, field 'form': {form!r} must be {FORM}; write it anew with remix evaluate --json")
    try:
        return _results(found)
    except (KeyError, TypeError, AttributeError) as error:
        raise ResultsError(f"{path} lacks or garbles {error}; write it anew with remix evaluate --json") from error


def _results(found: Mapping[str, Any]) -> Results:
    return Results(
        context=found["context"],
        tasks=tuple(_task(row) for row in found["tasks"]),
        results=tuple(Result(**row) for row in found["results"]),
        totals=tuple(Total(**{**row, "points": tuple(row["points"])}) for row in found["totals"]),
        rankings=tuple(Ranking(r["task"], r["system"], _tuples(r["top"])) for r in found["rankings"]),
        titles=found["titles"],
    )


def _task(row: Mapping[str, Any]) -> TaskInfo:
    return TaskInfo(**{**row, "queries": tuple(_queries(row["queries"]))})


def _queries(rows: list[Mapping[str, Any]]) -> Iterator[QueryInfo]:
    for row in rows:
        yield QueryInfo(row["query_id"], row["text"], _tuples(row["strata"]))


def _tuples(lists: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(values) for name, values in lists.items()}


def _only(found: list[Found], what: str, known: list[str]) -> Found:
    if len(found) != 1:
        names = list(dict.fromkeys(known))
        some = ", ".join(names[:MOST_NAMED]) + (f" and {len(names) - MOST_NAMED} more" if names[MOST_NAMED:] else "")
        raise ResultsError(f"{what}: {len(found)} found; there are {some or 'none'}")
    return found[0]
