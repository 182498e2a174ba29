"""Coming in with e-mail and password: throttled, and telling nobody which accounts exist.

    count the try (account, address) ──► compare the password ──► open a session, or say "no" in one way for every cause
       own transaction                     outside of any            own transaction

The try is committed before the password is compared, so that breaking off a request wins nothing.
"""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address, ip_network

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.access.principal import VISITOR, Principal
from service.accounts import passwords, throttle
from service.accounts.directory import Account, account_of, account_row, find_account
from service.accounts.sessions import OpenedSession, open_session
from service.accounts.tables import AccountRow, AccountState
from service.audit.trail import record
from service.database import reading, writing
from service.errors import UnauthenticatedError
from service.moments import now

PER_ACCOUNT = throttle.Limit(free=5, longest=timedelta(minutes=5))
PER_ADDRESS = throttle.Limit(free=30, longest=timedelta(minutes=15))
"""A town hall has one address for many people, and an attacker one address for many accounts."""
REFUSAL = "the e-mail address and the password do not match an account that may come in"


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """An account that has come in, and its new session (which may still lack the second factor)."""

    account: Account
    session: OpenedSession


def log_in(engine: Engine, email: str, password: str, address: str, request_id: str) -> LoggedIn:
    """Open a session for whoever knows the password of an active account.

    ``address`` is the client's IP address. Raises UnauthenticatedError, the same for an unknown address, a wrong
    password and an account that is disabled or only invited; TooManyError while tries are paused.
    """
    count_try(engine, _account_key(email), PER_ACCOUNT, address)
    account_id, password_hash = _credentials(engine, email)
    if not passwords.verify(password_hash, password):
        with writing(engine) as session:
            record(session, VISITOR, request_id, "account.login_refused", "account", account_id)
        raise UnauthenticatedError(REFUSAL)
    better = passwords.hash_password(password) if passwords.needs_rehash(password_hash or "") else password_hash
    with writing(engine) as session:
        account = account_row(session, account_id, lock=True)
        if account.state is not AccountState.ACTIVE or account.password_hash != password_hash:
            raise UnauthenticatedError(REFUSAL)
        account.password_hash = better
        forgive(session, _account_key(email), address)
        return came_in(session, account, request_id, "password")


def came_in(
    session: Session, account: AccountRow, request_id: str, by: str, *, second_factor: bool = False
) -> LoggedIn:
    """Open the session of an account that has proved itself ``by`` a password, a link or a provider, and record it."""
    account.last_login_at = now()
    opened = open_session(session, account, second_factor=second_factor)
    record(session, of_account(account), request_id, "account.logged_in", "account", account.id, by=by)
    return LoggedIn(account_of(account), opened)


def count_try(engine: Engine, key: str, limit: throttle.Limit, address: str) -> None:
    """Count a try of ``key`` and of a client's address, committed at once; raises TooManyError if either pauses."""
    with writing(engine) as session:
        throttle.take(session, _address_key(address), PER_ADDRESS)
        throttle.take(session, key, limit)


def forgive(session: Session, key: str, address: str) -> None:
    """Forget the tries of ``key``, and of an address the last one: it went well."""
    throttle.clear(session, key)
    throttle.give_back(session, _address_key(address))


def of_account(account: AccountRow) -> Principal:
    """Return who acts when an account acts before it has a session that counts."""
    return Principal(account.role, account.id, account.commune_istat, account.language)


def _credentials(engine: Engine, email: str) -> tuple[str, str | None]:
    with reading(engine) as session:
        account = find_account(session, email)
        if account is None:
            return "", None
        return account.id, account.password_hash if account.state is AccountState.ACTIVE else None


def _account_key(email: str) -> str:
    return f"account:{email.strip().lower()}"


def _address_key(address: str) -> str:
    """Return the key of what one attacker holds: an IPv4 address, or the /64 that every IPv6 client has of its own."""
    try:
        known = ip_address(address)
    except ValueError:
        return f"address:{address}"
    return f"address:{known if known.version == 4 else ip_network(f'{known}/64', strict=False)}"
