"""Which records are shown as another one, because a person said that the two are one."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from service.work.tables import MergeRow


def merged_away(kind: str) -> Select[str]:
    """Return the query for the ids of the records of a kind that are shown as another one."""
    return select(MergeRow.merged_id).where(MergeRow.kind == kind, MergeRow.withdrawn_at.is_(None))


def kept_id(session: Session, kind: str, record_id: str) -> str:
    """Follow the merges of people from a record to the one that is shown in its place."""
    return shown_as(session, kind).get(record_id, record_id)


def shown_as(session: Session, kind: str) -> dict[str, str]:
    """Return for each record that was merged away the one that is shown in its place."""
    rows = session.execute(
        select(MergeRow.merged_id, MergeRow.kept_id).where(MergeRow.kind == kind, MergeRow.withdrawn_at.is_(None))
    )
    steps: dict[str, str] = {merged: kept for merged, kept in rows}
    return {merged: _end(steps, merged) for merged in steps}


def _end(steps: dict[str, str], record_id: str) -> str:
    while record_id in steps:
        record_id = steps[record_id]
    return record_id
