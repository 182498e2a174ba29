"""A map as its template draws it: every length worked out, every commune with its words and where its link leads."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import sqrt

from service.maps.ground import Area, Ground, ZoneLine
from service.maps.points import MapPoint

TILES = 64
"""Tiles of a pattern along the longer side of a map."""
MOST_NAMES = 35
"""Communes whose names fit on a map; with more of them only zones are named."""
LARGEST_POINT = 2.4
"""The radius of the largest point, in tiles."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A commune to draw: its outline, or a circle of radius ``r`` where ``path`` is ""."""

    istat: str
    name: str
    path: str
    x: int
    y: int
    r: float
    level: str
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A point to draw over the communes; ``number`` stands in it where it is more than one."""

    x: int
    y: int
    r: float
    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map to draw; ``view`` is its ``viewBox``, ``tile`` the length by which all is measured.

    ``pattern`` is the side of a pattern's tile: half of that where communes are but circles.
    """

    view: str
    tile: float
    pattern: float
    shapes: tuple[Shape, ...]
    zones: tuple[ZoneLine, ...]
    spots: tuple[Spot, ...]

    @property
    def names_fit(self) -> bool:
        """Whether there is room for the names of the communes."""
        return len(self.shapes) <= MOST_NAMES


def drawing_of(
    ground: Ground,
    level: Callable[[str], str],
    title: Callable[[Area], str],
    link: Callable[[str], str],
    spots: Iterable[Spot] = (),
) -> Drawing | None:
    """Return a map to draw, None where no commune has a place; ``level`` and ``link`` are asked by ISTAT code."""
    if ground.box is None:
        return None
    tile = tile_of(ground)
    shapes = tuple(
        Shape(
            area.commune.istat,
            area.commune.name,
            area.path,
            area.x,
            area.y,
            tile * 0.8,
            level(area.commune.istat),
            title(area),
            link(area.commune.istat),
        )
        for area in ground.areas
        if area.x is not None and area.y is not None
    )
    view = " ".join(f"{length:.0f}" for length in ground.box)
    is_outlined = any(shape.path for shape in shapes)
    return Drawing(view, tile, tile if is_outlined else round(tile / 2, 1), shapes, ground.zones, tuple(spots))


def tile_of(ground: Ground) -> float:
    """Return the side of a pattern's tile, by which everything on a map is measured; 1 where nothing is drawn."""
    return 1.0 if ground.box is None else round(max(ground.box[2:]) / TILES, 1)


def spots_of(ground: Ground, points: Iterable[MapPoint], title: Callable[[MapPoint], str]) -> list[Spot]:
    """Return points as they are drawn: their areas grow with their numbers."""
    known = list(points)
    most = max((point.number for point in known), default=1)
    tile = tile_of(ground)
    return [
        Spot(
            point.x,
            point.y,
            round(tile * max(LARGEST_POINT * sqrt(point.number / most), 0.6 if point.number == 1 else 1.0), 1),
            point.number,
            title(point),
        )
        for point in known
    ]
