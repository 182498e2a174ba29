"""Rows of any kind pass through lines of JSON unharmed."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Double, Integer, MetaData, String, Table, create_engine

from service.copies.rows import read_lines, write_lines

TABLE = Table(
    "things",
    MetaData(),
    Column("id", String(), primary_key=True),
    Column("number", Integer()),
    Column("real", Double()),
    Column("flag", Boolean()),
    Column("day", Date()),
    Column("at", DateTime(timezone=True)),
    Column("data", JSON(none_as_null=True)),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "id": TEXTS,
            "number": st.none() | st.integers(-(2**31), 2**31 - 1),
            "real": st.none() | st.floats(allow_nan=False, allow_infinity=False),
            "flag": st.none() | st.booleans(),
            "day": st.none() | st.dates(),
            "at": st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
            "data": VALUES,
        }
    ),
    max_size=12,
    unique_by=lambda row: row["id"],
)


@pytest.fixture(scope="module")
def empty():
    engine = create_engine("sqlite://")
    TABLE.create(engine)
    return engine


@given(ROWS)
@settings(max_examples=25, deadline=None)
def test_any_row_comes_out_of_its_line_as_it_went_in(empty, rows):
    with empty.connect() as connection:
        if rows:
            connection.execute(TABLE.insert(), rows)
        before, lines = list(connection.execute(TABLE.select())), list(read_lines(connection, TABLE))
        connection.execute(TABLE.delete())
        assert sum(write_lines(connection, TABLE, lines)) == len(rows)
        assert sorted(connection.execute(TABLE.select()), key=repr) == sorted(before, key=repr)
        assert list(read_lines(connection, TABLE)) == lines
        connection.rollback()
