"""Requests as those who may see them see them, read from their rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from service.accounts.tables import AccountRow
from service.errors import UnknownRecordError
from service.moments import now
from service.requests.tables import EntryKind, RequestEntryRow, RequestState, Service, ServiceRequestRow
from service.requests.terms import is_late
from service.tables import CommuneRow
from service.work.acting import Acting
from service.work.authors import Author, authors
from service.work.merged import shown_as
from service.work.subjects import ItemRef, call_titles, item_of, item_titles

KIND = "service_requests"
"""What requests are called in the audit trail and in the history."""


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """A service that a commune asked for.

    ``call_title`` and ``item_title`` are empty where there is none. ``owner_id`` and ``owner_name`` are those of the
    incubator's person who follows it, for the incubator only. ``is_late``: its answer is overdue as of now.
    """

    id: str
    service: Service
    commune_istat: str
    commune_name: str
    call_id: str | None
    call_title: str
    item: ItemRef | None
    item_title: str
    text: str
    author: Author
    state: RequestState
    owner_id: str | None
    owner_name: str
    asked_at: datetime
    due_on: date
    is_late: bool
    first_answer_at: datetime | None
    ended_at: datetime | None
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class RequestEntry:
    """Something said about a request; ``minutes`` is 0 for those who may not know it."""

    id: str
    kind: EntryKind
    author: Author
    text: str
    minutes: int
    at: datetime


def row_of(acting: Acting, request_id: str, *, for_change: bool = False) -> ServiceRequestRow:
    """Return a request's row; raises UnknownRecordError if there is none, or none that may be seen."""
    row = acting.session.get(ServiceRequestRow, request_id, with_for_update=True if for_change else None)
    if row is None or not acting.principal.keeps(row.commune_istat):
        raise unknown(request_id)
    return row


def unknown(request_id: str) -> UnknownRecordError:
    """Return the one answer for what is not there and for what may not be known to be there."""
    return UnknownRecordError(f"{request_id}: none of the requests that you may see has this id")


def shown(acting: Acting, rows: Sequence[ServiceRequestRow]) -> list[ServiceRequest]:
    """Return requests as whoever acts may see them."""
    merged = shown_as(acting.session, "calls")
    calls = {row.call_id: merged.get(row.call_id, row.call_id) for row in rows if row.call_id}
    titles = call_titles(acting, calls.values())
    items = item_titles(acting, (item for row in rows if (item := item_of(row)) is not None))
    communes = _names(acting, CommuneRow, [row.commune_istat for row in rows])
    written_by = authors(acting, (row.account_id for row in rows))
    is_staff, at = acting.principal.is_staff, now()
    owners = _names(acting, AccountRow, [row.owner_id for row in rows if row.owner_id]) if is_staff else {}
    found = []
    for row in rows:
        call_id = calls[row.call_id] if row.call_id else None
        item = item_of(row)
        found.append(
            ServiceRequest(
                id=row.id,
                service=row.service,
                commune_istat=row.commune_istat,
                commune_name=communes[row.commune_istat],
                call_id=call_id,
                call_title=titles[call_id] if call_id else "",
                item=item,
                item_title=items[item] if item else "",
                text=row.text,
                author=written_by[row.account_id],
                state=row.state,
                owner_id=row.owner_id if is_staff else None,
                owner_name=owners.get(row.owner_id or "", ""),
                asked_at=row.asked_at,
                due_on=row.due_on,
                is_late=is_late(row.state, row.due_on, at),
                first_answer_at=row.first_answer_at,
                ended_at=row.ended_at,
                updated_at=row.updated_at,
                version=row.version,
            )
        )
    return found


def entries_of(acting: Acting, row: ServiceRequestRow) -> list[RequestEntry]:
    """Return what was said about a request, oldest first; notes and minutes for the incubator only."""
    is_staff = acting.principal.is_staff
    query = select(RequestEntryRow).where(RequestEntryRow.request_id == row.id, RequestEntryRow.withdrawn_at.is_(None))
    if not is_staff:
        query = query.where(RequestEntryRow.kind == EntryKind.MESSAGE)
    rows = acting.session.scalars(query.order_by(RequestEntryRow.at, RequestEntryRow.id)).all()
    return shown_entries(acting, rows)


def shown_entries(acting: Acting, rows: Sequence[RequestEntryRow]) -> list[RequestEntry]:
    """Return entries as whoever acts may see them."""
    written_by, is_staff = authors(acting, (one.account_id for one in rows)), acting.principal.is_staff
    return [
        RequestEntry(one.id, one.kind, written_by[one.account_id], one.text, one.minutes if is_staff else 0, one.at)
        for one in rows
    ]


def _names(acting: Acting, table: type[CommuneRow] | type[AccountRow], ids: Sequence[str]) -> dict[str, str]:
    rows = acting.session.execute(select(table.id, table.name).where(table.id.in_(sorted(set(ids)))))
    return {key: name for key, name in rows}
