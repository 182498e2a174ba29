"""What looks alike and is not the same, and what readers tell whoever runs the service."""

from alembic import op

from service.migrations.pieces import (
    check,
    drop_tables,
    index,
    instant,
    json,
    long_text,
    one_of,
    points_to,
    primary_key,
    text,
)

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = ("distinctions", "reader_messages")


def upgrade() -> None:
    op.create_table(
        "distinctions",
        text("id"),
        text("account_id"),
        instant("at"),
        instant("withdrawn_at", nullable=True),
        text("active_key", nullable=True),
        text("kind"),
        text("record_id"),
        json("other_ids"),
        check("distinctions", "holds", "(withdrawn_at IS NULL) = (active_key IS NOT NULL)"),
        points_to("distinctions", "account_id", "accounts"),
        primary_key("distinctions", "id"),
    )
    op.create_index(op.f("ix_distinctions_active_key"), "distinctions", ["active_key"], unique=True)
    index("distinctions", "record_id")
    op.create_table(
        "reader_messages",
        text("id"),
        instant("at"),
        one_of("kind", "broken", "wrong_data", "missing_call", "idea", "other"),
        long_text("text"),
        text("page"),
        text("email"),
        text("language"),
        text("account_id", nullable=True),
        instant("done_at", nullable=True),
        text("done_by", nullable=True),
        check("reader_messages", "done", "(done_at IS NULL) = (done_by IS NULL)"),
        points_to("reader_messages", "account_id", "accounts"),
        points_to("reader_messages", "done_by", "accounts"),
        primary_key("reader_messages", "id"),
    )
    index("reader_messages", "account_id", "at", "email")


def downgrade() -> None:
    drop_tables(TABLES)
