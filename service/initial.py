"""A database that already knows something: created, migrated, and holding the embedded corpus."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine, select

import corpora.embedded
from corpora.rows import Read, Repairs
from matcher.records import FrameItem
from service.database import is_new, open_database, reading
from service.imports import ImportReport, Progress, import_source
from service.settings import Settings
from service.tables import CommuneRow, FrameItemRow


class EmbeddedSource:
    """The embedded corpus, read like any other source, so that it has versions, counts and a history too.

    ``kind`` is the only kind of record that it gives: every kind unless one is named.
    """

    name = corpora.embedded.NAME
    holds = "records of every kind"

    def __init__(self, kind: type | None = None) -> None:
        self._kind = kind

    def read(self, path: Path, repairs: Repairs) -> Iterator[Read]:
        """Yield the records in the order of the files; ``line`` is the number of the record in the whole corpus."""
        for line, record in enumerate(corpora.embedded.load(path), start=1):
            if self._kind is None or isinstance(record, self._kind):
                yield Read(line, record)


def open_filled(settings: Settings) -> Engine:
    """Open a database in which something can be asked: one without communes gets the embedded corpus first.

    So the first question works on a fresh machine, and after an import of calls alone. One that was filled from
    official files alone still gets the strategic frame, which no source publishes: without it lines and programmes
    would have no names. Raises DatabaseError like ``open_database``.
    """
    if is_new(settings):
        return init_database(settings)[0]
    engine = open_database(settings)
    with reading(engine) as session:
        asked_by, framed = (session.scalar(select(row.id).limit(1)) for row in (CommuneRow, FrameItemRow))
    if asked_by is not None and framed is not None:
        return engine
    engine.dispose()
    return init_database(settings, kind=None if asked_by is None else FrameItem)[0]


def init_database(
    settings: Settings, progress: Progress = lambda _rows: None, kind: type | None = None
) -> tuple[Engine, ImportReport]:
    """Create or migrate the database and load the embedded corpus, or one kind of its records.

    Official values are never overwritten. Raises DatabaseError if the database cannot be used, EmbeddedCorpusError if
    our own corpus is wrong.
    """
    engine = open_database(settings, writing=True)
    folder = Path(corpora.embedded.__file__).parent
    return engine, import_source(engine, EmbeddedSource(kind), folder, progress)
