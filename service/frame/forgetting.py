"""Having a record's stored tags read again."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from service.frame.kinds import FRAME_KINDS
from service.frame.tables import TaggedRecordRow


def forget(session: Session, kind_name: str, record_id: str) -> None:
    """Have the tags of a record read again, in the transaction of who says something of them.

    ``kind_name`` as in ``service.kinds``; of kinds that carry no tags nothing is kept.
    """
    words = [kind.word for kind in FRAME_KINDS if kind.name == kind_name]
    session.execute(
        delete(TaggedRecordRow).where(TaggedRecordRow.kind.in_(words), TaggedRecordRow.record_id == record_id)
    )
