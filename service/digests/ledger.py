"""What each person was told, read from the e-mails that went out.

    told(session, people)   ──► what came before: each call's version as it was told last, and when that was
    enter(session, issue…)  ──► what an e-mail is going to tell, each thing once a week

What was in an e-mail whose delivery failed or is uncertain was not told: it is told again, a week later or a month.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import Row, func, insert, select
from sqlalchemy.orm import Session

from service.digests.content import Reason, Told, ToldCall
from service.digests.tables import IssueRow, IssueState, LedgerRow
from service.digests.weeks import Week

_CHUNK = 500
"""Ids in one statement: below the 999 parameters that the oldest SQLite in use allows."""


def told(session: Session, person_ids: Sequence[str]) -> dict[str, Told]:
    """Return what each of these people was told; somebody who was never told anything is not in it."""
    found: dict[str, Told] = {}
    for start in range(0, len(person_ids), _CHUNK):
        some = person_ids[start : start + _CHUNK]
        at = _told_at(session, some)
        calls = dict(_told_calls(session, some))
        found |= {id_: Told(at.get(id_), calls.get(id_, {})) for id_ in at.keys() | calls.keys()}
    return found


def enter(session: Session, issue: IssueRow, things: Iterable[tuple[str, int, Reason]]) -> None:
    """Write down what an e-mail tells: (call id, call version, reason); the database refuses a second time."""
    rows = [
        {
            "subscription_id": issue.subscription_id,
            "week": issue.week,
            "call_id": call_id,
            "call_version": version,
            "reason": reason,
            "issue_id": issue.id,
        }
        for call_id, version, reason in sorted(things)
    ]
    if rows:
        session.execute(insert(LedgerRow), rows)


def _told_at(session: Session, person_ids: Sequence[str]) -> dict[str, datetime]:
    """The moment as of which each person knows everything: a week in which there was nothing to tell counts, too."""
    rows = session.execute(
        select(IssueRow.subscription_id, func.max(IssueRow.told_at))
        .where(
            IssueRow.subscription_id.in_(person_ids),
            IssueRow.state.in_((IssueState.SENT, IssueState.SKIPPED)),
            IssueRow.told_at.is_not(None),
        )
        .group_by(IssueRow.subscription_id)
    )
    return {id_: at for id_, at in rows if at is not None}


def _told_calls(session: Session, person_ids: Sequence[str]) -> Iterator[tuple[str, dict[str, ToldCall]]]:
    rows = session.execute(
        select(LedgerRow.subscription_id, LedgerRow.call_id, LedgerRow.call_version, LedgerRow.week, LedgerRow.reason)
        .join(IssueRow, IssueRow.id == LedgerRow.issue_id)
        .where(LedgerRow.subscription_id.in_(person_ids), IssueRow.state == IssueState.SENT)
        .order_by(LedgerRow.subscription_id, LedgerRow.call_id, LedgerRow.week, LedgerRow.call_version)
    ).all()
    for person_id, of_person in groupby(rows, key=lambda row: row.subscription_id):
        yield person_id, {call_id: _last(list(of)) for call_id, of in groupby(of_person, key=lambda row: row.call_id)}


def _last(rows: Sequence[Row[str, str, int, str, Reason]]) -> ToldCall:
    """What was told last of one call, from its rows in the order of the weeks."""
    closing = [row for row in rows if row.reason is Reason.CLOSING]
    return ToldCall(
        version=max(row.call_version for row in rows),
        week=Week.read(rows[-1].week),
        closing_version=closing[-1].call_version if closing else None,
        closing_week=Week.read(closing[-1].week) if closing else None,
    )
