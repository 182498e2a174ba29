"""What benches share: a home filled from the official files."""

import time
from collections.abc import Iterable
from pathlib import Path

from corpora.sources import get_source
from service.database import open_database
from service.imports import import_source
from service.initial import init_database
from service.settings import Settings


def fill(settings: Settings, data: Path, files: Iterable[tuple[str, str]]) -> None:
    """Take in files, each a source with the name of its file, telling how long each takes."""
    init_database(settings)[0].dispose()
    engine = open_database(settings, writing=True)
    for source, name in files:
        began = time.perf_counter()
        report = import_source(engine, get_source(source), data / name)
        print(f"import {source}: {report.rows_in:,} rows in {time.perf_counter() - began:.2f} s")
    engine.dispose()
