"""The classes in which a map shows figures: what is not known, zero, and up to five with as many communes each."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

MOST = 5
UNKNOWN, ZERO = "unknown", "zero"
_LEVELS: Mapping[int, tuple[int, ...]] = {1: (3,), 2: (2, 4), 3: (1, 3, 5), 4: (1, 2, 4, 5), 5: (1, 2, 3, 4, 5)}
"""Which of the five shades to use for fewer classes, so that they stay far apart."""

Figure = Decimal | int


@dataclass(frozen=True, slots=True)
class MapClass:
    """A class of the legend: its level (``unknown``, ``zero`` or 1 to 5 from low to high), range and size.

    ``low`` and ``high`` are figures that occur; both are None for what is not known.
    """

    level: str
    low: Figure | None
    high: Figure | None
    number: int


@dataclass(frozen=True, slots=True)
class Classes:
    """The legend, from what is not known to the highest, without empty classes; and the level of every commune."""

    legend: tuple[MapClass, ...]
    level_of: Mapping[str, str]


def classed(figures: Mapping[str, Figure | None]) -> Classes:
    """Put figures of zero or more, by ISTAT code, in classes: quantiles of those above zero; equal ones stay together.

    Method: the bounds are figures that occur (inverse of the empirical distribution, Hyndman and Fan's type 1).
    """
    bounds = _bounds([value for value in figures.values() if value])
    levels = _LEVELS.get(len(bounds), ())
    level_of = {istat: _level(value, bounds, levels) for istat, value in figures.items()}
    order = (UNKNOWN, ZERO, *map(str, levels))
    legend = (_map_class(level, [figures[istat] for istat, one in level_of.items() if one == level]) for level in order)
    return Classes(tuple(one for one in legend if one.number), level_of)


def _bounds(values: list[Figure]) -> list[Figure]:
    if not values:
        return []
    ordered = sorted(values)
    ranks = np.ceil(np.arange(1, MOST + 1) * len(ordered) / MOST).astype(int) - 1
    return sorted({ordered[rank] for rank in ranks.tolist()})


def _level(value: Figure | None, bounds: list[Figure], levels: tuple[int, ...]) -> str:
    if value is None:
        return UNKNOWN
    if not value:
        return ZERO
    return str(levels[next(at for at, bound in enumerate(bounds) if value <= bound)])


def _map_class(level: str, values: list[Figure | None]) -> MapClass:
    known = [value for value in values if value is not None]
    return MapClass(level, min(known, default=None), max(known, default=None), len(values))
