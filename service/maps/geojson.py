"""A map as GeoJSON (RFC 7946): a feature for each commune, with its outline or its centre, and what was counted."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from corpora.mercator import unproject
from corpora.svgpaths import Point, rings_of
from matcher.records import Commune
from service.maps.classes import Figure
from service.maps.figures import Figures, Measure
from service.maps.ground import Area, Ground

MEDIA_TYPE = "application/geo+json"
DIGITS = 5
"""Of degrees, 1 m: the outlines are drawn in units of 7 m."""


def feature_collection(ground: Ground, counted: Mapping[Measure, Figures]) -> dict[str, Any]:
    """Return the communes as features; a figure that nobody knows is null, as is the place of a commune without one."""
    return {
        "type": "FeatureCollection",
        "features": [_feature(area, counted) for area in ground.areas],
        "totals": {measure.value: _plain(figures.total) for measure, figures in counted.items()},
        "references": list(ground.references),
    }


def _feature(area: Area, counted: Mapping[Measure, Figures]) -> dict[str, Any]:
    figures = {measure.value: _plain(found.of[area.commune.istat]) for measure, found in counted.items()}
    return {
        "type": "Feature",
        "id": area.commune.istat,
        "geometry": _geometry(area),
        "properties": _of_commune(area.commune) | figures,
    }


def _of_commune(commune: Commune) -> dict[str, Any]:
    return {
        "istat": commune.istat,
        "name": commune.name,
        "zone": commune.zone,
        "province": commune.province,
        "population": commune.population,
    }


def _geometry(area: Area) -> dict[str, Any] | None:
    if area.path:
        polygons = _polygons(rings_of(area.path))
        if len(polygons) == 1:
            return {"type": "Polygon", "coordinates": polygons[0]}
        return {"type": "MultiPolygon", "coordinates": polygons}
    if area.x is None or area.y is None:
        return None
    return {"type": "Point", "coordinates": _degrees(area.x, area.y)}


def _polygons(rings: Sequence[Sequence[Point]]) -> list[list[list[list[float]]]]:
    """Put every hole behind the ring around it; rings run as RFC 7946 wants them: outer ones against the clock."""
    found: list[tuple[Sequence[Point], list[list[list[float]]]]] = []
    for ring in sorted(rings, key=lambda one: -abs(_area(one))):
        around = [outer for outer in found if _holds(outer[0], ring[0])]
        if around:
            around[-1][1].append(_ring(ring, is_hole=True))
        else:
            found.append((ring, [_ring(ring, is_hole=False)]))
    return [polygon for _, polygon in found]


def _area(ring: Sequence[Point]) -> float:
    """Return twice the signed area of a ring: above zero where it runs with the clock, as y grows to the south."""
    return sum(x * below - right * y for (x, y), (right, below) in zip(ring, [*ring[1:], ring[0]], strict=True))


def _holds(ring: Sequence[Point], point: Point) -> bool:
    """Whether a point lies within a ring: a ray from it to the west crosses the ring an odd number of times."""
    x, y = point
    crossings = sum(
        (one_y > y) != (other_y > y) and one_x + (y - one_y) * (other_x - one_x) / (other_y - one_y) < x
        for (one_x, one_y), (other_x, other_y) in zip(ring, [*ring[1:], ring[0]], strict=True)
    )
    return crossings % 2 == 1


def _ring(ring: Sequence[Point], *, is_hole: bool) -> list[list[float]]:
    runs_with_clock = _area(ring) > 0
    ordered = ring if runs_with_clock == is_hole else ring[::-1]
    return [_degrees(x, y) for x, y in (*ordered, ordered[0])]


def _degrees(x: float, y: float) -> list[float]:
    lon, lat = unproject(x, y)
    return [round(lon, DIGITS), round(lat, DIGITS)]


def _plain(value: Figure | None) -> float | int | None:
    return float(value) if isinstance(value, Decimal) else value
