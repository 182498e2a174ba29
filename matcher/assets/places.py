"""Where assets and needs are: distances, and the pilot areas of the valorisation of public assets."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from matcher.analyser import name_key
from matcher.records import Commune, PublicAsset

EARTH_KM = 6371.0
Values = NDArray[np.float64]
Place = tuple[float | None, float | None]
"""Latitude and longitude in degrees WGS84; None where they are not known."""


class PilotArea(StrEnum):
    """The three areas of the first programme (Città metropolitana di Milano, page «Remix e VALO.RI», 6 Dec 2019)."""

    NORD_MILANO = "nord-milano"
    ALTO_MILANESE = "alto-milanese"
    SUD_EST = "sud-est"

    @property
    def zone(self) -> str:
        """The homogeneous zone of this name, as communes carry it."""
        return {"nord-milano": "Nord Milano", "alto-milanese": "Alto Milanese", "sud-est": "Sud Est"}[self.value]


PILOT_PREFIX = "pilot-area:"
"""What the ids of pilot areas begin with in the strategic frame."""


@dataclass(frozen=True, slots=True)
class InPilotArea:
    """A pilot area and what says so: the asset's own record, or the zone of its commune.

    ``verified``: whether the zone's list of communes was checked on the official one (Alto Milanese was; those of Nord
    Milano and Sud Est were compiled by elimination and are still to be checked).
    """

    area: PilotArea
    stated: bool
    verified: bool


def pilot_area(asset: PublicAsset, commune: Commune | None) -> InPilotArea | None:
    """Return the pilot area of an asset, None where it is in none.

    The founding document names areas, not communes: the homogeneous zones of the same names stand for them.
    """
    stated = asset.pilot_area.removeprefix(PILOT_PREFIX)
    if stated in tuple(PilotArea):
        return InPilotArea(PilotArea(stated), stated=True, verified=True)
    found = pilot_area_of(commune) if commune is not None else None
    verified = commune is not None and commune.zone_verified is True
    return None if found is None else InPilotArea(found, stated=False, verified=verified)


def pilot_area_of(commune: Commune) -> PilotArea | None:
    """Return the pilot area that a commune's zone stands for, if any."""
    zone = name_key(commune.zone)
    return next((area for area in PilotArea if name_key(area.zone) == zone), None)


def place_of(asset: PublicAsset, commune: Commune | None) -> Place:
    """Return where an asset is: its own place where it is known, else the centre of its commune."""
    if asset.lat is not None and asset.lon is not None:
        return asset.lat, asset.lon
    return (commune.lat, commune.lon) if commune is not None else (None, None)


def distances_km(here: Place, there: Sequence[Place]) -> Values:
    """Return great-circle distances: float64, (n_there,), nan where either place is not known.

    Haversine formula on a sphere of 6,371 km.
    """
    lat, lon = np.radians(np.array(there, dtype=np.float64).reshape(-1, 2)).T
    own_lat, own_lon = np.radians(np.array(here, dtype=np.float64))
    half = np.sin((lat - own_lat) / 2) ** 2 + np.cos(lat) * np.cos(own_lat) * np.sin((lon - own_lon) / 2) ** 2
    found: Values = 2 * EARTH_KM * np.arcsin(np.sqrt(half))
    return found
