"""The calls that a commune is interested in, and whom it lets know."""

import sqlalchemy as sa
from alembic import op

from service.migrations.pieces import (
    check,
    drop_tables,
    index,
    instant,
    json,
    one_of,
    points_to,
    primary_key,
    text,
)

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = ("interests",)


def upgrade() -> None:
    op.create_table(
        "interests",
        text("id"),
        text("account_id"),
        instant("at"),
        instant("withdrawn_at", nullable=True),
        text("active_key", nullable=True),
        text("commune_istat"),
        text("call_id"),
        one_of("shown_to", "nobody", "zone", "chosen", "communes"),
        json("chosen"),
        sa.Column("shares_contact", sa.Boolean(), nullable=False),
        text("contact"),
        check("interests", "holds", "(withdrawn_at IS NULL) = (active_key IS NOT NULL)"),
        check("interests", "contact_to_share", "NOT shares_contact OR contact <> ''"),
        check("interests", "contact_with_interest", "NOT shares_contact OR shown_to <> 'nobody'"),
        points_to("interests", "account_id", "accounts"),
        points_to("interests", "commune_istat", "communes"),
        points_to("interests", "call_id", "funding_calls"),
        primary_key("interests", "id"),
    )
    op.create_index(op.f("ix_interests_active_key"), "interests", ["active_key"], unique=True)
    index("interests", "call_id", "commune_istat")


def downgrade() -> None:
    drop_tables(TABLES)
