"""What remains of an event when its registrations have outlived their term: how many, and no longer who."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from service.events.seen import counts_of
from service.events.tables import EventRow, RegistrationRow


def of_past_events(before: datetime) -> ColumnElement[bool]:
    """Return which registrations are for events that were over before a moment."""
    end = func.coalesce(EventRow.ends_at, EventRow.starts_at, type_=EventRow.starts_at.type)
    return RegistrationRow.event_id.in_(select(EventRow.id).where(end < before))


def keep_counts(session: Session, outlived: ColumnElement[bool]) -> None:
    """Write the counts of the registrations that are about to be removed into their events."""
    ids = session.scalars(select(RegistrationRow.event_id).where(outlived).distinct()).all()
    for event_id, counts in counts_of(session, ids).items():
        session.get_one(EventRow, event_id).attendance = asdict(counts)
    session.flush()
