"""What the service keeps about a person with an account: told whole, and taken away except for what others rely on.

What an account wrote and did in its office (needs, decisions, the trail) stays under the account's id; who that was is
known no more once the account is erased.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Table, delete, or_, select, update
from sqlalchemy.orm import Session

from service.access.principal import Principal
from service.accounts import second_factor, throttle
from service.accounts.administration import change_account
from service.accounts.directory import Account, account_of, account_row
from service.accounts.tables import AccountRow, AccountState, ApiKeyRow, IdentityRow, LinkRow, SessionRow
from service.accounts.tokens import hash_of, new_secret
from service.accounts.tries import account_key
from service.api.tables import IdempotencyRow
from service.audit.trail import record
from service.digests.forgetting import forget, kept_about
from service.digests.tables import SubscriptionRow
from service.errors import UnknownRecordError
from service.jobs.tables import JobRow
from service.messages.tables import MessageRow
from service.moments import now
from service.schema import METADATA

WITHHELD = frozenset(
    {"password_hash", "totp_secret", "totp_last_step", "token_hash", "code_hash", "secret_hash", "csrf_token"}
    | {"body_hash", "token"}
)
"""Columns that hold no knowledge about a person, only what lets somebody in."""
NOBODY = "—"
"""The name of an erased account."""


def export_account(session: Session, principal: Principal, request_id: str, account_id: str) -> dict[str, Any]:
    """Return all rows that name an account, by table, without secrets: what article 15 of the GDPR asks for.

    Raises UnknownRecordError if there is no such account.
    """
    account = account_row(session, account_id)
    kept: dict[str, Any] = {}
    for table in METADATA.sorted_tables:
        mentions = _columns_of_accounts(table)
        if mentions:
            rows = session.execute(select(table).where(or_(*(table.c[name] == account.id for name in mentions))))
            found = [_told(dict(row)) for row in rows.mappings()]
            kept |= {table.name: found} if found else {}
    letters = kept_about(session, SubscriptionRow.account_id == account.id)
    kept |= {name: [_told(row) for row in rows] for name, rows in letters.items()}
    record(session, principal, request_id, "account.exported", "account", account.id, account.commune_istat)
    return kept


def erase_account(session: Session, principal: Principal, request_id: str, account_id: str) -> Account:
    """Close an account for good and take from it everything that says whose it was; its id stays in what it did.

    Raises UnknownRecordError, ConflictError where no administrator would be left.
    """
    account = account_row(session, account_id, lock=True)
    change_account(session, principal, request_id, account.id, account.version, {"state": AccountState.DISABLED})
    throttle.clear(session, account_key(account.email))
    second_factor.forget(session, account)
    for table in (SessionRow, LinkRow, IdentityRow, IdempotencyRow, JobRow):
        session.execute(delete(table).where(table.account_id == account.id))
    _close_keys(session, account)
    forget(session, SubscriptionRow.account_id == account.id)
    wrote = or_(MessageRow.account_id == account.id, MessageRow.email == account.email)
    session.execute(update(MessageRow).where(wrote).values(email=""))
    account.email, account.name = f"{account.id.lower()}@erased.invalid", NOBODY
    account.password_hash = account.last_login_at = None
    account.version += 1
    session.flush()
    record(session, principal, request_id, "account.erased", "account", account.id, account.commune_istat)
    return account_of(account)


def export_reader(session: Session, principal: Principal, request_id: str, email: str) -> dict[str, Any]:
    """Return all rows about a reader without an account, by table; raises UnknownRecordError if there is none."""
    row = _reader(session, email)
    kept = kept_about(session, SubscriptionRow.id == row.id)
    record(session, principal, request_id, "reader.exported", "digest", row.id)
    return {name: [_told(one) for one in rows] for name, rows in kept.items()}


def erase_reader(session: Session, principal: Principal, request_id: str, email: str) -> str:
    """Remove a reader without an account with all that is kept; returns the id that stays in the trail.

    Raises UnknownRecordError if there is none.
    """
    reader_id = _reader(session, email).id
    forget(session, SubscriptionRow.id == reader_id)
    record(session, principal, request_id, "reader.erased", "digest", reader_id)
    return reader_id


def _reader(session: Session, email: str) -> SubscriptionRow:
    row = session.scalar(select(SubscriptionRow).where(SubscriptionRow.email == email.strip().lower()))
    if row is None:
        raise UnknownRecordError(f"{email}: neither an account nor a reader of the weekly e-mail has this address")
    return row


def _close_keys(session: Session, account: AccountRow) -> None:
    """End the keys of an account; the trail points to them, so they stay, nameless."""
    own = ApiKeyRow.account_id == account.id
    session.execute(update(ApiKeyRow).where(own, ApiKeyRow.revoked_at.is_(None)).values(revoked_at=now()))
    session.execute(update(ApiKeyRow).where(own).values(name=NOBODY, secret_hash=hash_of(new_secret())))


def _columns_of_accounts(table: Table) -> Sequence[str]:
    if table.name == AccountRow.__tablename__:
        return ["id"]
    return [key.parent.name for key in table.foreign_keys if key.column.table.name == AccountRow.__tablename__]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in row.items()
        if name not in WITHHELD
    }
