"""What could not be read is kept once, and until it is mended."""

import pytest
from sqlalchemy import select

from corpora.rows import Quarantined
from service.database import reading
from service.imports import import_source
from service.quarantine import quarantined_rows
from service.tables import QuarantineRow
from tests.service.sources import ListedSource, bad, call


@pytest.fixture
def imported(engine, tmp_path):
    def run(*rows, file="bandi.csv", name="prova"):
        (tmp_path / file).write_text("")
        return import_source(engine, ListedSource(*rows, name=name), tmp_path / file)

    return run


def open_lines(engine, **options):
    with reading(engine) as session:
        return [row.line for row in quarantined_rows(session, **options)]


def all_rows(engine):
    with reading(engine) as session:
        return session.scalars(select(QuarantineRow)).all()


def test_a_row_set_apart_says_where_what_and_why(engine, imported):
    imported(call(1), bad(2))
    (row,) = all_rows(engine)
    assert (row.source, row.file, row.line) == ("prova", "bandi.csv", 2)
    assert (row.field, row.value, row.reason) == ("scadenza", "31/02/2025", "no such day")


def test_the_same_row_set_apart_again_is_only_seen_again(engine, imported):
    imported(bad(2))
    imported(bad(2))
    (row,) = all_rows(engine)
    assert row.first_seen < row.last_seen
    assert row.resolved_at is None


def test_a_row_that_became_good_is_resolved(engine, imported):
    imported(bad(1), bad(2))
    imported(call(1), bad(2))
    assert open_lines(engine) == [2]
    assert sorted(row.resolved_at is not None for row in all_rows(engine)) == [False, True]


def test_a_row_that_became_bad_again_is_open_again(engine, imported):
    imported(bad(1))
    imported(call(1))
    imported(bad(1))
    assert open_lines(engine) == [1]


def test_another_file_of_the_source_resolves_nothing(engine, imported):
    imported(bad(1))
    imported(call(1), file="altri.csv")
    assert open_lines(engine) == [1]


def test_another_source_resolves_nothing(engine, imported):
    imported(bad(1))
    imported(call(1), name="altra")
    assert open_lines(engine) == [1]


def test_the_same_outcome_twice_in_one_file_is_counted_twice_and_kept_once(engine, imported):
    assert imported(bad(1), bad(1)).quarantined == 2
    assert open_lines(engine) == [1]


def test_values_of_any_length_and_character_can_be_kept(engine, imported):
    imported(Quarantined("/somewhere/bandi.csv", 1, "titolo\0", "\0\ud800" + "x" * 10_000, "unreadable"))
    (row,) = all_rows(engine)
    assert row.file == "bandi.csv"
    assert len(row.value) == 500


def test_rows_are_listed_by_source_and_as_many_as_wanted(engine, imported):
    imported(bad(3), bad(1), bad(2))
    imported(bad(9), name="altra")
    assert open_lines(engine) == [9, 1, 2, 3]
    assert open_lines(engine, source="prova", limit=2) == [1, 2]
