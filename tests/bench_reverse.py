"""Prints what one call over all communes of Italy costs: ``python -m tests.bench_reverse --home FOLDER``.

call ──► all communes judged ──► items compared ──► ranked, and where one of them stands

``--home`` is a filled home, such as ``tests/bench_service.py --home FOLDER`` leaves behind. The bar is 0.5 s a call.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from service.access.principal import COMMAND_LINE
from service.catalogue.reverse import communes_for
from service.catalogue.whereabouts import whereabouts
from service.database import open_database, reading
from service.live import serving_once
from service.moments import now
from service.progress import progress_bar
from service.recommending import encoder_of
from service.settings import load_settings

CALLS = 100
BAR_S = 0.5


def main() -> None:
    """Time the ranking of all communes for calls spread over the catalogue, and the place of one commune."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    settings = load_settings(home=parser.parse_args().home, database_url="")
    engine = open_database(settings)
    with progress_bar(settings.language) as progress:
        serving = serving_once(settings, engine, lambda: encoder_of(settings, progress))
    n = len(serving.catalogue.calls)
    positions = range(0, n, max(1, n // CALLS))
    istat, on = serving.communes[0].istat, now()
    print(f"{n} calls, {len(serving.communes)} communes, {len(positions)} calls asked")
    with reading(engine) as session:
        communes_for(session, COMMAND_LINE, serving, 0, on)
        _told("ranked", [_timed(lambda p=p: communes_for(session, COMMAND_LINE, serving, p, on)) for p in positions])  # type: ignore[misc]
        _told(
            "one found",
            [_timed(lambda p=p: whereabouts(session, COMMAND_LINE, serving, p, istat, on)) for p in positions],  # type: ignore[misc]
        )
    engine.dispose()


def _timed(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


def _told(name: str, seconds: list[float]) -> None:
    slowest = statistics.quantiles(seconds, n=20)[-1]
    print(f"{name:10s} p50 {statistics.median(seconds):.3f} s   p95 {slowest:.3f} s   bar {BAR_S} s")


if __name__ == "__main__":
    main()
