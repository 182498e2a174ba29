"""What people say of projects in the register: the programme that one belongs to, and which two go together."""

import sqlalchemy as sa
from alembic import op

from service.migrations.pieces import check, drop_tables, index, instant, points_to, primary_key, text

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = ("register_placements", "register_pairs")
HOLDS = "(withdrawn_at IS NULL) = (active_key IS NOT NULL)"


def upgrade() -> None:
    entry = points_to("register_placements", "entry_id", "register_entries")
    _create("register_placements", text("programme"), entry)
    _create(
        "register_pairs",
        text("other_id"),
        check("register_pairs", "two_projects", "entry_id <> other_id"),
    )
    index("register_pairs", "other_id")
    index("register_entries", "paired_with")


def downgrade() -> None:
    op.drop_index(op.f("ix_register_entries_paired_with"), "register_entries")
    drop_tables(TABLES)


def _create(table: str, *own: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        text("id"),
        text("account_id"),
        instant("at"),
        instant("withdrawn_at", nullable=True),
        text("active_key", nullable=True),
        text("entry_id"),
        *own,
        check(table, "holds", HOLDS),
        points_to(table, "account_id", "accounts"),
        primary_key(table, "id"),
    )
    op.create_index(op.f(f"ix_{table}_active_key"), table, ["active_key"], unique=True)
    index(table, "entry_id")
