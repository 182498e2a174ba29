"""Records that people write and change: owners, fields set by hand, archives, and a number that says "look again"."""

import sqlalchemy as sa
from alembic import op

from service.migrations.pieces import drop_tables, number, primary_key, text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

RECORD_TABLES = (
    *("communes", "organisations", "funding_calls", "precedents", "needs", "projects", "public_assets"),
    "frame_items",
)
OWNED_TABLES = ("needs", "projects", "public_assets")


def upgrade() -> None:
    op.create_table(
        "data_versions", text("name"), number("number"), text("stamp"), primary_key("data_versions", "name")
    )
    for table in RECORD_TABLES:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("hand_fields", sa.JSON(), server_default="[]", nullable=False))
            batch.add_column(sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))
            batch.alter_column("first_import_id", existing_type=sa.Integer(), nullable=True)
            batch.alter_column("import_id", existing_type=sa.Integer(), nullable=True)
    for table in OWNED_TABLES:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("owner_istat", sa.String(), nullable=True))
            batch.create_index(op.f(f"ix_{table}_owner_istat"), ["owner_istat"])
            batch.create_foreign_key(op.f(f"fk_{table}_owner_istat_communes"), "communes", ["owner_istat"], ["id"])


def downgrade() -> None:
    for table in RECORD_TABLES:
        # What was written by hand has no place in the older tables.
        op.execute(f"DELETE FROM {table} WHERE first_import_id IS NULL OR import_id IS NULL")  # noqa: S608
    for table in OWNED_TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"fk_{table}_owner_istat_communes"), type_="foreignkey")
            batch.drop_index(op.f(f"ix_{table}_owner_istat"))
            batch.drop_column("owner_istat")
    for table in RECORD_TABLES:
        with op.batch_alter_table(table) as batch:
            batch.alter_column("import_id", existing_type=sa.Integer(), nullable=False)
            batch.alter_column("first_import_id", existing_type=sa.Integer(), nullable=False)
            batch.drop_column("archived_at")
            batch.drop_column("hand_fields")
    drop_tables(["data_versions"])
