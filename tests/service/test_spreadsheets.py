"""Tables for spreadsheets: what is in them is data, never a formula."""

import csv
import io
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from service.moments import ROME
from service.spreadsheets import LONGEST_CELL, csv_lines, csv_table, disarmed, xlsx_table

ARMED = ["=1+1", "+39 02", "-2", "@SUM(A1)", "\t=1", "\r=1", " =HYPERLINK(1)", "＝1"]


def read_xlsx(content):
    sheet = load_workbook(io.BytesIO(content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize("text", ARMED)
def test_a_text_that_would_be_a_formula_is_disarmed_in_both_files(text):
    assert disarmed(text) == f"'{text}"
    rows = list(csv.reader(io.StringIO(csv_table(["a"], [[text]]).decode("utf-8-sig")), delimiter=";"))
    assert rows[1][0].startswith("'")
    assert read_xlsx(xlsx_table("t", ["a"], [[text]]))[1][0].startswith("'")


def test_a_heading_is_disarmed_as_well():
    assert csv_table(["=1"], []).decode("utf-8-sig").startswith("'=1")
    assert read_xlsx(xlsx_table("t", ["=1"], [])) == [["'=1"]]


def test_numbers_below_zero_stay_numbers():
    assert read_xlsx(xlsx_table("t", ["n"], [[-2.5]]))[1][0] == -2.5
    assert csv_table(["n"], [[-2.5]]).decode("utf-8-sig").splitlines()[1] == "-2,5"


def test_money_days_and_nothing_are_written_as_italian_spreadsheets_read_them():
    line = csv_table(["a"], [[Decimal("1234.50"), datetime(2025, 5, 5, tzinfo=ROME), None, True]]).decode("utf-8-sig")
    assert line.splitlines()[1] == "1234,50;2025-05-05T00:00:00+02:00;;1"


def test_a_moment_goes_into_a_workbook_although_that_knows_no_zones():
    at = datetime(2025, 5, 5, 12, tzinfo=ROME)
    assert read_xlsx(xlsx_table("t", ["a"], [[at]]))[1][0] == at.replace(tzinfo=None)


def test_a_name_that_no_sheet_may_have_is_made_to_fit():
    assert load_workbook(io.BytesIO(xlsx_table("Beni: " + "x" * 60, ["a"], []))).sheetnames == ["Beni  " + "x" * 25]


@pytest.mark.parametrize("text", ["#N/A", "#REF!", "#1", "015182", "1e5", "TRUE", "2024-01-01"])
def test_what_looks_like_something_else_stays_the_text_that_it_is(text):
    content = xlsx_table("t", ["codice"], [[text]])
    cell = load_workbook(io.BytesIO(content)).active["A2"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_a_long_table_is_given_away_piece_by_piece():
    asked = []
    pieces = csv_lines(["n"], (asked.append(number) or [number] for number in range(2000)))
    assert next(pieces).decode("utf-8-sig") == "n\r\n"
    assert next(pieces).startswith(b"0\r\n1\r\n")
    assert 0 < len(asked) < 2000
    rest = b"".join(pieces)
    assert rest.endswith(b"1999\r\n")


@given(st.text(max_size=50))
def test_no_text_ever_stays_armed(text):
    shown = disarmed(text)
    assert not shown.lstrip(" ").startswith(tuple("=+-@\t\r\n"))
    assert len(shown) <= LONGEST_CELL


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=50))
def test_a_workbook_gives_back_every_text_as_it_was_disarmed(text):
    assert (read_xlsx(xlsx_table("t", ["a", "b"], [["x", text]]))[1][1] or "") == disarmed(text)
