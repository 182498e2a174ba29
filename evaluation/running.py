"""One evaluation from its options to its files: tasks there are, or a set of one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from corpora.funded_bodies import load_funded_bodies
from corpora.funded_themes import has_precedents, load_funded_themes, read_precedents
from evaluation import printing, systems, tasks
from evaluation.errors import TaskError
from evaluation.harness import Clock, Progress, Ran, collected, run_task
from evaluation.queryset import read_set
from evaluation.report import write_report
from evaluation.results import Results, write_results
from evaluation.summary import write_summary
from evaluation.tasks.data import CALLS, read_calls, read_communes, with_notices
from evaluation.tasks.task import DEPTH, Checked, Material
from evaluation.workplace import data_folder, open_encoder
from matcher.precedents import chosen_precedents
from matcher.recommender import Request

ROME = ZoneInfo("Europe/Rome")


@dataclass(frozen=True, slots=True)
class OwnSet:
    """A set of one's own and how it is asked; the defaults are those of ``remix recommend``."""

    queries: Path | None = None
    qrels: Path | None = None
    sources: tuple[str, ...] = ()
    on_date: str = ""
    any_date: bool = False
    no_eligibility: bool = False

    def options(self) -> list[str]:
        """Return the names of the options that only a set of one's own has and that were given."""
        given = {
            "--source": self.sources,
            "--on-date": self.on_date,
            "--any-date": self.any_date,
            "--no-eligibility": self.no_eligibility,
        }
        return [name for name, value in given.items() if value]

    def judged_at(self) -> datetime | None:
        """Return the moment at which deadlines are judged: now, the start of the day named, None for no judging."""
        if self.any_date:
            if self.on_date:
                raise TaskError(f"--any-date and --on-date {self.on_date} contradict each other: choose one")
            return None
        if not self.on_date:
            return datetime.now(ROME)
        try:
            return datetime.combine(date.fromisoformat(self.on_date), time(), ROME)
        except ValueError as error:
            raise TaskError(f"--on-date {self.on_date!r}: not a day; write it as 2025-05-05") from error


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be evaluated; without names, all tasks and all systems."""

    tasks: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    split: str = "dev"
    own: OwnSet = OwnSet()

    def command(self) -> str:
        """Return the command that evaluates the same tasks again."""
        words = [f"--task {name}" for name in self.tasks] + [f"--system {name}" for name in self.systems]
        return " ".join(["remix evaluate", *words, f"--split {self.split}"])


def run(asked: Asked, out: Path | None, as_json: Path | None) -> None:
    """Evaluate, print, and write results to the folder and the file named.

    Raises TaskError for options that contradict each other, and whatever reading the data raises.
    """
    clock = Clock()
    _prepare(out, as_json)
    with clock.measuring("all"), printing.progress_bar() as progress:
        results = evaluated(asked, progress, clock)
    printing.show(results, clock)
    if as_json is not None:
        write_results(results, as_json)
    if out is not None:
        write_results(results, out / "results.json")
        write_summary(results, out)
        write_report(results, out)


def _prepare(out: Path | None, as_json: Path | None) -> None:
    """Refuse places that cannot be written before the work, not after it."""
    try:
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TaskError(f"--out {out}: cannot be made ({error.strerror}); choose another folder") from error
    if as_json is not None and not as_json.absolute().parent.is_dir():
        raise TaskError(f"--json {as_json}: cannot be written, {as_json.parent} is no folder; choose another place")


def evaluated(asked: Asked, progress: Progress, clock: Clock) -> Results:
    """Return the results of the tasks named, or of a set of one's own."""
    own = asked.own
    names = systems.chosen(asked.systems)
    if own.queries is None and own.qrels is None:
        if own.options():
            raise TaskError(f"{own.options()[0]} goes with --queries and --qrels: a task says itself how it is asked")
        return _tasks(asked, tasks.chosen(asked.tasks), names, progress, clock)
    if own.queries is None or own.qrels is None:
        raise TaskError("--queries and --qrels go together: give both files")
    if asked.tasks:
        raise TaskError(f"--task {asked.tasks[0]} and --queries contradict each other: choose one")
    return _own(own, own.queries, own.qrels, names, progress, clock)


def _tasks(asked: Asked, names: Sequence[str], wanted: Sequence[str], progress: Progress, clock: Clock) -> Results:
    data, encoder = data_folder(), open_encoder(progress)
    ran: list[Ran] = []
    checked: list[Checked] = []
    for done, name in enumerate(names):
        progress("tasks", done, len(names))
        with clock.measuring("data"):
            loaded = tasks.load_task(name, data, asked.split)
        if isinstance(loaded, Checked):
            checked.append(loaded)
        else:
            ran.append(run_task(loaded, wanted, encoder, progress, clock))
    progress("tasks", len(names), len(names))
    context = {"command": asked.command(), "split": asked.split, "encoder": encoder.id}
    return collected(ran, checked, context)


def _own(own: OwnSet, queries: Path, qrels: Path, wanted: Sequence[str], progress: Progress, clock: Clock) -> Results:
    on, data = own.judged_at(), data_folder()
    with clock.measuring("data"):
        calls = read_calls(data, own.sources or tuple(CALLS))
        found = read_set(queries, qrels, read_communes(data), (call.id for call in calls))
        projects = read_precedents(data) if has_precedents(data) else ()
        precedents = tuple(chosen_precedents(projects, {call.programme for call in calls}))
    printing.notes(found.ignored)
    sources = frozenset(own.sources) or None
    request = Request(k=DEPTH, on=on, judge_eligibility=not own.no_eligibility, sources=sources)
    material = Material(with_notices(data, calls), load_funded_bodies(), load_funded_themes(), precedents)
    encoder = open_encoder(progress)
    ran = run_task(found.task(queries.name, material, request), wanted, encoder, progress, clock)
    day = "not judged" if on is None else on.date().isoformat()
    context = {"command": "remix evaluate --queries", "deadlines": day, "encoder": encoder.id}
    return collected([ran], [], context)
