"""The terminal: one console for results, and one bar on stderr for work that takes longer than a second."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

Report = Callable[[str, int, int], None]
"""Told what is being done, how many are done and how many there are."""

_PATIENCE_S = 1.0
_PLAIN_WIDTH = 140
_WORK = {
    "it": {
        "encoder": "modello linguistico",
        "passages": "brani dei bandi",
        "queries": "domande",
        "rows": "righe",
        "ranking": "domande confrontate con i bandi",
        "letters": "messaggi scritti",
        "delivery": "messaggi consegnati",
        "tags": "schede lette per il piano strategico",
    },
    "en": {
        "encoder": "language model",
        "passages": "passages of calls",
        "queries": "queries",
        "rows": "rows",
        "ranking": "questions ranked",
        "letters": "e-mails written",
        "delivery": "e-mails delivered",
        "tags": "records read for the strategic plan",
    },
}


def console() -> Console:
    """Return the console of results; piped into a file or a pager it is as wide as a page."""
    return Console() if _is_terminal() else Console(width=_PLAIN_WIDTH)


def print_json(data: dict[str, Any]) -> None:
    """Print JSON: in colours on a terminal; elsewhere plain, in signs that the encoding of the output has."""
    if _is_terminal():
        Console().print_json(data=data)
    elif sys.stdout is not None:
        narrow = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
        sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=narrow) + "\n")


@contextmanager
def progress_bar(language: str) -> Iterator[Report]:
    """Yield a function that reports progress; the bar appears after a second and vanishes at the end."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=Console(stderr=True), transient=True,
    )  # fmt: skip
    tasks: dict[str, TaskID] = {}
    began = time.monotonic()

    def report(what: str, done: int, total: int) -> None:
        if not bar.live.is_started:
            if not bar.console.is_terminal or time.monotonic() - began < _PATIENCE_S or done >= total:
                return
            bar.start()
        if what not in tasks:
            tasks[what] = bar.add_task(_WORK[language].get(what, what), total=total)
        bar.update(tasks[what], completed=done, total=total)

    try:
        yield report
    finally:
        if bar.live.is_started:
            bar.stop()


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()
