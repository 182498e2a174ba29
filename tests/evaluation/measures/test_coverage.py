"""Whom and what the recommendations reach, stated by examples worked by hand."""

import pytest

from evaluation.errors import MeasureError
from evaluation.measures.coverage import LARGEST, SizeClass, by_size, call_coverage, size_class, size_gap


def test_a_call_is_covered_when_it_is_among_the_first_ten_of_anybody() -> None:
    # q1 is shown a, b
    # q2 is shown b, c
    # c2 … stands at rank 11 of q3 and is not seen
    # a, b, c and the ten x of 26 calls = 13 / 26
    run = {
        "q1": [("a", 1.0), ("b", 0.5)],
        "q2": [("b", 1.0), ("c", 0.5)],
        "q3": [(f"x{n}", 1.0) for n in range(10)] + [("z", 0.1)],
    }
    assert call_coverage(run, 26) == 0.5


def test_a_catalogue_without_calls_has_no_coverage() -> None:
    with pytest.raises(MeasureError, match="0 calls"):
        call_coverage({}, 0)


@pytest.mark.parametrize(
    ("population", "name"),
    [
        (0, "below 1,000"),
        (999, "below 1,000"),
        (1_000, "1,000 to 4,999"),
        (4_999, "1,000 to 4,999"),
        (5_000, "5,000 to 14,999"),
        (49_999, "15,000 to 49,999"),
        (50_000, LARGEST),
        (1_350_000, LARGEST),
        (None, "unknown"),
    ],
)
def test_a_commune_is_in_one_size_class(population: int | None, name: str) -> None:
    assert size_class(population) == name


def test_the_gap_is_what_the_largest_communes_get_more_than_the_smallest() -> None:
    # two villages: 0.2 and 0.4, mean 0.3
    # one town: 0.9
    # one city: 0.7
    # 0.7 − 0.3 = 0.4
    values = {"q1": 0.2, "q2": 0.4, "q3": 0.9, "q4": 0.7, "q5": 0.0}
    village, town, city = "below 1,000", "5,000 to 14,999", LARGEST
    classes = by_size(values, {"q1": village, "q2": village, "q3": town, "q4": city, "q5": "unknown"})
    assert [(found.name, found.queries) for found in classes] == [(village, 2), (town, 1), (city, 1)]
    assert size_gap(classes) == pytest.approx(0.4)


def test_one_class_alone_has_no_gap() -> None:
    with pytest.raises(MeasureError, match="1 ask"):
        size_gap([SizeClass("below 1,000", 3, 0.5)])
