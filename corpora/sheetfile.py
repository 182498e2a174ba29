"""Workbooks (XLSX) as columns and rows of text, like any delimited file: the first sheet that has a table.

A cell becomes the text that a person would type: whole numbers without decimals, days in ISO form, yes and no in
Italian. Formulas count as the value that was last computed; nothing in a workbook is ever run.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from corpora.errors import SourceError
from corpora.rows import Repairs
from corpora.tablefile import Cells, checked_rows, unique_names

MAGIC = b"PK\x03\x04"
LARGEST_UNPACKED = 200 << 20
"""Bytes that a workbook may hold once unpacked: far beyond any register, far below what would exhaust a machine."""


def is_workbook(path: Path) -> bool:
    """Whether a file begins as a workbook does; raises SourceError if it cannot be read."""
    try:
        with path.open("rb") as stream:
            return stream.read(len(MAGIC)) == MAGIC
    except OSError as error:
        raise SourceError(f"{path}: cannot be read ({error.strerror or error}): check the path") from error


def read_workbook(path: Path, repairs: Repairs) -> Cells:
    """The header and rows of the first sheet that is not empty; rows without any text are skipped and counted.

    Raises SourceError if it is no workbook, holds too much, or has no header.
    """
    rows = _texts(path)
    for _, header in rows:
        while header and not header[-1]:
            header = header[:-1]
        if any(header):
            columns = unique_names(header, path)
            return Cells(columns, checked_rows(_as_wide(rows, len(columns)), columns, repairs))
    raise SourceError(f"{path}: no sheet has a header: put the names of the columns in its first row")


def _texts(path: Path) -> Iterator[tuple[int, list[str]]]:
    with _refusing(path):
        with ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise SourceError(f"{path}: holds more than {LARGEST_UNPACKED >> 20} MB unpacked: export it as CSV")
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            for sheet in book.worksheets:
                found = False
                for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                    texts = [_text(value) for value in row]
                    found = found or any(texts)
                    yield number, texts
                if found:
                    return
        finally:
            book.close()


def _as_wide(rows: Iterator[tuple[int, list[str]]], width: int) -> Iterator[tuple[int, list[str]]]:
    """Empty cells beyond the table are no cells, and those left out at a row's end are empty."""
    for number, row in rows:
        beyond = row[width:]
        yield number, row if any(beyond) else row[:width] + [""] * (width - len(row))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "sì" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat() if value.time().isoformat() != "00:00:00" else value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise SourceError(
            f"{path}: not a readable XLSX workbook ({error}): save it anew, or export it as CSV"
        ) from error
