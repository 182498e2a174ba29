"""What happened: the audit trail and the answers that were shown, which the database itself keeps from changing."""

import sqlalchemy as sa
from alembic import op

from service.migrations.pieces import drop_tables, index, instant, json, long_text, number, points_to, primary_key, text

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLES = (
    "audit_events",
    "answers",
    "answer_calls",
    "idempotency_keys",
)
ONLY_ADDED_TO = ("audit_events", "answers", "answer_calls")


def upgrade() -> None:
    create_audit_events()
    create_answers()
    create_answer_calls()
    create_idempotency_keys()
    for name in ONLY_ADDED_TO:
        protect(name)


def downgrade() -> None:
    for name in ONLY_ADDED_TO:
        unprotect(name)
    drop_tables(TABLES)


def create_audit_events() -> None:
    op.create_table(
        "audit_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        instant("at"),
        text("account_id", nullable=True),
        text("api_key_id", nullable=True),
        text("action"),
        text("object_kind"),
        text("object_id"),
        text("commune_istat", nullable=True),
        text("request_id"),
        json("details"),
        points_to("audit_events", "account_id", "accounts"),
        points_to("audit_events", "api_key_id", "api_keys"),
        primary_key("audit_events", "id"),
    )
    index("audit_events", "account_id", "action", "at", "commune_istat", "object_id")


def create_answers() -> None:
    op.create_table(
        "answers",
        text("id"),
        instant("at"),
        text("account_id", nullable=True),
        text("api_key_id", nullable=True),
        text("surface"),
        text("request_id"),
        text("commune_istat", nullable=True),
        text("item_kind"),
        text("item_id"),
        text("artifact_version"),
        text("data_version"),
        long_text("asked"),
        long_text("answered"),
        points_to("answers", "account_id", "accounts"),
        points_to("answers", "api_key_id", "api_keys"),
        primary_key("answers", "id"),
    )
    index("answers", "account_id", "at", "commune_istat", "item_id")


def create_answer_calls() -> None:
    op.create_table(
        "answer_calls",
        text("answer_id"),
        number("rank"),
        text("call_id"),
        number("call_version"),
        sa.Column("score", sa.Double(), nullable=False),
        text("verdict"),
        points_to("answer_calls", "answer_id", "answers"),
        points_to("answer_calls", "call_id", "funding_calls"),
        primary_key("answer_calls", "answer_id", "rank"),
    )
    index("answer_calls", "call_id")


def create_idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        text("account_id"),
        text("key"),
        text("route"),
        text("body_hash"),
        number("status"),
        text("location"),
        long_text("body"),
        instant("at"),
        points_to("idempotency_keys", "account_id", "accounts"),
        primary_key("idempotency_keys", "account_id", "key"),
    )
    index("idempotency_keys", "at")


def protect(name: str) -> None:
    """Let the database refuse to change or delete what stands in a table."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {name}_refuse_{verb.lower()} BEFORE {verb} ON {name} "
                f"BEGIN SELECT RAISE(ABORT, '{name} is only ever added to'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {name}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{name} is only ever added to'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name}_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON {name} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}_refuse()"
    )


def unprotect(name: str) -> None:
    """Take the protection away, before the table itself goes."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER {name}_refuse_{verb}")
        return
    op.execute(f"DROP TRIGGER {name}_refuse ON {name}")
    op.execute(f"DROP FUNCTION {name}_refuse()")
