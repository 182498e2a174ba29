"""The ranking measures, each stated by an example of five lines worked by hand."""

import math
from collections.abc import Mapping, Sequence

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.errors import MeasureError
from evaluation.measures.ranking import MAIN, ranking_measures, ranking_names

QRELS = {"q": {"a": 3, "b": 0, "c": 1, "d": 2, "e": 0}}


def run(*calls: str) -> dict[str, list[tuple[str, float]]]:
    return {"q": [(call, float(len(calls) - rank)) for rank, call in enumerate(calls)]}


def value(measure: str, *calls: str) -> float:
    return ranking_measures(run(*calls), QRELS)[measure]["q"]


def test_a_run_that_names_a_call_twice_is_refused() -> None:
    with pytest.raises(MeasureError, match=r"'q'.*'a' is ranked twice"):
        ranking_measures(run("a", "b", "a"), QRELS)


def test_qrels_without_queries_are_refused() -> None:
    with pytest.raises(MeasureError, match="no query"):
        ranking_measures(run("a"), {})


def test_ndcg_divides_linear_gains_by_the_logarithm_of_the_rank_and_by_the_best_order() -> None:
    # rank 1: c, grade 1 / log2(2) = 1
    # rank 2: a, grade 3 / log2(3) = 1.892789
    # rank 3: b, grade 0
    # the best order is a, d, c: 3 + 2 / log2(3) + 1 / log2(4) = 4.761860
    # 2.892789 / 4.761860 = 0.607491
    assert value("nDCG@10", "c", "a", "b") == pytest.approx(0.607491, abs=1e-6)


def test_recall_is_the_share_of_the_relevant_calls_among_the_first_twenty() -> None:
    # relevant: a, c, d
    # a and d are found, c is not: 2 / 3
    assert value("R@20", "b", "a", "d") == pytest.approx(2 / 3, abs=1e-6)
    assert value("R@20", *[f"x{n}" for n in range(19)], "a", "c") == pytest.approx(1 / 3, abs=1e-6)


def test_reciprocal_rank_is_one_over_the_rank_of_the_first_relevant_call() -> None:
    # rank 1: b, not relevant
    # rank 2: x, not judged
    # rank 3: d, relevant: 1 / 3
    assert value("RR", "b", "x", "d", "a") == pytest.approx(1 / 3, abs=1e-6)


@pytest.mark.parametrize(("depth", "expected"), [(1, 0.0), (5, 0.0), (10, 1.0)])
def test_a_hit_is_a_relevant_call_among_the_first(depth: int, expected: float) -> None:
    assert value(f"Success@{depth}", "b", "x1", "x2", "x3", "x4", "a") == expected


def test_judged_is_the_share_of_the_first_ten_that_a_reader_has_seen_relevant_or_not() -> None:
    # a and b were judged, x and y were not: 2 / 4
    assert value("Judged@10", "a", "x", "b", "y") == pytest.approx(0.5, abs=1e-6)


def test_the_order_of_the_run_counts_and_not_its_scores() -> None:
    tied = {"q": [("c", 0.5), ("a", 0.5), ("b", 0.5)]}
    assert ranking_measures(tied, QRELS) == ranking_measures(run("c", "a", "b"), QRELS)


def test_a_query_without_results_or_without_a_relevant_call_counts_with_zero() -> None:
    qrels = {**QRELS, "silent": {"a": 3}, "hopeless": {"a": 0}}
    found = ranking_measures({**run("a"), "hopeless": [("a", 1.0)], "unknown": [("a", 1.0)]}, qrels)
    assert all(set(values) == {"q", "silent", "hopeless"} for values in found.values())
    assert [found[name]["silent"] for name in found] == [0.0] * len(found)
    assert found[MAIN]["hopeless"] == 0.0


def test_a_higher_bar_for_relevant_is_part_of_the_name() -> None:
    found = ranking_measures(run("c", "d"), QRELS, least=2)
    assert (found["RR(rel=2)"]["q"], found["R(rel=2)@20"]["q"]) == (0.5, 0.5)
    assert tuple(found) == ranking_names(least=2)
    assert ranking_names() == ("nDCG@10", "R@20", "RR", "Success@1", "Success@5", "Success@10", "Judged@10")


def by_hand(ranked: Sequence[str], grades: Mapping[str, int]) -> dict[str, float]:
    """The definitions written out, sharing nothing with ir-measures or trec_eval."""

    def gain(order: Sequence[int]) -> float:
        return sum(grade / math.log2(rank + 2) for rank, grade in enumerate(order[:10]))

    relevant = {call for call, grade in grades.items() if grade >= 1}
    best = gain(sorted(grades.values(), reverse=True))
    first = next((rank for rank, call in enumerate(ranked, start=1) if call in relevant), math.inf)
    return {
        "nDCG@10": gain([grades.get(call, 0) for call in ranked]) / best if best else 0.0,
        "R@20": len(relevant & set(ranked[:20])) / len(relevant) if relevant else 0.0,
        "RR": 1 / first,
        "Success@1": float(first <= 1),
        "Success@5": float(first <= 5),
        "Success@10": float(first <= 10),
        "Judged@10": sum(call in grades for call in ranked[:10]) / len(ranked[:10]) if ranked else 0.0,
    }


CALLS = [f"s:{number}" for number in range(30)]


@given(st.lists(st.sampled_from(CALLS), unique=True), st.dictionaries(st.sampled_from(CALLS), st.integers(0, 3)))
def test_every_measure_agrees_with_its_definition_and_with_ir_measures(ranked: list[str], grades: dict) -> None:
    grades = grades or {"s:0": 0}
    found = {
        name: values["q"] for name, values in ranking_measures({"q": [(c, 1.0) for c in ranked]}, {"q": grades}).items()
    }
    assert found == pytest.approx(by_hand(ranked, grades), abs=1e-6)
    scored = {"q": {call: float(-rank) for rank, call in enumerate(ranked)}} if ranked else {}
    theirs = ir_measures.calc_aggregate([ir_measures.parse_measure(name) for name in found], {"q": grades}, scored)
    assert found == pytest.approx({str(measure): mean for measure, mean in theirs.items()}, abs=1e-6)
