"""Putting a copy back into an empty database: whole and compared, or not at all.

check the file ──► make its version of the tables ──► insert ──► compare ──► migrate to ours ──► commit
(all of it in one transaction, from the second step on)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Integer, Table, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from service.copies.archive import Manifest, TableCopy, Tally, check_archive, tables_in
from service.copies.rows import read_lines, tables_of, write_lines
from service.database import HEAD, known_revisions, migrate, remaking, revision_of
from service.errors import CopyError
from service.progress import Report
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class Comparison:
    """One table as it was copied, and as it stands in the database now."""

    copied: TableCopy
    restored: TableCopy

    @property
    def same(self) -> bool:
        """Whether every row is the same."""
        return self.copied == self.restored


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back; ``revision`` is the version of the tables now, after the migrations that followed."""

    manifest: Manifest
    comparisons: tuple[Comparison, ...]
    revision: str


def restore(settings: Settings, path: Path, progress: Report, *, digest: str = "") -> Restored:
    """Put a copy back into the database of the settings, which must be new or empty; nothing stays of a failure.

    ``digest``: the SHA-256 that the file must have. Raises CopyError for a file that is cut short, changed or of a
    newer program, for a database that holds something, and for rows that come out otherwise than they went in.
    """
    manifest = check_archive(path, digest)
    if manifest.revision not in known_revisions():
        raise CopyError(
            f"{path}: version {manifest.revision} of the tables, made by Remix {manifest.remix}, which is newer: "
            "update this one"
        )
    with remaking(settings) as connection:
        _make_place(connection, manifest.revision)
        tables = tables_of(connection)
        _check_columns(path, manifest, tables)
        written = 0
        for rows in _insert(connection, path, tables):
            written += rows
            progress("rows", written, manifest.rows)
        comparisons = tuple(_compare(connection, table, manifest) for table in tables)
        other = [one.copied.name for one in comparisons if not one.same]
        if other:
            raise CopyError(f"{path}: came out otherwise in {', '.join(other)}; nothing was kept")
        migrate(connection)
    return Restored(manifest, comparisons, HEAD)


def _make_place(connection: Connection, revision: str) -> None:
    """Make the tables of a version, in a database that holds no row."""
    revision_now = revision_of(connection)
    if revision_now is not None:
        present = tables_of(connection)
        if connection.dialect.name == "postgresql":
            # Nobody writes the first row between the look and the change.
            names = ", ".join(table.name for table in present)
            connection.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))
        full = [table.name for table in present if connection.execute(select(table).limit(1)).first()]
        if full:
            raise CopyError(
                f"the database holds something already ({', '.join(full)}): a copy is put back only into an empty one; "
                "set REMIX_HOME or REMIX_DATABASE_URL to a new place"
            )
        if revision_now == revision:
            return
        migrate(connection, "base", up=False)
    migrate(connection, revision)


def _check_columns(path: Path, manifest: Manifest, tables: Sequence[Table]) -> None:
    copied = {table.name: sorted(table.columns) for table in manifest.tables}
    present = {table.name: sorted(table.columns.keys()) for table in tables}
    if copied != present:
        names = sorted(name for name in copied | present if copied.get(name) != present.get(name))
        raise CopyError(f"{path}: tables or columns are not those of version {manifest.revision}: {', '.join(names)}")


def _insert(connection: Connection, path: Path, tables: Sequence[Table]) -> Iterator[int]:
    """Insert the rows in the order of the file; yields how many were written, batch by batch."""
    known = {table.name: table for table in tables}
    with tables_in(path) as copied:
        for name, lines in copied:
            try:
                yield from write_lines(connection, known[name], lines)
            except (SQLAlchemyError, ValueError) as error:
                reason = getattr(error, "orig", None) or error
                raise CopyError(f"{path}: table {name}: {reason}; nothing was put back") from error
            _count_on(connection, known[name])


def _compare(connection: Connection, table: Table, manifest: Manifest) -> Comparison:
    """Read a table back and count it as it was counted when it was copied."""
    copied = next(one for one in manifest.tables if one.name == table.name)
    tally = Tally()
    for _ in tally.passing(read_lines(connection, table)):
        pass
    return Comparison(copied, tally.copy_of(table.name, table.columns.keys()))


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number on after the highest number put back; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key:
        if isinstance(column.type, Integer):
            sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
            if sequence is not None:
                highest = select(func.max(column)).scalar_subquery()
                connection.execute(select(func.setval(sequence, highest)))
