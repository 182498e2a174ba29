"""Who gets an e-mail this week: one row in the outbox for each person, made once however often this is asked.

Whatever an earlier week left unsent is not sent any more: the new week's e-mail tells it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Table, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from service.access.principal import STAFF
from service.accounts.tables import AccountRow, AccountState, Role
from service.digests.addresses import address_hash, is_pec, suppressed_hashes
from service.digests.content import Audience, Follow, FollowKind, Recipient
from service.digests.subscriptions import follows_of
from service.digests.tables import IssueRow, IssueState, SubscriptionRow, SubscriptionState
from service.digests.weeks import Week
from service.errors import UsageError
from service.ids import new_id
from service.kinds import KIND_NAMED

CERTIFIED = "certified mail (PEC)"
SUPPRESSED = "written to no more"
_CHUNK = 100
"""Rows of the outbox in one statement: below the 999 parameters that the oldest SQLite in use allows."""

Reader = tuple[SubscriptionRow, AccountRow | None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a plan did: e-mails to write, people who cannot be written to, earlier e-mails that were given up."""

    new: int
    suppressed: int
    expired: int


def plan(session: Session, week: Week, at: datetime, domain: str, pec: frozenset[str] = frozenset()) -> Plan:
    """Put a row into the outbox for everybody who gets this week's e-mail and has none yet.

    ``domain`` is the right half of Message-IDs, ``pec`` further domains of certified mail. Raises UsageError for a
    week that is not the one of ``at``: who wants to know of a past week is told by this week's e-mail.
    """
    if week != Week.of(at):
        raise UsageError(f"--week {week}: it is {Week.of(at)} now; only this week's e-mail can be planned")
    expired = _expire(session, week, at)
    barred, planned = suppressed_hashes(session), _planned(session, week)
    rows = [
        _row(subscription.id, week, at, domain, _why_not(address, barred, pec))
        for subscription, address in _active(session)
        if subscription.id not in planned
    ]
    _add(session, rows)
    n_suppressed = sum(row["state"] is IssueState.SUPPRESSED for row in rows)
    return Plan(len(rows) - n_suppressed, n_suppressed, expired)


def recipients(session: Session, subscription_ids: Sequence[str]) -> list[Recipient]:
    """Return the people behind these subscriptions, those that are active, with what they may still see.

    An item that a person follows and may not see any more, because the account moved to another commune, is left out.
    """
    found = []
    for some in _chunks(subscription_ids):
        follows = follows_of(session, some)
        keepers = _keepers(session, {follow for of in follows.values() for follow in of})
        for subscription, account in _readers(session, some):
            kept = tuple(follow for follow in follows.get(subscription.id, ()) if _may_see(follow, keepers, account))
            found.append(_recipient(subscription, account, kept))
    return found


def addresses(session: Session, subscription_ids: Sequence[str]) -> dict[str, str]:
    """Return where the e-mails of these subscriptions go now; one that is not active any more is not in it."""
    found: dict[str, str] = {}
    for some in _chunks(subscription_ids):
        found |= {subscription.id: _address(subscription, account) for subscription, account in _readers(session, some)}
    return found


def _active(session: Session) -> list[tuple[SubscriptionRow, str]]:
    """All subscriptions that hold, each address once: an account's before a visitor's."""
    readers = [(subscription, _address(subscription, account)) for subscription, account in _readers(session, None)]
    by_address: dict[str, SubscriptionRow] = {}
    for subscription, address in sorted(readers, key=lambda reader: reader[0].account_id is None):
        by_address.setdefault(address, subscription)
    return [(subscription, address) for address, subscription in by_address.items()]


def _readers(session: Session, subscription_ids: Sequence[str] | None) -> list[Reader]:
    query = (
        select(SubscriptionRow, AccountRow)
        .outerjoin(AccountRow, AccountRow.id == SubscriptionRow.account_id)
        .where(
            SubscriptionRow.state == SubscriptionState.ACTIVE,
            or_(SubscriptionRow.account_id.is_(None), AccountRow.state == AccountState.ACTIVE),
        )
        .order_by(SubscriptionRow.id)
    )
    if subscription_ids is not None:
        query = query.where(SubscriptionRow.id.in_(subscription_ids))
    return [(subscription, account) for subscription, account in session.execute(query)]


