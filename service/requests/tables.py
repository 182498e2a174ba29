"""The tables of what communes ask of the incubator, and of what was said and done about it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.tables import Base, UtcDateTime, one_of
from service.work.tables import ONE_ITEM, OfItem


class Service(StrEnum):
    """The six services that the incubator's founding document names, by their codes in the strategic frame."""

    FUNDING = "finanziamenti"
    TECHNOLOGY = "tecnologia"
    PROJECTS = "progetti"
    ADMINISTRATION = "amministrazione"
    PARTNERSHIP = "partnership"
    COMMUNICATION = "comunicazione"


class RequestState(StrEnum):
    """How far a request is; ``waiting``: the incubator asked the commune something and waits for its word."""

    RECEIVED = "received"
    TAKEN = "taken"
    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class EntryKind(StrEnum):
    """What an entry of a thread is: words that both sides read, or a note that only the incubator reads."""

    MESSAGE = "message"
    NOTE = "note"


class ServiceRequestRow(OfItem, Base):
    """One service that a commune asked for, possibly about a call and one of its items.

    ``due_on``: when the next answer is due, which people may move. ``promised_on``: the day that the commune was told
    when it asked, later only by the working days for which it was waited for; what is counted is held against it.
    ``waiting_since``: the moment of the question that the commune has not answered. ``first_answer_at``: of the first
    answer, not of a question. ``ended_at``: closed or withdrawn. ``last_entry_id``: the entry that came last.
    """

    __tablename__ = "service_requests"
    __table_args__ = (
        CheckConstraint(ONE_ITEM, name="one_item"),
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("(state = 'waiting') = (waiting_since IS NOT NULL)", name="waits"),
        CheckConstraint("(state IN ('closed', 'withdrawn')) = (ended_at IS NOT NULL)", name="ends"),
        Index("ix_service_requests_state_due", "state", "due_on"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    service: Mapped[Service] = mapped_column(one_of(Service, "service"))
    commune_istat: Mapped[str] = mapped_column(ForeignKey("communes.id"), index=True)
    call_id: Mapped[str | None] = mapped_column(ForeignKey("funding_calls.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    state: Mapped[RequestState] = mapped_column(one_of(RequestState, "state"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    due_on: Mapped[date]
    promised_on: Mapped[date]
    waiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_answer_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    last_entry_id: Mapped[str | None]
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)


class RequestEntryRow(Base):
    """Something said or done about a request; ``minutes``: the incubator's time. Never changed, only taken back."""

    __tablename__ = "service_request_entries"
    __table_args__ = (CheckConstraint("minutes >= 0", name="minutes"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    request_id: Mapped[str] = mapped_column(ForeignKey("service_requests.id"), index=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    kind: Mapped[EntryKind] = mapped_column(one_of(EntryKind, "kind"))
    text: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
