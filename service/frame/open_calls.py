"""The calls that are open now: to which zones, on which lines and missions, and whether a project is near them.

calls open now ──not ruled out for a commune of the zone──► zones
               ──stored tags──► drivers, missions
               ──similarity──► the project that is nearest, of those that everybody sees and of all
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from matcher.records import Project
from matcher.strategy import DRIVER, MISSION
from matcher.verdicts import municipality
from service.answers.questions import is_public, open_items, sources_in_scope
from service.catalogue.overview import SUITS, followed
from service.catalogue.reverse import closeness
from service.catalogue.summaries import OPEN, STATES
from service.catalogue.view import Mask, positions_of
from service.frame.kinds import CALL
from service.frame.tables import RecordTagRow
from service.frame.zones import zone_of
from service.live import Serving
from service.work.subjects import Item

Codes = Mapping[tuple[str, str], frozenset[str]]
"""(record id, scheme) → the codes stored for it."""


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call that is open to some commune of the metropolitan city.

    ``zones``: those with a commune that it does not rule out. ``has_public_project``, ``has_project``: whether one of
    the projects that look for money is near it, of those that everybody sees and of all.
    """

    id: str
    title: str
    issuer: str
    closes_at: float | None
    drivers: frozenset[str]
    missions: frozenset[str]
    zones: frozenset[str]
    has_public_project: bool
    has_project: bool


def open_calls(session: Session, serving: Serving, on: datetime) -> tuple[OpenCall, ...]:
    """Return the calls that are open to the metropolitan city at a moment, in the order of their ids."""
    zones = _zones_of_calls(serving, on)
    positions = sorted(zones, key=lambda position: serving.catalogue.calls[position].id)
    calls = [serving.catalogue.calls[position] for position in positions]
    codes = codes_of(session, CALL.word)
    public, every = _near_a_project(session, serving, positions)
    closing = serving.view.closing
    return tuple(
        OpenCall(
            id=call.id,
            title=call.title,
            issuer=call.issuer,
            closes_at=float(closing[position]) if np.isfinite(closing[position]) else None,
            drivers=codes.get((call.id, DRIVER), frozenset()),
            missions=codes.get((call.id, MISSION), frozenset()),
            zones=zones[position],
            has_public_project=bool(public[at]),
            has_project=bool(every[at]),
        )
        for at, (position, call) in enumerate(zip(positions, calls, strict=True))
    )


def codes_of(session: Session, word: str, *wanted: ColumnElement[bool]) -> Codes:
    """Return the drivers and missions stored for the records of a kind; ``wanted``: only of some of them."""
    tag = RecordTagRow
    rows = session.execute(
        select(tag.record_id, tag.scheme, tag.code).where(tag.kind == word, tag.scheme.in_((DRIVER, MISSION)), *wanted)
    )
    found: dict[tuple[str, str], set[str]] = {}
    for record_id, scheme, code in rows:
        found.setdefault((record_id, scheme), set()).add(code)
    return {key: frozenset(codes) for key, codes in found.items()}


def _zones_of_calls(serving: Serving, on: datetime) -> dict[int, frozenset[str]]:
    """Return the position of each call that is open → the zones of which it does not rule out every commune."""
    table, view = serving.catalogue.eligibility, serving.view
    asked = np.isin(serving.catalogue.sources, sorted(sources_in_scope(serving, ())))
    is_open = asked & (view.states(on) == STATES.index(OPEN))
    found: dict[int, set[str]] = {}
    for commune in followed(serving.communes):
        for position in positions_of(is_open & (table.verdicts(municipality(commune), on) > 0)):
            found.setdefault(position, set()).add(zone_of(commune))
    return {position: frozenset(zones) for position, zones in found.items()}


def _near_a_project(session: Session, serving: Serving, positions: Sequence[int]) -> tuple[Mask, Mask]:
    """Return for each call whether a project that everybody sees is near it, and whether any is."""
    projects = [(item, owner) for item, owner in open_items(session) if isinstance(item, Project)]
    items: list[Item] = [item for item, _ in projects]
    near = closeness(serving, positions, items) >= SUITS
    public = np.array([is_public(item, owner) for item, owner in projects], dtype=np.bool_)
    return np.any(near[public], axis=0), np.any(near, axis=0)
