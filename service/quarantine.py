"""The rows that could not be read, kept until the same file is read again without them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from corpora.rows import Quarantined
from service.tables import ImportRow, QuarantineRow

VALUE_LENGTH = 500


def keep_quarantined(connection: Connection, rows: Iterable[Quarantined], import_id: int, at: datetime) -> None:
    """Keep the rows that an import set apart, once each, and mark as resolved what its file no longer has."""
    source, file_name = connection.execute(
        select(ImportRow.source, ImportRow.file_name).where(ImportRow.id == import_id)
    ).one()
    found = {row["fingerprint"]: row for row in (_columns(row, source) for row in rows)}
    same_source = select(QuarantineRow.fingerprint).where(QuarantineRow.source == source)
    known = set(connection.scalars(same_source))
    _insert(connection, [found[key] for key in found.keys() - known], import_id, at)
    _see_again(connection, sorted(found.keys() & known), import_id, at)
    _resolve(connection, source, file_name, import_id, at)


def quarantined_rows(session: Session, *, source: str = "", limit: int | None = None) -> Sequence[QuarantineRow]:
    """Return the open rows in the order of source, file and line."""
    in_order = select(QuarantineRow).order_by(QuarantineRow.source, QuarantineRow.file, QuarantineRow.line)
    return session.scalars(in_order.where(*_open(source)).limit(limit)).all()


def count_quarantined(session: Session, *, source: str = "") -> int:
    """Return how many rows are open."""
    return session.scalar(select(func.count()).select_from(QuarantineRow).where(*_open(source))) or 0


def _open(source: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [QuarantineRow.resolved_at.is_(None)]
    return [*conditions, QuarantineRow.source == source] if source else conditions


def _insert(connection: Connection, rows: list[dict[str, Any]], import_id: int, at: datetime) -> None:
    if rows:
        seen = {"import_id": import_id, "first_seen": at, "last_seen": at}
        connection.execute(insert(QuarantineRow), [row | seen for row in rows])


def _see_again(connection: Connection, fingerprints: list[str], import_id: int, at: datetime) -> None:
    if fingerprints:
        again = (
            update(QuarantineRow)
            .where(QuarantineRow.fingerprint == bindparam("seen"))
            .values(import_id=import_id, last_seen=at, resolved_at=None)
        )
        connection.execute(again, [{"seen": fingerprint} for fingerprint in fingerprints])


def _resolve(connection: Connection, source: str, file_name: str, import_id: int, at: datetime) -> None:
    earlier = select(ImportRow.id).where(
        ImportRow.source == source, ImportRow.file_name == file_name, ImportRow.id != import_id
    )
    connection.execute(
        update(QuarantineRow)
        .where(QuarantineRow.import_id.in_(earlier), QuarantineRow.resolved_at.is_(None))
        .values(resolved_at=at)
    )


def _columns(row: Quarantined, source: str) -> dict[str, Any]:
    texts = {
        "source": source,
        "file": Path(row.file).name,
        "field": _storable(row.field),
        "value": _storable(row.value[:VALUE_LENGTH]),
        "reason": _storable(row.reason),
    }
    key = "\x1f".join([*texts.values(), str(row.line)])
    return {**texts, "line": row.line, "fingerprint": blake2b(key.encode(), digest_size=16).hexdigest()}


def _storable(text: str) -> str:
    """Replace what no database keeps in a text: NUL and broken Unicode."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
