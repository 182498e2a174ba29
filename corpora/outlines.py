"""The outlines of areas that lie side by side, drawn with fewer points and still without gaps between them.

polygons in degrees ──► plane ──coverage_simplify──► whole units ──► path "M12 34l5 6-7 8z"

What two neighbours share is simplified once and stays shared: the simplification is that of coverages (Visvalingam and
Whyatt's areas, GEOS ``CoverageSimplifier``), and both sides are rounded to the same whole units.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from corpora.mercator import project
from corpora.svgpaths import path_of

TOLERANCE = 14.0
"""In units of the plane: 100 m on the ground at Milano (docs/decisions has what other tolerances cost)."""
FEWEST_POINTS = 4
"""Of a ring, which ends where it begins."""

Steps = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Outline:
    """An area on the plane: its rings as an SVG path (M, l and z, whole units), and the box around it.

    ``centre`` is a point within it, as far from its edges as can be.
    """

    path: str
    box: tuple[int, int, int, int]
    centre: tuple[int, int]


def outlines(areas: Sequence[Any], tolerance: float = TOLERANCE) -> list[Outline | None]:
    """Return the outline of each polygon (shapely, degrees WGS84), None for one of which nothing is left to draw."""
    flat = shapely.transform(np.array(areas, dtype=object), _on_plane)
    fewer = shapely.coverage_simplify(flat, tolerance)
    return [_outline(one) or _outline(whole) for one, whole in zip(fewer, flat, strict=True)]


def _on_plane(places: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([project(lon, lat) for lon, lat in places.tolist()]).reshape(-1, 2)


def _outline(area: Any) -> Outline | None:
    rings = [ring for part in shapely.get_parts(area) for ring in (part.exterior, *part.interiors)]
    drawn = [points for ring in rings if len(points := _points(ring)) >= FEWEST_POINTS]
    if not drawn:
        return None
    every = np.concatenate(drawn)
    (left, top), (right, bottom) = every.min(axis=0).tolist(), every.max(axis=0).tolist()
    centre = shapely.maximum_inscribed_circle(max(shapely.get_parts(area), key=shapely.area)).coords[0]
    path = "".join(path_of([(x, y) for x, y in points.tolist()[:-1]]) for points in drawn)
    return Outline(path, (left, top, right, bottom), (round(centre[0]), round(centre[1])))


def _points(ring: Any) -> Steps:
    """Return a ring in whole units, without the points that fall together."""
    points = np.rint(np.asarray(ring.coords)[:, :2]).astype(np.int64)
    moves = np.any(np.diff(points, axis=0) != 0, axis=1)
    return points[np.concatenate(([True], moves))]
