"""How long what is only of passing use is kept, and its removal: ``docs/retention.md`` tells it to people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from service.access.principal import Principal
from service.accounts.tables import LinkRow, RecoveryCodeRow, SessionRow, ThrottleRow
from service.api.tables import IdempotencyRow
from service.audit.trail import record
from service.digests.forgetting import ended_readers, forget_what_hangs_on
from service.digests.tables import IssueRow, LedgerRow, RunRow, SubscriptionRow
from service.digests.weeks import Week
from service.events.forgetting import keep_counts, of_past_events
from service.events.tables import RegistrationRow
from service.jobs.tables import JobRow
from service.messages.tables import MessageRow
from service.moments import now
from service.requests.forgetting import ended_requests, forget_threads
from service.requests.tables import ServiceRequestRow
from service.tables import Base


@dataclass(frozen=True, slots=True)
class Term:
    """How long the rows of a table are kept after they ended; ``ended`` tells which ended before a moment.

    ``first`` removes what points to them.
    """

    table: type[Base]
    kept: timedelta
    ended: Callable[[datetime], ColumnElement[bool]]
    first: Callable[[Session, ColumnElement[bool]], None] | None = None


_YEAR, _MONTH, _DAY = timedelta(days=365), timedelta(days=30), timedelta(days=1)
TERMS = (
    Term(SessionRow, _MONTH, lambda at: or_(SessionRow.expires_at < at, SessionRow.revoked_at < at)),
    Term(LinkRow, _MONTH, lambda at: LinkRow.expires_at < at),
    Term(RecoveryCodeRow, _MONTH, lambda at: RecoveryCodeRow.used_at < at),
    Term(ThrottleRow, _DAY, lambda at: ThrottleRow.since < at),
    Term(IdempotencyRow, _DAY, lambda at: IdempotencyRow.at < at),
    Term(JobRow, _MONTH, lambda at: JobRow.finished_at < at),
    Term(MessageRow, _YEAR, lambda at: MessageRow.done_at < at),
    Term(RegistrationRow, _YEAR, of_past_events, keep_counts),
    Term(ServiceRequestRow, 5 * _YEAR, ended_requests, forget_threads),
    Term(LedgerRow, 2 * _YEAR, lambda at: LedgerRow.week < str(Week.of(at))),
    Term(IssueRow, 2 * _YEAR, lambda at: IssueRow.week < str(Week.of(at))),
    Term(RunRow, 2 * _YEAR, lambda at: RunRow.week < str(Week.of(at))),
    Term(SubscriptionRow, _MONTH, ended_readers, forget_what_hangs_on),
)


def tidy(session: Session, principal: Principal, request_id: str) -> Mapping[str, int]:
    """Remove what has outlived its term; returns the number of rows removed from each table."""
    at = now()
    removed: dict[str, Any] = {}
    for term in TERMS:
        outlived = term.ended(at - term.kept)
        removed[term.table.__tablename__] = (
            session.scalar(select(func.count()).select_from(term.table).where(outlived)) or 0
        )
        if term.first is not None:
            term.first(session, outlived)
        session.execute(delete(term.table).where(outlived))
    record(session, principal, request_id, "retention.tidied", "database", "", None, **removed)
    return removed
