"""The tables of the weekly e-mail.

digest_subscriptions ──► digest_follows   who gets it, and for what
└──► digest_issues    the outbox: one person, one week, and how far its delivery is
└──► digest_ledger   what it told, once for each call, version and reason
digest_runs              who is at work on the outbox, and since when nothing was heard of them
mail_suppressions        addresses that are written to no more, as hashes
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.digests.content import Audience, FollowKind, Quiet, Reason
from service.tables import Base, UtcDateTime, one_of


class SubscriptionState(StrEnum):
    """Where a subscription stands; ``pending`` waits for the reader to confirm the address."""

    PENDING = "pending"
    ACTIVE = "active"
    ENDED = "ended"


class IssueState(StrEnum):
    """How far one e-mail is.

    planned ──► composed ──► sending ──► sent
       │           │  ▲         ├─────► uncertain   handed over, and no answer came back
       │           │  └─ retry ◄┤                   refused for the time being, or not handed over at all
       │           │            └─────► failed      refused for good
       ├──► skipped   nothing to tell, and the reader wants no e-mail then
       └───────────┴──► suppressed (not to be written to), expired (a later week's tells it)
    """

    PLANNED = "planned"
    COMPOSED = "composed"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    RETRY = "retry"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    SKIPPED = "skipped"
    EXPIRED = "expired"


class SuppressionReason(StrEnum):
    """Why an address is written to no more."""

    REFUSED = "refused"
    BOUNCED = "bounced"
    BY_HAND = "by_hand"


class SubscriptionRow(Base):
    """One reader: an account, or an address that was confirmed. ``token`` ends it, and can do nothing else."""

    __tablename__ = "digest_subscriptions"
    __table_args__ = (
        UniqueConstraint("account_id"),
        UniqueConstraint("email"),
        UniqueConstraint("token"),
        CheckConstraint("(account_id IS NULL) <> (email IS NULL)", name="one_address"),
        CheckConstraint("email = lower(email) AND length(email) >= 3", name="email_is_lower"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended"),
        CheckConstraint("version >= 1", name="version"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    email: Mapped[str | None]
    audience: Mapped[Audience] = mapped_column(one_of(Audience, "audience"))
    language: Mapped[str]
    quiet: Mapped[Quiet] = mapped_column(one_of(Quiet, "quiet"))
    muted: Mapped[list[str]] = mapped_column(JSON, default=list)
    state: Mapped[SubscriptionState] = mapped_column(one_of(SubscriptionState, "state"))
    token: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)


class FollowRow(Base):
    """Something that a reader follows."""

    __tablename__ = "digest_follows"

    subscription_id: Mapped[str] = mapped_column(ForeignKey("digest_subscriptions.id"), primary_key=True)
    kind: Mapped[FollowKind] = mapped_column(one_of(FollowKind, "kind"), primary_key=True)
    record_id: Mapped[str] = mapped_column(primary_key=True, index=True)


class RunRow(Base):
    """One process at work on the outbox: what it holds is free again once ``alive_until`` has passed."""

    __tablename__ = "digest_runs"

    id: Mapped[str] = mapped_column(primary_key=True)
    week: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    alive_until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class IssueRow(Base):
    """One e-mail of one week to one person.

    ``run_id`` is the process that holds it. ``told_at`` is the moment as of which its content is true. ``message`` is
    the whole message but for its addressee, packed, and empty once it is not needed any more. ``reply`` is what the
    mail server said last, without addresses.
    """

    __tablename__ = "digest_issues"
    __table_args__ = (
        UniqueConstraint("subscription_id", "week"),
        UniqueConstraint("message_id", name="uq_digest_issues_message_id"),
        Index("ix_digest_issues_week_state", "week", "state"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    subscription_id: Mapped[str] = mapped_column(ForeignKey("digest_subscriptions.id"))
    week: Mapped[str]
    state: Mapped[IssueState] = mapped_column(one_of(IssueState, "state"))
    message_id: Mapped[str]
    run_id: Mapped[str | None] = mapped_column(ForeignKey("digest_runs.id"), index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime)
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reply: Mapped[str] = mapped_column(Text, default="")
    message: Mapped[str] = mapped_column(Text, default="")


class LedgerRow(Base):
    """One thing that an e-mail tells: the database refuses to hold it twice."""

    __tablename__ = "digest_ledger"

    subscription_id: Mapped[str] = mapped_column(ForeignKey("digest_subscriptions.id"), primary_key=True)
    week: Mapped[str] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("funding_calls.id"), primary_key=True, index=True)
    call_version: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[Reason] = mapped_column(one_of(Reason, "reason"), primary_key=True)
    issue_id: Mapped[str] = mapped_column(ForeignKey("digest_issues.id"), index=True)


class SuppressionRow(Base):
    """An address that is written to no more, kept as the SHA-256 of its lower-case form.

    ``told_at`` is when the administrators were told.
    """

    __tablename__ = "mail_suppressions"

    address_hash: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[SuppressionReason] = mapped_column(one_of(SuppressionReason, "reason"))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    reply: Mapped[str] = mapped_column(Text, default="")
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
