"""What following 50,813 projects costs: what is late or silent, a page of the list, files, and every word in them.

Run: ``python -m tests.bench_monitoring`` (the real file of ``REMIX_SHARED``; a temporary SQLite file).
"""

import csv
import io
import json
import time
import tracemalloc
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from corpora.sources import get_source
from service.access.principal import COMMAND_LINE
from service.database import open_database, reading
from service.imports import import_source
from service.moments import now
from service.register.counting import facets
from service.register.entries import list_entries, totals_of, visible_to
from service.register.exports import entries_table, written
from service.register.filters import RegisterFilters
from service.register.late import is_late, is_silent
from service.register.tables import RegisterEntryRow as Entry
from service.settings import Settings
from service.spreadsheets import disarmed
from tests.conftest import REPOSITORY

FILE = "pnrr_progetti_validati.csv.gz"
SEEN = visible_to(COMMAND_LINE)


def timed(name: str, work: Callable[[], Any], repeat: int = 3) -> Any:
    best, found = float("inf"), None
    for _ in range(repeat):
        start = time.perf_counter()
        found = work()
        best = min(best, time.perf_counter() - start)
    print(f"{name:44} {1000 * best:9.0f} ms")
    return found


def page_of(session: Session, filters: RegisterFilters) -> None:
    list_entries(session, SEEN, filters)
    totals_of(session, SEEN, filters)
    facets(session, SEEN, filters)


def file_of(session: Session, form: Any) -> bytes:
    with written(entries_table(session, SEEN, RegisterFilters(), now().date()), form) as file:
        return file.read()


def queries(session: Session) -> None:
    today = now().date()
    counted = select(func.count()).select_from(Entry)
    for name, condition in (("late", is_late(today)), ("silent", is_silent(today))):
        number = timed(f"{name}, counted over all", lambda one=condition: session.scalar(counted.where(SEEN, one)))
        print(f"{'':44} {number:9} projects")
    last_spoke = date(2023, 3, 1) + timedelta(days=30)
    timed("silent, where all spoke lately", lambda: session.scalar(counted.where(SEEN, is_silent(last_spoke))))
    for name, filters in (
        ("all", RegisterFilters()),
        ("one commune", RegisterFilters(commune="015182")),
        ("silent", RegisterFilters(silent=180)),
        ("words and money", RegisterFilters(text="asilo", least_amount=Decimal(100_000))),
    ):
        timed(f"a page with counts and totals: {name}", lambda one=filters: page_of(session, one))


def files(session: Session) -> None:
    for form in ("csv", "json", "xlsx"):
        content = timed(f"all projects as {form}", lambda one=form: file_of(session, one), repeat=1)
        print(f"{'':44} {len(content) / 1e6:9.1f} MB")
    tracemalloc.start()
    written(entries_table(session, SEEN, RegisterFilters(), now().date()), "csv").close()
    print(f"{'most memory while CSV is written':44} {tracemalloc.get_traced_memory()[1] / 1e6:9.1f} MB")
    tracemalloc.stop()


def equal_to_the_database(session: Session) -> None:
    lines = {line["Codice"]: line for line in csv.DictReader(_text(file_of(session, "csv")), delimiter=";")}
    items = {item["id"]: item for item in json.loads(file_of(session, "json"))["items"]}
    wrong = 0
    for entry in session.scalars(select(Entry)):
        line, item = lines[entry.id], items[entry.id]
        amount = Decimal(line["Importo (EUR)"].replace(",", ".")) if line["Importo (EUR)"] else None
        is_same = line["Titolo"] == disarmed(entry.title) and item["title"] == entry.title
        wrong += not (is_same and amount == entry.amount and line["CUP"] == entry.cup == item["cup"])
    print(f"{len(lines)} lines and {len(items)} items compared with the database: {wrong} differ")


def _text(content: bytes) -> io.StringIO:
    return io.StringIO(content.decode("utf-8-sig"), newline="")


def main() -> None:
    with TemporaryDirectory() as folder:
        engine = open_database(Settings(home=Path(folder), database_url=""), writing=True)
        file = REPOSITORY.parent / "shared" / "data" / FILE
        start = time.perf_counter()
        report = import_source(engine, get_source("pnrr-progetti"), file)
        print(f"import: {report.new} projects in {time.perf_counter() - start:.1f} s")
        with reading(engine) as session:
            queries(session)
            files(session)
            equal_to_the_database(session)
        engine.dispose()


if __name__ == "__main__":
    main()
