"""What people write: decisions, worklist, picks, corrections."""

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
    unique,
)

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = (
    "decisions",
    "work_items",
    "work_notes",
    "picks",
    "criterion_reviews",
    "merges",
    "tag_overrides",
)
ONE_ITEM = (
    "(CASE WHEN need_id IS NULL THEN 0 ELSE 1 END + CASE WHEN project_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN asset_id IS NULL THEN 0 ELSE 1 END) <= 1"
)


def upgrade() -> None:
    create_decisions()
    create_work_items()
    create_work_notes()
    create_picks()
    create_criterion_reviews()
    create_merges()
    create_tag_overrides()


def downgrade() -> None:
    drop_tables(TABLES)


def create_decisions() -> None:
    op.create_table(
        "decisions",
        text("id"),
        text("commune_istat"),
        text("call_id"),
        one_of("kind", "saved", "not_for_us", "applied", "funded", "rejected"),
        one_of(
            "reason",
            "not_relevant",
            "not_eligible",
            "wrong_size",
            "no_cofinancing",
            "no_staff",
            "too_late",
            "already_funded",
            "other",
            nullable=True,
        ),
        long_text("note"),
        text("account_id"),
        instant("at"),
        instant("withdrawn_at", nullable=True),
        text("need_id", nullable=True),
        text("project_id", nullable=True),
        text("asset_id", nullable=True),
        check("decisions", "one_item", ONE_ITEM),
        check("decisions", "reason_of_refusal", "(kind = 'not_for_us') = (reason IS NOT NULL)"),
        points_to("decisions", "account_id", "accounts"),
        points_to("decisions", "asset_id", "public_assets"),
        points_to("decisions", "call_id", "funding_calls"),
        points_to("decisions", "commune_istat", "communes"),
        points_to("decisions", "need_id", "needs"),
        points_to("decisions", "project_id", "projects"),
        primary_key("decisions", "id"),
    )
    index("decisions", "asset_id", "call_id", "need_id", "project_id")
    op.create_index("ix_decisions_commune_call", "decisions", ["commune_istat", "call_id"])


def create_work_items() -> None:
    op.create_table(
        "work_items",
        text("id"),
        text("commune_istat"),
        text("call_id"),
        text("owner_id", nullable=True),
        one_of("state", "to_call", "called", "interested", "preparing", "applied", "declined", "done"),
        sa.Column("remind_on", sa.Date(), nullable=True),
        instant("created_at"),
        instant("updated_at"),
        number("version"),
        check("work_items", "version", "version >= 1"),
        points_to("work_items", "call_id", "funding_calls"),
        points_to("work_items", "commune_istat", "communes"),
        points_to("work_items", "owner_id", "accounts"),
        unique("work_items", "commune_istat", "call_id"),
        primary_key("work_items", "id"),
    )
    index("work_items", "call_id", "owner_id")


def create_work_notes() -> None:
    op.create_table(
        "work_notes",
        text("id"),
        text("work_item_id"),
        text("account_id"),
        long_text("text"),
        instant("at"),
        points_to("work_notes", "account_id", "accounts"),
        points_to("work_notes", "work_item_id", "work_items"),
        primary_key("work_notes", "id"),
    )
    index("work_notes", "work_item_id")


def create_picks() -> None:
    op.create_table(
        "picks",
        text("id"),
        text("commune_istat"),
        text("call_id"),
        long_text("why"),
        text("account_id"),
        instant("at"),
        instant("withdrawn_at", nullable=True),
        text("need_id", nullable=True),
        text("project_id", nullable=True),
        text("asset_id", nullable=True),
        check("picks", "one_item", ONE_ITEM),
        points_to("picks", "account_id", "accounts"),
        points_to("picks", "asset_id", "public_assets"),
        points_to("picks", "call_id", "funding_calls"),
        points_to("picks", "commune_istat", "communes"),
        points_to("picks", "need_id", "needs"),
        points_to("picks", "project_id", "projects"),
        primary_key("picks", "id"),
    )
    index("picks", "asset_id", "call_id", "commune_istat", "need_id", "project_id")


def create_criterion_reviews() -> None:
    op.create_table(
        "criterion_reviews",
        text("id"),
        text("call_id"),
        text("rule_key"),
        one_of("action", "confirmed", "removed", "replaced", "added"),
        json("rule", nullable=True),
        long_text("note"),
        text("account_id"),
        instant("at"),
        instant("withdrawn_at", nullable=True),
        points_to("criterion_reviews", "account_id", "accounts"),
        points_to("criterion_reviews", "call_id", "funding_calls"),
        primary_key("criterion_reviews", "id"),
    )
    index("criterion_reviews", "call_id")


def create_merges() -> None:
    op.create_table(
        "merges",
        text("id"),
        text("kind"),
        text("kept_id"),
        text("merged_id"),
        text("account_id"),
        instant("at"),
        instant("withdrawn_at", nullable=True),
        check("merges", "two_records", "kept_id <> merged_id"),
        points_to("merges", "account_id", "accounts"),
        primary_key("merges", "id"),
    )
    index("merges", "kept_id", "merged_id")


def create_tag_overrides() -> None:
    op.create_table(
        "tag_overrides",
        text("id"),
        text("kind"),
        text("record_id"),
        text("scheme"),
        text("code"),
        sa.Column("holds", sa.Boolean(), nullable=False),
        text("account_id"),
        instant("at"),
        instant("withdrawn_at", nullable=True),
        points_to("tag_overrides", "account_id", "accounts"),
        primary_key("tag_overrides", "id"),
    )
    index("tag_overrides", "record_id")
