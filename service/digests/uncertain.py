"""E-mails that the mail server may have or not: a person decides, best with the mail server's own log at hand.

log ──► its Message-ID stands there: it was taken ──► sent
└─► it does not: a person may say "again", or leave it; next week's e-mail tells the same anyway
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from service.digests.tables import IssueRow, IssueState, SubscriptionRow
from service.digests.weeks import Week

_MESSAGE_ID = re.compile(r"<?(\d{4}-W\d{2}\.[0-9a-f-]{36}@[^\s<>,;]+?)>?(?=[\s,;]|$)")


@dataclass(frozen=True, slots=True)
class Uncertain:
    """One e-mail of which nobody knows; ``person_id`` is the subscription's."""

    issue_id: str
    person_id: str
    message_id: str
    since: datetime | None
    reply: str


def uncertain_ones(session: Session, week: Week) -> list[Uncertain]:
    """Return the e-mails of a week whose delivery is uncertain, by their ids."""
    rows = session.scalars(
        select(IssueRow).where(IssueRow.week == str(week), IssueRow.state == IssueState.UNCERTAIN).order_by(IssueRow.id)
    )
    return [Uncertain(row.id, row.subscription_id, row.message_id, row.settled_at, row.reply) for row in rows]


def message_ids_in(lines: Iterable[str]) -> frozenset[str]:
    """Return the Message-IDs of weekly e-mails that lines of a mail server's log name, in angle brackets."""
    return frozenset(f"<{found}>" for line in lines for found in _MESSAGE_ID.findall(line))


def settle_by_log(session: Session, week: Week, taken: frozenset[str], at: datetime) -> int:
    """Call sent what the mail server's log says that it took; returns how many those were."""
    ids = [one.issue_id for one in uncertain_ones(session, week) if one.message_id in taken]
    return _become(session, ids, IssueState.SENT, "in the mail server's log", at)


def call_sent(session: Session, week: Week, at: datetime) -> int:
    """Call all of them sent, on a person's word; returns how many those were."""
    ids = [one.issue_id for one in uncertain_ones(session, week)]
    return _become(session, ids, IssueState.SENT, "called sent by hand", at)


def send_again(session: Session, week: Week, at: datetime) -> int:
    """Let the next run send them again, on a person's word, under the same Message-ID; returns how many those were.

    Somebody who unsubscribed meanwhile gets none.
    """
    active = select(SubscriptionRow.id).where(SubscriptionRow.ended_at.is_(None))
    rows = session.scalars(
        select(IssueRow.id).where(
            IssueRow.week == str(week), IssueRow.state == IssueState.UNCERTAIN, IssueRow.subscription_id.in_(active)
        )
    )
    return _become(session, list(rows), IssueState.RETRY, "again, by hand", at)


def _become(session: Session, issue_ids: list[str], state: IssueState, reply: str, at: datetime) -> int:
    values = {"state": state, "reply": reply, "run_id": None, "next_attempt_at": at, "settled_at": at}
    if state is IssueState.SENT:
        values["message"] = ""
    count = 0
    for start in range(0, len(issue_ids), 500):
        some = (IssueRow.id.in_(issue_ids[start : start + 500]), IssueRow.state == IssueState.UNCERTAIN)
        count += len(session.execute(update(IssueRow).where(*some).values(values).returning(IssueRow.id)).all())
    return count
