"""Places at an event: given in the order of registration, as many as there are, to one at a time.

Whoever gives or frees one holds the event's row, so that two never get the same.
"""

from sqlalchemy import func, select

from service.events.notices import Notice, NoticeKind
from service.events.tables import EventRow, RegistrationRow, Standing
from service.moments import now
from service.work.acting import Acting

REGISTRATIONS = "event_registrations"


def is_there_room(acting: Acting, event: EventRow) -> bool:
    """Return whether a place is free; the event's row must be held."""
    return event.seats is None or _taken(acting, event) < event.seats


def give_places(acting: Acting, event: EventRow) -> tuple[Notice, ...]:
    """Give what is free to those who wait longest, and return whom to tell; the event's row must be held."""
    if event.cancelled_at is not None or event.starts_at <= now():
        return ()
    row = RegistrationRow
    waiting = (
        select(row)
        .where(row.event_id == event.id, row.withdrawn_at.is_(None), row.standing == Standing.WAITING)
        .order_by(row.at, row.id)
    )
    free = None if event.seats is None else max(event.seats - _taken(acting, event), 0)
    notices = []
    for one in acting.session.scalars(waiting.limit(free)).all():
        one.standing, one.moved_up_at = Standing.PLACE, now()
        acting.did(REGISTRATIONS, "moved_up", one.id, one.commune_istat, event_id=event.id)
        notices.append(Notice(NoticeKind.PLACE, one.account_id, event.id))
    acting.session.flush()
    return tuple(notices)


def _taken(acting: Acting, event: EventRow) -> int:
    row = RegistrationRow
    held = row.event_id == event.id, row.withdrawn_at.is_(None), row.standing == Standing.PLACE
    return acting.session.scalar(select(func.count()).select_from(row).where(*held)) or 0
