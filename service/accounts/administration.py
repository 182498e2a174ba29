"""What administrators do with accounts: list, change, disable and enable; there is always one administrator left."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from service.access.principal import Principal
from service.accounts import second_factor
from service.accounts.directory import Account, account_of, account_row, change_fields
from service.accounts.links import cancel_links
from service.accounts.sessions import end_sessions
from service.accounts.tables import AccountRow, AccountState, IdentityRow, LinkPurpose, Role
from service.audit.trail import record
from service.errors import ConflictError, InvalidError


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """Which accounts are listed; None and "" ask for nothing. ``words`` is looked for in address and name."""

    role: Role | None = None
    state: AccountState | None = None
    commune_istat: str = ""
    words: str = ""


def list_accounts(
    session: Session, wanted: AccountFilter, *, after: str = "", limit: int = 100
) -> tuple[list[Account], int]:
    """Return the accounts that follow the one with the id ``after``, by e-mail address, and how many there are in all.

    The id and not the address, because it travels in addresses of pages, where no personal data belongs.
    """
    rows = select(AccountRow).where(*_conditions(wanted))
    total = session.scalar(select(func.count()).select_from(rows.subquery())) or 0
    if after:
        rows = rows.where(AccountRow.email > select(AccountRow.email).where(AccountRow.id == after).scalar_subquery())
    page = rows.order_by(AccountRow.email).limit(limit)
    return [account_of(row) for row in session.scalars(page)], total


def read_account(session: Session, account_id: str) -> Account:
    """Return an account; raises UnknownRecordError if there is none with this id."""
    return account_of(account_row(session, account_id))


def change_account(
    session: Session, principal: Principal, request_id: str, account_id: str, version: int, changes: Mapping[str, Any]
) -> Account:
    """Change the name, language, role, commune or state of an account; a new role or state ends its sessions.

    Raises UnknownRecordError, StaleError if ``version`` is not the one stored, InvalidError for values that cannot be,
    ConflictError where no administrator would be left.
    """
    administrators = _locked_administrators(session) if {"role", "state"} & set(changes) else []
    account = account_row(session, account_id, lock=True)
    given = dict(changes)
    if "state" in given:
        given["state"] = _state(session, account, given["state"])
    if given.get("role", Role.COMMUNE) is not Role.COMMUNE:
        given.setdefault("commune_istat", None)
    changed = change_fields(session, account, version, given)
    if not changed:
        return account_of(account)
    if administrators == [account.id] and not _administers(account):
        raise ConflictError("this is the only active administrator: make another one first")
    if {"role", "commune_istat", "state"} & set(changed):
        end_sessions(session, account.id)
    if account.state is AccountState.DISABLED:
        for purpose in LinkPurpose:
            cancel_links(session, account.id, purpose)
    role, state = account.role.value, account.state.value
    details = {"fields": changed, "role": role, "state": state}
    record(session, principal, request_id, "account.changed", "account", account.id, account.commune_istat, **details)
    return account_of(account)


def reset_second_factor(session: Session, principal: Principal, request_id: str, account_id: str) -> Account:
    """Take the second factor from somebody who lost it, and end their sessions; the role may ask for a new one."""
    account = account_row(session, account_id, lock=True)
    second_factor.forget(session, account)
    end_sessions(session, account.id)
    record(session, principal, request_id, "account.second_factor_reset", "account", account.id)
    return account_of(account)


def _conditions(wanted: AccountFilter) -> list[Any]:
    found: list[Any] = []
    if wanted.role is not None:
        found.append(AccountRow.role == wanted.role)
    if wanted.state is not None:
        found.append(AccountRow.state == wanted.state)
    if wanted.commune_istat:
        found.append(AccountRow.commune_istat == wanted.commune_istat)
    if wanted.words:
        words = wanted.words.strip().lower()
        found.append(
            or_(
                AccountRow.email.contains(words, autoescape=True),
                func.lower(AccountRow.name).contains(words, autoescape=True),
            )
        )
    return found


def _state(session: Session, account: AccountRow, asked: AccountState) -> AccountState:
    """Return the state that an account takes: enabled, somebody who never chose a password is only invited again."""
    if asked is AccountState.DISABLED:
        return asked
    if account.state is AccountState.INVITED and asked is AccountState.ACTIVE:
        raise InvalidError("state", "an invited account becomes active by its owner: send the invitation again")
    linked = select(IdentityRow.subject).where(IdentityRow.account_id == account.id).limit(1)
    proved = account.password_hash is not None or session.scalar(linked) is not None
    return AccountState.ACTIVE if proved else AccountState.INVITED


def _locked_administrators(session: Session) -> list[str]:
    """Return the ids of the active administrators, held so that two of them never dismiss each other at once."""
    active = (AccountRow.role == Role.ADMINISTRATOR, AccountRow.state == AccountState.ACTIVE)
    return list(session.scalars(select(AccountRow.id).where(*active).order_by(AccountRow.id).with_for_update()))


def _administers(account: AccountRow) -> bool:
    return account.role is Role.ADMINISTRATOR and account.state is AccountState.ACTIVE
