"""From degrees to the plane on which maps are drawn, and back: whole units, x to the east, y to the south.

The plane is spherical Mercator (EPSG:3857), on which shapes keep their angles at every latitude, so that one drawing
serves any part of Italy. Its origin lies north-west of Italy: all of Italy has small positive numbers.
"""

from math import asinh, atan, cos, degrees, radians, sinh, tan

UNIT_M = 10.0
"""What one unit is, in metres at the equator: 7 m on the ground at Milano."""
RADIUS_M = 6_378_137.0
ORIGIN_LON, ORIGIN_LAT = 6.0, 48.0
WEST, SOUTH, EAST, NORTH = 6.0, 35.0, 19.0, 48.0
"""Degrees between which all of Italy lies."""

_NORTHERNMOST = asinh(tan(radians(ORIGIN_LAT)))
_RADIUS = RADIUS_M / UNIT_M


def in_italy(lon: float, lat: float) -> bool:
    """Whether a place in degrees (WGS84) lies in the rectangle around Italy; not a number lies nowhere."""
    return WEST <= lon <= EAST and SOUTH <= lat <= NORTH


def project(lon: float, lat: float) -> tuple[float, float]:
    """Return where a place in degrees (WGS84) stands on the plane, in units."""
    return radians(lon - ORIGIN_LON) * _RADIUS, (_NORTHERNMOST - asinh(tan(radians(lat)))) * _RADIUS


def unproject(x: float, y: float) -> tuple[float, float]:
    """Return the longitude and latitude of a point of the plane, in degrees (WGS84)."""
    return ORIGIN_LON + degrees(x / _RADIUS), degrees(atan(sinh(_NORTHERNMOST - y / _RADIUS)))


def ground_metres(units: float, lat: float) -> float:
    """Return how many metres on the ground a length of the plane is at a latitude."""
    return units * UNIT_M * cos(radians(lat))
