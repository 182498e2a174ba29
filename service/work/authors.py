"""Who wrote something, as far as the one who asks may know it: staff see names, a commune sees who stands behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from service.accounts.tables import AccountRow, Role
from service.history import versions
from service.work.acting import Acting
from service.work.edits import HAND_FIELDS, Kept


class Office(StrEnum):
    """Who stands behind an author."""

    INCUBATOR = "incubator"
    COMMUNE = "commune"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote something; ``role`` and ``name`` are empty for those who may not know them."""

    office: Office
    role: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class AuthoredVersion:
    """One version of a record: when, by whom, and the old and new value of each field; empty for the first."""

    number: int
    at: datetime
    author: Author
    source: str
    changes: Mapping[str, list[Any]]


def authors(acting: Acting, account_ids: Iterable[str | None]) -> Mapping[str, Author]:
    """Return the author of each account."""
    wanted = {account_id for account_id in account_ids if account_id is not None}
    if not wanted:
        return {}
    columns = AccountRow.id, AccountRow.role, AccountRow.name
    rows = acting.session.execute(select(*columns).where(AccountRow.id.in_(sorted(wanted))))
    return {account_id: _author(acting, role, name) for account_id, role, name in rows}


def authored_versions(acting: Acting, kept: Kept) -> list[AuthoredVersion]:
    """Return all versions of a record, oldest first, with their authors."""
    found = versions(acting.session, kept.kind, kept.record.id)
    known = authors(acting, (version.account_id for version in found))
    return [
        AuthoredVersion(
            version.number,
            version.at,
            known[version.account_id] if version.account_id else Author(Office.IMPORT),
            version.source,
            {name: values for name, values in version.changes.items() if name != HAND_FIELDS},
        )
        for version in found
    ]


def _author(acting: Acting, role: Role, name: str) -> Author:
    office = Office.COMMUNE if role is Role.COMMUNE else Office.INCUBATOR
    return Author(office, role.value, name) if acting.principal.is_staff else Author(office)
