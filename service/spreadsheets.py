"""Tables as files that spreadsheets open: CSV and XLSX, in which no imported text can act as a formula.

header, rows ──disarmed──► csv_table (UTF-8 with its mark, semicolons, as Italian spreadsheets expect) | xlsx_table
                           csv_lines and write_xlsx do the same without holding all of it
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767
"""Characters that a cell of a spreadsheet can hold."""
LONGEST_SHEET_NAME = 31
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_AT_ONCE = 500
_NOT_IN_A_NAME = str.maketrans(dict.fromkeys(":\\/?*[]", " "))

Cell = str | int | float | bool | Decimal | date | datetime | None


def disarmed(value: Cell) -> Cell:
    """Return a cell that no spreadsheet takes for a formula: such a text gets an apostrophe before it.

    Numbers, dates and booleans stay as they are; control characters are left out, and what is longer than a cell is
    cut. Source of the list of characters: OWASP, "CSV Injection".
    """
    if not isinstance(value, str):
        return value
    text: str = ILLEGAL_CHARACTERS_RE.sub("", value)
    if text.lstrip(" ").startswith(_STARTS_A_FORMULA):
        text = f"'{text}"
    return text[:LONGEST_CELL]


def csv_table(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a table as CSV: a decimal comma, days as they are written in ISO 8601, an empty cell for None."""
    return b"".join(csv_lines(header, rows))


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield a table as CSV, some hundred rows at a time."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([disarmed(name) for name in header])
    yield stream.getvalue().encode("utf-8-sig")
    remaining = iter(rows)
    while batch := list(islice(remaining, _AT_ONCE)):
        stream.seek(0)
        stream.truncate()
        writer.writerows([[_written(disarmed(value)) for value in row] for row in batch])
        yield stream.getvalue().encode()


def xlsx_table(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a table as a workbook of one sheet; ``name`` is the sheet's, its header is bold and stays in sight."""
    stream = io.BytesIO()
    write_xlsx(stream, name, header, rows)
    return stream.getvalue()


def write_xlsx(stream: IO[bytes], name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a table as a workbook; its rows are held on disk, not in memory."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name.translate(_NOT_IN_A_NAME)[:LONGEST_SHEET_NAME])
    sheet.freeze_panes = "A2"
    cells = [_text_cell(sheet, str(disarmed(title))) for title in header]
    for cell in cells:
        cell.font = Font(bold=True)
    sheet.append(cells)
    for row in rows:
        sheet.append([_workbook_cell(sheet, disarmed(value)) for value in row])
    book.save(stream)


def _workbook_cell(sheet: Any, value: Cell) -> Any:
    """Return a value as a workbook takes it: it knows no time zones, and takes ``#N/A`` for an error of its own."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    return _text_cell(sheet, value) if isinstance(value, str) and value.startswith("#") else value


def _text_cell(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell


def _written(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float | Decimal):
        return f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else repr(value).replace(".", ",")
    return value.isoformat() if isinstance(value, date) else str(value)
