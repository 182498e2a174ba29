"""The pairs of projects that are probably one, kept as they were found, so that a page need not look for them."""

import sqlalchemy as sa
from alembic import op

from service.migrations.pieces import drop_tables, json, primary_key, text

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLES = ("project_twins",)


def upgrade() -> None:
    op.create_table(
        "project_twins",
        text("first_id"),
        text("second_id"),
        json("evidence"),
        sa.Column("likeness", sa.Double(), nullable=False),
        sa.Column("is_tender", sa.Boolean(), nullable=False),
        primary_key("project_twins", "first_id", "second_id"),
    )
    op.create_index("ix_project_twins_second_id", "project_twins", ["second_id"])


def downgrade() -> None:
    drop_tables(TABLES)
