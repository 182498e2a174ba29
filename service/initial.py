"""A database that already knows something: created, migrated, and holding the embedded corpus."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine

import corpora.embedded
from corpora.rows import Read, Repairs
from matcher.records import Commune
from service.database import is_new, open_database, reading
from service.imports import ImportReport, Progress, import_source, load_records
from service.settings import Settings


class EmbeddedSource:
    """The embedded corpus, read like any other source, so that it has versions, counts and a history too."""

    name = corpora.embedded.NAME
    holds = "records of every kind"

    def read(self, path: Path, repairs: Repairs) -> Iterator[Read]:
        """Yield the records in the order of the files; ``line`` is the number of the record in the whole corpus."""
        for line, record in enumerate(corpora.embedded.load(path), start=1):
            yield Read(line, record)


def open_filled(settings: Settings) -> Engine:
    """Open a database in which something can be asked: one without communes gets the embedded corpus first.

    So the first question works on a fresh machine, and after an import of calls alone. Raises DatabaseError like
    ``open_database``.
    """
    if is_new(settings):
        return init_database(settings)[0]
    engine = open_database(settings)
    with reading(engine) as session:
        asked_by = next(load_records(session, Commune), None)
    if asked_by is not None:
        return engine
    engine.dispose()
    return init_database(settings)[0]


def init_database(settings: Settings, progress: Progress = lambda _rows: None) -> tuple[Engine, ImportReport]:
    """Create or migrate the database and load the embedded corpus; official values are never overwritten.

    Raises DatabaseError if the database cannot be used, EmbeddedCorpusError if our own corpus is wrong.
    """
    engine = open_database(settings, writing=True)
    folder = Path(corpora.embedded.__file__).parent
    return engine, import_source(engine, EmbeddedSource(), folder, progress)
