"""Calibration, stated by an example worked by hand and by a second implementation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.errors import MeasureError
from evaluation.measures.calibration import ReliabilityBin, calibration


def test_the_error_is_the_mean_distance_between_what_was_said_and_what_came_true() -> None:
    # said 0.82 and 0.88, one came true: |0.5 − 0.85| = 0.35 for 2 pairs
    # said 0.05 and 0.03, none came true: |0 − 0.04| = 0.04 for 2 pairs
    # said 1.00, came true: 0 for 1 pair
    # (2 · 0.35 + 2 · 0.04 + 0) / 5 = 0.156
    found = calibration([(0.82, True), (0.88, False), (0.05, False), (0.03, False), (1.0, True)])
    assert found.error == pytest.approx(0.156)
    assert [b.pairs for b in found.bins] == [2, 2, 1]
    assert found.points()[1] == pytest.approx({"likelihood": 0.85, "observed": 0.5, "pairs": 2.0})


def test_a_bin_holds_its_upper_bound() -> None:
    assert calibration([(0.7, True), (0.61, True), (0.0, False), (0.1, False)]).bins == (
        ReliabilityBin(2, 0.05, 0.0),
        ReliabilityBin(2, pytest.approx(0.655), 1.0),
    )


@pytest.mark.parametrize("likelihood", [-0.1, 1.1, float("nan")])
def test_a_likelihood_outside_its_range_is_refused(likelihood: float) -> None:
    with pytest.raises(MeasureError, match=str(likelihood)):
        calibration([(0.5, True), (likelihood, True)])


def test_nothing_to_compare_is_refused() -> None:
    with pytest.raises(MeasureError, match="no pair"):
        calibration([])


@given(st.lists(st.tuples(st.integers(0, 100).map(lambda n: n / 100), st.booleans()), min_size=1, max_size=60))
def test_the_error_agrees_with_a_second_implementation(pairs: list[tuple[float, bool]]) -> None:
    total = 0.0
    for tenth in range(10):
        low, high = 10 * tenth, 10 * tenth + 10
        members = [(p, hit) for p, hit in pairs if low < round(100 * p) <= high or (tenth == 0 and p == 0)]
        total += abs(sum(hit for _, hit in members) - sum(p for p, _ in members))
    found = calibration(pairs)
    assert found.error == pytest.approx(total / len(pairs), abs=1e-9)
    assert sum(b.pairs for b in found.bins) == len(pairs)
    assert 0 <= found.error <= 1