def _address(subscription: SubscriptionRow, account: AccountRow | None) -> str:
    return account.email if account is not None else subscription.email or ""


def _planned(session: Session, week: Week) -> frozenset[str]:
    return frozenset(session.scalars(select(IssueRow.subscription_id).where(IssueRow.week == str(week))))


def _why_not(address: str, barred: frozenset[str], pec: frozenset[str]) -> str:
    if is_pec(address, pec):
        return CERTIFIED
    return SUPPRESSED if address_hash(address) in barred else ""


def _row(subscription_id: str, week: Week, at: datetime, domain: str, why_not: str) -> dict[str, object]:
    issue_id = new_id()
    return {
        "id": issue_id,
        "subscription_id": subscription_id,
        "week": str(week),
        "state": IssueState.SUPPRESSED if why_not else IssueState.PLANNED,
        "message_id": f"<{week}.{issue_id}@{domain}>",
        "attempts": 0,
        "next_attempt_at": at,
        "planned_at": at,
        "settled_at": at if why_not else None,
        "reply": why_not,
        "message": "",
    }


def _add(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows; another process that plans at the same moment may have been quicker."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for start in range(0, len(rows), _CHUNK):
        add = insert(IssueRow).on_conflict_do_nothing(index_elements=["subscription_id", "week"])
        session.execute(add, list(rows[start : start + _CHUNK]))


def _expire(session: Session, week: Week, at: datetime) -> int:
    unsent = (IssueState.PLANNED, IssueState.COMPOSED, IssueState.RETRY)
    older = (IssueRow.week < str(week), IssueRow.state.in_(unsent))
    n_older = session.scalar(select(func.count()).select_from(IssueRow).where(*older)) or 0
    values = {"state": IssueState.EXPIRED, "settled_at": at, "run_id": None, "message": ""}
    session.execute(update(IssueRow).where(*older).values(values))
    return n_older


def _keepers(session: Session, follows: Iterable[Follow]) -> dict[Follow, str | None]:
    """The commune to which alone each item can be shown, None where everybody may see it; archived ones are absent."""
    found: dict[Follow, str | None] = {}
    items = [follow for follow in follows if follow.kind is not FollowKind.COMMUNE]
    for kind in sorted({follow.kind for follow in items}):
        table = KIND_NAMED[f"{kind}s"].table
        ids = [follow.record_id for follow in items if follow.kind is kind]
        for some in _chunks(ids):
            rows = session.execute(
                select(table.c.id, _keeper(table, kind)).where(table.c.id.in_(some), table.c.archived_at.is_(None))
            )
            found |= {Follow(kind, id_): keeper for id_, keeper in rows}
    return found


def _keeper(table: Table, kind: FollowKind) -> ColumnElement[str | None]:
    if kind is FollowKind.NEED:
        return func.coalesce(table.c.owner_istat, table.c.commune_istat)
    return table.c.owner_istat


def _may_see(follow: Follow, keepers: Mapping[Follow, str | None], account: AccountRow | None) -> bool:
    if follow.kind is FollowKind.COMMUNE:
        return True
    if follow not in keepers or account is None:
        return False
    keeper = keepers[follow]
    return keeper is None or account.role in STAFF or (account.role is Role.COMMUNE and keeper == account.commune_istat)


def _recipient(subscription: SubscriptionRow, account: AccountRow | None, follows: tuple[Follow, ...]) -> Recipient:
    is_staff = account is not None and account.role in STAFF
    return Recipient(
        person_id=subscription.id,
        audience=subscription.audience if is_staff else Audience.COMMUNE,
        language=subscription.language,
        name=account.name if account is not None else "",
        account_id=account.id if account is not None else None,
        commune_istat=account.commune_istat if account is not None else None,
        follows=follows,
        muted=frozenset(subscription.muted),
        quiet=subscription.quiet,
        since=subscription.confirmed_at or subscription.created_at,
        token=subscription.token,
    )


def _chunks(ids: Sequence[str], size: int = 500) -> Iterable[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
