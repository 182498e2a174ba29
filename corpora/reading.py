"""The reading layer: any official file in, one row per record out, in the fields of the layout that fits it.

    path ──► textfile.inspect ──► CSV or JSON ──► Layout (columns → fields) ──► Row ──► build(row) ──► Read
                                        └── a row that cannot be read ──────────────────► Quarantined

An importer is its layouts, which are data, and one function from a Row to a record.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from corpora.errors import LayoutError
from corpora.jsonfile import is_json, read_json
from corpora.repair import clean_cell, tidy_cell
from corpora.rows import Quarantined, Read, Repairs
from corpora.tablefile import BadRow, Cells, read_cells
from corpora.textfile import inspect
from corpora.values import parse_date, parse_day, parse_int, parse_money, parse_number
from matcher.records import Moment, Money, Record

MAX_VALUE = 500
"""Characters of a value that quarantine keeps."""

T = TypeVar("T")


class FieldError(ValueError):
    """One field of one row cannot be read; the row goes to quarantine with ``field``, ``value`` and ``reason``."""

    def __init__(self, field: str, value: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}: {value!r}")
        self.field = field
        self.value = value
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Layout:
    """One form in which a publisher's file was seen.

    ``columns`` maps our field names to the publisher's column names; the file fits the layout if it has the columns
    of all ``required`` fields. ``decimal`` is the decimal sign of its numbers, empty where it is not known. In
    ``verbatim`` fields a marker of absence is a word like any other: ``None`` is a commune near Torino.
    """

    name: str
    columns: Mapping[str, str]
    required: frozenset[str]
    decimal: str = ""
    verbatim: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """One row in the fields of its layout: text as published but for repairs, ``""`` where the source says nothing.

    The typed readers give ``None`` for absent and raise FieldError, which names the publisher's column, for
    unreadable: nothing is guessed.
    """

    line: int
    layout: Layout
    values: Mapping[str, str]
    repairs: Repairs

    def __getitem__(self, name: str) -> str:
        """The text of a field, ``""`` where the file has no such column or the cell says nothing."""
        return self.values.get(name, "")

    def required(self, name: str) -> str:
        """The text of a field that a record cannot be without; raises FieldError if it is empty."""
        text = self[name]
        if not text:
            raise self.error(name, "empty, and no record can be made without it")
        return text

    def error(self, name: str, reason: str) -> FieldError:
        """The FieldError of a field, for an importer's own checks."""
        return FieldError(self.layout.columns.get(name, name), self[name], reason)

    def money(self, name: str) -> Money | None:
        """An amount in euro, or None."""
        return self._parsed(name, lambda text: parse_money(text, self.layout.decimal))

    def number(self, name: str) -> Decimal | None:
        """A number of zero or more, or None."""
        return self._parsed(name, lambda text: parse_number(text, self.layout.decimal))

    def integer(self, name: str) -> int | None:
        """A count, or None."""
        return self._parsed(name, lambda text: parse_int(text, self.layout.decimal))

    def moment(self, name: str) -> Moment | None:
        """A date with its hour where it is known, in Rome's time, or None."""
        return self._parsed(name, parse_date)

    def day(self, name: str) -> date | None:
        """A day, or None."""
        return self._parsed(name, parse_day)

    def _parsed(self, name: str, parse: Callable[[str], T]) -> T | None:
        text = self[name]
        if not text:
            return None
        try:
            value = parse(text)
        except ValueError as error:
            raise self.error(name, str(error)) from error
        if "," in text and not isinstance(value, Moment | date):
            self.repairs.add("decimal comma")
        return value


def read_rows(path: Path, repairs: Repairs, layouts: Sequence[Layout]) -> Iterator[Row | Quarantined]:
    """Every row of a CSV or JSON file, plain or gzip, in the fields of the first layout that fits.

    Raises SourceError if the file cannot be read at all, LayoutError if no layout fits.
    """
    text_file = inspect(path, repairs)
    cells = read_json(text_file) if is_json(text_file) else read_cells(text_file, repairs)
    names = [clean_cell(name, repairs) for name in cells.columns]
    yield from rows_of(cells, names, choose_layout(layouts, names, path), path, repairs)


def rows_of(
    cells: Cells, names: Sequence[str], layout: Layout, path: Path, repairs: Repairs
) -> Iterator[Row | Quarantined]:
    """Every row of a table in the fields of its layout; ``names`` are its columns' names, as the layout has them."""
    wanted = [
        (name, names.index(column), tidy_cell if name in layout.verbatim else clean_cell)
        for name, column in layout.columns.items()
        if column in names
    ]
    for line, row in cells.rows:
        if isinstance(row, BadRow):
            yield Quarantined(path.name, line, row.field, row.value[:MAX_VALUE], row.reason)
        else:
            yield Row(line, layout, {name: clean(row[at], repairs) for name, at, clean in wanted}, repairs)


def read_records(
    path: Path, repairs: Repairs, layouts: Sequence[Layout], build: Callable[[Row], Record]
) -> Iterator[Read | Quarantined]:
    """One outcome per row: the record that ``build`` makes of it, or its quarantine if ``build`` raises FieldError.

    A row that says again what an earlier one said is read again; one with the same id and another content contradicts
    it and is quarantined. Raises as ``read_rows``.
    """
    return records_of(read_rows(path, repairs, layouts), path, build)


def records_of(
    rows: Iterable[Row | Quarantined], path: Path, build: Callable[[Row], Record]
) -> Iterator[Read | Quarantined]:
    """One outcome per row, as ``read_records``."""
    earlier: dict[str, tuple[int, int]] = {}
    for row in rows:
        if isinstance(row, Quarantined):
            yield row
            continue
        try:
            record = build(row)
        except FieldError as error:
            yield Quarantined(path.name, row.line, error.field, error.value[:MAX_VALUE], error.reason)
            continue
        content = hash(record)
        line, known = earlier.setdefault(record.id, (row.line, content))
        if known == content:
            yield Read(row.line, record)
        else:
            reason = f"the same id as line {line}, with another content"
            yield Quarantined(path.name, row.line, "id", record.id, reason)


def choose_layout(layouts: Sequence[Layout], columns: Sequence[str], path: Path) -> Layout:
    """The first layout whose required columns are all there; raises LayoutError naming what the nearest one lacks."""
    found = set(columns)
    missing = [
        [layout.columns[name] for name in layout.required if layout.columns[name] not in found] for layout in layouts
    ]
    for layout, lacks in zip(layouts, missing, strict=True):
        if not lacks:
            return layout
    nearest = min(range(len(layouts)), key=lambda at: len(missing[at]))
    raise LayoutError(
        f"{path}: no column {', '.join(repr(column) for column in sorted(missing[nearest]))}, which the layout "
        f"{layouts[nearest].name!r} must have; columns found: {', '.join(columns)}. Is this the right source?"
    )


@dataclass(slots=True)
class Importer:
    """A source whose files all go through ``read_records``: its layouts and one function from a row to a record."""

    name: str
    holds: str
    layouts: Sequence[Layout]
    build: Callable[[Row], Record]

    def read(self, path: Path, repairs: Repairs) -> Iterator[Read | Quarantined]:
        """Yield one outcome per row of the file, in file order; raises as ``read_rows``."""
        return read_records(path, repairs, self.layouts, self.build)
