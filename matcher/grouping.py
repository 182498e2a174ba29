"""One place in the list for the calls that are one: which of them stands there, and which beneath it.

ranked calls ── best one not placed yet ──► its group ──► head: may apply and open first ──► the others beneath
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.duplicates import Groups, Positions
from matcher.explanation import VariantKind
from matcher.index import Mask

Standing = NDArray[np.int64]
"""How fit a call is to stand for its group, by position, higher is better: int64, (n_calls,)."""

Verdicts = NDArray[np.int8]
"""What eligibility says of each call: int8, (n_calls,), 0 not met, 1 unknown, 2 met."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place in a list: the row of the ranking that stands there, and the positions of the calls beneath it."""

    row: int
    variants: tuple[int, ...] = ()


def standing_of(verdicts: Verdicts, closed: Mask) -> Standing:
    """Rank calls by what eligibility says, open ones first."""
    # An open call to be checked comes before a closed one that fits; nothing is worse than being ruled out.
    standing: Standing = np.where(verdicts == 0, -1, 2 * ~closed + (verdicts == 2)).astype(np.int64)
    return standing


def places(
    ranked: Positions, standing: Standing, opens: Standing, groups: Groups, shown: Mask, k: int
) -> Iterator[Place]:
    """Yield the first ``k`` places of a ranking (positions, best first), each call in one place only.

    A group stands where its best call would. The head is the call of the highest standing, of several editions the
    latest to open (``opens``: day numbers, 0 unknown). Beneath stand the calls of its group that are ``shown``, ranked
    or not, the best standing first; one that stands higher than the head keeps a place of its own.
    """
    rows = {int(position): row for row, position in enumerate(ranked)}
    placed: set[int] = set()
    for position in rows:
        if not k:
            return
        if position in placed:
            continue
        together = [p for p in members(groups, position) if p not in placed and p in rows]
        head = _head(together, rows, standing, opens, groups)
        others = (p for p in members(groups, head) if p not in placed and p != head and shown[p])
        beneath = [p for p in others if p not in rows or standing[p] <= standing[head]]
        placed.update((head, position, *beneath))
        k -= 1
        yield Place(rows[head], tuple(sorted(beneath, key=lambda p: (-standing[p], -opens[p], p))))


def members(groups: Groups, position: int) -> list[int]:
    """Return the positions of a call's group, its own included: its family, the measures of these, their notices."""
    family = groups.families[int(groups.family[position])]
    around = [int(groups.measure[p]) for p in family if groups.measure[p] >= 0]
    around += [notice for p in family for notice in groups.notices.get(p, ())]
    roots = {int(groups.family[p]) for p in (position, *around)}
    return sorted(p for root in roots for p in groups.families[root])


def kind_of(groups: Groups, head: int, variant: int) -> VariantKind:
    """Return why a call stands beneath another."""
    if groups.family[head] == groups.family[variant]:
        same = groups.occasion[head] == groups.occasion[variant]
        return VariantKind.SAME_NOTICE if same else VariantKind.EDITION
    published_under = {int(groups.measure[p]) for p in groups.families[int(groups.family[variant])]}
    is_notice = not published_under.isdisjoint(groups.families[int(groups.family[head])])
    return VariantKind.NOTICE if is_notice else VariantKind.MEASURE


def _head(together: Sequence[int], rows: dict[int, int], standing: Standing, opens: Standing, groups: Groups) -> int:
    best = max(together, key=lambda p: (standing[p], -rows[p]))
    if not opens[best]:
        return best
    editions = [p for p in together if groups.family[p] == groups.family[best] and standing[p] == standing[best]]
    return max(editions, key=lambda p: (opens[p], -rows[p]))
