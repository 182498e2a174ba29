"""The tables of the frame on a terminal."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

from babel.numbers import format_decimal
from rich.table import Table

from service.frame.naming import zone_label
from service.spreadsheets import Cell as Value

_Any = TypeVar("_Any")
_FIGURES = 5
"""Columns of the matrix before its figures: zone, driver, its name, mission, its name."""


def rows_of_zone(rows: Iterable[Sequence[Value]], zone: str, language: str) -> list[list[Value]]:
    """Return the rows of the matrix that are of one zone, or of all together, the empty ones left out."""
    name = zone_label(zone, language)
    return [list(row) for row in rows if row[0] == name and any(row[_FIGURES:])]


def narrow(row: Sequence[_Any]) -> list[_Any]:
    """Return a row of the matrix, or its header, as a terminal is wide: without zone and name of the mission."""
    return [*row[1 : _FIGURES - 1], *row[_FIGURES:]]


def printed_table(header: Sequence[str], rows: Iterable[Sequence[Value]], language: str) -> Table:
    """Return a table for a terminal, numbers to the right."""
    table = Table(*header)
    for row in rows:
        table.add_row(*("" if value is None else _written(value, language) for value in row))
    return table


def _written(value: Value, language: str) -> str:
    if isinstance(value, str):
        return value.replace("[", r"\[")
    if isinstance(value, int | float | Decimal):
        return format_decimal(value, "#,##0.##", locale=language)
    return str(value)
