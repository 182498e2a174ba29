"""Taking out of the weekly e-mail's tables what says whom it went to."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, or_, select
from sqlalchemy.orm import Session

from service.digests.tables import FollowRow, IssueRow, LedgerRow, SubscriptionRow, SubscriptionState

_HANGING = (LedgerRow, IssueRow, FollowRow)
"""What belongs to a subscription, in the order in which it can be removed."""


def ended_readers(before: datetime) -> ColumnElement[bool]:
    """The condition of readers without account who ended their subscription, or never confirmed it, before a moment."""
    never = and_(SubscriptionRow.state == SubscriptionState.PENDING, SubscriptionRow.created_at < before)
    return and_(SubscriptionRow.account_id.is_(None), or_(SubscriptionRow.ended_at < before, never))


def forget_what_hangs_on(session: Session, which: ColumnElement[bool]) -> None:
    """Remove all that belongs to subscriptions, so that they themselves can be removed."""
    ids = select(SubscriptionRow.id).where(which)
    for table in _HANGING:
        session.execute(delete(table).where(table.subscription_id.in_(ids)))


def forget(session: Session, which: ColumnElement[bool]) -> int:
    """Remove subscriptions with all that belongs to them; returns how many those were."""
    forget_what_hangs_on(session, which)
    return len(session.execute(delete(SubscriptionRow).where(which).returning(SubscriptionRow.id)).all())


def kept_about(session: Session, which: ColumnElement[bool]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of subscriptions and of all that belongs to them, by table, without their secrets."""
    ids = select(SubscriptionRow.id).where(which)
    tables = {SubscriptionRow: which} | {table: table.subscription_id.in_(ids) for table in _HANGING}
    found: dict[str, list[dict[str, Any]]] = {}
    for row, condition in tables.items():
        table: Table = row.metadata.tables[row.__tablename__]
        columns = [column for column in table.columns if column.name not in ("token", "message")]
        rows = [dict(found) for found in session.execute(select(*columns).where(condition)).mappings()]
        if rows:
            found[row.__tablename__] = rows
    return found
