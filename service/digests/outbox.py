"""The outbox: every e-mail of a week, who holds it, and how far it is; several processes may work on it at once.

    start ──► claim ──► (compose)  stored ──► claim ──► hand_over ──► settle
      │                                                   └── committed before the mail server gets the text
      └── keep_alive, every few seconds; whoever falls silent holds nothing any more

A step that comes too late, because another process has taken the e-mail over meanwhile, changes nothing and says so.
What a dead process was handing over just then is uncertain: only the mail server knows.
"""

import base64
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from service.digests.tables import IssueRow, IssueState, RunRow, SubscriptionRow, SubscriptionState
from service.digests.weeks import Week
from service.ids import new_id
from service.moments import now

LEASE = timedelta(seconds=20)
"""How long after its last sign of life a process keeps what it holds."""
READY = (IssueState.COMPOSED, IssueState.RETRY)
"""The states in which an e-mail is written and may be sent."""
OPEN = (IssueState.PLANNED, *READY, IssueState.SENDING)
"""The states that are not the last one."""
_COLUMNS = IssueRow.__table__.columns
_INTERRUPTED = "the program ended after handing over and before the mail server's answer"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A written e-mail that this process holds; ``message`` lacks only the addressee."""

    id: str
    address: str
    attempts: int
    message: bytes


def start(session: Session, week: Week, at: datetime) -> str:
    """Enter a process; returns its id, under which it claims."""
    run = RunRow(id=new_id(), week=str(week), started_at=at, alive_until=at + LEASE, counts={})
    session.add(run)
    session.flush()
    return run.id


def keep_alive(session: Session, run_id: str, at: datetime) -> int:
    """Say that a process is still at work; returns how many are, itself counted."""
    session.execute(update(RunRow).where(RunRow.id == run_id).values(alive_until=at + LEASE))
    alive = select(func.count()).select_from(RunRow).where(RunRow.ended_at.is_(None), RunRow.alive_until >= at)
    return session.scalar(alive) or 0


def finish(session: Session, run_id: str, at: datetime, counts: Mapping[str, int]) -> None:
    """Let go of all that a process holds, and keep what it did."""
    held = and_(IssueRow.run_id == run_id, IssueRow.state.in_((IssueState.PLANNED, *READY)))
    session.execute(update(IssueRow).where(held).values(run_id=None))
    ended = {"ended_at": at, "alive_until": at, "counts": dict(counts)}
    session.execute(update(RunRow).where(RunRow.id == run_id).values(ended))


def mark_interrupted(session: Session, at: datetime) -> int:
    """Call uncertain what dead processes were handing over; returns how many e-mails those were."""
    values = {"state": IssueState.UNCERTAIN, "reply": _INTERRUPTED, "settled_at": at}
    # The dead one stays named: if it was only slow, its answer still settles the question.
    left = and_(IssueRow.state == IssueState.SENDING, IssueRow.run_id.in_(_silent(at)))
    return len(session.execute(update(IssueRow).where(left).values(values).returning(IssueRow.id)).all())


def claim(
    session: Session, run_id: str, week: Week, states: Sequence[IssueState], at: datetime, most: int
) -> list[str]:
    """Take up to ``most`` e-mails that are due and that no living process holds; returns their ids."""
    wanted = (
        select(IssueRow.id)
        .where(IssueRow.week == str(week), IssueRow.state.in_(states), IssueRow.next_attempt_at <= at, _is_free(at))
        .order_by(IssueRow.next_attempt_at, IssueRow.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    ids = list(session.scalars(wanted))
    for some in _chunks(ids):
        session.execute(update(IssueRow).where(IssueRow.id.in_(some)).values(run_id=run_id))
    return ids


def read(session: Session, run_id: str, issue_ids: Sequence[str], addresses: Mapping[str, str]) -> list[Outgoing]:
    """Return those of these e-mails that this process holds; ``addresses`` maps subscriptions to where they go."""
    found: list[Outgoing] = []
    for some in _chunks(issue_ids):
        rows = session.execute(
            select(IssueRow.id, IssueRow.subscription_id, IssueRow.attempts, IssueRow.message).where(
                IssueRow.id.in_(some), IssueRow.run_id == run_id, IssueRow.state.in_(READY)
            )
        )
        found += [
            Outgoing(row.id, addresses[row.subscription_id], row.attempts, unpack(row.message))
            for row in rows
            if row.subscription_id in addresses
        ]
    return found


def store(session: Session, run_id: str, issue_id: str, message: bytes, told_at: datetime) -> bool:
    """Put a written e-mail into the outbox; returns whether this process still held it."""
    values = {"state": IssueState.COMPOSED, "message": pack(message), "told_at": told_at, "run_id": None}
    return _changed(session, issue_id, run_id, (IssueState.PLANNED,), values)


def skip(session: Session, run_id: str, issue_id: str, told_at: datetime) -> bool:
    """Say that there is nothing to tell in this week; returns whether this process still held the e-mail."""
    values = {"state": IssueState.SKIPPED, "told_at": told_at, "settled_at": told_at, "run_id": None}
    return _changed(session, issue_id, run_id, (IssueState.PLANNED,), values)


def hand_over(session: Session, run_id: str, issue_id: str) -> bool:
    """Say that the mail server gets the text now; returns whether it may have it.

    It may not where another process took the e-mail over, or the reader has unsubscribed meanwhile.
    """
    return _changed(session, issue_id, run_id, READY, {"state": IssueState.SENDING}, only_active=True)


def settle(
    session: Session, run_id: str, issue_id: str, state: IssueState, reply: str, at: datetime, wait: timedelta | None
) -> bool:
    """Write down how a try ended, for an e-mail that this process holds; returns whether it still did.

    ``wait`` is how long to leave it alone where it is to be tried again.
    """
    values: dict[str, Any] = {"state": state, "reply": reply, "run_id": None}
    if wait is None:
        values["settled_at"] = at
    else:
        values["next_attempt_at"] = at + wait
    if state not in (IssueState.PLANNED, *READY, IssueState.UNCERTAIN):
        values["message"] = ""
    # Another process may have called uncertain what this one knows now.
    return _changed(session, issue_id, run_id, (*OPEN, IssueState.UNCERTAIN), values, tried=True)


def next_due(session: Session, week: Week, run_id: str, states: Sequence[IssueState]) -> datetime | None:
    """Return when the next e-mail in one of these states can be had: when it is due, or its holder may fall silent.

    None where all are done with, or in this process's own hands.
    """
    of_others = or_(IssueRow.run_id.is_(None), IssueRow.run_id != run_id)
    ready = and_(IssueRow.week == str(week), of_others, IssueRow.state.in_(states))
    joined = select(IssueRow.next_attempt_at, RunRow.alive_until, RunRow.ended_at).outerjoin(
        RunRow, RunRow.id == IssueRow.run_id
    )
    free = and_(ready, or_(RunRow.id.is_(None), RunRow.ended_at.is_not(None)))
    moments = [
        session.scalar(select(func.min(joined.where(free).subquery().c.next_attempt_at))),
        session.scalar(select(func.min(joined.where(ready, RunRow.ended_at.is_(None)).subquery().c.alive_until))),
    ]
    return min((moment for moment in moments if moment is not None), default=None)


def counts(session: Session, week: Week) -> dict[IssueState, int]:
    """Return how many e-mails of a week are in each state; a state without any is not in it."""
    rows = session.execute(
        select(IssueRow.state, func.count()).where(IssueRow.week == str(week)).group_by(IssueRow.state)
    )
    return {state: count for state, count in rows}


def reasons(session: Session, week: Week) -> dict[str, int]:
    """Return what is written down about e-mails of a week that did not simply go out, the most frequent first."""
    odd = IssueRow.state.not_in((IssueState.SENT, IssueState.SKIPPED, IssueState.EXPIRED))
    rows = session.execute(
        select(IssueRow.reply, func.count().label("times"))
        .where(IssueRow.week == str(week), odd, IssueRow.reply != "")
        .group_by(IssueRow.reply)
        .order_by(func.count().desc(), IssueRow.reply)
        .limit(20)
    )
    return {reply: times for reply, times in rows}


def is_alive(run: RunRow) -> bool:
    """Whether a process is still at work, as far as its last sign of life tells."""
    return run.ended_at is None and run.alive_until >= now()


def pack(message: bytes) -> str:
    """Return a message as the outbox keeps it: compressed, in letters that every copy can carry."""
    return base64.b64encode(zlib.compress(message, 6)).decode()


def unpack(packed: str) -> bytes:
    """Return the message that was packed."""
    return zlib.decompress(base64.b64decode(packed))


def _changed(
    session: Session,
    issue_id: str,
    run_id: str,
    states: tuple[IssueState, ...],
    values: Mapping[str, Any],
    *,
    tried: bool = False,
    only_active: bool = False,
) -> bool:
    """Change an e-mail that this process holds in one of these states; returns whether it did."""
    statement = _change(states, tuple(values), tried, only_active)
    named = {f"new_{name}": value for name, value in values.items()}
    return session.execute(statement, {"issue": issue_id, "run": run_id} | named).first() is not None


@lru_cache
def _change(
    states: tuple[IssueState, ...], names: tuple[str, ...], tried: bool, only_active: bool
) -> ReturningUpdate[str]:
    """Built once for each kind of step: building it anew would take longer than all else that an e-mail costs."""
    conditions = [IssueRow.id == bindparam("issue"), IssueRow.run_id == bindparam("run"), IssueRow.state.in_(states)]
    if only_active:
        active = SubscriptionRow.state == SubscriptionState.ACTIVE
        conditions.append(exists().where(SubscriptionRow.id == IssueRow.subscription_id, active))
    values: dict[str, Any] = {name: bindparam(f"new_{name}", type_=_COLUMNS[name].type) for name in names}
    if tried:
        values["attempts"] = IssueRow.attempts + 1
    changed = update(IssueRow).where(*conditions).values(values).returning(IssueRow.id)
    return changed.execution_options(synchronize_session=False)


def _is_free(at: datetime) -> ColumnElement[bool]:
    return or_(IssueRow.run_id.is_(None), IssueRow.run_id.in_(_silent(at)))


def _silent(at: datetime) -> Any:
    """The processes that have ended, or of which nothing was heard for a while."""
    return select(RunRow.id).where(or_(RunRow.ended_at.is_not(None), RunRow.alive_until < at))


def _chunks(ids: Sequence[str], size: int = 500) -> Iterable[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
