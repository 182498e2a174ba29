"""Calls that were grouped as one and that a person says are not: what is apart is parted, the rest stays together."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np

from matcher.duplicates import Groups, Positions

Pairs = Collection[tuple[int, int]]
"""Two positions each, the lower one first."""


def parted(groups: Groups, apart: Pairs) -> Groups:
    """Return groups in which no two calls that are ``apart`` are in one family, on one occasion, or measure and notice.

    The other calls of a family stay together, each with those of its own occasion where it can; groups in which
    nothing was told apart stay the same object.
    """
    family = _parted(groups.family, groups.families, groups.occasion, apart)
    measure = _without_measures(groups.measure, apart)
    if family is groups.family and measure is groups.measure:
        return groups
    return Groups(family, _refined(groups.occasion, family), measure)


def _parted(family: Positions, families: Mapping[int, Sequence[int]], occasion: Positions, apart: Pairs) -> Positions:
    touched = {int(family[first]) for first, second in apart if family[first] == family[second]}
    if not touched:
        return family
    labels = family.copy()
    for root in touched:
        for members in _clusters(families[root], occasion, apart):
            labels[members] = members[0]
    return labels


def _clusters(members: Sequence[int], occasion: Positions, apart: Pairs) -> list[list[int]]:
    """Share the calls of a family out so that nothing that is apart comes together."""
    clusters: list[list[int]] = []
    for call in members:
        fitting = [c for c in clusters if not any((other, call) in apart for other in c)]
        if fitting:
            max(fitting, key=lambda c: sum(occasion[other] == occasion[call] for other in c)).append(call)
        else:
            clusters.append([call])
    return clusters


def _refined(occasion: Positions, family: Positions) -> Positions:
    """Return the occasions within the families: what is not of one family is not of one occasion."""
    first: dict[tuple[int, int], int] = {}
    pairs = zip(occasion.tolist(), family.tolist(), strict=True)
    return np.array([first.setdefault(pair, position) for position, pair in enumerate(pairs)], dtype=np.int64)


def _without_measures(measure: Positions, apart: Pairs) -> Positions:
    notices = [(a, b) for pair in apart for a, b in (pair, pair[::-1]) if measure[a] == b]
    if not notices:
        return measure
    alone = measure.copy()
    alone[[notice for notice, _ in notices]] = -1
    return alone
