"""Events for municipal technicians, and who attends them."""

import sqlalchemy as sa
from alembic import op

from service.migrations.pieces import (
    check,
    drop_tables,
    index,
    instant,
    json,
    long_text,
    number,
    one_of,
    points_to,
    primary_key,
    text,
)

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLES = ("events", "event_registrations")


def upgrade() -> None:
    op.create_table(
        "events",
        text("id"),
        text("title"),
        long_text("text"),
        instant("starts_at"),
        instant("ends_at", nullable=True),
        text("place"),
        text("online_url"),
        text("organiser"),
        json("drivers"),
        json("themes"),
        json("communes"),
        json("zones"),
        number("seats", nullable=True),
        instant("registration_until", nullable=True),
        instant("created_at"),
        text("created_by", nullable=True),
        instant("updated_at"),
        instant("cancelled_at", nullable=True),
        number("version"),
        json("attendance", nullable=True),
        check("events", "version", "version >= 1"),
        check("events", "seats", "seats IS NULL OR seats >= 1"),
        check("events", "ends_after_start", "ends_at IS NULL OR ends_at >= starts_at"),
        points_to("events", "created_by", "accounts"),
        primary_key("events", "id"),
    )
    index("events", "starts_at")
    op.create_table(
        "event_registrations",
        text("id"),
        text("account_id"),
        instant("at"),
        instant("withdrawn_at", nullable=True),
        text("active_key", nullable=True),
        text("event_id"),
        text("commune_istat"),
        one_of("standing", "place", "waiting"),
        instant("moved_up_at", nullable=True),
        sa.Column("attended", sa.Boolean(), nullable=True),
        check("event_registrations", "holds", "(withdrawn_at IS NULL) = (active_key IS NOT NULL)"),
        points_to("event_registrations", "account_id", "accounts"),
        points_to("event_registrations", "event_id", "events"),
        points_to("event_registrations", "commune_istat", "communes"),
        primary_key("event_registrations", "id"),
    )
    op.create_index(op.f("ix_event_registrations_active_key"), "event_registrations", ["active_key"], unique=True)
    index("event_registrations", "event_id", "commune_istat")


def downgrade() -> None:
    drop_tables(TABLES)
