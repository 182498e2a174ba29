"""What people do with their own account: see it, edit it, change its password, see and end its sessions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.access.principal import Principal
from service.accounts import api_keys, passwords, sessions
from service.accounts.api_keys import ApiKey
from service.accounts.directory import Account, account_of, account_row, change_fields
from service.accounts.login import LoggedIn
from service.accounts.sessions import SecondFactor, find_session, still_needed
from service.accounts.tables import AccountRow, SessionRow
from service.accounts.tries import account_key, count_try, forgive
from service.audit.trail import record
from service.database import reading, writing
from service.errors import InvalidError, UnauthenticatedError

EDITABLE = frozenset({"name", "language"})
"""What people change of their own account; the rest is an administrator's."""


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


def own_account(session: Session, principal: Principal) -> Account:
    """Return the account of a principal; raises UnauthenticatedError for a visitor."""
    return account_of(_own_row(session, principal))


def edit_own_account(
    session: Session, principal: Principal, request_id: str, version: int, changes: Mapping[str, str]
) -> Account:
    """Change one's own name or language.

    Raises StaleError if ``version`` is not the one stored, InvalidError for a field that cannot be changed so.
    """
    account = _own_row(session, principal, lock=True)
    changed = change_fields(session, account, version, {k: v for k, v in changes.items() if k in EDITABLE})
    if changed:
        record(session, principal, request_id, "account.edited", "account", account.id, fields=changed)
    return account_of(account)


def change_password(
    engine: Engine, principal: Principal, present: str, wanted: str, address: str, request_id: str
) -> LoggedIn:
    """Change one's own password; every other session ends, and this one gets a new secret.

    Raises InvalidError for a present password that is wrong or a new one that will not do, TooManyError.
    """
    with reading(engine) as session:
        account = _own_row(session, principal)
        email, password_hash = account.email, account.password_hash
    count_try(engine, address, account_key(email))
    if not passwords.verify(password_hash, present):
        raise InvalidError("present", "this is not your present password")
    passwords.check_password(wanted, email, "wanted")
    new_hash = passwords.hash_password(wanted)
    with writing(engine) as session:
        row, account = session_of(session, principal)
        forgive(session, address, account_key(email))
        account.password_hash = new_hash
        record(session, principal, request_id, "account.password_changed", "account", account.id)
        sessions.end_sessions(session, account.id)
        second_factor = row.second_factor_at is not None
        return LoggedIn(account_of(account), sessions.open_session(session, account, second_factor=second_factor))


def end_sessions(session: Session, principal: Principal, request_id: str) -> None:
    """Log out everywhere."""
    account = _own_row(session, principal)
    ended = sessions.end_sessions(session, account.id)
    record(session, principal, request_id, "account.sessions_ended", "account", account.id, ended=ended)


def end_session(session: Session, principal: Principal, request_id: str, session_id: str) -> None:
    """Log out of one of one's own sessions; raises UnknownRecordError for an id that is none of them."""
    account = _own_row(session, principal)
    sessions.end_own_session(session, account.id, session_id)
    record(session, principal, request_id, "account.session_ended", "account", account.id)


def own_api_keys(session: Session, principal: Principal) -> list[ApiKey]:
    """Return one's own API keys, the newest first, the revoked ones too."""
    return api_keys.list_api_keys(session, _own_row(session, principal).id)


def make_api_key(
    session: Session, principal: Principal, request_id: str, name: str, scopes: Iterable[str], life: timedelta
) -> tuple[ApiKey, str]:
    """Make an API key for oneself; returns it with its text. Raises InvalidError like ``create_api_key``."""
    key, text = api_keys.create_api_key(session, _own_row(session, principal), name, scopes, life)
    record(session, principal, request_id, "api_key.created", "api_key", key.id, scopes=list(key.scopes))
    return key, text


def revoke_own_api_key(session: Session, principal: Principal, request_id: str, key_id: str) -> None:
    """Revoke one of one's own API keys; raises UnknownRecordError for an id that is none of them."""
    key = api_keys.revoke_api_key(session, key_id, _own_row(session, principal).id)
    record(session, principal, request_id, "api_key.revoked", "api_key", key.id)


def _own_row(session: Session, principal: Principal, *, lock: bool = False) -> AccountRow:
    if principal.account_id is None:
        raise UnauthenticatedError("log in first")
    return account_row(session, principal.account_id, lock=lock)
