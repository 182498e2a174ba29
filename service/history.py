"""What a record was before: its versions, and what each of them changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.errors import UnknownRecordError
from service.kinds import KINDS, Kind
from service.tables import ImportRow, RecordChangeRow


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a record; ``changes`` maps each field to its old and new value, and is empty for the first."""

    number: int
    at: datetime
    source: str
    file: str
    changes: dict[str, list[Any]]


def history(session: Session, record_id: str) -> list[Version]:
    """Return all versions of a record of any kind, oldest first; raises UnknownRecordError if nothing has this id."""
    for kind in KINDS:
        first_import = session.scalar(select(kind.table.c.first_import_id).where(kind.table.c.id == record_id))
        if first_import is not None:
            return [_first(session, first_import), *_later(session, kind, record_id)]
    raise UnknownRecordError(f"{record_id!r}: no record has this id; a call's id is <source>:<publisher's own id>")


def _first(session: Session, import_id: int) -> Version:
    origin = session.get_one(ImportRow, import_id)
    return Version(1, origin.started_at, origin.source, origin.file_name, {})


def _later(session: Session, kind: Kind, record_id: str) -> list[Version]:
    rows = session.execute(
        select(RecordChangeRow, ImportRow)
        .join(ImportRow, RecordChangeRow.import_id == ImportRow.id)
        .where(RecordChangeRow.kind == kind.name, RecordChangeRow.record_id == record_id)
        .order_by(RecordChangeRow.version)
    )
    return [Version(row.version, row.at, origin.source, origin.file_name, row.changes) for row, origin in rows]
