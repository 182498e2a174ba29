"""Requests listed: the queue of the incubator, what is late first, and what a commune has asked for."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true

from service.errors import InvalidError
from service.moments import now
from service.requests.records import KIND, ServiceRequest, row_of, shown
from service.requests.tables import RequestState, Service, ServiceRequestRow
from service.requests.terms import OPEN
from service.tables import CommuneRow
from service.work.acting import Acting
from service.work.subjects import COLUMN_OF, ItemRef

NOBODY = "-"
"""As ``owner_id`` of the filters: what nobody follows yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFilters:
    """Which requests are listed; empty means all.

    ``going``: not those that were answered or have ended. ``late``: overdue as of today.
    """

    service: Service | None = None
    commune_istat: str = ""
    state: RequestState | None = None
    owner_id: str = ""
    call_id: str = ""
    item: ItemRef | None = None
    late: bool = False
    going: bool = False


def list_requests(
    acting: Acting, filters: RequestFilters, *, after: str = "", limit: int = 20
) -> tuple[list[ServiceRequest], str, int]:
    """Return one page of the requests that may be seen, where the next begins ("" at the end), and how many there are.

    First those on which the incubator has the next word, by due date, so that what is late comes first; then those
    that wait for the commune, are answered, have ended.
    """
    wanted = and_(*_wanted(acting, filters))
    total = acting.session.scalar(select(func.count()).select_from(ServiceRequestRow).where(wanted)) or 0
    rank = _rank()
    query = (
        select(ServiceRequestRow, rank)
        .where(wanted)
        .order_by(rank, ServiceRequestRow.due_on, ServiceRequestRow.id)
        .limit(limit + 1)
    )
    if after:
        query = query.where(_beyond(rank, after))
    found = acting.session.execute(query).all()
    rows = [row for row, _ in found[:limit]]
    last = f"{found[limit - 1][1]}\n{rows[-1].due_on}\n{rows[-1].id}" if len(found) > limit else ""
    acting.did(KIND, "listed", "", filters.commune_istat or acting.principal.commune_istat, count=len(rows))
    return shown(acting, rows), last, total


def read_request(acting: Acting, request_id: str) -> ServiceRequest:
    """Return one request; raises UnknownRecordError if there is none, or none that may be seen."""
    row = row_of(acting, request_id)
    acting.saw(KIND, row.id, row.commune_istat)
    return shown(acting, [row])[0]


def n_late(acting: Acting) -> int:
    """Return how many requests are overdue; for the incubator only."""
    acting.must_be_staff()
    return acting.session.scalar(select(func.count()).select_from(ServiceRequestRow).where(_is_late())) or 0


def asking_communes(acting: Acting) -> list[tuple[str, str]]:
    """Return code and name of each commune that has ever asked for something, by name; for the incubator only."""
    acting.must_be_staff()
    asking = select(ServiceRequestRow.commune_istat).distinct()
    query = select(CommuneRow.id, CommuneRow.name).where(CommuneRow.id.in_(asking)).order_by(CommuneRow.name)
    return [(istat, name) for istat, name in acting.session.execute(query)]


def _wanted(acting: Acting, filters: RequestFilters) -> list[ColumnElement[bool]]:
    row = ServiceRequestRow
    conditions = [true() if acting.principal.is_staff else row.commune_istat == acting.principal.commune_istat]
    equal = {
        row.service: filters.service,
        row.commune_istat: filters.commune_istat,
        row.state: filters.state,
        row.call_id: filters.call_id,
    }
    conditions += [column == value for column, value in equal.items() if value]
    if filters.item is not None:
        conditions.append(getattr(row, COLUMN_OF[filters.item.kind]) == filters.item.id)
    if filters.owner_id and acting.principal.is_staff:
        conditions.append(row.owner_id.is_(None) if filters.owner_id == NOBODY else row.owner_id == filters.owner_id)
    if filters.late:
        conditions.append(_is_late())
    if filters.going:
        conditions.append(row.state.in_(sorted(OPEN | {RequestState.WAITING})))
    return conditions


def _is_late() -> ColumnElement[bool]:
    return and_(ServiceRequestRow.state.in_(sorted(OPEN)), ServiceRequestRow.due_on < now().date())


def _rank() -> ColumnElement[int]:
    state = ServiceRequestRow.state
    ranks = ((sorted(OPEN), 0), ([RequestState.WAITING], 1), ([RequestState.ANSWERED], 2))
    return case(*((state.in_(states), number) for states, number in ranks), else_=3)


def _beyond(rank: ColumnElement[int], after: str) -> ColumnElement[bool]:
    number, day, request_id = _position(after)
    due, row_id = ServiceRequestRow.due_on, ServiceRequestRow.id
    later = or_(due > day, and_(due == day, row_id > request_id))
    return or_(rank > number, and_(rank == number, later))


def _position(after: str) -> tuple[int, date, str]:
    number, _, rest = after.partition("\n")
    day, _, request_id = rest.partition("\n")
    try:
        return int(number), date.fromisoformat(day), request_id
    except ValueError as error:
        raise InvalidError("cursor", "not a cursor of this list; start again without one") from error
