"""Whom an event concerns, and why: what a commune has written down or saved, laid beside what the event is about.

a commune's needs, projects, assets, saved calls ──► Interests ──why(event)──► Why: the one strongest reason, or none

Only a commune's own people, and the incubator, are told of a reason that names what the commune keeps.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.analyser import Analyser
from matcher.feedback import DecisionKind
from matcher.strategy import DRIVER
from service.answers.questions import communes_of, is_public, open_items, owner_of
from service.events.tables import EventRow
from service.events.whys import Why, WhyKind
from service.frame.tables import RecordTagRow
from service.tables import CommuneRow, FrameItemRow, FundingCallRow
from service.work.feedback import decisions_in_force
from service.work.subjects import ITEM_TYPES, Item, item_text

_SINGULAR = {"needs": "need", "projects": "project", "assets": "asset"}
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Held:
    """Something that a commune has, as far as events are laid beside it; ``kind`` ``calls`` for a saved call."""

    kind: str
    title: str
    drivers: frozenset[str]
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Interests:
    """What one commune has written down and saved; empty of it for whoever may not know."""

    istat: str
    zone: str
    zone_name: str = ""
    held: tuple[Held, ...] = ()

    def why(self, event: EventRow) -> Why | None:
        """Return the strongest reason for which an event concerns this commune; None where it does not."""
        if not self._lies_in(event):
            return None
        if self.istat in event.communes:
            return Why(WhyKind.COMMUNE)
        if found := self._matched(event):
            return found
        if self.zone and self.zone in event.zones:
            return Why(WhyKind.ZONE, self.zone_name)
        return None if event.drivers or event.themes else Why(WhyKind.EVERYBODY)

    def _lies_in(self, event: EventRow) -> bool:
        if not event.communes and not event.zones:
            return True
        return self.istat in event.communes or bool(self.zone and self.zone in event.zones)

    def _matched(self, event: EventRow) -> Why | None:
        themes = [(theme, stems_of(theme)) for theme in event.themes]
        for one in self.held:
            of_call = one.kind == "calls"
            item_kind = "" if of_call else one.kind
            if driver := next((driver for driver in event.drivers if driver in one.drivers), None):
                return Why(WhyKind.CALL_DRIVER if of_call else WhyKind.DRIVER, driver, one.title, item_kind)
            if theme := next((theme for theme, stems in themes if stems and stems <= one.stems), None):
                return Why(WhyKind.CALL_THEME if of_call else WhyKind.THEME, theme, one.title, item_kind)
        return None


def stems_of(text: str) -> frozenset[str]:
    """Return the stems of the words of a text, which make one theme be the other."""
    return frozenset(_analyser().stems(text))


@cache
def _analyser() -> Analyser:
    return Analyser()


def interests_of(session: Session, communes: Iterable[str], kept: Iterable[str]) -> dict[str, Interests]:
    """Return the interests of communes, by ISTAT code; what they keep only of those in ``kept``.

    Of the others no more than where they lie: whoever looks at one from outside is not told what it lacks.
    """
    wanted, may_know = sorted(set(communes)), set(kept)
    zones = _zones(session, wanted)
    held = _held(session, sorted(may_know & set(wanted))) if may_know else {}
    nowhere = ("", "")
    return {istat: Interests(istat, *zones.get(istat, nowhere), tuple(held.get(istat, ()))) for istat in wanted}


def _zones(session: Session, communes: Sequence[str]) -> dict[str, tuple[str, str]]:
    """The frame item of each commune's zone, and its name."""
    items = select(FrameItemRow.label, FrameItemRow.id).where(FrameItemRow.kind == "zone")
    zone_of = {label: id_ for label, id_ in session.execute(items)}
    found: dict[str, tuple[str, str]] = {}
    for some in _chunks(communes):
        rows = session.execute(select(CommuneRow.id, CommuneRow.zone).where(CommuneRow.id.in_(some)))
        found.update((istat, (zone_of[zone], zone)) for istat, zone in rows if zone in zone_of)
    return found


def _held(session: Session, communes: Sequence[str]) -> dict[str, list[Held]]:
    """What each commune has, its needs before its projects, assets and saved calls."""
    found: dict[str, list[Held]] = {istat: [] for istat in communes}
    one = communes[0] if len(communes) == 1 else None
    items = [
        (item, istat)
        for item, owner in open_items(session, one)
        for istat in communes_of(item, owner)
        if istat in found and (is_public(item, owner) or owner_of(item, owner) == istat)
    ]
    tags = {kind: _tags(session, word, _ids(items, kind)) for kind, word in _SINGULAR.items()}
    for item, istat in items:
        kind = _kind(item)
        drivers = frozenset(item.drivers) | tags[kind].get(item.id, frozenset())
        themes = getattr(item, "themes", ())
        found[istat].append(Held(kind, item.title, drivers, stems_of(" ".join((item_text(item), *themes)))))
    for istat, call in _saved(session, frozenset(found)):
        found[istat].append(call)
    return found


def _saved(session: Session, communes: frozenset[str]) -> list[tuple[str, Held]]:
    saved = [
        (decision.commune_istat, decision.call_id)
        for decision in decisions_in_force(session)
        if decision.kind is DecisionKind.SAVED and decision.commune_istat in communes
    ]
    ids = sorted({call_id for _, call_id in saved})
    titles: dict[str, str] = {}
    for some in _chunks(ids):
        rows = session.execute(select(FundingCallRow.id, FundingCallRow.title).where(FundingCallRow.id.in_(some)))
        titles.update((id_, title) for id_, title in rows)
    tags = _tags(session, "call", ids)
    return [
        (istat, Held("calls", titles[call_id], tags.get(call_id, frozenset()), stems_of(titles[call_id])))
        for istat, call_id in saved
        if call_id in titles
    ]


def _tags(session: Session, word: str, ids: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """The drivers of records as their stored tags have them, as ids of the frame."""
    row, found = RecordTagRow, dict[str, set[str]]()
    for some in _chunks(ids):
        query = select(row.record_id, row.code).where(row.kind == word, row.scheme == DRIVER, row.record_id.in_(some))
        for record_id, code in session.execute(query):
            found.setdefault(record_id, set()).add(f"{DRIVER}:{code}")
    return {record_id: frozenset(drivers) for record_id, drivers in found.items()}


def _ids(items: Sequence[tuple[Item, str]], kind: str) -> list[str]:
    return sorted({item.id for item, _ in items if isinstance(item, ITEM_TYPES[kind])})


def _kind(item: Item) -> str:
    return next(kind for kind, record_type in ITEM_TYPES.items() if isinstance(item, record_type))


def _chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
