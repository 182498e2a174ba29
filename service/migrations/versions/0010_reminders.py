"""The calls of whose deadline a person wants to be reminded until it has passed."""

from alembic import op

from service.migrations.pieces import check, drop_tables, index, instant, points_to, primary_key, text

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = ("reminders",)


def upgrade() -> None:
    op.create_table(
        "reminders",
        text("id"),
        text("account_id"),
        instant("at"),
        instant("withdrawn_at", nullable=True),
        text("active_key", nullable=True),
        text("commune_istat"),
        text("call_id"),
        check("reminders", "holds", "(withdrawn_at IS NULL) = (active_key IS NOT NULL)"),
        points_to("reminders", "account_id", "accounts"),
        points_to("reminders", "commune_istat", "communes"),
        points_to("reminders", "call_id", "funding_calls"),
        primary_key("reminders", "id"),
    )
    op.create_index(op.f("ix_reminders_active_key"), "reminders", ["active_key"], unique=True)
    index("reminders", "account_id", "call_id", "commune_istat")


def downgrade() -> None:
    drop_tables(TABLES)
