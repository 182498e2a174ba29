"""The stored tags of one record, for the pages that show it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.strategy import ALL_SCHEMES, CODES
from service.frame.kinds import FRAME_KINDS
from service.frame.tables import RecordTagRow


@dataclass(frozen=True, slots=True)
class StoredTag:
    """One code that counts for a record; ``evidence`` as in ``record_tags``, ``confidence`` in [0, 1]."""

    scheme: str
    code: str
    confidence: float
    evidence: str
    by_hand: bool


def stored_tags(session: Session, kind_name: str, record_id: str) -> list[StoredTag]:
    """Return the tags of a record in the order of the frame; ``kind_name`` as in ``service.kinds``.

    Empty for a record that was not read yet.
    """
    words = [kind.word for kind in FRAME_KINDS if kind.name == kind_name]
    rows = session.scalars(
        select(RecordTagRow).where(RecordTagRow.kind.in_(words), RecordTagRow.record_id == record_id)
    )
    tags = (StoredTag(row.scheme, row.code, row.confidence, row.evidence, row.by_hand) for row in rows)
    return sorted(tags, key=lambda tag: (ALL_SCHEMES.index(tag.scheme), CODES[tag.scheme].index(tag.code)))
