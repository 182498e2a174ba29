"""Making a copy: one state of the whole database, whatever is written meanwhile."""

from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Engine, func, select

from service.copies.archive import Manifest, TableCopy, writing_archive
from service.copies.rows import read_lines, tables_of
from service.database import reading, revision_of
from service.moments import now
from service.progress import Report

EVERY = 5000
"""Rows after which progress is told again."""


def back_up(engine: Engine, path: Path, progress: Report) -> Manifest:
    """Copy every row of every table into a new file, readable by its owner only; returns what is in it.

    Raises CopyError if the file exists or cannot be written (nothing is left then), DatabaseError.
    """
    with reading(engine) as session, writing_archive(path) as archive:
        connection = session.connection()
        tables = tables_of(connection)
        total = sum(connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
        copies: list[TableCopy] = []
        for table in tables:
            before = sum(copy.rows for copy in copies)
            lines = _told(read_lines(connection, table), progress, before, total)
            copies.append(archive.add_table(table.name, table.columns.keys(), lines))
        revision, database = revision_of(connection) or "", connection.dialect.name
        manifest = Manifest(version("remix"), revision, database, now(), tuple(copies))
        archive.add_manifest(manifest)
    return manifest


def _told(lines: Iterable[bytes], progress: Report, before: int, total: int) -> Iterator[bytes]:
    for done, line in enumerate(lines, start=before + 1):
        if done % EVERY == 0:
            progress("rows", done, total)
        yield line
