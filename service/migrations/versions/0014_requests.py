"""The services that communes ask of the incubator, and what was said and done about each."""

import sqlalchemy as sa
from alembic import op

from service.migrations.pieces import (
    check,
    drop_tables,
    index,
    instant,
    long_text,
    number,
    one_of,
    points_to,
    primary_key,
    text,
)

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = ("service_requests", "service_request_entries")
ONE_ITEM = (
    "(CASE WHEN need_id IS NULL THEN 0 ELSE 1 END + CASE WHEN project_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN asset_id IS NULL THEN 0 ELSE 1 END) <= 1"
)


def upgrade() -> None:
    create_requests()
    create_entries()


def downgrade() -> None:
    drop_tables(TABLES)


def create_requests() -> None:
    name = "service_requests"
    op.create_table(
        name,
        text("id"),
        one_of("service", "finanziamenti", "tecnologia", "progetti", "amministrazione", "partnership", "comunicazione"),
        text("commune_istat"),
        text("call_id", nullable=True),
        long_text("text"),
        text("account_id"),
        text("owner_id", nullable=True),
        one_of("state", "received", "taken", "waiting", "answered", "closed", "withdrawn"),
        instant("asked_at"),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        instant("waiting_since", nullable=True),
        instant("first_answer_at", nullable=True),
        instant("ended_at", nullable=True),
        text("last_entry_id", nullable=True),
        instant("updated_at"),
        number("version"),
        text("need_id", nullable=True),
        text("project_id", nullable=True),
        text("asset_id", nullable=True),
        check(name, "one_item", ONE_ITEM),
        check(name, "version", "version >= 1"),
        check(name, "waits", "(state = 'waiting') = (waiting_since IS NOT NULL)"),
        check(name, "ends", "(state IN ('closed', 'withdrawn')) = (ended_at IS NOT NULL)"),
        points_to(name, "commune_istat", "communes"),
        points_to(name, "call_id", "funding_calls"),
        points_to(name, "account_id", "accounts"),
        points_to(name, "owner_id", "accounts"),
        points_to(name, "need_id", "needs"),
        points_to(name, "project_id", "projects"),
        points_to(name, "asset_id", "public_assets"),
        primary_key(name, "id"),
    )
    index(name, "commune_istat", "call_id", "account_id", "owner_id", "asked_at", "ended_at")
    index(name, "need_id", "project_id", "asset_id")
    op.create_index(op.f("ix_service_requests_state_due"), name, ["state", "due_on"])


def create_entries() -> None:
    name = "service_request_entries"
    op.create_table(
        name,
        text("id"),
        text("request_id"),
        text("account_id"),
        one_of("kind", "message", "note"),
        long_text("text"),
        number("minutes"),
        instant("at"),
        instant("withdrawn_at", nullable=True),
        check(name, "minutes", "minutes >= 0"),
        points_to(name, "request_id", "service_requests"),
        points_to(name, "account_id", "accounts"),
        primary_key(name, "id"),
    )
    index(name, "request_id", "account_id")
