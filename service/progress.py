"""The terminal: one console for results, and one bar on stderr for work that takes longer than a second."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

Report = Callable[[str, int, int], None]
"""Told what is being done, how many are done and how many there are."""

_PATIENCE_S = 1.0
_PLAIN_WIDTH = 140


def console() -> Console:
    """Return the console of results; piped into a file or a pager it is as wide as a page."""
    return Console() if sys.stdout.isatty() else Console(width=_PLAIN_WIDTH)


@contextmanager
def progress_bar() -> Iterator[Report]:
    """Yield a function that reports progress; the bar appears after a second and vanishes at the end."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty(),
    )  # fmt: skip
    tasks: dict[str, TaskID] = {}
    began = time.monotonic()

    def report(what: str, done: int, total: int) -> None:
        if not bar.live.is_started:
            if time.monotonic() - began < _PATIENCE_S or done >= total:
                return
            bar.start()
        if what not in tasks:
            tasks[what] = bar.add_task(what, total=total)
        bar.update(tasks[what], completed=done, total=total)

    try:
        yield report
    finally:
        if bar.live.is_started:
            bar.stop()
