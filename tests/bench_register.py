"""What the register costs: the import of all 50,813 projects with its upkeep, lists with filters, programmes.

Run: ``python -m tests.bench_register FOLDER`` with the folder of the open data (a temporary SQLite file).
"""

import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from corpora.sources import get_source
from service.database import open_database, reading, write_transaction
from service.imports import import_source
from service.initial import init_database
from service.register.entries import Order, RegisterFilters, list_entries, public, totals_of
from service.register.programmes import list_programmes, read_programme
from service.register.upkeep import rebuild
from service.settings import Settings

FILES = {
    "pnrr-progetti": "pnrr_progetti_validati.csv.gz",
    "pnc": "pnc_progetti.csv.gz",
    "opencoesione": "opencoesione_2021_2027.csv.gz",
}
ASKED = (
    RegisterFilters(),
    RegisterFilters(text="asilo nido"),
    RegisterFilters(programme="programme:pnrr", least_amount=Decimal(1_000_000)),
    RegisterFilters(programme="M5C2", zone="Nord Ovest"),
    RegisterFilters(commune="015146", state="unknown"),
    RegisterFilters(source="opencoesione", state="completed"),
)
REPEATED = 5


def timed(name: str, work: Callable[[], object]) -> None:
    """Print how long a piece of work took the second slowest time of some."""
    times = sorted(spent(work) for _ in range(REPEATED))
    print(f"{name:42} {1000 * times[-2][0]:8.1f} ms, {1000 * times[-2][1]:8.1f} ms of a processor")


def spent(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds that a piece of work took, and those that it used a processor: others may use it too."""
    start, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - used


def made_anew(engine: Engine) -> None:
    """Bring every project in again."""
    with write_transaction(engine) as connection:
        rebuild(connection)


def main(folder: Path) -> None:
    with TemporaryDirectory() as home:
        settings = Settings(home=Path(home), database_url="")
        init_database(settings)[0].dispose()
        engine = open_database(settings, writing=True)
        for name, file in FILES.items():
            took, used = spent(lambda n=name, f=file: import_source(engine, get_source(n), folder / f))
            print(f"{'import ' + name:42} {took:8.2f} s,  {used:8.2f} s of a processor")
        took, used = spent(lambda: made_anew(engine))
        print(f"{'the register made anew':42} {took:8.2f} s,  {used:8.2f} s of a processor")
        with reading(engine) as session:
            for filters in ASKED:
                for order in (Order.TITLE, Order.AMOUNT):
                    timed(f"list {order}", lambda f=filters, o=order: list_entries(session, public(), f, o))
                timed("totals", lambda f=filters: totals_of(session, public(), f))
            timed("programmes", lambda: list_programmes(session, public()))
            for programme in ("programme:pnrr", "M5C2", "programme:bando-periferie"):
                timed(programme, lambda p=programme: read_programme(session, public(), p))
        engine.dispose()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
