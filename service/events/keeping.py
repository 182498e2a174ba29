"""Events as the incubator keeps them: made, edited, cancelled, each step undone; whoever waits gets what becomes free.

create ──► version 1 ──change──► 2 ──cancel──► 3 ──undo──► 4      notices: whom to tell by e-mail after the commit
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from service.errors import ConflictError, InvalidError, UnknownRecordError
from service.events.fields import EMPTY, REQUIRED, EventChanges, NewEvent
from service.events.notices import Notice, NoticeKind, to_everybody
from service.events.places import give_places
from service.events.seen import Event, seen
from service.events.tables import EventRow
from service.ids import new_id
from service.moments import now
from service.tables import FrameItemRow
from service.work.acting import Acting
from service.work.items import must_be_communes
from service.work.versioned import last_change, must_be_current, plain, store, values_before

KIND = "events"
EDITABLE = (
    *("title", "text", "starts_at", "ends_at", "place", "online_url", "organiser", "drivers", "themes", "communes"),
    *("zones", "seats", "registration_until"),
)
_AFFECT_WHO_COMES = frozenset({"starts_at", "ends_at", "place", "online_url"})
_AS_IT_IS = (*EMPTY, "seats")
_MOMENTS = dict.fromkeys(
    ("starts_at", "ends_at", "registration_until", "cancelled_at"), datetime.fromisoformat
) | dict.fromkeys(_AS_IT_IS, lambda held: held)


class Which(StrEnum):
    """Which events are listed: those to come, those that are over, or all that were cancelled."""

    COMING = "coming"
    PAST = "past"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Done:
    """An event after a change, and whom to tell of it."""

    event: Event
    notices: tuple[Notice, ...] = ()


def list_events(
    acting: Acting, which: Which = Which.COMING, *, after: str = "", limit: int = 20
) -> tuple[list[Event], str, int]:
    """Return one page of events, where the next begins (empty at the end), and how many there are.

    Those to come begin with the next one, the others with the last one.
    """
    wanted = _wanted(which)
    total = acting.session.scalar(select(func.count()).select_from(EventRow).where(wanted)) or 0
    onwards = which is Which.COMING
    order = (EventRow.starts_at, EventRow.id) if onwards else (EventRow.starts_at.desc(), EventRow.id.desc())
    query = select(EventRow).where(wanted).order_by(*order).limit(limit + 1)
    if after:
        query = query.where(_beyond(after, onwards))
    rows = list(acting.session.scalars(query))
    last = f"{rows[limit - 1].starts_at.isoformat()}\n{rows[limit - 1].id}" if len(rows) > limit else ""
    return seen(acting, rows[:limit]), last, total


def read_event(acting: Acting, event_id: str) -> Event:
    """Return one event; raises UnknownRecordError if there is none."""
    return seen(acting, [row_of(acting, event_id)])[0]


def create_event(acting: Acting, fields: NewEvent) -> Event:
    """Keep a new event, which everybody sees at once; raises InvalidError naming a field."""
    acting.must_be_staff()
    sent = _sent(fields)
    values: dict[str, Any] = dict.fromkeys(EDITABLE) | EMPTY | {k: v for k, v in sent.items() if v is not None}
    _check(acting, values)
    at = now()
    row = EventRow(
        id=new_id(), created_at=at, updated_at=at, created_by=acting.principal.account_id, version=1, **values
    )
    acting.session.add(row)
    acting.session.flush()
    acting.session.refresh(row)
    acting.did(KIND, "created", row.id)
    return seen(acting, [row])[0]


def change_event(acting: Acting, event_id: str, version: int, fields: EventChanges) -> Done:
    """Change an event; more seats are given to who waits.

    Raises UnknownRecordError, StaleError if ``version`` is not the stored one, ConflictError where it is cancelled,
    InvalidError naming a field.
    """
    row = row_to_change(acting, event_id)
    sent = _sent(fields)
    must_be_current(row, version, sent)
    if row.cancelled_at is not None:
        raise ConflictError(f"{row.id} is cancelled: restore it first")
    return _change(acting, row, {name: EMPTY.get(name) if held is None else held for name, held in sent.items()})


def cancel_event(acting: Acting, event_id: str) -> Done:
    """Cancel an event; it is kept with its registrations, and whoever takes part or waits is to be told."""
    row = row_to_change(acting, event_id)
    if row.cancelled_at is not None:
        return Done(seen(acting, [row])[0])
    store(acting, KIND, row, {"cancelled_at": now().astimezone(UTC)}, "cancelled")
    return Done(seen(acting, [row])[0], to_everybody(acting, row, NoticeKind.CANCELLED))


def restore_event(acting: Acting, event_id: str) -> Done:
    """Let a cancelled event take place; whoever had registered still has, and is to be told."""
    row = row_to_change(acting, event_id)
    if row.cancelled_at is None:
        return Done(seen(acting, [row])[0])
    store(acting, KIND, row, {"cancelled_at": None}, "restored")
    return Done(seen(acting, [row])[0], to_everybody(acting, row, NoticeKind.RESTORED))


def undo_event(acting: Acting, event_id: str, version: int) -> Done:
    """Undo the last change of an event; undone once more, it is made again. A new event is cancelled.

    Raises UnknownRecordError, StaleError if ``version`` is not the stored one.
    """
    row = row_to_change(acting, event_id)
    must_be_current(row, version, {})
    last = last_change(acting, KIND, row)
    if last is None:
        return cancel_event(acting, event_id)
    before = values_before(last, _MOMENTS)
    if "cancelled_at" in before:
        return restore_event(acting, event_id) if row.cancelled_at else cancel_event(acting, event_id)
    return _change(acting, row, before, "undone")


def row_of(acting: Acting, event_id: str) -> EventRow:
    """Return an event's row; raises UnknownRecordError if there is none."""
    row = acting.session.get(EventRow, event_id)
    if row is None:
        raise UnknownRecordError(f"{event_id}: no event has this id")
    return row


