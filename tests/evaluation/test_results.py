"""Results: what is written is read back, and what is missing is named."""

import dataclasses
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.errors import ResultsError
from evaluation.results import (
    QueryInfo,
    Ranking,
    Result,
    Results,
    TaskInfo,
    Total,
    in_order,
    read_results,
    write_results,
)

QUERIES = (
    QueryInfo("q1", "Un nido più grande", {"size": ("small",), "source": ("misure", "avvisi")}),
    QueryInfo("q2", "Una piazza", {"size": ("large",), "source": ("avvisi",)}),
)
RESULTS = Results(
    context={"encoder": "hashing-64"},
    tasks=(TaskInfo("needs", "Judged needs", "What a commune needs.", QUERIES, {"q1": {"s:a": 3}}),),
    results=(Result("needs", "remix", "nDCG@10", {"q1": 0.5, "q2": 1.0}),),
    totals=(Total("needs", "remix", "ECE", 0.1, ({"likelihood": 0.5, "may_apply": 0.4, "pairs": 3.0},)),),
    rankings=(Ranking("needs", "remix", {"q1": ("s:a", "s:b")}),),
    titles={"s:a": "Avviso nidi"},
)


@pytest.mark.parametrize("text", ["", "[]", '{"form": 0}', '{"form": 1}', '{"form": 1, "tasks": [3]}'])
def test_a_file_that_is_not_results_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "results.json"
    path.write_text(text)
    with pytest.raises(ResultsError, match=r"results\.json.*remix evaluate --json"):
        read_results(path)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ResultsError, match=r"none\.json"):
        read_results(tmp_path / "none.json")


def test_a_field_too_many_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    write_results(RESULTS, path)
    found = json.loads(path.read_text())
    found["results"][0]["colour"] = "red"
    path.write_text(json.dumps(found))
    with pytest.raises(ResultsError, match="colour"):
        read_results(path)


def test_what_is_asked_for_in_vain_is_named_with_what_there_is() -> None:
    with pytest.raises(ResultsError, match=r"needs/remix/RR.*there are needs/remix/nDCG@10"):
        RESULTS.result("needs", "remix", "RR")
    with pytest.raises(ResultsError, match=r"'partners'.*there are needs"):
        RESULTS.task("partners")
    with pytest.raises(ResultsError, match="there are needs/remix/ECE"):
        RESULTS.total("needs", "remix", "MCE")
    with pytest.raises(ResultsError, match="there are needs/remix"):
        RESULTS.ranking("needs", "bm25")


def test_two_results_of_one_name_are_not_silently_chosen_from() -> None:
    twice = dataclasses.replace(RESULTS, results=RESULTS.results * 2)
    with pytest.raises(ResultsError, match="2 found"):
        twice.result("needs", "remix", "nDCG@10")


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    write_results(RESULTS, tmp_path / "results.json")
    assert read_results(tmp_path / "results.json") == RESULTS


@given(st.dictionaries(st.text(max_size=5), st.floats(0, 1), max_size=5))
def test_every_value_is_read_back_to_the_last_bit(tmp_path_factory: pytest.TempPathFactory, values: dict) -> None:
    path = tmp_path_factory.mktemp("results") / "results.json"
    results = dataclasses.replace(RESULTS, results=(Result("needs", "remix", "RR", values),))
    write_results(results, path)
    assert read_results(path).result("needs", "remix", "RR").per_query == values


def test_the_mean_is_over_all_queries_or_over_some() -> None:
    result = RESULTS.result("needs", "remix", "nDCG@10")
    assert (result.mean(), result.mean({"q2"})) == (0.75, 1.0)
    assert str(result.mean({"q3"})) == "nan"


def test_a_query_stands_in_each_value_of_its_strata() -> None:
    assert RESULTS.task("needs").strata() == {
        "size": {"large": {"q2"}, "small": {"q1"}},
        "source": {"avvisi": {"q1", "q2"}, "misure": {"q1"}},
    }


def test_the_values_of_a_stratum_stand_in_the_order_of_their_numbers() -> None:
    values = ["unknown", "50,000 and more", "5,000 to 14,999", "below 1,000", "1,000 to 4,999"]
    ordered = ["below 1,000", "1,000 to 4,999", "5,000 to 14,999", "50,000 and more", "unknown"]
    assert sorted(values, key=in_order) == ordered
    assert sorted(["short", "unknown", "long"], key=in_order) == ["long", "short", "unknown"]


def test_systems_and_measures_keep_their_order() -> None:
    values = [Result("needs", s, m, {"q1": 0.0}) for s in ("random", "bm25") for m in ("nDCG@10", "RR", "R@20")]
    results = dataclasses.replace(RESULTS, results=tuple(values))
    assert results.systems("needs") == ("random", "bm25")
    assert results.measures("needs") == ("nDCG@10", "RR", "R@20")
