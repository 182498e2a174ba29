"""The terminal: a bar for what takes long, a table of measures per system, and where the seconds went."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from evaluation.harness import Clock
from evaluation.harness import Progress as Report
from evaluation.results import Results

_PLAIN_WIDTH = 200


@contextmanager
def progress_bar() -> Iterator[Report]:
    """Yield a function that reports progress on stderr; the bars vanish at the end."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    bars: dict[str, TaskID] = {}
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:

        def report(what: str, done: int, total: int) -> None:
            if what not in bars:
                bars[what] = progress.add_task(what, total=total)
            progress.update(bars[what], completed=done, total=total)

        yield report


def notes(sentences: Iterable[str]) -> None:
    """Print what was set aside, on stderr."""
    for sentence in sentences:
        Console(stderr=True).print(sentence, style="yellow", highlight=False)


def show(results: Results, clock: Clock) -> None:
    """Print one table per task, and the seconds that everything took."""
    console = Console() if sys.stdout.isatty() else Console(width=_PLAIN_WIDTH)
    for task in results.tasks:
        console.print(_table(results, task.name, task.title, len(task.queries)))
    spent = clock.seconds
    parts = ", ".join(f"{name} {seconds:.1f}" for name, seconds in spent.items() if name != "all" and seconds >= 0.05)
    console.print(f"{spent.get('all', 0.0):.1f} s in all ({parts})", highlight=False)


def _table(results: Results, task: str, title: str, n_queries: int) -> Table:
    measures = results.measures(task)
    table = Table(title=f"{task}: {title}, n = {n_queries}", header_style="bold")
    table.add_column("system", no_wrap=True)
    for measure in measures:
        table.add_column(measure, justify="right")
    for system in results.systems(task):
        table.add_row(system, *_values(results, task, system, measures))
    return table


def _values(results: Results, task: str, system: str, measures: Sequence[str]) -> Iterator[str]:
    for measure in measures:
        yield f"{results.result(task, system, measure).mean():.3f}"
