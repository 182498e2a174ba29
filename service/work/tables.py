"""The tables of what people write about calls and records.

Nothing is deleted: what no longer holds has the moment at which it was withdrawn.
"""

import json
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from matcher.eligibility import rules_from_json
from matcher.eligibility.reviews import Review, ReviewAction
from matcher.feedback import DecisionKind, Reason
from matcher.serialization import ROME
from service.tables import Base, UtcDateTime, one_of


class WorkState(StrEnum):
    """How far the incubator is with one commune and one call."""

    TO_CALL = "to_call"
    CALLED = "called"
    INTERESTED = "interested"
    PREPARING = "preparing"
    APPLIED = "applied"
    DECLINED = "declined"
    DONE = "done"


class Holding:
    """Holds until it is withdrawn; ``active_key`` names what the row says while it holds, so that it is said once."""

    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    active_key: Mapped[str | None] = mapped_column(index=True, unique=True)


class Withdrawable(Holding):
    """What a person said, until it is withdrawn."""

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))


HOLDS = "(withdrawn_at IS NULL) = (active_key IS NOT NULL)"


class OfItem:
    """Points to at most one need, project or asset."""

    @declared_attr
    def need_id(cls) -> Mapped[str | None]:  # noqa: N805 - SQLAlchemy passes the class
        """The id of a need."""
        return mapped_column(ForeignKey("needs.id"), index=True)

    @declared_attr
    def project_id(cls) -> Mapped[str | None]:  # noqa: N805
        """The id of a project."""
        return mapped_column(ForeignKey("projects.id"), index=True)

    @declared_attr
    def asset_id(cls) -> Mapped[str | None]:  # noqa: N805
        """The id of a asset."""
        return mapped_column(ForeignKey("public_assets.id"), index=True)


ONE_ITEM = (
    "(CASE WHEN need_id IS NULL THEN 0 ELSE 1 END + CASE WHEN project_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN asset_id IS NULL THEN 0 ELSE 1 END) <= 1"
)


class DecisionRow(Withdrawable, OfItem, Base):
    """What a commune decided about a call, for one of its items or as a whole."""

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint("(kind = 'not_for_us') = (reason IS NOT NULL)", name="reason_of_refusal"),
        CheckConstraint(ONE_ITEM, name="one_item"),
        CheckConstraint(HOLDS, name="holds"),
        Index("ix_decisions_commune_call", "commune_istat", "call_id"),
    )

    commune_istat: Mapped[str] = mapped_column(ForeignKey("communes.id"))
    call_id: Mapped[str] = mapped_column(ForeignKey("funding_calls.id"), index=True)
    kind: Mapped[DecisionKind] = mapped_column(one_of(DecisionKind, "kind"))
    reason: Mapped[Reason | None] = mapped_column(one_of(Reason, "reason"))
    note: Mapped[str] = mapped_column(Text, default="")


class WorkItemRow(Base):
    """One commune and one call on the incubator's worklist."""

    __tablename__ = "work_items"
    __table_args__ = (UniqueConstraint("commune_istat", "call_id"), CheckConstraint("version >= 1", name="version"))

    id: Mapped[str] = mapped_column(primary_key=True)
    commune_istat: Mapped[str] = mapped_column(ForeignKey("communes.id"))
    call_id: Mapped[str] = mapped_column(ForeignKey("funding_calls.id"), index=True)
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    state: Mapped[WorkState] = mapped_column(one_of(WorkState, "state"))
    remind_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)


class WorkNoteRow(Base):
    """A note on the worklist; written once, never changed."""

    __tablename__ = "work_notes"

    id: Mapped[str] = mapped_column(primary_key=True)
    work_item_id: Mapped[str] = mapped_column(ForeignKey("work_items.id"), index=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PickRow(Withdrawable, OfItem, Base):
    """A call that a person recommends to a commune; it stands above the ranking, with its author."""

    __tablename__ = "picks"
    __table_args__ = (CheckConstraint(ONE_ITEM, name="one_item"), CheckConstraint(HOLDS, name="holds"))

    commune_istat: Mapped[str] = mapped_column(ForeignKey("communes.id"), index=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("funding_calls.id"), index=True)
    why: Mapped[str] = mapped_column(Text)


class ReminderRow(Withdrawable, Base):
    """A call of whose deadline a person wants to be reminded, for a commune, until it has passed."""

    __tablename__ = "reminders"
    __table_args__ = (CheckConstraint(HOLDS, name="holds"),)

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    commune_istat: Mapped[str] = mapped_column(ForeignKey("communes.id"), index=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("funding_calls.id"), index=True)


class CriterionReviewRow(Withdrawable, Base):
    """A criterion of a call as a person confirmed or corrected it; ``rule_key`` finds it again after a re-import."""

    __tablename__ = "criterion_reviews"
    __table_args__ = (CheckConstraint(HOLDS, name="holds"),)

    call_id: Mapped[str] = mapped_column(ForeignKey("funding_calls.id"), index=True)
    rule_key: Mapped[str]
    action: Mapped[ReviewAction] = mapped_column(one_of(ReviewAction, "action"))
    rule: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text, default="")

    @property
    def review(self) -> Review:
        """What the person says, as eligibility takes it."""
        rule = rules_from_json(json.dumps([self.rule]))[0] if self.rule else None
        return Review(self.rule_key, self.action, self.at.astimezone(ROME).date(), rule)


class MergeRow(Withdrawable, Base):
    """Two records that a person says are one: ``merged_id`` is shown as ``kept_id``."""

    __tablename__ = "merges"
    __table_args__ = (
        CheckConstraint("kept_id <> merged_id", name="two_records"),
        CheckConstraint(HOLDS, name="holds"),
    )

    kind: Mapped[str]
    kept_id: Mapped[str] = mapped_column(index=True)
    merged_id: Mapped[str] = mapped_column(index=True)


class TagOverrideRow(Withdrawable, Base):
    """A strategy tag that a person set or removed; it survives every retraining."""

    __tablename__ = "tag_overrides"
    __table_args__ = (CheckConstraint(HOLDS, name="holds"),)

    kind: Mapped[str]
    record_id: Mapped[str] = mapped_column(index=True)
    scheme: Mapped[str]
    code: Mapped[str]
    holds: Mapped[bool]


class DistinctionRow(Withdrawable, Base):
    """A record that a person says is none of some others, though they look alike; it survives every import."""

    __tablename__ = "distinctions"
    __table_args__ = (CheckConstraint(HOLDS, name="holds"),)

    kind: Mapped[str]
    record_id: Mapped[str] = mapped_column(index=True)
    other_ids: Mapped[list[str]] = mapped_column(JSON)
