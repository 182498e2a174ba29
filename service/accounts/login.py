"""Coming in with e-mail and password: throttled, and telling nobody which accounts exist.

    count the try (account, address) ──► compare the password ──► open a session, or say "no" in one way for every cause
       own transaction                     outside of any            own transaction

The try is committed before the password is compared, so that breaking off a request wins nothing.
"""

from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from service.access.principal import VISITOR, Principal
from service.accounts import passwords
from service.accounts.directory import Account, account_of, account_row, find_account
from service.accounts.sessions import OpenedSession, open_session
from service.accounts.tables import AccountRow, AccountState
from service.accounts.tries import account_key, count_try, forgive
from service.audit.trail import record
from service.database import reading, writing
from service.errors import UnauthenticatedError
from service.moments import now

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
    count_try(engine, address, account_key(email))
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
        forgive(session, address, account_key(email))
        return came_in(session, account, request_id, "password")


def came_in(
    session: Session, account: AccountRow, request_id: str, by: str, *, second_factor: bool = False
) -> LoggedIn:
    """Open the session of an account that has proved itself ``by`` a password, a link or a provider, and record it."""
    account.last_login_at = now()
    opened = open_session(session, account, second_factor=second_factor)
    record(session, of_account(account), request_id, "account.logged_in", "account", account.id, by=by)
    return LoggedIn(account_of(account), opened)


def of_account(account: AccountRow) -> Principal:
    """Return who acts when an account acts before it has a session that counts."""
    return Principal(account.role, account.id, account.commune_istat, account.language)


def _credentials(engine: Engine, email: str) -> tuple[str, str | None]:
    with reading(engine) as session:
        account = find_account(session, email)
        if account is None:
            return "", None
        return account.id, account.password_hash if account.state is AccountState.ACTIVE else None
