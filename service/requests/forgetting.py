"""Requests that ended long ago, removed with all that was said about them."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.orm import Session

from service.requests.records import KIND
from service.requests.tables import RequestEntryRow, RequestState, ServiceRequestRow
from service.tables import RecordChangeRow


def ended_requests(at: datetime) -> ColumnElement[bool]:
    """Return which requests had ended before a moment: closed, withdrawn, or answered and not gone back to since."""
    row = ServiceRequestRow
    left_at_that = and_(row.state == RequestState.ANSWERED, row.updated_at < at)
    return or_(row.ended_at < at, left_at_that)


def forget_threads(session: Session, outlived: ColumnElement[bool]) -> None:
    """Remove the texts, hours and history of requests, which go after them."""
    ids = select(ServiceRequestRow.id).where(outlived)
    session.execute(delete(RequestEntryRow).where(RequestEntryRow.request_id.in_(ids)))
    session.execute(delete(RecordChangeRow).where(RecordChangeRow.kind == KIND, RecordChangeRow.record_id.in_(ids)))
