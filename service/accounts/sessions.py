"""Log-ins that last: opened, found again by the cookie's secret, renewed, ended.

A session of an account that needs a second factor is worth nothing until ``second_factor_at`` is set.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from service.accounts.tables import AccountRow, AccountState, Role, SessionRow
from service.accounts.tokens import hash_of, new_secret, public_id
from service.errors import UnknownRecordError
from service.moments import now

IDLE = timedelta(hours=12)
"""A session that nobody used for so long is over."""
LONGEST = timedelta(days=7)
"""A session is over after so long, however much it is used."""
SECOND_FACTOR_ROLES = frozenset({Role.CONSULTANT, Role.ADMINISTRATOR})
"""Who sees every commune's items never comes in with a password alone."""


class SecondFactor(StrEnum):
    """What a session still lacks."""

    NOTHING = "nothing"
    CODE = "code"
    SET_UP = "set_up"


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session just opened; ``secret`` goes into the cookie and is known nowhere else."""

    secret: str
    csrf_token: str
    expires_at: datetime
    needed: SecondFactor


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A session as its owner sees it; ``id`` tells nothing of its secret."""

    id: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    current: bool


def open_session(session: Session, account: AccountRow, *, second_factor: bool = False) -> OpenedSession:
    """Open a session for an account, with the second factor given or still to come."""
    secret, csrf_token, at = new_secret(), new_secret(), now()
    row = SessionRow(
        secret_hash=hash_of(secret),
        account_id=account.id,
        csrf_token=csrf_token,
        created_at=at,
        last_seen_at=at,
        expires_at=at + LONGEST,
        second_factor_at=at if second_factor else None,
    )
    session.add(row)
    session.flush()
    return OpenedSession(secret, csrf_token, row.expires_at, still_needed(account, row))


def find_session(session: Session, secret_hash: str) -> tuple[SessionRow, AccountRow] | None:
    """Return a session that is still good, with its account; None for one unknown, ended, idle, or of no use."""
    found = session.execute(
        select(SessionRow, AccountRow)
        .join(AccountRow, AccountRow.id == SessionRow.account_id)
        .where(SessionRow.secret_hash == secret_hash, AccountRow.state == AccountState.ACTIVE)
    ).one_or_none()
    return (found[0], found[1]) if found and _is_live(found[0]) else None


def still_needed(account: AccountRow, row: SessionRow) -> SecondFactor:
    """Return what a session lacks before it counts."""
    if row.second_factor_at is not None or not needs_second_factor(account):
        return SecondFactor.NOTHING
    return SecondFactor.CODE if account.totp_confirmed_at else SecondFactor.SET_UP


def needs_second_factor(account: AccountRow) -> bool:
    """Whether this account has to give a second factor: its role asks for one, or its owner set one up."""
    return account.role in SECOND_FACTOR_ROLES or account.totp_confirmed_at is not None


def renew(session: Session, row: SessionRow, account: AccountRow, *, second_factor: bool) -> OpenedSession:
    """End a session and open another in its place: whoever knew the old secret knows nothing of the new rights."""
    end_session(session, row.secret_hash)
    return open_session(session, account, second_factor=second_factor)


def end_session(session: Session, secret_hash: str) -> None:
    """End one session; one that has ended stays so."""
    _end(session, SessionRow.secret_hash == secret_hash)


def end_sessions(session: Session, account_id: str, but: str | None = None) -> int:
    """End every session of an account, except the one with the hash ``but``; returns how many."""
    return _end(session, SessionRow.account_id == account_id, SessionRow.secret_hash != (but or ""))


def end_own_session(session: Session, account_id: str, session_id: str) -> None:
    """End the session of an account that has this public id; raises UnknownRecordError if it has none."""
    rows = _live_rows(session, account_id)
    chosen = next((row for row in rows if public_id(row.secret_hash) == session_id), None)
    if chosen is None:
        raise UnknownRecordError(f"{session_id}: no session of yours; list them again")
    end_session(session, chosen.secret_hash)


def live_sessions(session: Session, account_id: str, current: str | None) -> list[LiveSession]:
    """Return the sessions of an account that are good, the last used first; ``current`` is the asker's hash."""
    return [
        LiveSession(
            public_id(row.secret_hash), row.created_at, row.last_seen_at, row.expires_at, row.secret_hash == current
        )
        for row in _live_rows(session, account_id)
    ]


def _live_rows(session: Session, account_id: str) -> list[SessionRow]:
    rows = session.scalars(
        select(SessionRow)
        .where(SessionRow.account_id == account_id, SessionRow.revoked_at.is_(None), SessionRow.expires_at > now())
        .order_by(SessionRow.last_seen_at.desc(), SessionRow.secret_hash)
    )
    return [row for row in rows if _is_live(row)]


def _end(session: Session, *which: ColumnElement[bool]) -> int:
    ended = update(SessionRow).where(SessionRow.revoked_at.is_(None), *which).values(revoked_at=now())
    return len(session.scalars(ended.returning(SessionRow.secret_hash)).all())


def _is_live(row: SessionRow) -> bool:
    at = now()
    return row.revoked_at is None and row.expires_at > at and row.last_seen_at + IDLE > at
