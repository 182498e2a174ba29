"""The terminal: a bar for what takes long, a table of measures per task, and where the seconds went."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from evaluation.comparison import mean_interval
from evaluation.harness import Clock
from evaluation.harness import Progress as Report
from evaluation.results import Result, Results, TaskInfo

_PLAIN_WIDTH = 220


@contextmanager
def progress_bar() -> Iterator[Report]:
    """Yield a function that reports progress on a terminal's stderr; the bars vanish at the end."""
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    console = Console(stderr=True)
    progress = Progress(*columns, console=console, transient=True)
    bars: dict[str, TaskID] = {}

    def report(what: str, done: int, total: int) -> None:
        if what not in bars:
            bars[what] = progress.add_task(what, total=total)
            if console.is_terminal:
                progress.start()
        progress.update(bars[what], completed=done, total=total)

    try:
        yield report
    finally:
        if progress.live.is_started:
            progress.stop()


def notes(sentences: Iterable[str]) -> None:
    """Print what was set aside, on stderr."""
    for sentence in sentences:
        Console(stderr=True).print(sentence, style="yellow", highlight=False)


def show(results: Results, clock: Clock) -> None:
    """Print one table per task, systems beside each other with 95% intervals, and the seconds that all took."""
    console = Console() if sys.stdout.isatty() else Console(width=_PLAIN_WIDTH)
    for task in results.tasks:
        console.print(_table(results, task))
    spent = clock.seconds
    parts = ", ".join(f"{name} {seconds:.1f}" for name, seconds in spent.items() if name != "all" and seconds >= 0.05)
    console.print(f"{spent.get('all', 0.0):.1f} s in all ({parts})", highlight=False)


def _table(results: Results, task: TaskInfo) -> Table:
    systems = results.systems(task.name)
    table = Table(
        title=f"{task.name}: {task.title}, n = {len(task.queries)}", header_style="bold", title_justify="left"
    )
    table.add_column("", no_wrap=True)
    for system in systems:
        table.add_column(system, justify="right", no_wrap=True)
    found = {(r.system, r.measure): r for r in results.results if r.task == task.name}
    for measure in results.measures(task.name):
        table.add_row(measure, *(_value(found.get((system, measure))) for system in systems))
    whole = {(t.system, t.measure): t.value for t in results.totals if t.task == task.name}
    for measure in dict.fromkeys(measure for _, measure in whole):
        values = (whole.get((system, measure)) for system in systems)
        table.add_row(f"{measure}, all", *("" if value is None else f"{value:.4f}" for value in values))
    return table


def _value(result: Result | None) -> str:
    if result is None or not result.per_query:
        return ""
    interval = mean_interval(result.per_query.values())
    return f"{interval.mean:.3f} [{interval.low:.3f}, {interval.high:.3f}]"
