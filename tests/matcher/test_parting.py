"""Calls that were grouped as one and told apart by a person."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from matcher.duplicates import Groups
from matcher.grouping import members
from matcher.parting import parted


def groups(family, occasion=None, measure=None):
    count = len(family)
    return Groups(
        np.array(family, dtype=np.int64),
        np.array(occasion or family, dtype=np.int64),
        np.array(measure or [-1] * count, dtype=np.int64),
    )


def test_where_nothing_of_a_group_is_apart_everything_stays_as_it_was():
    known = groups([0, 0, 2])
    assert parted(known, {(0, 2)}) is known
    assert parted(known, set()) is known


def test_two_calls_that_are_apart_are_two_groups():
    made = parted(groups([0, 0, 2, 2]), {(0, 1)})
    assert made.family.tolist() == [0, 1, 2, 2]
    assert made.occasion.tolist() == [0, 1, 2, 2]


def test_of_three_calls_only_the_one_that_is_apart_from_both_goes():
    made = parted(groups([0, 0, 0]), {(0, 2), (1, 2)})
    assert made.family.tolist() == [0, 0, 2]


def test_a_call_stays_with_those_of_its_own_edition():
    made = parted(groups([0, 0, 0], occasion=[0, 1, 1]), {(0, 1)})
    assert made.family.tolist() == [0, 1, 1]
    assert made.occasion.tolist() == [0, 1, 1]


def test_a_notice_is_parted_from_its_measure():
    made = parted(groups([0, 1, 2], measure=[-1, 0, 0]), {(0, 2)})
    assert made.measure.tolist() == [-1, 0, -1]
    assert members(made, 1) == [0, 1]


@st.composite
def worlds(draw):
    count = draw(st.integers(1, 8))
    labels = draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))
    finer = draw(st.lists(st.integers(0, 1), min_size=count, max_size=count))
    pairs = draw(st.sets(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))))
    family = [labels.index(label) for label in labels]
    both = list(zip(labels, finer, strict=True))
    occasion = [both.index(one) for one in both]
    return groups(family, occasion), {(a, b) for a, b in pairs if a < b}


@given(worlds())
def test_nothing_that_is_apart_is_together_and_nothing_comes_together_that_was_not(world):
    known, apart = world
    made = parted(known, apart)
    for first, second in apart:
        assert made.family[first] != made.family[second]
        assert made.occasion[first] != made.occasion[second]
    for labels, before in ((made.family, known.family), (made.occasion, known.occasion)):
        for position, label in enumerate(labels.tolist()):
            assert labels[label] == label <= position
            assert before[label] == before[position]
    for position, label in enumerate(made.occasion.tolist()):
        assert made.family[label] == made.family[position]
