"""Reading what was written down: the answers that were shown, and the trail of who saw or changed what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from service.access.principal import Principal
from service.accounts.tables import AccountRow, Role
from service.audit.tables import AnswerCallRow, AnswerRow, AuditEventRow
from service.moments import start_of


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFilters:
    """Which answers; ``on`` is a day in Rome's time."""

    call_id: str = ""
    commune_istat: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilters:
    """Which events; ``action`` may be a whole one or its kind (``needs``), days are in Rome's time."""

    account_id: str = ""
    action: str = ""
    object_id: str = ""
    commune_istat: str = ""
    request_id: str = ""
    first: date | None = None
    last: date | None = None


def find_answers(
    session: Session, principal: Principal, filters: AnswerFilters, *, before: str = "", limit: int = 20
) -> tuple[Sequence[AnswerRow], str]:
    """Return a page of the answers that may be seen, newest first, and where the next begins ("" at the end)."""
    query = select(AnswerRow).order_by(AnswerRow.at.desc(), AnswerRow.id.desc()).limit(limit + 1)
    if not principal.is_staff:
        query = query.where(_own(principal))
    if filters.call_id:
        shown = select(AnswerCallRow.answer_id).where(AnswerCallRow.call_id == filters.call_id)
        query = query.where(AnswerRow.id.in_(shown))
    if filters.commune_istat:
        query = query.where(AnswerRow.commune_istat == filters.commune_istat)
    if filters.on is not None:
        query = query.where(AnswerRow.at >= start_of(filters.on), AnswerRow.at < start_of(_next(filters.on)))
    if before:
        at, _, last_id = before.partition(" ")
        moment = datetime.fromisoformat(at)
        query = query.where(or_(AnswerRow.at < moment, (AnswerRow.at == moment) & (AnswerRow.id < last_id)))
    rows = session.scalars(query).all()
    return rows[:limit], f"{rows[limit - 1].at.isoformat()} {rows[limit - 1].id}" if len(rows) > limit else ""


def find_events(
    session: Session, filters: EventFilters, *, before: int | None = None, limit: int = 20
) -> tuple[Sequence[AuditEventRow], int | None]:
    """Return a page of the trail, newest first, and where the next begins (None at the end)."""
    conditions: list[ColumnElement[bool]] = [
        getattr(AuditEventRow, name) == value
        for name in ("account_id", "object_id", "commune_istat", "request_id")
        if (value := getattr(filters, name))
    ]
    if filters.action:
        whole_kind = AuditEventRow.action.startswith(f"{filters.action}.", autoescape=True)
        conditions.append(or_(AuditEventRow.action == filters.action, whole_kind))
    if filters.first is not None:
        conditions.append(AuditEventRow.at >= start_of(filters.first))
    if filters.last is not None:
        conditions.append(AuditEventRow.at < start_of(_next(filters.last)))
    if before is not None:
        conditions.append(AuditEventRow.id < before)
    query = select(AuditEventRow).where(*conditions).order_by(AuditEventRow.id.desc()).limit(limit + 1)
    rows = session.scalars(query).all()
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def _own(principal: Principal) -> ColumnElement[bool]:
    """The answers of the account itself, and those of all accounts of its commune."""
    own: ColumnElement[bool] = AnswerRow.account_id == principal.account_id
    if principal.role is not Role.COMMUNE:
        return own
    colleagues = select(AccountRow.id).where(AccountRow.commune_istat == principal.commune_istat)
    return or_(own, AnswerRow.account_id.in_(colleagues))


def _next(day: date) -> date:
    return day + timedelta(days=1)