def row_to_change(acting: Acting, event_id: str) -> EventRow:
    """Return an event's row, held until the transaction ends; raises ForbiddenError for all but the incubator."""
    acting.must_be_staff()
    row = acting.session.get(EventRow, event_id, with_for_update=True)
    if row is None:
        raise UnknownRecordError(f"{event_id}: no event has this id")
    return row


def _change(acting: Acting, row: EventRow, values: Mapping[str, Any], verb: str = "edited") -> Done:
    merged = {name: getattr(row, name) for name in EDITABLE} | dict(values)
    _check(acting, merged)
    moved = any(
        name in _AFFECT_WHO_COMES and plain(getattr(row, name)) != plain(value) for name, value in values.items()
    )
    store(acting, KIND, row, values, verb)
    notices = to_everybody(acting, row, NoticeKind.MOVED) if moved else ()
    return Done(seen(acting, [row])[0], (*notices, *give_places(acting, row)))


def _sent(fields: EventChanges) -> dict[str, Any]:
    """The fields that were sent, moments in UTC as the database gives them back."""
    sent = {name: getattr(fields, name) for name in fields.model_fields_set}
    if missing := sorted(name for name in REQUIRED & sent.keys() if sent[name] is None):
        raise InvalidError(missing[0], "an event cannot be without it")
    return {name: held.astimezone(UTC) if isinstance(held, datetime) else held for name, held in sent.items()}


def _check(acting: Acting, values: Mapping[str, Any]) -> None:
    """Raise InvalidError for values that contradict each other, or name what is not there."""
    starts, ends, until = values["starts_at"], values["ends_at"], values["registration_until"]
    if ends is not None and ends < starts:
        raise InvalidError("ends_at", "it ends before it begins")
    if until is not None and until > starts:
        raise InvalidError("registration_until", "registration ends when the event begins, at the latest")
    if not values["place"] and not values["online_url"]:
        raise InvalidError("place", "say where it is: a place, an address online, or both")
    must_be_communes(acting, "communes", list(values["communes"]))
    zones = set(values["zones"])
    known = set(acting.session.scalars(select(FrameItemRow.id).where(FrameItemRow.id.in_(sorted(zones)))))
    if unknown := sorted(zones - known):
        raise InvalidError("zones", f"{unknown[0]}: no zone of the strategic frame has this id")


def _wanted(which: Which) -> ColumnElement[bool]:
    over = func.coalesce(EventRow.ends_at, EventRow.starts_at, type_=EventRow.starts_at.type) < now()
    if which is Which.CANCELLED:
        return EventRow.cancelled_at.is_not(None)
    return and_(over, EventRow.cancelled_at.is_(None)) if which is Which.PAST else ~over


def _beyond(after: str, onwards: bool) -> ColumnElement[bool]:
    words, _, event_id = after.partition("\n")
    try:
        at = datetime.fromisoformat(words)
    except ValueError as error:
        raise InvalidError("cursor", "not a cursor of this list; start again without one") from error
    starts, same = EventRow.starts_at, EventRow.starts_at == at
    if onwards:
        return or_(starts > at, and_(same, EventRow.id > event_id))
    return or_(starts < at, and_(same, EventRow.id < event_id))


def rows_coming(session: Session, at: datetime) -> Sequence[EventRow]:
    """Return the events that are still to begin and were not cancelled, the next one first."""
    coming = EventRow.starts_at > at, EventRow.cancelled_at.is_(None)
    return session.scalars(select(EventRow).where(*coming).order_by(EventRow.starts_at, EventRow.id)).all()
