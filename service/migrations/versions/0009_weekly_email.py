"""The weekly e-mail: its readers, its outbox, its ledger, and the addresses that are written to no more."""

from alembic import op

from service.migrations.pieces import (
    check,
    drop_tables,
    index,
    instant,
    json,
    long_text,
    number,
    one_of,
    points_to,
    primary_key,
    text,
    unique,
)

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = (
    "digest_subscriptions",
    "digest_follows",
    "digest_runs",
    "digest_issues",
    "digest_ledger",
    "mail_suppressions",
)
ISSUE_STATES = (
    "planned",
    "composed",
    "sending",
    "sent",
    "uncertain",
    "retry",
    "failed",
    "suppressed",
    "skipped",
    "expired",
)


def upgrade() -> None:
    create_subscriptions()
    create_follows()
    create_runs()
    create_issues()
    create_ledger()
    create_suppressions()


def downgrade() -> None:
    drop_tables(TABLES)


def create_subscriptions() -> None:
    table = "digest_subscriptions"
    op.create_table(
        table,
        text("id"),
        text("account_id", nullable=True),
        text("email", nullable=True),
        one_of("audience", "commune", "consultant"),
        text("language"),
        one_of("quiet", "say_so", "skip"),
        json("muted"),
        one_of("state", "pending", "active", "ended"),
        text("token"),
        instant("created_at"),
        instant("confirmed_at", nullable=True),
        instant("ended_at", nullable=True),
        number("version"),
        check(table, "one_address", "(account_id IS NULL) <> (email IS NULL)"),
        check(table, "email_is_lower", "email = lower(email) AND length(email) >= 3"),
        check(table, "ended", "(state = 'ended') = (ended_at IS NOT NULL)"),
        check(table, "version", "version >= 1"),
        points_to(table, "account_id", "accounts"),
        unique(table, "account_id"),
        unique(table, "email"),
        unique(table, "token"),
        primary_key(table, "id"),
    )


def create_follows() -> None:
    op.create_table(
        "digest_follows",
        text("subscription_id"),
        one_of("kind", "commune", "need", "project", "asset"),
        text("record_id"),
        points_to("digest_follows", "subscription_id", "digest_subscriptions"),
        primary_key("digest_follows", "subscription_id", "kind", "record_id"),
    )
    index("digest_follows", "record_id")


def create_runs() -> None:
    op.create_table(
        "digest_runs",
        text("id"),
        text("week"),
        instant("started_at"),
        instant("alive_until"),
        instant("ended_at", nullable=True),
        json("counts"),
        primary_key("digest_runs", "id"),
    )
    index("digest_runs", "alive_until")


def create_issues() -> None:
    table = "digest_issues"
    op.create_table(
        table,
        text("id"),
        text("subscription_id"),
        text("week"),
        one_of("state", *ISSUE_STATES),
        text("message_id"),
        text("run_id", nullable=True),
        number("attempts"),
        instant("next_attempt_at"),
        instant("planned_at"),
        instant("told_at", nullable=True),
        instant("settled_at", nullable=True),
        long_text("reply"),
        long_text("message"),
        points_to(table, "subscription_id", "digest_subscriptions"),
        points_to(table, "run_id", "digest_runs"),
        unique(table, "subscription_id", "week"),
        unique(table, "message_id"),
        primary_key(table, "id"),
    )
    index(table, "run_id")
    op.create_index("ix_digest_issues_week_state", table, ["week", "state"])


def create_ledger() -> None:
    table = "digest_ledger"
    op.create_table(
        table,
        text("subscription_id"),
        text("week"),
        text("call_id"),
        number("call_version"),
        one_of("reason", "new", "changed", "closing"),
        text("issue_id"),
        points_to(table, "subscription_id", "digest_subscriptions"),
        points_to(table, "call_id", "funding_calls"),
        points_to(table, "issue_id", "digest_issues"),
        primary_key(table, "subscription_id", "week", "call_id", "call_version", "reason"),
    )
    index(table, "call_id", "issue_id")


def create_suppressions() -> None:
    op.create_table(
        "mail_suppressions",
        text("address_hash"),
        one_of("reason", "refused", "bounced", "by_hand"),
        instant("since"),
        long_text("reply"),
        instant("told_at", nullable=True),
        primary_key("mail_suppressions", "address_hash"),
    )
