"""What an import costs beside reading its file: 50,813 projects new, again, and all changed.

Run: ``python -m tests.bench_import`` (a temporary SQLite file; REMIX_TEST_POSTGRES is not used).
"""

import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from matcher.records import Money, Precedent, Provenance
from service import revisions
from service.database import open_database, reading
from service.imports import import_source, load_records
from service.settings import Settings
from tests.service.sources import ListedSource

ROWS = 50_813


def projects() -> list[Precedent]:
    return [
        Precedent(
            id=f"pnrr-progetti:{number}",
            source="pnrr-progetti",
            title="Rigenerazione di un edificio scolastico " * 2,
            text="Il progetto riqualifica spazi comuni e aree verdi del quartiere. " * 8,
            cup=f"J{number:014}",
            measure="M5C2I2.01.00",
            procedure="1000003112",
            body="COMUNE DI PROVA",
            communes=("015146",),
            commune_names=("Milano",),
            region="Lombardia",
            amount=Money(Decimal("123456.70")),
            year=2022,
            provenance=Provenance("PNRR, progetti validati", date(2023, 2, 28)),
        )
        for number in range(ROWS)
    ]


def main() -> None:
    rows = projects()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "progetti.csv"
        path.touch()
        engine = open_database(Settings(home=Path(folder), database_url=""), writing=True)
        for name, given in (
            ("new", rows),
            ("unchanged", rows),
            ("changed", [replace(row, year=2023) for row in rows]),
            ("poorer", [replace(row, region="", year=None) for row in rows]),
        ):
            start = time.perf_counter()
            report = import_source(engine, ListedSource(*given, name="pnrr-progetti"), path)
            print(f"{name:10} {time.perf_counter() - start:6.2f} s  {report}")
        with reading(engine) as session:
            start = time.perf_counter()
            loaded = sum(1 for _ in load_records(session, Precedent))
            print(f"{'load':10} {time.perf_counter() - start:6.2f} s  {loaded} records")
            start = time.perf_counter()
            version = revisions.current(session)
            print(f"{'version':10} {1000 * (time.perf_counter() - start):6.2f} ms {version}")
        engine.dispose()


if __name__ == "__main__":
    main()
