"""Comparisons: whether a difference is real, stated by examples small enough to count."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import permutation_test

from evaluation.comparison import Change, compare, compare_all, holm, mean_interval, randomisation_p
from evaluation.errors import MeasureError
from evaluation.results import Result


def result(system: str, *values: float, measure: str = "nDCG@10") -> Result:
    return Result("needs", system, measure, {f"q{n}": value for n, value in enumerate(values)})


def test_results_of_different_measures_are_not_compared() -> None:
    with pytest.raises(MeasureError, match=r"needs/nDCG@10 cannot be compared with needs/RR"):
        compare(result("bm25", 0.1), result("remix", 0.2, measure="RR"))


def test_results_without_a_query_in_common_are_not_compared() -> None:
    with pytest.raises(MeasureError, match="share no query"):
        compare(result("bm25", 0.1), result("remix", 0.2), queries={"q9"})


def test_no_query_has_no_interval() -> None:
    with pytest.raises(MeasureError, match="at least one query"):
        mean_interval([])


def test_the_test_counts_the_sign_flips_that_are_at_least_as_far_from_zero() -> None:
    # differences 0.1, 0.2, 0.3, 0.4: their sum is 1.0
    # of 16 ways to flip the signs two reach ±1.0
    # p = 2 / 16
    assert randomisation_p([0.1, 0.2, 0.3, 0.4]) == pytest.approx(2 / 16)
    # with −0.1 in their place the sum is 0.8: ±1.0 and ±0.8 reach it
    assert randomisation_p([-0.1, 0.2, 0.3, 0.4]) == pytest.approx(4 / 16)


def test_queries_without_a_difference_change_nothing() -> None:
    assert randomisation_p([0.0, 0.1, 0.2, 0.0, 0.3, 0.4]) == randomisation_p([0.1, 0.2, 0.3, 0.4])
    assert randomisation_p([0.0, 0.0]) == 1.0


@given(st.lists(st.integers(-8, 8), min_size=1, max_size=7))
@settings(max_examples=30, deadline=None)
def test_the_test_agrees_with_counting_every_flip(eighths: list[int]) -> None:
    differences = [n / 8 for n in eighths]
    flips = [
        sum(s * d for s, d in zip(signs, differences, strict=True))
        for signs in itertools.product((1, -1), repeat=len(differences))
    ]
    reached = sum(abs(flipped) >= abs(sum(differences)) - 1e-12 for flipped in flips)
    assert randomisation_p(differences) == pytest.approx(min(1.0, reached / len(flips)))


def test_many_queries_are_tested_as_scipy_tests_them() -> None:
    dice = np.random.default_rng(3)
    for shift in (0.0, 0.02, 0.05):
        differences = dice.normal(shift, 0.2, size=60)
        theirs = permutation_test((differences,), np.mean, permutation_type="samples", vectorized=True, rng=4).pvalue
        assert randomisation_p(differences.tolist()) == pytest.approx(theirs, abs=0.02)


def test_many_queries_are_drawn_from_and_give_the_same_figure_again() -> None:
    differences = np.random.default_rng(1).normal(0.02, 0.2, size=200).tolist()
    assert randomisation_p(differences) == randomisation_p(differences)
    assert 0.01 < randomisation_p(differences) < 0.9
    assert randomisation_p([d + 0.2 for d in differences]) < 0.001


def test_the_interval_holds_the_mean_and_narrows_with_more_queries() -> None:
    few, many = mean_interval([0.0, 1.0] * 5), mean_interval([0.0, 1.0] * 500)
    assert few.mean == many.mean == 0.5
    assert few.low < many.low < 0.5 < many.high < few.high
    assert (many.low, many.high) == pytest.approx((0.469, 0.531), abs=0.003)  # 0.5 ± 1.96 · 0.5 / √1000
    assert mean_interval([0.0, 1.0] * 5) == few


def test_equal_values_have_an_interval_of_no_width() -> None:
    found = mean_interval([0.3, 0.3, 0.3])
    assert (found.n, found.low, found.high) == (3, found.mean, found.mean)


def test_about_95_of_100_intervals_hold_the_true_mean() -> None:
    dice = np.random.default_rng(5)
    found = [mean_interval(dice.uniform(size=60).tolist()) for _ in range(60)]
    assert sum(i.low <= 0.5 <= i.high for i in found) >= 52


def test_holm_multiplies_the_smallest_by_all_the_next_by_one_less_and_never_falls() -> None:
    # sorted: 0.01 · 4 = 0.04
    #         0.02 · 3 = 0.06
    #         0.03 · 2 = 0.06
    #         0.60 · 1 = 0.60
    assert holm([0.03, 0.01, 0.6, 0.02]) == pytest.approx([0.06, 0.04, 0.6, 0.06])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), max_size=8))
def test_corrected_p_values_keep_their_order_and_lie_between_p_and_one(values: list[float]) -> None:
    found = holm(values)
    assert all(p <= q <= 1 for p, q in zip(values, found, strict=True))
    order = sorted(range(len(values)), key=lambda i: values[i])
    assert [found[i] for i in order] == sorted(found)


def test_queries_that_got_better_and_worse_are_named_largest_change_first() -> None:
    found = compare(result("bm25", 0.5, 0.5, 0.5, 0.5, 0.5), result("remix", 0.6, 0.9, 0.5, 0.1, 0.4))
    assert [change.query_id for change in found.better] == ["q1", "q0"]
    assert [change.query_id for change in found.worse] == ["q3", "q4"]
    assert found.better[0] == Change("q1", 0.5, 0.9)
    assert found.difference.mean == pytest.approx(0.0)


def test_only_the_queries_asked_for_are_compared() -> None:
    found = compare(result("bm25", 0.5, 0.5, 0.5), result("remix", 0.6, 0.9, 0.1), queries={"q0", "q1"})
    assert (found.difference.n, found.worse) == (2, ())


def test_a_system_against_itself_is_no_different() -> None:
    found = compare(result("remix", 0.6, 0.9), result("remix", 0.6, 0.9))
    assert (found.p, found.changes, found.difference.low, found.difference.high) == (1.0, (), 0.0, 0.0)


def test_what_is_compared_together_is_corrected_together() -> None:
    base, good = result("bm25", *[0.1] * 6), result("remix", *[0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
    alone, same = compare(base, good), compare(base, base)
    together = compare_all([(base, good), (base, base)])
    assert [c.p for c in together] == [alone.p, same.p] == [2 / 64, 1.0]
    assert [c.p_holm for c in together] == [4 / 64, 1.0]
