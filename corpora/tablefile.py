"""Delimited text: finds the delimiter, keeps physical line numbers, sets broken rows apart."""

import csv
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpora.errors import LayoutError, SourceError
from corpora.rows import Repairs
from corpora.textfile import TextFile

_DELIMITERS = ",;\t|"
_LONGEST_CELL = 4 << 20


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row whose cells cannot be told apart."""

    field: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Cells:
    """A file as columns and rows; each row with its 1-based first line (or item number), one text per column."""

    columns: Sequence[str]
    rows: Iterator[tuple[int, Sequence[str] | BadRow]]


def read_cells(text_file: TextFile, repairs: Repairs) -> Cells:
    """The header at once, the rows as they are asked for; rows with no text at all are skipped and counted.

    Raises SourceError if the file has no header or a quote swallows the rest of the file.
    """
    rows = _numbered_rows(text_file, repairs)
    for _, header in rows:
        columns = unique_names(header, text_file.path)
        return Cells(columns, checked_rows(rows, columns, repairs))
    raise SourceError(f"{text_file.path}: no header line: download it again")


def _numbered_rows(text_file: TextFile, repairs: Repairs) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(_LONGEST_CELL)
    with text_file.open() as stream:
        first = next((line for line in stream if line.strip()), "")
        stream.seek(0)
        delimiter = _delimiter(first)
        if delimiter != ",":
            repairs.add(f"delimiter {delimiter!r}")
        reader = csv.reader(stream, delimiter=delimiter)
        while True:
            line = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise SourceError(
                    f"{text_file.path}, line {line}: {error}: look for a quote that is never closed"
                ) from error
            if row:
                yield line, row


def _delimiter(header: str) -> str:
    return max(_DELIMITERS, key=lambda delimiter: len(next(csv.reader([header], delimiter=delimiter), [])))


def unique_names(header: Sequence[str], path: Path) -> list[str]:
    """The names of the columns as they stand; raises LayoutError for one that two columns have."""
    names = [name.strip() for name in header]
    for name in names:
        if name and names.count(name) > 1:
            raise LayoutError(f"{path}: two columns are called {name!r}: rename or remove one")
    return list(header)


def checked_rows(
    rows: Iterator[tuple[int, list[str]]], columns: Sequence[str], repairs: Repairs
) -> Iterator[tuple[int, Sequence[str] | BadRow]]:
    """The rows that have as many cells as the header; those without any text are skipped and counted."""
    width = len(columns)
    for line, row in rows:
        if len(row) == width:
            if any(row):
                yield line, row
            else:
                repairs.add("empty row skipped")
        elif not any(map(str.strip, row)):
            repairs.add("empty row skipped")
        else:
            yield line, _misshapen(row, columns)


def _misshapen(row: Sequence[str], columns: Sequence[str]) -> BadRow:
    reason = f"{len(row)} cells where the header has {len(columns)}"
    swallowed = sum(cell.count("\n") for cell in row)
    if swallowed:
        reason += f"; the row spans {swallowed + 1} lines: look for a quote that is never closed"
    field = columns[min(len(row), len(columns)) - 1].strip()
    return BadRow(field, next(cell for cell in itertools.chain(reversed(row)) if cell.strip()), reason)
