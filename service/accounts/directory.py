"""Accounts as everybody else sees them, and found by their e-mail address or id."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.tables import AccountRow, AccountState, Role
from service.errors import InvalidError, UnknownRecordError

LONGEST_EMAIL = 254
_PART = r"[^@\s<>\"',;:\\()\[\]\x00-\x1f]+"
_EMAIL = re.compile(rf"{_PART}@{_PART}\.{_PART}")


@dataclass(frozen=True, slots=True)
class Account:
    """An account without its secrets; ``second_factor`` is whether one is set up."""

    id: str
    email: str
    name: str
    role: Role
    commune_istat: str | None
    state: AccountState
    language: str
    second_factor: bool
    created_at: datetime
    last_login_at: datetime | None
    version: int


def account_of(row: AccountRow) -> Account:
    """Return what may be shown of a row."""
    return Account(
        id=row.id,
        email=row.email,
        name=row.name,
        role=row.role,
        commune_istat=row.commune_istat,
        state=row.state,
        language=row.language,
        second_factor=row.totp_confirmed_at is not None,
        created_at=row.created_at,
        last_login_at=row.last_login_at,
        version=row.version,
    )


def normal_email(email: str) -> str:
    """Return an e-mail address as it is kept: trimmed, lower case; raises InvalidError for what is none."""
    plain = email.strip().lower()
    if len(plain) > LONGEST_EMAIL or not _EMAIL.fullmatch(plain):
        raise InvalidError("email", "not an e-mail address, such as nome@comune.example")
    return plain


def find_account(session: Session, email: str) -> AccountRow | None:
    """Return the account of an e-mail address, in whatever case it is written; None if there is none."""
    return session.scalars(select(AccountRow).where(AccountRow.email == email.strip().lower())).one_or_none()


def account_row(session: Session, account_id: str, *, lock: bool = False) -> AccountRow:
    """Return the row of an account, held against others until the transaction ends if ``lock``.

    Raises UnknownRecordError if there is none.
    """
    row = session.get(AccountRow, account_id, with_for_update=True if lock else None)
    if row is None:
        raise UnknownRecordError(f"{account_id}: no such account")
    return row
