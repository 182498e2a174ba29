"""What people do with their own account: see it, see where it is logged in, end that."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from service.access.principal import Principal
from service.accounts import sessions
from service.accounts.directory import Account, account_of
from service.accounts.sessions import SecondFactor, find_session, still_needed
from service.accounts.tables import AccountRow, SessionRow
from service.audit.trail import record
from service.errors import UnauthenticatedError


@dataclass(frozen=True, slots=True)
class CurrentSession:
    """The session behind a request."""

    account: Account
    csrf_token: str
    expires_at: datetime
    needed: SecondFactor


def session_of(session: Session, principal: Principal) -> tuple[SessionRow, AccountRow]:
    """Return the session of a principal, also one that still lacks its second factor, with its account.

    Raises UnauthenticatedError for somebody without one (a visitor, a program with a key).
    """
    found = find_session(session, principal.session_hash) if principal.session_hash else None
    if found is None:
        raise UnauthenticatedError("log in first")
    return found


def current_session(session: Session, principal: Principal) -> CurrentSession:
    """Return the session behind a request; raises UnauthenticatedError if there is none."""
    row, account = session_of(session, principal)
    return CurrentSession(account_of(account), row.csrf_token, row.expires_at, still_needed(account, row))


def log_out(session: Session, principal: Principal, request_id: str) -> None:
    """End the session behind a request, if there is one."""
    if principal.session_hash:
        sessions.end_session(session, principal.session_hash)
        record(session, principal, request_id, "account.logged_out", "account", principal.account_id or "")
