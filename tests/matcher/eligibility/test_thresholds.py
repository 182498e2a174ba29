"""Sizes of communes as calls state them."""

import pytest

from matcher.eligibility.numbers import number
from matcher.eligibility.thresholds import population_rule

THRESHOLDS = {
    "comuni con popolazione inferiore a 5.000 abitanti": (None, 4_999),
    "comuni con popolazione inferiore o uguale a 5.000 abitanti": (None, 5_000),
    "Comuni fino a 3.000 abitanti": (None, 3_000),
    "comuni sotto i 5.000 abitanti": (None, 4_999),
    "comuni con meno di cinquemila abitanti": (None, 4_999),
    "popolazione non superiore a quindicimila abitanti nei comuni": (None, 15_000),
    "rivolto ai Comuni con popolazione superiore a 15.000 abitanti": (15_001, None),
    "comuni con popolazione pari o superiore a 20 mila abitanti": (20_000, None),
    "Comuni con almeno 50.000 abitanti": (50_000, None),
    "Comuni con più di 60000 abitanti": (60_001, None),
    "Comuni tra 20.000 e 100.000 abitanti": (20_000, 100_000),
    "comuni con popolazione compresa tra i 5.000 e i 15.000 abitanti": (5_000, 15_000),
    "enti locali della Lombardia con popolazione superiore a 5.000  abitanti1": (5_001, None),
}


@pytest.mark.parametrize(("phrase", "bounds"), THRESHOLDS.items())
def test_a_threshold_is_read_with_its_own_bound(phrase: str, bounds: tuple[int | None, int | None]) -> None:
    rule = population_rule(phrase, "title")
    assert rule is not None
    assert (rule.minimum, rule.maximum) == bounds
    assert rule.strict


@pytest.mark.parametrize(
    "phrase",
    [
        "Comuni",
        "contributo fino a 5.000 euro ai comuni",
        "imprese con meno di 250 dipendenti",
        "un euro ogni 10 abitanti del comune",
        "100% ai comuni fino a 5.000 abitanti, 80% ai comuni fino a 15.000 abitanti",
        "comuni fino a 5.000 abitanti e comuni oltre 15.000 abitanti",
    ],
)
def test_a_phrase_without_one_clear_threshold_sets_none(phrase: str) -> None:
    assert population_rule(phrase, "title") is None


def test_a_capital_is_another_way_in_for_those_below_the_size() -> None:
    rule = population_rule("Comuni capoluogo; Comuni con più di 60.000 abitanti", "applicants_text")
    assert rule is not None
    assert not rule.strict


@pytest.mark.parametrize(
    ("text", "value"), [("5.000", 5_000), ("cinquemila", 5_000), ("15 mila", 15_000), ("2,5 milioni", 2_500_000)]
)
def test_italian_numbers_are_read(text: str, value: int) -> None:
    assert number(text) == value
