"""The table of what readers tell whoever runs the service."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.tables import Base, UtcDateTime, one_of


class MessageKind(StrEnum):
    """What a message is about."""

    BROKEN = "broken"
    WRONG_DATA = "wrong_data"
    MISSING_CALL = "missing_call"
    IDEA = "idea"
    OTHER = "other"


class MessageRow(Base):
    """What a reader told us, from which page; ``email`` only where an answer is wanted."""

    __tablename__ = "reader_messages"
    __table_args__ = (CheckConstraint("(done_at IS NULL) = (done_by IS NULL)", name="done"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    kind: Mapped[MessageKind] = mapped_column(one_of(MessageKind, "kind"))
    text: Mapped[str] = mapped_column(Text)
    page: Mapped[str]
    email: Mapped[str] = mapped_column(default="", index=True)
    language: Mapped[str]
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
