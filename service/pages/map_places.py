"""Points on a map without a map service: degrees laid out flat, longitude drawn shorter as it is here."""

from collections.abc import Iterable
from math import cos, radians

WIDTH = 600.0
"""Of the map, in its own units; the page scales it."""
MARGIN = 14.0


def laid_out(known: Iterable[tuple[str, float, float]]) -> tuple[dict[str, tuple[float, float]], float]:
    """Return where each point (id, longitude, latitude) stands on the map, and how high the map is."""
    points = list(known)
    if not points:
        return {}, 0.0
    north, south = max(lat for *_, lat in points), min(lat for *_, lat in points)
    west, east = min(lon for _, lon, _ in points), max(lon for _, lon, _ in points)
    shorter = cos(radians((north + south) / 2))
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * shorter, (north - south) * 0.6, 0.02)
    places = {
        id_: (round(MARGIN + (lon - west) * shorter * scale, 1), round(MARGIN + (north - lat) * scale, 1))
        for id_, lon, lat in points
    }
    return places, (north - south) * scale + 2 * MARGIN
