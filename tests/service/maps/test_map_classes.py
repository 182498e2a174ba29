"""The classes of a legend: everybody in one, equals together, never a zero for what nobody knows."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from service.maps.classes import MOST, UNKNOWN, ZERO, classed

figures = st.dictionaries(
    st.from_regex(r"[0-9]{6}", fullmatch=True, alphabet=st.characters(codec="ascii")),
    st.none() | st.integers(0, 40) | st.decimals(0, 40, places=2),
    max_size=60,
)


@given(figures)
def test_every_commune_is_in_one_class_and_the_legend_counts_them_all(values):
    found = classed(values)
    assert set(found.level_of) == set(values)
    assert sum(one.number for one in found.legend) == len(values)
    for one in found.legend:
        inside = [values[istat] for istat, level in found.level_of.items() if level == one.level]
        assert len(inside) == one.number > 0
        known = [value for value in inside if value is not None]
        assert (one.low, one.high) == (min(known, default=None), max(known, default=None))


@given(figures)
def test_what_is_not_known_and_zero_are_classes_of_their_own(values):
    for istat, level in classed(values).level_of.items():
        assert (level == UNKNOWN) is (values[istat] is None)
        assert (level == ZERO) is (values[istat] is not None and not values[istat])


@given(figures)
def test_more_is_never_drawn_as_less_and_equals_are_drawn_alike(values):
    found = classed(values)
    ordered = sorted((value, int(found.level_of[istat])) for istat, value in values.items() if value)
    assert [level for _, level in ordered] == sorted(level for _, level in ordered)
    level_of = {}
    assert all(level_of.setdefault(value, level) == level for value, level in ordered)


def test_a_hundred_figures_make_five_classes_of_twenty():
    found = classed({f"{number:06}": number for number in range(1, 101)})
    assert [(one.level, one.low, one.high, one.number) for one in found.legend] == [
        (str(level + 1), 20 * level + 1, 20 * level + 20, 20) for level in range(MOST)
    ]


def test_few_figures_make_few_classes_that_stay_far_apart():
    assert [one.level for one in classed({"a": 7}).legend] == ["3"]
    assert [one.level for one in classed({"a": 7, "b": Decimal("7.5")}).legend] == ["2", "4"]
    assert classed({}).legend == ()
