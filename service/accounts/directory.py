"""Accounts as everybody else sees them, and found by their e-mail address or id."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.accounts.tables import AccountRow, AccountState, Role
from service.errors import InvalidError, StaleError, UnknownRecordError
from service.tables import CommuneRow

LONGEST_EMAIL = 254
LONGEST_NAME = 200
LANGUAGES = ("it", "en")
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


def check_person(session: Session, name: str, role: Role, commune_istat: str | None, language: str) -> None:
    """Raise InvalidError for a name, role, commune or language that an account cannot have."""
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidError("name", f"1 to {LONGEST_NAME} characters in one line")
    if role is Role.PUBLIC:
        raise InvalidError("role", "a visitor has no account: choose another role")
    if (role is Role.COMMUNE) != (commune_istat is not None):
        raise InvalidError("commune_istat", "an account with the role commune names its commune, and no other does")
    if commune_istat is not None and session.get(CommuneRow, commune_istat) is None:
        raise InvalidError("commune_istat", f"{commune_istat!r}: no commune has this ISTAT code")
    if language not in LANGUAGES:
        raise InvalidError("language", f"{language!r}: one of {', '.join(LANGUAGES)}")


def change_fields(session: Session, account: AccountRow, version: int, changes: Mapping[str, Any]) -> list[str]:
    """Set fields of an account that was read in ``version``; returns the names of those that are other now.

    Raises StaleError if somebody changed it meanwhile, InvalidError for values that an account cannot have.
    """
    if account.version != version:
        difference = {name: (getattr(account, name), value) for name, value in changes.items()}
        raise StaleError(
            f"the account is at version {account.version} now, not at {version}: nothing was changed",
            account.version,
            {name: pair for name, pair in difference.items() if pair[0] != pair[1]},
        )
    wanted = {name: getattr(account, name) for name in _PERSON} | dict(changes)
    check_person(session, **{name: wanted[name] for name in _PERSON})
    changed = sorted(name for name, value in changes.items() if getattr(account, name) != value)
    for name in changed:
        setattr(account, name, changes[name])
    account.version += bool(changed)
    session.flush()
    return changed


_PERSON = ("name", "role", "commune_istat", "language")
