"""Official files into the database, and the records out of it.

file ──► Source.read ──► ready ──► Merger ──► tables        one transaction: all of it or none
                                       └──► quarantine
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import file_digest, sha256
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.orm import Session

from corpora.rows import Quarantined, Read, Repairs, Source
from matcher.records import Record
from matcher.serialization import from_json
from service.database import write_transaction
from service.errors import ImportFailedError, UnknownRecordError
from service.incoming import Incoming, ready
from service.kinds import KIND_OF
from service.merging import Counts, Merger
from service.quarantine import keep_quarantined
from service.register.upkeep import keep_import
from service.revisions import touch
from service.tables import ImportRow

R = TypeVar("R", bound=Record)
Progress = Callable[[int], None]
"""Told how many rows were read since it was last called."""

REPORTED = 500
"""Rows between two reports of progress."""
READ_AHEAD = 60_000
"""Rows read before the database is held, some 2 kB each: all of most files, and no more memory than there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What one import did: ``rows_in = new + changed + unchanged + quarantined``; ``repairs`` counted by kind.

    ``kept_by_hand`` counts the records in which what a person set stayed against what the file says.
    """

    source: str
    file: str
    rows_in: int
    new: int
    changed: int
    unchanged: int
    quarantined: int
    repairs: dict[str, int]
    kept_by_hand: int = 0


def import_source(engine: Engine, source: Source, path: Path, progress: Progress = lambda _rows: None) -> ImportReport:
    """Import one file in one transaction (a folder too, where the source reads folders).

    Raises SourceError or LayoutError as the source does, ImportFailedError if the path is not there or the counts do
    not add up, DatabaseError if the database refuses. After any error the database is as it was before.
    """
    digest, started_at, repairs = _digest(path), datetime.now(UTC), Repairs()
    rows = _ready(source.read(path, repairs), path.name, progress)
    # Whoever writes on SQLite holds up all other writers: what can be worked out before, is.
    ahead = list(islice(rows, READ_AHEAD))
    with write_transaction(engine) as connection:
        import_id = _begin(connection, source.name, path.name, digest, started_at)
        merger = Merger(connection, import_id, source.name, path.name, started_at)
        for row in chain(ahead, rows):
            merger.add(row)
        merger.finish()
        keep_import(connection, import_id, merger.written)
        keep_quarantined(connection, merger.quarantined, import_id, started_at)
        # After every record, as people's edits do: who takes them in another order waits for each other without end.
        touch(connection, *merger.written)
        _end(connection, import_id, merger.counts, repairs)
    return ImportReport(source=source.name, file=path.name, **asdict(merger.counts), repairs=dict(repairs.counts))


def load_records(session: Session, record_type: type[R]) -> Iterator[R]:
    """Yield the stored records of one type, in the order of their ids."""
    table = KIND_OF[record_type].table
    for payload in session.scalars(select(table.c.payload).order_by(table.c.id).execution_options(yield_per=2000)):
        yield from_json(record_type, payload)


def load_record(session: Session, record_type: type[R], record_id: str) -> R:
    """Return one stored record; raises UnknownRecordError if there is none of this type with this id."""
    table = KIND_OF[record_type].table
    payload = session.scalar(select(table.c.payload).where(table.c.id == record_id))
    if payload is None:
        raise UnknownRecordError(f"{record_id}: no {record_type.__name__} has this id")
    return from_json(record_type, payload)


def _ready(outcomes: Iterator[Read | Quarantined], file: str, progress: Progress) -> Iterator[Incoming | Quarantined]:
    while batch := [ready(outcome, file) for outcome in islice(outcomes, REPORTED)]:
        yield from batch
        progress(len(batch))


def _begin(connection: Connection, source: str, file_name: str, digest: str, at: datetime) -> int:
    row = {"source": source, "file_name": file_name, "sha256": digest, "started_at": at}
    import_id: int = connection.execute(insert(ImportRow).values(row).returning(ImportRow.id)).scalar_one()
    return import_id


def _end(connection: Connection, import_id: int, counts: Counts, repairs: Repairs) -> None:
    settled = counts.new + counts.changed + counts.unchanged + counts.quarantined
    if settled != counts.rows_in:
        raise ImportFailedError(f"{counts.rows_in} rows were read but {settled} settled; nothing was imported")
    values = asdict(counts) | {"repairs": dict(repairs.counts), "finished_at": datetime.now(UTC)}
    connection.execute(update(ImportRow).where(ImportRow.id == import_id).values(values))


def _digest(path: Path) -> str:
    """Hash the bytes of a file, or the names and bytes of all files in a folder."""
    try:
        if path.is_dir():
            names = sorted(file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
            return sha256("".join(f"{file.relative_to(path)} {_digest(file)}\n" for file in names).encode()).hexdigest()
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ImportFailedError(f"{path}: cannot be read ({error.strerror}); check the path") from error
