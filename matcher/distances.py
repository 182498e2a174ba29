"""How far places are from one another, and how large a commune is, as numbers to rank by."""

import numpy as np
from numpy.typing import NDArray

from matcher.records import Commune

EARTH_KM = 6371.0
UNKNOWN_AREA = 20.0
"""km² of a commune whose area is not known: the median of Italy's is 22."""

Values = NDArray[np.float64]


def places_of(communes: list[Commune]) -> Values:
    """Return latitudes and longitudes in radians, nan where a place is not known: float64, (n, 2)."""
    degrees = [[_known(commune.lat), _known(commune.lon)] for commune in communes]
    found: Values = np.radians(np.array(degrees, dtype=np.float64).reshape(-1, 2))
    return found


def distances_km(place: Commune, places: Values) -> Values:
    """Return how far each of some places (see ``places_of``) is from a commune's centre, km: float64, (n,).

    Infinite where either is not known. Haversine formula on a sphere of 6,371 km.
    """
    own_lat, own_lon = np.radians([_known(place.lat), _known(place.lon)])
    lat, lon = places.T
    half = np.sin((lat - own_lat) / 2) ** 2 + np.cos(lat) * np.cos(own_lat) * np.sin((lon - own_lon) / 2) ** 2
    found: Values = np.nan_to_num(2 * EARTH_KM * np.arcsin(np.sqrt(half)), nan=np.inf)
    return found


def radius_km(commune: Commune) -> float:
    """Return the radius of a disc as large as a commune, km."""
    return float(np.sqrt((commune.area_km2 or UNKNOWN_AREA) / np.pi))


def _known(degrees: float | None) -> float:
    return float("nan") if degrees is None else degrees
