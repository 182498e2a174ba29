"""Where the data comes from, and how fresh it is: sources, imports, rows that were set apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from service.moments import now
from service.tables import FundingCallRow, ImportRow, PrecedentRow, QuarantineRow


@dataclass(frozen=True, slots=True)
class SourceState:
    """One source: how many calls and funded projects it gave, when it was last read, what of it could not be read."""

    name: str
    calls: int
    precedents: int
    imported_at: datetime | None
    file_name: str
    age_days: int | None
    rows_in: int
    quarantined: int


def source_states(session: Session) -> list[SourceState]:
    """Return all sources that were ever read, in the order of their names."""
    newest = select(func.max(ImportRow.id)).where(ImportRow.finished_at.is_not(None)).group_by(ImportRow.source)
    last = {row.source: row for row in session.scalars(select(ImportRow).where(ImportRow.id.in_(newest)))}
    calls, precedents = _counts(session, FundingCallRow), _counts(session, PrecedentRow)
    is_open = QuarantineRow.resolved_at.is_(None)
    apart = select(QuarantineRow.source, func.count()).where(is_open).group_by(QuarantineRow.source)
    quarantined: dict[str, int] = {source: count for source, count in session.execute(apart)}
    return [
        _state(name, last.get(name), calls.get(name, 0), precedents.get(name, 0), quarantined.get(name, 0))
        for name in sorted(last.keys() | calls.keys())
    ]


def imported_sources(session: Session) -> list[str]:
    """Return the names of the sources of which a file was read, in their order."""
    return list(session.scalars(select(ImportRow.source).distinct().order_by(ImportRow.source)))


def list_imports(
    session: Session, *, source: str = "", before: int | None = None, limit: int = 20
) -> tuple[Sequence[ImportRow], int | None]:
    """Return a page of the imports, newest first, and where the next begins (None at the end)."""
    query = select(ImportRow).order_by(ImportRow.id.desc()).limit(limit + 1)
    if source:
        query = query.where(ImportRow.source == source)
    if before is not None:
        query = query.where(ImportRow.id < before)
    rows = session.scalars(query).all()
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None


def list_quarantine(
    session: Session, *, source: str = "", after: Sequence[str] = (), limit: int = 20
) -> tuple[Sequence[QuarantineRow], list[str]]:
    """Return a page of the open rows in the order of source, file and line, and where the next begins ([] at the end).

    ``after``: source, file, line and fingerprint of the last row of the page before.
    """
    row = QuarantineRow
    query = select(row).where(row.resolved_at.is_(None)).order_by(row.source, row.file, row.line, row.fingerprint)
    if source:
        query = query.where(row.source == source)
    if after:
        name, file, line, fingerprint = after
        query = query.where(
            tuple_(row.source, row.file, row.line, row.fingerprint) > (name, file, int(line), fingerprint)
        )
    rows = session.scalars(query.limit(limit + 1)).all()
    if len(rows) <= limit:
        return rows, []
    last = rows[limit - 1]
    return rows[:limit], [last.source, last.file, str(last.line), last.fingerprint]


def _counts(session: Session, row: type[FundingCallRow] | type[PrecedentRow]) -> dict[str, int]:
    query = select(row.source, func.count()).where(row.archived_at.is_(None)).group_by(row.source)
    return {source: count for source, count in session.execute(query)}


def _state(name: str, last: ImportRow | None, calls: int, precedents: int, quarantined: int) -> SourceState:
    finished = last.finished_at if last else None
    return SourceState(
        name=name,
        calls=calls,
        precedents=precedents,
        imported_at=finished,
        file_name=last.file_name if last else "",
        age_days=None if finished is None else (now() - finished).days,
        rows_in=last.rows_in if last else 0,
        quarantined=quarantined,
    )
