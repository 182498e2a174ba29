"""People who get the weekly e-mail, written straight into the tables."""

from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import delete, select, update

from service.accounts.tables import AccountRow, AccountState, Role
from service.database import reading, writing
from service.digests import outbox
from service.digests.content import Audience, Follow, FollowKind, Quiet
from service.digests.tables import (
    FollowRow,
    IssueRow,
    LedgerRow,
    RunRow,
    SubscriptionRow,
    SubscriptionState,
    SuppressionRow,
)
from service.moments import now

RHO, MILANO = "015182", "015146"


def follow(istat=RHO):
    return Follow(FollowKind.COMMUNE, istat)


_RHO_ALONE = (follow(),)


def add_reader(engine, name, *, follows=_RHO_ALONE, email=None, account_id=None, **fields):
    """A confirmed reader without account, unless one is named."""
    at = now() - timedelta(days=30)
    row = {
        "id": name,
        "account_id": account_id,
        "email": None if account_id else email or f"{name}@ente.example",
        "audience": Audience.COMMUNE,
        "language": "it",
        "quiet": Quiet.SAY_SO,
        "muted": [],
        "state": SubscriptionState.ACTIVE,
        "token": f"token-{name}",
        "created_at": at,
        "confirmed_at": at,
        "version": 1,
    }
    with writing(engine) as session:
        session.add(SubscriptionRow(**(row | fields)))
        session.flush()
        session.add_all(FollowRow(subscription_id=name, kind=one.kind, record_id=one.record_id) for one in follows)


def add_account(engine, name, role=Role.COMMUNE, commune=RHO, state=AccountState.ACTIVE):
    with writing(engine) as session:
        session.add(
            AccountRow(
                id=f"account-{name}",
                email=f"{name}@comune.example",
                name=name.title(),
                role=role,
                commune_istat=commune if role is Role.COMMUNE else None,
                state=state,
                created_at=now(),
            )
        )
    return f"account-{name}"


def issues(engine):
    """The e-mails by the subscription they are for."""
    with reading(engine) as session:
        return {row.subscription_id: row for row in session.scalars(select(IssueRow).order_by(IssueRow.week))}


def change(engine, name, **values):
    with writing(engine) as session:
        session.execute(update(SubscriptionRow).where(SubscriptionRow.id == name).values(values))


def die(engine, run_id):
    """Let a run have been silent for longer than its lease."""
    with writing(engine) as session:
        session.execute(update(RunRow).where(RunRow.id == run_id).values(alive_until=now() - timedelta(seconds=1)))


def clear(engine):
    """Take everybody and everything about e-mails out of a database that several tests use."""
    with writing(engine) as session:
        for row in (LedgerRow, IssueRow, RunRow, FollowRow, SubscriptionRow, SuppressionRow, AccountRow):
            session.execute(delete(row))


@contextmanager
def at_work(engine, week):
    """The session and id of a run."""
    with writing(engine) as session:
        yield session, outbox.start(session, week, now())
