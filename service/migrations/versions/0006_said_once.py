"""What people say holds once at a time, what they make has an author, and imports count what they leave to people."""

import sqlalchemy as sa
from alembic import op

from service.migrations.pieces import instant, text

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WITHDRAWABLE = ("decisions", "picks", "criterion_reviews", "merges", "tag_overrides")
OWNED_TABLES = ("needs", "projects", "public_assets")
HOLDS = "(withdrawn_at IS NULL) = (active_key IS NOT NULL)"


def upgrade() -> None:
    op.add_column("imports", sa.Column("kept_by_hand", sa.Integer(), server_default="0", nullable=False))
    op.add_column("work_items", instant("archived_at", nullable=True))
    for table in OWNED_TABLES:
        with op.batch_alter_table(table) as batch:
            batch.add_column(instant("created_at", nullable=True))
            batch.add_column(text("created_by", nullable=True))
            batch.create_foreign_key(op.f(f"fk_{table}_created_by_accounts"), "accounts", ["created_by"], ["id"])
    for table in WITHDRAWABLE:
        op.add_column(table, text("active_key", nullable=True))
        # What was written before may say the same thing twice: each row is its own key then.
        op.execute(f"UPDATE {table} SET active_key = id WHERE withdrawn_at IS NULL")  # noqa: S608
        with op.batch_alter_table(table) as batch:
            batch.create_check_constraint(op.f(f"ck_{table}_holds"), HOLDS)
        op.create_index(op.f(f"ix_{table}_active_key"), table, ["active_key"], unique=True)


def downgrade() -> None:
    for table in WITHDRAWABLE:
        op.drop_index(op.f(f"ix_{table}_active_key"), table)
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_holds"), type_="check")
            batch.drop_column("active_key")
    for table in OWNED_TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"fk_{table}_created_by_accounts"), type_="foreignkey")
            batch.drop_column("created_by")
            batch.drop_column("created_at")
    with op.batch_alter_table("work_items") as batch:
        batch.drop_column("archived_at")
    with op.batch_alter_table("imports") as batch:
        batch.drop_column("kept_by_hand")
