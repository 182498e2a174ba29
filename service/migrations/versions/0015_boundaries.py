"""The outlines of communes, for maps."""

import sqlalchemy as sa
from alembic import op

from service.migrations.pieces import (
    check,
    drop_tables,
    index,
    instant,
    long_text,
    number,
    points_to,
    primary_key,
    text,
)

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = ("boundaries",)


def upgrade() -> None:
    op.create_table(
        "boundaries",
        text("id"),
        text("source"),
        number("version"),
        text("content_hash"),
        long_text("payload"),
        number("first_import_id", nullable=True),
        number("import_id", nullable=True),
        sa.Column("hand_fields", sa.JSON(), server_default="[]", nullable=False),
        instant("archived_at", nullable=True),
        text("istat"),
        check("boundaries", "version", "version >= 1"),
        check("boundaries", "id", "length(id) > 0"),
        points_to("boundaries", "first_import_id", "imports"),
        points_to("boundaries", "import_id", "imports"),
        primary_key("boundaries", "id"),
    )
    index("boundaries", "source", "import_id", "istat")


def downgrade() -> None:
    op.execute("DELETE FROM record_changes WHERE kind = 'boundaries'")
    drop_tables(TABLES)
