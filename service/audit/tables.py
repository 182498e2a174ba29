"""The tables that are only ever added to; the database itself refuses to change or delete their rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.tables import Base, UtcDateTime

_NUMBER = BigInteger().with_variant(Integer, "sqlite")


class AuditEventRow(Base):
    """Somebody saw or changed something; ``details`` never holds texts, e-mail addresses or secrets."""

    __tablename__ = "audit_events"

    id: Mapped[int] = mapped_column(_NUMBER, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    api_key_id: Mapped[str | None] = mapped_column(ForeignKey("api_keys.id"))
    action: Mapped[str] = mapped_column(index=True)
    object_kind: Mapped[str]
    object_id: Mapped[str] = mapped_column(index=True)
    commune_istat: Mapped[str | None] = mapped_column(index=True)
    request_id: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)


class AnswerRow(Base):
    """A list of recommendations as it was shown: to whom, what was asked, and all that was answered."""

    __tablename__ = "answers"

    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    api_key_id: Mapped[str | None] = mapped_column(ForeignKey("api_keys.id"))
    surface: Mapped[str]
    request_id: Mapped[str]
    commune_istat: Mapped[str | None] = mapped_column(index=True)
    item_kind: Mapped[str]
    item_id: Mapped[str] = mapped_column(index=True)
    artifact_version: Mapped[str]
    data_version: Mapped[str]
    asked: Mapped[str] = mapped_column(Text)
    answered: Mapped[str] = mapped_column(Text)


class AnswerCallRow(Base):
    """One call of an answer, so that "who was shown this call" has an answer."""

    __tablename__ = "answer_calls"

    answer_id: Mapped[str] = mapped_column(ForeignKey("answers.id"), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("funding_calls.id"), index=True)
    call_version: Mapped[int]
    score: Mapped[float]
    verdict: Mapped[str]
