"""What it costs to find one project in two sources: the official files imported, pairs found, the page.

Run: ``python -m tests.bench_project_twins`` (a temporary SQLite file; REMIX_SHARED names the folder that holds data/).
"""

import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from corpora.sources import get_source
from evaluation.project_twins import FILES
from evaluation.workplace import data_folder
from service.access.principal import COMMAND_LINE
from service.database import reading
from service.imports import import_source
from service.initial import init_database
from service.register.twin_finding import find_again
from service.register.twins import proposed_twins
from service.settings import Settings
from service.work.acting import Acting

T = TypeVar("T")


def timed(what: str, work: Callable[[], T]) -> T:
    began = time.perf_counter()
    done = work()
    print(f"{what:44} {time.perf_counter() - began:6.2f} s  {done if not isinstance(done, list) else len(done)}")
    return done


def main() -> None:
    with TemporaryDirectory() as folder:
        engine, _report = init_database(Settings(home=Path(folder), database_url=""))
        for source, name in FILES.items():
            path = data_folder() / name
            timed(f"import {source}", lambda s=source, p=path: import_source(engine, get_source(s), p).rows_in)
        timed("pairs found", lambda: find_again(engine))
        with reading(engine) as session:
            timed("first page of pairs", lambda: proposed_twins(Acting(session, COMMAND_LINE))[0])
        engine.dispose()


if __name__ == "__main__":
    main()
