"""Points of a map: where things stand, those that would cover each other put together with their number."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from service.assets.register import RegisterLine
from service.maps.classes import Figure
from service.maps.ground import Ground, place

CELLS = 28
"""Cells of the grid along the longer side of the map: what lies in one cell is one point."""


@dataclass(frozen=True, slots=True)
class Stand:
    """So many things at one place of the map, and the commune that they are in."""

    x: int
    y: int
    number: int
    commune: str


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A point to draw: the middle of what it stands for, how many things, and in which communes (by name)."""

    x: int
    y: int
    number: int
    communes: tuple[str, ...]


def of_assets(ground: Ground, lines: Iterable[RegisterLine]) -> list[Stand]:
    """Return where assets are: by their coordinates, else in the middle of their commune; those of no place are out."""
    found = []
    for one in lines:
        area = ground.by_istat.get(one.asset.commune_istat)
        if area is None:
            continue
        stands = place(one.asset.lon, one.asset.lat)
        x, y = stands or (area.x, area.y)
        if x is not None and y is not None:
            found.append(Stand(x, y, 1, area.commune.name))
    return found


def of_figures(ground: Ground, figures: Mapping[str, Figure | None]) -> list[Stand]:
    """Return counts as points in the middle of their communes, where they are above zero."""
    return [
        Stand(area.x, area.y, int(number), area.commune.name)
        for area in ground.areas
        if area.x is not None and area.y is not None and (number := figures.get(area.commune.istat))
    ]


def clustered(ground: Ground, stands: Iterable[Stand]) -> tuple[MapPoint, ...]:
    """Return the points to draw, the largest first, so that no small one is hidden; what lies off the map is out."""
    if ground.box is None:
        return ()
    left, top, width, height = ground.box
    side = max(width, height) / CELLS
    cells: dict[tuple[int, int], list[Stand]] = defaultdict(list)
    for one in stands:
        if left <= one.x <= left + width and top <= one.y <= top + height:
            cells[int((one.x - left) / side), int((one.y - top) / side)].append(one)
    return tuple(sorted(map(_point, cells.values()), key=lambda one: (-one.number, one.x, one.y)))


def _point(stands: list[Stand]) -> MapPoint:
    number = sum(one.number for one in stands)
    x, y = (
        round(sum(coordinate * one.number for one, coordinate in zip(stands, along, strict=True)) / number)
        for along in ([one.x for one in stands], [one.y for one in stands])
    )
    return MapPoint(x, y, number, tuple(sorted({one.commune for one in stands})))
