"""An event as it is shown to whoever looks: how many attend is the incubator's to know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from service.events.tables import EventRow, RegistrationRow, Standing
from service.moments import now
from service.work.acting import Acting


@dataclass(frozen=True, slots=True)
class Counts:
    """How many have a place, wait for one, and came; in how many communes they are."""

    places: int = 0
    waiting: int = 0
    attended: int = 0
    communes: int = 0


@dataclass(frozen=True, slots=True)
class Mine:
    """The registration of whoever looks."""

    id: str
    standing: Standing
    at: datetime
    moved_up_at: datetime | None


@dataclass(frozen=True, slots=True)
class Event:
    """An event; ``counts`` is None for anybody but the incubator, ``online_url`` empty for who has no place.

    ``is_full``: whoever registers now waits. ``is_open``: one can still register.
    """

    id: str
    title: str
    text: str
    starts_at: datetime
    ends_at: datetime | None
    place: str
    is_online: bool
    online_url: str
    organiser: str
    drivers: tuple[str, ...]
    themes: tuple[str, ...]
    communes: tuple[str, ...]
    zones: tuple[str, ...]
    seats: int | None
    registration_until: datetime | None
    created_at: datetime
    cancelled_at: datetime | None
    version: int
    is_over: bool
    is_open: bool
    is_full: bool
    counts: Counts | None
    mine: Mine | None


def seen(acting: Acting, rows: Sequence[EventRow]) -> list[Event]:
    """Return events as whoever acts may see them."""
    ids, at = [row.id for row in rows], now()
    counted, mine = counts_of(acting.session, ids), _mine(acting, ids)
    return [_event(acting, row, counted.get(row.id, Counts()), mine.get(row.id), at) for row in rows]


def ends(row: EventRow) -> datetime:
    """Return when an event is over: at its end, or at its beginning where nobody said when it ends."""
    return row.ends_at or row.starts_at


def is_open(row: EventRow, at: datetime) -> bool:
    """Return whether one can register: not cancelled, not begun, and before the day that was set."""
    return row.cancelled_at is None and at < min(row.registration_until or row.starts_at, row.starts_at)


def _event(acting: Acting, row: EventRow, counts: Counts, mine: Mine | None, at: datetime) -> Event:
    may_enter = acting.principal.is_staff or (mine is not None and mine.standing is Standing.PLACE)
    return Event(
        id=row.id,
        title=row.title,
        text=row.text,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        place=row.place,
        is_online=bool(row.online_url),
        online_url=row.online_url if may_enter else "",
        organiser=row.organiser,
        drivers=tuple(row.drivers),
        themes=tuple(row.themes),
        communes=tuple(row.communes),
        zones=tuple(row.zones),
        seats=row.seats,
        registration_until=row.registration_until,
        created_at=row.created_at,
        cancelled_at=row.cancelled_at,
        version=row.version,
        is_over=ends(row) < at,
        is_open=is_open(row, at),
        is_full=row.seats is not None and counts.places >= row.seats,
        counts=(_kept(row) or counts) if acting.principal.is_staff else None,
        mine=mine,
    )


def _kept(row: EventRow) -> Counts | None:
    """What was counted before the registrations were removed."""
    return Counts(**row.attendance) if row.attendance is not None else None


def counts_of(session: Session, ids: Sequence[str]) -> Mapping[str, Counts]:
    """Return how many attend each event; one without registrations is not in it."""
    if not ids:
        return {}
    row = RegistrationRow

    def number(condition: ColumnElement[bool]) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    query = (
        select(
            row.event_id,
            number(row.standing == Standing.PLACE),
            number(row.standing == Standing.WAITING),
            number(row.attended.is_(True)),
            func.count(row.commune_istat.distinct()),
        )
        .where(row.event_id.in_(ids), row.withdrawn_at.is_(None))
        .group_by(row.event_id)
    )
    return {event_id: Counts(*map(int, numbers)) for event_id, *numbers in session.execute(query)}


def _mine(acting: Acting, ids: Sequence[str]) -> Mapping[str, Mine]:
    if acting.principal.account_id is None or not ids:
        return {}
    row = RegistrationRow
    own = select(row).where(
        row.event_id.in_(ids), row.account_id == acting.principal.account_id, row.withdrawn_at.is_(None)
    )
    found = acting.session.scalars(own)
    return {one.event_id: Mine(one.id, one.standing, one.at, one.moved_up_at) for one in found}
