import json
from pathlib import Path

import pytest

from evaluation.errors import ResultsError
from evaluation.results import Result, Results, TaskInfo, Total
from evaluation.summary import FILE, summarise, write_summary

RESULTS = Results(
    context={},
    tasks=(TaskInfo("needs", "Needs", "Who pays?", ()),),
    results=(
        Result("needs", "remix", "nDCG@10", {"a": 1.0, "b": 0.5, "c": 0.0, "d": 0.5}),
        Result("needs", "bm25", "nDCG@10", {"a": 0.25, "b": 0.25}),
    ),
    totals=(Total("bodies", "remix", "FalseExclusions", 0.0013),),
)


def test_a_summary_holds_means_with_their_intervals_and_totals() -> None:
    figures = summarise(RESULTS)
    ndcg = figures["needs"]["remix"]["nDCG@10"]
    assert ndcg["mean"] == 0.5
    assert 0 <= ndcg["low"] < 0.5 < ndcg["high"] <= 1
    assert figures["needs"]["bm25"]["nDCG@10"] == {"mean": 0.25, "low": 0.25, "high": 0.25}
    assert figures["bodies"]["remix"]["FalseExclusions"] == {"mean": 0.0013}


def test_the_same_results_make_the_same_file(tmp_path: Path) -> None:
    first = write_summary(RESULTS, tmp_path).read_bytes()
    assert write_summary(RESULTS, tmp_path).read_bytes() == first
    assert json.loads((tmp_path / FILE).read_text()) == summarise(RESULTS)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match=r"none.*summary\.json cannot be written"):
        write_summary(RESULTS, tmp_path / "none")
