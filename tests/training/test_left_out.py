"""Leaving measures out whole, and precedents in part."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from evaluation.tasks.task import Material
from matcher.records import Precedent
from training.left_out import SHARES, left_out, thinned

PRECEDENTS = tuple(Precedent(id=f"p:{n}", source="p", title=f"Scuola {n}", measure="M1") for n in range(400))


@given(st.sets(st.integers(0, 10_000), max_size=60))
def test_whether_a_measure_is_left_out_does_not_depend_on_the_others(numbers: set[int]) -> None:
    codes = {f"M{number}" for number in numbers}
    assert left_out(codes) == {code for code in codes if left_out({code})}


def test_about_a_fifth_of_the_measures_is_left_out() -> None:
    assert 0.15 < len(left_out({f"M{number}" for number in range(500)})) / 500 < 0.25


def test_fewer_precedents_are_some_of_the_more_and_the_phrases_stay() -> None:
    material = Material((), {}, {"M1": "scuole"}, PRECEDENTS)
    kept = [set(thinned(material, share).precedents) for share in SHARES]
    assert all(fewer < more for fewer, more in pairwise(kept))
    assert (kept[0], kept[-1]) == (set(), set(PRECEDENTS))
    assert thinned(material, 0.0).themes == material.themes
