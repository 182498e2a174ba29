"""What a record was before: its versions, and what each of them changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.errors import UnknownRecordError
from service.kinds import KINDS, Kind
from service.tables import ImportRow, RecordChangeRow

BY_HAND = "portal"
"""The source of what people write here, where a file's record has its publisher."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a record; ``changes`` maps each field to its old and new value, and is empty for the first.

    ``source`` and ``file`` name the import that made it; a person's version has the source ``portal``, no file, and
    the account that wrote it.
    """

    number: int
    at: datetime
    source: str
    file: str
    changes: dict[str, list[Any]]
    account_id: str | None = None


def history(session: Session, record_id: str) -> list[Version]:
    """Return all versions of a record of any kind, oldest first; raises UnknownRecordError if nothing has this id."""
    for kind in KINDS:
        if session.scalar(select(kind.table.c.id).where(kind.table.c.id == record_id)) is not None:
            return versions(session, kind, record_id)
    raise UnknownRecordError(f"{record_id!r}: no record has this id; a call's id is <source>:<publisher's own id>")


def versions(session: Session, kind: Kind, record_id: str) -> list[Version]:
    """Return all versions of a stored record of one kind, oldest first."""
    return [_first(session, kind, record_id), *_later(session, kind, record_id)]


def _first(session: Session, kind: Kind, record_id: str) -> Version:
    table = kind.table
    row = session.execute(select(table).where(table.c.id == record_id)).mappings().one()
    if row["first_import_id"] is None:
        return Version(1, row["created_at"], BY_HAND, "", {}, row["created_by"])
    origin = session.get_one(ImportRow, row["first_import_id"])
    return Version(1, origin.started_at, origin.source, origin.file_name, {})


def _later(session: Session, kind: Kind, record_id: str) -> list[Version]:
    rows = session.execute(
        select(RecordChangeRow, ImportRow)
        .outerjoin(ImportRow, RecordChangeRow.import_id == ImportRow.id)
        .where(RecordChangeRow.kind == kind.name, RecordChangeRow.record_id == record_id)
        .order_by(RecordChangeRow.version)
    )
    return [_version(row, origin) for row, origin in rows]


def _version(row: RecordChangeRow, origin: ImportRow | None) -> Version:
    if origin is None:
        return Version(row.version, row.at, BY_HAND, "", row.changes, row.account_id)
    return Version(row.version, row.at, origin.source, origin.file_name, row.changes)
