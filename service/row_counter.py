"""A bar that counts rows whose number is known only at the end of the file; on stderr, for terminals."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

PATIENCE_S = 1.0
"""Work that ends before this needs no bar."""


@contextmanager
def row_counter(what: str, console: Console | None = None) -> Iterator[Callable[[int], None]]:
    """Yield a function that takes how many more rows were read; the bar vanishes at the end."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:.0f}"), TimeElapsedColumn())
    bar = Progress(*columns, console=console or Console(stderr=True), transient=True)
    task = bar.add_task(what, total=None)
    began = time.monotonic()

    def count(rows: int) -> None:
        bar.update(task, advance=rows)
        if bar.console.is_terminal and not bar.live.is_started and time.monotonic() - began >= PATIENCE_S:
            bar.start()

    try:
        yield count
    finally:
        if bar.live.is_started:
            bar.stop()
