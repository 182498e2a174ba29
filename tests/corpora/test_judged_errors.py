"""Errors that were read: every one drawn has one reason, and bad rows are refused."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from corpora.errors import CorporaError
from corpora.judged_errors import DRAWS, FITS, RANKINGS, READINGS, load_draws, load_rankings, load_readings

ERRORS = Path(__file__).resolve().parents[2] / "corpora" / "judgments" / "errors"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ERRORS, tmp_path / "errors"))


def spoil(path: Path, line: int, column: int, value: str) -> None:
    lines = path.read_text().splitlines()
    fields = lines[line].split("\t")
    fields[column] = value
    lines[line] = "\t".join(fields)
    path.write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize(
    ("column", "value", "field"),
    [
        (1, "pnrr-none", "query_id"),
        (2, "no source", "shown"),
        (4, "bad luck", "reason"),
        (5, "pnrr-misure:M1C1I1.01.00", "fits"),
        (6, "4", "grade"),
        (8, "yesterday", "date"),
    ],
)
def test_a_bad_reading_is_refused_naming_file_line_and_field(folder: Path, column: int, value: str, field: str) -> None:
    spoil(folder / READINGS, 1, column, value)
    with pytest.raises(CorporaError, match=rf"readings\.tsv, line 2, field '{field}'"):
        load_readings(folder)


@pytest.mark.parametrize(
    ("column", "value", "field"), [(1, "many", "queries"), (5, "1.2", "ndcg"), (6, "", "ndcg_wrong")]
)
def test_a_bad_draw_is_refused_naming_file_line_and_field(folder: Path, column: int, value: str, field: str) -> None:
    spoil(folder / DRAWS, 1, column, value)
    with pytest.raises(CorporaError, match=rf"drawn\.tsv, line 2, field '{field}'"):
        load_draws(folder)


def test_an_error_that_one_judge_read_twice_is_refused(folder: Path) -> None:
    path = folder / READINGS
    path.write_text(path.read_text() + path.read_text().splitlines()[1] + "\n")
    with pytest.raises(CorporaError, match="was judged by"):
        load_readings(folder)


def test_fifty_errors_of_each_task_were_read_and_each_has_its_ranking() -> None:
    readings, rankings = load_readings(ERRORS), load_rankings(ERRORS)
    assert Counter(reading.task for reading in readings) == dict.fromkeys(load_draws(ERRORS), 50)
    assert {(reading.task, reading.query_id) for reading in readings} == rankings.keys()
    for reading in readings:
        ranking = rankings[reading.task, reading.query_id]
        assert reading.shown in ranking
        assert not {reading.right} & set(ranking[: ranking.index(reading.shown)])
        assert reading.reason != FITS or set(reading.fits) <= set(ranking)


def test_nothing_but_ids_reasons_and_numbers_is_kept() -> None:
    for name in (READINGS, RANKINGS, DRAWS):
        for line in (ERRORS / name).read_text().splitlines():
            assert all(" " not in field or field.count(":") == field.count(" ") + 1 for field in line.split("\t"))
