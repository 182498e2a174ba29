"""Which records are shown as another one, because a person said that the two are one."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from service.work.tables import MergeRow


def merged_away(kind: str) -> Select[tuple[str]]:
    """Return the query for the ids of the records of a kind that are shown as another one."""
    return select(MergeRow.merged_id).where(MergeRow.kind == kind, MergeRow.withdrawn_at.is_(None))


def kept_id(session: Session, kind: str, record_id: str) -> str:
    """Follow the merges of people from a record to the one that is shown in its place."""
    query = select(MergeRow.kept_id).where(MergeRow.kind == kind, MergeRow.withdrawn_at.is_(None))
    while (further := session.scalar(query.where(MergeRow.merged_id == record_id))) is not None:
        record_id = further
    return record_id
