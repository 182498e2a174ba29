"""A database that already knows something: created, migrated, and holding the embedded corpus."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine

import corpora.embedded
from corpora.rows import Read, Repairs
from service.database import open_database
from service.imports import ImportReport, Progress, import_source
from service.settings import Settings


class EmbeddedSource:
    """The embedded corpus, read like any other source, so that it has versions, counts and a history too."""

    name = corpora.embedded.NAME
    holds = "records of every kind"

    def read(self, path: Path, repairs: Repairs) -> Iterator[Read]:
        """Yield the records in the order of the files; ``line`` is the number of the record in the whole corpus."""
        for line, record in enumerate(corpora.embedded.load(path), start=1):
            yield Read(line, record)


def init_database(settings: Settings, progress: Progress = lambda _rows: None) -> tuple[Engine, ImportReport]:
    """Create or migrate the database and load the embedded corpus; official values are never overwritten.

    Raises DatabaseError if the database cannot be used, EmbeddedCorpusError if our own corpus is wrong.
    """
    engine = open_database(settings, writing=True)
    folder = Path(corpora.embedded.__file__).parent
    return engine, import_source(engine, EmbeddedSource(), folder, progress)
