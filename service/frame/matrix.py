"""The matrix driver × mission × zone: how many projects with how much money, how many open calls, how many needs.

register entries in the metropolitan city ⋈ stored tags ──► cells, rows, columns, total      for every zone at once
open calls, needs in sight (``Picture``) ────────────────►

A project in several zones counts once in each and once in all together, its money whole in each; one of ours that names
no commune is for the whole territory and counts in all together alone. A project of several drivers stands in several
rows; a row's total counts it once. What has no driver or no mission stands under NONE.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from matcher.records import Commune
from matcher.strategy import CODES, DRIVER, MISSION
from service.catalogue.overview import followed
from service.frame.keeping import Picture
from service.frame.kinds import NEED, PRECEDENT, PROJECT
from service.frame.open_calls import Codes, codes_of
from service.frame.tables import RecordTagRow
from service.frame.zones import zone_of
from service.register.entries import matching, placeless, public, shown
from service.register.filters import RegisterFilters
from service.register.tables import RegisterEntryRow as Entry
from service.register.tables import RegisterPlaceRow as Place

NONE = ""
"""Stands for "no driver", "no mission", and "all zones together"."""
DRIVERS, MISSIONS = (*CODES[DRIVER], NONE), (*CODES[MISSION], NONE)
_UNTAGGED = frozenset({NONE})


@dataclass(slots=True)
class Cell:
    """What lies in one place of the matrix; ``amount`` in EUR, of the projects that state one."""

    projects: int = 0
    amount: Decimal = Decimal(0)
    calls: int = 0
    needs: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing lies here."""
        return not (self.projects or self.calls or self.needs)


@dataclass(slots=True)
class Matrix:
    """The matrix of one zone, or of all together: cells by (driver, mission), and the totals of each."""

    zone: str
    cells: dict[tuple[str, str], Cell] = field(
        default_factory=lambda: {(driver, mission): Cell() for driver in DRIVERS for mission in MISSIONS}
    )
    drivers: dict[str, Cell] = field(default_factory=lambda: {driver: Cell() for driver in DRIVERS})
    missions: dict[str, Cell] = field(default_factory=lambda: {mission: Cell() for mission in MISSIONS})
    total: Cell = field(default_factory=Cell)

    def places(self, drivers: Iterable[str], missions: Iterable[str]) -> Iterator[Cell]:
        """Yield the cells and totals that a record with these codes counts in, each once."""
        rows, columns = frozenset(drivers) or _UNTAGGED, frozenset(missions) or _UNTAGGED
        yield self.total
        yield from (self.drivers[driver] for driver in rows)
        yield from (self.missions[mission] for mission in columns)
        yield from (self.cells[driver, mission] for driver in rows for mission in columns)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The matrices of all zones under their names, NONE for all together; ``counts_all``: also what is not public.

    ``alone``: zone → ISTAT code of the commune that is a zone by itself, as the capital is. ``has_calls``: whether the
    open calls were counted yet; needs are counted for the incubator only.
    """

    matrices: Mapping[str, Matrix]
    alone: Mapping[str, str]
    counts_all: bool
    has_calls: bool

    @property
    def zones(self) -> tuple[str, ...]:
        """The zones by name."""
        return tuple(sorted(zone for zone in self.matrices if zone != NONE))


def coverage(
    session: Session,
    communes: Iterable[Commune],
    filters: RegisterFilters,
    picture: Picture | None,
    *,
    every: bool,
) -> Coverage:
    """Count everything for every zone; ``filters`` choose among projects alone.

    ``every``: for the incubator, which sees all; otherwise what is public, and no needs.
    """
    near = followed(tuple(communes))
    zones = {commune.istat: zone_of(commune) for commune in near}
    found = {zone: Matrix(zone) for zone in (NONE, *sorted(set(zones.values())))}
    _count_projects(session, found, zones, filters, every=every)
    if picture is not None:
        _count_calls(found, picture)
        if every:
            _count_needs(session, found, zones, picture)
    alone = {commune.name: commune.istat for commune in near if not commune.zone}
    return Coverage(found, alone, every, picture is not None)


def _count_projects(
    session: Session, found: Mapping[str, Matrix], zone_by: Mapping[str, str], filters: RegisterFilters, *, every: bool
) -> None:
    seen = and_(shown() if every else public(), matching(filters))
    here = Place.commune_istat.in_(sorted(zone_by))
    placed = select(Entry.id, Entry.amount, Place.commune_istat).join(Place, Place.entry_id == Entry.id)
    zones: dict[str, set[str]] = {}
    amounts: dict[str, Decimal | None] = {}
    for id_, amount, istat in session.execute(placed.where(seen, here)):
        zones.setdefault(id_, {NONE}).add(zone_by[istat])
        amounts[id_] = amount
    for id_, amount in session.execute(select(Entry.id, Entry.amount).where(seen, placeless())):
        zones[id_], amounts[id_] = {NONE}, amount
    codes = _codes_of_projects(session, zone_by)
    for id_, places in zones.items():
        own = codes.get((id_, DRIVER), _UNTAGGED), codes.get((id_, MISSION), _UNTAGGED)
        for zone in places:
            for cell in found[zone].places(*own):
                cell.projects += 1
                cell.amount += amounts[id_] or Decimal(0)


def _codes_of_projects(session: Session, communes: Iterable[str]) -> Codes:
    """The drivers and missions of our projects, and of the funded ones that are in some communes."""
    here = select(Place.entry_id).where(Place.commune_istat.in_(sorted(communes)))
    funded = codes_of(session, PRECEDENT.word, RecordTagRow.record_id.in_(here))
    return {**funded, **codes_of(session, PROJECT.word)}


def _count_calls(found: Mapping[str, Matrix], picture: Picture) -> None:
    for call in picture.calls:
        for zone in {NONE, *call.zones}:
            for cell in found[zone].places(call.drivers, call.missions):
                cell.calls += 1


def _count_needs(session: Session, found: Mapping[str, Matrix], zone_by: Mapping[str, str], picture: Picture) -> None:
    codes = codes_of(session, NEED.word)
    for need in picture.needs:
        if need.commune_istat not in zone_by:
            continue
        own = codes.get((need.id, DRIVER), _UNTAGGED), codes.get((need.id, MISSION), _UNTAGGED)
        for zone in {NONE, zone_by[need.commune_istat]}:
            for cell in found[zone].places(*own):
                cell.needs += 1
