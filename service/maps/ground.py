"""What a map is drawn on: the outlines of communes, their centres where there is no outline, the outlines of zones.

All lengths are units of ``corpora.mercator``: paths go to the page as they are stored; ``viewBox`` does the rest.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpora.mercator import in_italy, project
from corpora.svgpaths import Point, path_of, rings_of
from matcher.records import Boundary, Commune
from matcher.serialization import from_json
from service.tables import BoundaryRow

MARGIN = 0.02
"""Of the longer side, around what is drawn."""
NARROWEST = 400.0
"""Units of the shorter side, so that a single place is not drawn as large as a town."""
AT_ONCE = 500
"""Codes asked for in one query: some databases take a thousand at most."""

Edge = tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class Area:
    """A commune on the map; ``path`` is "" where no boundary was imported, ``x`` and ``y`` None where it has no place.

    ``reaches`` is the box around its outline: left, top, right, bottom.
    """

    commune: Commune
    path: str = ""
    x: int | None = None
    y: int | None = None
    reaches: tuple[int, int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class ZoneLine:
    """The outline of a zone, and a point in its middle for its name."""

    name: str
    path: str
    x: int
    y: int


@dataclass(frozen=True)
class Ground:
    """Communes as they are drawn, by name; ``references`` says where their boundaries come from."""

    areas: tuple[Area, ...]
    zones: tuple[ZoneLine, ...]
    references: tuple[str, ...]

    @cached_property
    def by_istat(self) -> Mapping[str, Area]:
        """The communes by their ISTAT codes."""
        return {area.commune.istat: area for area in self.areas}

    @cached_property
    def box(self) -> tuple[float, float, float, float] | None:
        """Left, top, width and height of what is drawn, with a margin; None where nothing has a place."""
        reached = [found for area in self.areas if (found := _reach(area)) is not None]
        if not reached:
            return None
        lefts, tops, rights, bottoms = zip(*reached, strict=True)
        left, top, right, bottom = min(lefts), min(tops), max(rights), max(bottoms)
        margin = MARGIN * max(right - left, bottom - top, NARROWEST)
        width, height = (max(side, NARROWEST) + 2 * margin for side in (right - left, bottom - top))
        return (left + right - width) / 2, (top + bottom - height) / 2, width, height


def read_ground(session: Session, communes: Sequence[Commune]) -> Ground:
    """Return what to draw for these communes: their boundaries, else their centres; zones where they have outlines."""
    boundaries = _boundaries(session, [one.istat for one in communes])
    areas = tuple(
        _area(one, boundaries.get(one.istat)) for one in sorted(communes, key=lambda one: (one.name, one.istat))
    )
    return Ground(areas, tuple(_zones(areas)), tuple(sorted({_reference(one) for one in boundaries.values()} - {""})))


def place(lon: float | None, lat: float | None) -> tuple[int, int] | None:
    """Return where a place in degrees stands on the map; None where it is not known, or not in Italy."""
    if lon is None or lat is None or not in_italy(lon, lat):
        return None
    x, y = project(lon, lat)
    return round(x), round(y)


def _boundaries(session: Session, codes: Sequence[str]) -> dict[str, Boundary]:
    found: dict[str, Boundary] = {}
    for begin in range(0, len(codes), AT_ONCE):
        query = select(BoundaryRow.payload).where(
            BoundaryRow.istat.in_(codes[begin : begin + AT_ONCE]), BoundaryRow.archived_at.is_(None)
        )
        for payload in session.scalars(query):
            boundary = from_json(Boundary, payload)
            found[boundary.istat] = boundary
    return found


def _area(commune: Commune, boundary: Boundary | None) -> Area:
    if boundary is not None:
        reaches = (boundary.left, boundary.top, boundary.right, boundary.bottom)
        return Area(commune, boundary.path, boundary.x, boundary.y, reaches)
    stands = place(commune.lon, commune.lat)
    return Area(commune, "", *stands) if stands else Area(commune)


def _reference(boundary: Boundary) -> str:
    source = boundary.provenance
    return "" if source is None else f"{source.reference}{f' ({source.as_of.year})' if source.as_of else ''}"


def _reach(area: Area) -> tuple[int, int, int, int] | None:
    if area.reaches is not None or area.x is None or area.y is None:
        return area.reaches
    return area.x, area.y, area.x, area.y


def _zones(areas: Iterable[Area]) -> Iterable[ZoneLine]:
    within: dict[str, list[Area]] = defaultdict(list)
    for area in areas:
        if area.commune.zone and area.path:
            within[area.commune.zone].append(area)
    for name, members in sorted(within.items()):
        x, y = _middle(members)
        yield ZoneLine(name, _outer([ring for one in members for ring in rings_of(one.path)]), x, y)


def _middle(areas: Sequence[Area]) -> tuple[int, int]:
    """Return the middle of a zone: the mean of its communes' middles, each as heavy as the box around it."""
    weights = [
        (area.reaches[2] - area.reaches[0]) * (area.reaches[3] - area.reaches[1]) for area in areas if area.reaches
    ]
    total = sum(weights) or 1
    x, y = (
        sum((place or 0) * weight for place, weight in zip(places, weights, strict=True)) / total
        for places in ([area.x for area in areas], [area.y for area in areas])
    )
    return round(x), round(y)


def _outer(rings: Iterable[Sequence[Point]]) -> str:
    """Return the outline of several areas together: what two of them share is drawn by neither.

    Neighbours share their points exactly (see ``corpora.outlines``), so that their common edges cancel.
    """
    edges: set[Edge] = set()
    for ring in rings:
        for one, other in pairwise((*ring, ring[0])):
            edges ^= {(min(one, other), max(one, other))}
    return "".join(path_of(line) for line in _joined(edges))


def _joined(edges: Iterable[Edge]) -> Iterable[list[Point]]:
    """Join edges into closed lines; every point has an even number of them."""
    ends: dict[Point, set[Point]] = defaultdict(set)
    for one, other in edges:
        ends[one].add(other)
        ends[other].add(one)
    for start in sorted(ends):
        while ends[start]:
            line = [start]
            while ends[line[-1]]:
                following = min(ends[line[-1]])
                ends[line[-1]].discard(following)
                ends[following].discard(line[-1])
                line.append(following)
            yield line[:-1] if line[-1] == start else line
