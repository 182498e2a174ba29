"""What was said of the projects of the register over time, and for which day their records speak."""

import json
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

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

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TABLES = ("observations", "entry_news")
CHUNK = 2000
ROME = ZoneInfo("Europe/Rome")
MOMENT = sa.DateTime(timezone=True)
NEWS = sa.table("entry_news", sa.column("entry_id"), sa.column("said_on", sa.Date()), sa.column("state"))
ENTRIES = sa.table("register_entries", sa.column("id"), sa.column("state"))
IMPORTS = sa.table("imports", sa.column("id"), sa.column("started_at", MOMENT))


def upgrade() -> None:
    op.create_table(
        "observations",
        text("id"),
        instant("at"),
        instant("withdrawn_at", nullable=True),
        text("active_key", nullable=True),
        text("entry_id"),
        text("owner_istat", nullable=True),
        text("account_id", nullable=True),
        number("import_id", nullable=True),
        sa.Column("said_on", sa.Date(), nullable=False),
        one_of("fact", "state", "milestone", "amount", "indicator"),
        *map(text, ("state", "name", "name_key")),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("actual_on", sa.Date(), nullable=True),
        text("value", nullable=True),
        text("unit"),
        *map(long_text, ("reference", "note")),
        check("observations", "one_author", "(import_id IS NULL) <> (account_id IS NULL)"),
        check("observations", "holds", "(withdrawn_at IS NULL) = (active_key IS NOT NULL)"),
        check("observations", "state_said", "(fact = 'state') = (state <> '')"),
        check("observations", "value_said", "(fact IN ('amount', 'indicator')) = (value IS NOT NULL)"),
        check("observations", "days_of_milestones", "fact = 'milestone' OR (planned_on IS NULL AND actual_on IS NULL)"),
        points_to("observations", "owner_istat", "communes"),
        points_to("observations", "account_id", "accounts"),
        points_to("observations", "import_id", "imports"),
        primary_key("observations", "id"),
    )
    op.create_index(op.f("ix_observations_active_key"), "observations", ["active_key"], unique=True)
    index("observations", "entry_id", "owner_istat", "said_on")
    op.create_table(
        "entry_news",
        text("entry_id"),
        sa.Column("said_on", sa.Date(), nullable=True),
        text("state"),
        primary_key("entry_news", "entry_id"),
    )
    index("entry_news", "said_on")
    _fill("precedents")
    _fill("projects")


def downgrade() -> None:
    drop_tables(TABLES)


def _fill(name: str) -> None:
    columns: list[sa.ColumnClause[Any]] = [sa.column("id"), sa.column("payload"), sa.column("import_id")]
    if name == "projects":
        columns.append(sa.column("created_at", MOMENT))
    table, connection = sa.table(name, *columns), op.get_bind()
    query = (
        sa.select(table, ENTRIES.c.state, IMPORTS.c.started_at)
        .join(ENTRIES, ENTRIES.c.id == table.c.id)
        .outerjoin(IMPORTS, IMPORTS.c.id == table.c.import_id)
    )
    for rows in connection.execute(query).mappings().partitions(CHUNK):
        news = [
            {
                "entry_id": row["id"],
                "said_on": _as_of(row["payload"]) or _day(row["started_at"] or row.get("created_at")),
                "state": row["state"],
            }
            for row in rows
        ]
        connection.execute(sa.insert(NEWS), news)


def _as_of(payload: str) -> date | None:
    said = (json.loads(payload).get("provenance") or {}).get("as_of")
    return date.fromisoformat(said) if said else None


def _day(at: datetime | None) -> date | None:
    return at and (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(ROME).date()
