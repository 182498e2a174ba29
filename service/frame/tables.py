"""The tables of the tags as they count: derived from records, model and people's words, and made anew at any time."""

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.tables import Base


class RecordTagRow(Base):
    """One code of one scheme that counts for one record; what the model left to a person is not here.

    ``kind`` is need, project, precedent, asset or call. ``confidence`` in [0, 1] is 1 where the record itself or a
    person decided. ``evidence`` is what speaks for it: a piece of the record's text, a measure's code, or a line of
    the strategic plan as ``plan:<driver>``. ``tagger`` is the version of what read the record.
    """

    __tablename__ = "record_tags"
    __table_args__ = (
        CheckConstraint("confidence >= 0 AND confidence <= 1", name="confidence"),
        Index("ix_record_tags_scheme_code", "scheme", "code", "kind", "record_id"),
    )

    kind: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[str] = mapped_column(primary_key=True)
    scheme: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    confidence: Mapped[float]
    by_hand: Mapped[bool]
    tagger: Mapped[str]
    evidence: Mapped[str] = mapped_column(Text, default="")


class TaggedRecordRow(Base):
    """A record whose tags are stored; ``basis`` changes with whatever they are made from."""

    __tablename__ = "tagged_records"

    kind: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[str] = mapped_column(primary_key=True)
    basis: Mapped[str]
