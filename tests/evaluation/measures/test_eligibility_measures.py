"""What eligibility lets through and what it keeps out, each stated by an example worked by hand."""

import pytest

from evaluation.errors import MeasureError
from evaluation.measures.eligibility import false_exclusion_rate, false_exclusions, ineligible_share
from matcher.verdicts import Verdict


def test_the_ineligible_share_is_that_of_the_first_ten_calls_that_a_reader_ruled_out() -> None:
    # a: yes
    # b: no
    # c: unknown, not counted
    # d: judged by nobody, not counted
    # 1 of 4 = 0.25
    run = {"q": [(call, 1.0) for call in "abcd"]}
    assert ineligible_share(run, {"q": {"a": "yes", "b": "no", "c": "unknown", "e": "no"}}) == {"q": 0.25}


def test_what_stands_below_the_tenth_rank_does_not_count() -> None:
    run = {"q": [(f"x{n}", 1.0) for n in range(10)] + [("b", 0.5)]}
    assert ineligible_share(run, {"q": {"b": "no"}}) == {"q": 0.0}


def test_a_query_without_results_shows_nothing_that_is_ineligible() -> None:
    assert ineligible_share({}, {"q": {"b": "no"}}) == {"q": 0.0}


def test_false_exclusions_are_the_share_of_known_good_pairs_judged_not_met() -> None:
    # Rho was funded by a (met), b (not met), c (unknown), d (met): 1 of 4
    # Nosate was funded by a (not met): 1 of 1
    # 2 of 5 pairs = 0.4, though the mean over the bodies is 0.625
    met, out, unknown = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
    verdicts = {"Rho": {"a": met, "b": out, "c": unknown, "d": met}, "Nosate": {"a": out}, "Milano": {}}
    assert false_exclusions(verdicts) == {"Nosate": 1.0, "Rho": 0.25}
    assert false_exclusion_rate(verdicts) == pytest.approx(0.4)


def test_without_known_good_pairs_there_is_no_rate() -> None:
    with pytest.raises(MeasureError, match="no known-good pair"):
        false_exclusion_rate({"Milano": {}})
