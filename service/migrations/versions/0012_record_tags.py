"""The strategy tags of every record as they count, so that records can be asked for and summed by them."""

import sqlalchemy as sa
from alembic import op

from service.migrations.pieces import check, drop_tables, long_text, primary_key, text

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = ("record_tags", "tagged_records")


def upgrade() -> None:
    op.create_table(
        "record_tags",
        text("kind"),
        text("record_id"),
        text("scheme"),
        text("code"),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        text("tagger"),
        long_text("evidence"),
        check("record_tags", "confidence", "confidence >= 0 AND confidence <= 1"),
        primary_key("record_tags", "kind", "record_id", "scheme", "code"),
    )
    op.create_index("ix_record_tags_scheme_code", "record_tags", ["scheme", "code", "kind", "record_id"])
    op.create_table(
        "tagged_records",
        text("kind"),
        text("record_id"),
        text("basis"),
        primary_key("tagged_records", "kind", "record_id"),
    )


def downgrade() -> None:
    drop_tables(TABLES)
