"""The rows of a table as lines of JSON, the same bytes from every database.

A line is the array of a row's values in the order of the columns, the lines in the order of the primary key:
a moment is ISO 8601 in UTC, a JSON column is the text that is stored, all else is what JSON has for it.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    cast,
    collate,
    insert,
    select,
    type_coerce,
)

from service.schema import METADATA

BATCH = 1000
"""Rows that are read or written at once."""


def tables_of(connection: Connection) -> list[Table]:
    """Return our tables as the database has them, whatever its version; those that are pointed to come first."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name in METADATA.tables)
    return found.sorted_tables


def read_lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """Yield each row as one line, without holding them all."""
    asked = (_asked(connection, column) for column in table.columns)
    query = select(*asked).order_by(*(_ordered(connection, column) for column in table.primary_key))
    for row in connection.execute(query, execution_options={"stream_results": True, "yield_per": BATCH}):
        values = [_plain(value) for value in row]
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def write_lines(connection: Connection, table: Table, lines: Iterable[bytes]) -> Iterator[int]:
    """Insert the rows of these lines; yields how many were written, batch by batch."""
    columns = list(table.columns)
    places = {column: _place(connection, f"v{index}", column) for index, column in enumerate(columns)}
    statement, remaining = insert(table).values(places), iter(lines)
    while batch := [_values(columns, line) for line in islice(remaining, BATCH)]:
        connection.execute(statement, batch)
        yield len(batch)


def _asked(connection: Connection, column: Column[Any]) -> ColumnElement[Any]:
    """Ask for JSON as it is written: SQL's NULL and JSON's null are not the same."""
    if not isinstance(column.type, JSON):
        return column
    # What SQLite keeps is the text itself; a cast would round a number that stands alone.
    is_text = connection.dialect.name == "sqlite"
    return (type_coerce(column, Text) if is_text else cast(column, Text)).label(column.name)


def _ordered(connection: Connection, column: Column[Any]) -> ColumnElement[Any]:
    """Order by code points everywhere, as SQLite does, and not by the rules of some language."""
    is_text = isinstance(column.type, String) and connection.dialect.name == "postgresql"
    return collate(column, "C") if is_text else column


def _place(connection: Connection, name: str, column: Column[Any]) -> ColumnElement[Any]:
    if not isinstance(column.type, JSON):
        return bindparam(name, type_=column.type)
    written = bindparam(name, type_=Text())
    # To SQLite JSON is text, and a cast to it would make a number of it.
    return cast(written, JSON) if connection.dialect.name == "postgresql" else type_coerce(written, Text)


def _values(columns: list[Column[Any]], line: bytes) -> dict[str, Any]:
    values = zip(columns, json.loads(line), strict=True)
    return {f"v{index}": _stored(column, value) for index, (column, value) in enumerate(values)}


def _stored(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, DateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        # SQLite gives moments without a zone: they are stored in UTC.
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value
