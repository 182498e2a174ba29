"""Rows that people change version by version: what differs is kept, the last change is undone and made again."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from service.errors import ConflictError, StaleError
from service.moments import now
from service.tables import RecordChangeRow
from service.work.acting import Acting

Parsers = Mapping[str, Callable[[str], Any]]
"""How the value of a column is read back from JSON, by its name; a column without one holds text."""


class Versioned(Protocol):
    """A row with a version; its commune is told to the audit trail."""

    id: Any
    updated_at: Any
    version: Any

    @property
    def commune_istat(self) -> Any:
        """The commune that it concerns, None for none."""


def must_be_current(row: Versioned, version: int, patch: Mapping[str, Any]) -> None:
    """Raise StaleError with what differs from ``patch`` if ``version`` is not the stored one."""
    if version != row.version:
        sent = {name: (plain(getattr(row, name)), plain(value)) for name, value in patch.items()}
        differing = {name: pair for name, pair in sent.items() if pair[0] != pair[1]}
        message = f"{row.id} is at version {row.version}, this was written on version {version}: nothing was changed"
        raise StaleError(message, row.version, differing)


def store(acting: Acting, kind: str, row: Versioned, values: Mapping[str, Any], verb: str, /, **details: Any) -> None:
    """Store the next version of a row with what it changes; nothing is written where nothing differs.

    ``details`` go into the audit trail with the names of the fields. Raises ConflictError where another wins.
    """
    changes = {
        name: [plain(getattr(row, name)), plain(value)]
        for name, value in values.items()
        if plain(getattr(row, name)) != plain(value)
    }
    if not changes:
        return
    for name in changes:
        setattr(row, name, values[name])
    row.version, row.updated_at = row.version + 1, now()
    entry = RecordChangeRow(
        kind=kind, record_id=row.id, version=row.version, account_id=acting.account_id, at=now(), changes=changes
    )
    acting.session.add(entry)
    flush(acting)
    acting.session.refresh(row)
    acting.did(kind, verb, row.id, row.commune_istat, version=row.version, fields=sorted(changes), **details)


def flush(acting: Acting) -> None:
    """Write what is pending; raises ConflictError if somebody else has just written the same."""
    try:
        acting.session.flush()
    except IntegrityError as error:
        raise ConflictError("somebody else has just changed this: look again") from error


def last_change(acting: Acting, kind: str, row: Versioned) -> RecordChangeRow | None:
    """Return the change that made the present version; None for the first one."""
    return acting.session.scalars(
        select(RecordChangeRow).where(
            RecordChangeRow.kind == kind, RecordChangeRow.record_id == row.id, RecordChangeRow.version == row.version
        )
    ).one_or_none()


def values_before(change: RecordChangeRow, parsers: Parsers) -> dict[str, Any]:
    """Return what the fields of a change held before it."""
    return {name: _value(old, parsers.get(name, str)) for name, (old, _) in change.changes.items()}


def plain(value: Any) -> Any:
    """Return a value as JSON holds it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _value(held: Any, parse: Callable[[str], Any]) -> Any:
    return None if held is None else parse(held)
