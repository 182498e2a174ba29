"""Whom to tell of what happened to an event they registered for; the letters go out after the commit."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from service.events.tables import EventRow, RegistrationRow
from service.moments import now
from service.work.acting import Acting


class NoticeKind(StrEnum):
    """What somebody is told: a place became theirs, or the event is cancelled, takes place after all, was moved."""

    PLACE = "place"
    CANCELLED = "cancelled"
    RESTORED = "restored"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Notice:
    """One letter to one account about one event."""

    kind: NoticeKind
    account_id: str
    event_id: str


def to_everybody(acting: Acting, event: EventRow, kind: NoticeKind) -> tuple[Notice, ...]:
    """Return a notice for each account that takes part or waits; nobody is told of what is over."""
    if (event.ends_at or event.starts_at) < now():
        return ()
    row = RegistrationRow
    accounts = select(row.account_id).where(row.event_id == event.id, row.withdrawn_at.is_(None)).order_by(row.at)
    return tuple(Notice(kind, account_id, event.id) for account_id in acting.session.scalars(accounts))
