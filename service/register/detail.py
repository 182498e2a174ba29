"""One project of the register with all that is known of it: its words, places, programme, pair, and how it changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true

from service.errors import UnknownRecordError
from service.kinds import KIND_NAMED
from service.register.kinds import EntryKind
from service.register.programmes import path_of_entry
from service.register.tables import RegisterEntryRow as Entry
from service.register.tables import RegisterPlaceRow as Place
from service.tables import CommuneRow
from service.work.acting import Acting
from service.work.authors import AuthoredVersion, authored_versions
from service.work.edits import find

TABLE_OF: Mapping[EntryKind, str] = {EntryKind.PROJECT: "projects", EntryKind.PRECEDENT: "precedents"}
"""The kind of record that each kind of entry stands for."""


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A commune in which a project is; ``name`` is its code where it is not among ours."""

    istat: str
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """A project, and what belongs to it.

    ``data``: the record as it is stored. ``path``: its programme and those above, the nearest last, as ids and labels.
    ``folded``: the entries that are shown as this one. ``pair``: the one it goes with. The ids of what the incubator
    said are empty for what the record says itself.
    """

    entry: Entry
    version: int
    data: Mapping[str, Any]
    places: tuple[PlaceName, ...]
    path: tuple[tuple[str, str], ...]
    pair: Entry | None
    folded: tuple[Entry, ...]
    versions: tuple[AuthoredVersion, ...]


def read_entry(acting: Acting, record_id: str, language: str = "it") -> EntryView:
    """Return one project; raises UnknownRecordError if there is none that may be seen.

    What was archived is there for those who keep it; what is shown as another one names it (``merged_into``).
    """
    seen = readable(acting)
    entry = acting.session.scalar(select(Entry).where(Entry.id == record_id, seen))
    kept = None if entry is None else find(acting, KIND_NAMED[TABLE_OF[entry.kind]], record_id)
    if entry is None or kept is None:
        raise UnknownRecordError(f"{record_id}: no project that you may see has this id")
    if entry.owner_istat is not None:
        acting.saw("projects", record_id, entry.owner_istat)
    pair = _pair_of(acting, entry, seen)
    return EntryView(
        entry=entry,
        version=kept.version,
        data=kept.data,
        places=_places_of(acting, record_id),
        path=path_of_entry(acting.session, entry, language),
        pair=pair,
        folded=tuple(acting.session.scalars(select(Entry).where(Entry.merged_into == record_id, seen))),
        versions=tuple(authored_versions(acting, kept)),
    )


def readable(acting: Acting) -> ColumnElement[bool]:
    """The condition that an entry may be read, in the list or out of it."""
    if acting.principal.is_staff:
        return true()
    own = acting.principal.commune_istat
    public = and_(Entry.owner_istat.is_(None), Entry.archived_at.is_(None))
    return or_(public, Entry.owner_istat == own) if own and acting.principal.keeps(own) else public


def names_of(acting: Acting, entry_ids: list[str]) -> dict[str, list[PlaceName]]:
    """Return the communes of some entries."""
    query = (
        select(Place.entry_id, Place.commune_istat, CommuneRow.name, CommuneRow.zone)
        .outerjoin(CommuneRow, CommuneRow.id == Place.commune_istat)
        .where(Place.entry_id.in_(entry_ids))
        .order_by(Place.entry_id, CommuneRow.name, Place.commune_istat)
    )
    found: dict[str, list[PlaceName]] = {}
    for entry_id, istat, name, zone in acting.session.execute(query):
        found.setdefault(entry_id, []).append(PlaceName(istat, name or istat, zone or ""))
    return found


def _places_of(acting: Acting, record_id: str) -> tuple[PlaceName, ...]:
    return tuple(names_of(acting, [record_id]).get(record_id, ()))


def _pair_of(acting: Acting, entry: Entry, seen: ColumnElement[bool]) -> Entry | None:
    """The project that this one goes with, whichever of the two says so."""
    which = or_(Entry.id == entry.paired_with, Entry.paired_with == entry.id)
    return acting.session.scalars(select(Entry).where(which, seen, Entry.id != entry.id).limit(1)).first()
