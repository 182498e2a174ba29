"""Tables as files that spreadsheets open: CSV and XLSX, in which no imported text can act as a formula.

header, rows ──disarmed──► csv_table (UTF-8 with its mark, semicolons, as Italian spreadsheets expect) | xlsx_table
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

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
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([disarmed(name) for name in header])
    writer.writerows([[_written(disarmed(value)) for value in row] for row in rows])
    return stream.getvalue().encode("utf-8-sig")


def xlsx_table(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a table as a workbook of one sheet; ``name`` is the sheet's, its header is bold and stays in sight."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name.translate(_NOT_IN_A_NAME)[:LONGEST_SHEET_NAME])
    sheet.freeze_panes = "A2"
    cells = [WriteOnlyCell(sheet, disarmed(title)) for title in header]
    for cell in cells:
        cell.font = Font(bold=True)
    sheet.append(cells)
    for row in rows:
        sheet.append([_without_zone(disarmed(value)) for value in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _written(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float | Decimal):
        return f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else repr(value).replace(".", ",")
    return value.isoformat() if isinstance(value, date) else str(value)


def _without_zone(value: Cell) -> Cell:
    """Return a moment as a workbook can hold it: it knows no time zones."""
    return value.replace(tzinfo=None) if isinstance(value, datetime) else value
