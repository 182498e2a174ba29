"""The zones of the matrix: the zone omogenee, and the communes that belong to none, each by itself."""

from matcher.records import Commune


def zone_of(commune: Commune) -> str:
    """Return the name of the zone that a commune of the metropolitan city counts in; the capital's is its own."""
    return commune.zone or commune.name
