"""The register of projects: one entry for each precedent and project, and where each is; filled from the records."""

import json

import sqlalchemy as sa
from alembic import op

from service.migrations.pieces import (
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
from service.register.derivation import NOT_PROJECTS, entry_of, places_of
from service.register.kinds import EntryKind

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = ("register_entries", "register_places")
CHUNK = 2000
FROM_RECORD = (
    *("id", "kind", "title", "cup", "programme", "measure", "measure_label", "state", "amount", "year", "body"),
    *("paired_with", "illustrative"),
)
ENTRIES = sa.table(
    "register_entries",
    *map(sa.column, ("id", "kind", "source", "title", "cup", "programme", "measure", "measure_label", "state")),
    sa.column("amount_cents", sa.BigInteger()),
    *map(sa.column, ("year", "body", "paired_with", "owner_istat", "merged_into")),
    sa.column("illustrative", sa.Boolean()),
    sa.column("archived_at", sa.DateTime(timezone=True)),
)
PLACES = sa.table("register_places", sa.column("entry_id"), sa.column("commune_istat"))


def upgrade() -> None:
    op.create_table(
        "register_entries",
        text("id"),
        one_of("kind", "project", "precedent"),
        *map(text, ("source", "title", "cup", "programme", "measure", "measure_label", "state")),
        sa.Column("amount_cents", sa.BigInteger()),
        number("year", nullable=True),
        long_text("body"),
        text("paired_with"),
        text("owner_istat", nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        instant("archived_at", nullable=True),
        sa.Column("merged_into", sa.String(), server_default="", nullable=False),
        primary_key("register_entries", "id"),
    )
    index("register_entries", "cup", "measure", "merged_into", "programme", "source")
    op.create_table(
        "register_places",
        text("entry_id"),
        text("commune_istat"),
        points_to("register_places", "entry_id", "register_entries"),
        primary_key("register_places", "entry_id", "commune_istat"),
    )
    index("register_places", "commune_istat")
    _fill("precedents", EntryKind.PRECEDENT)
    _fill("projects", EntryKind.PROJECT)


def downgrade() -> None:
    drop_tables(TABLES)


def _fill(name: str, kind: EntryKind) -> None:
    columns = [sa.column("payload"), sa.column("source"), sa.column("archived_at", sa.DateTime(timezone=True))]
    if name == "projects":
        columns.append(sa.column("owner_istat"))
    table = sa.table(name, *columns)
    connection = op.get_bind()
    found = connection.execute(sa.select(table).where(table.c.source.not_in(NOT_PROJECTS)))
    for rows in found.mappings().partitions(CHUNK):
        entries, places = [], []
        for row in rows:
            data = json.loads(row["payload"])
            said = entry_of(kind, data)
            entry = {column: said[column] for column in FROM_RECORD} | {"source": row["source"], "merged_into": ""}
            amount = entry.pop("amount")
            entry["amount_cents"] = None if amount is None else round(amount * 100)
            entries.append(entry | {"archived_at": row["archived_at"], "owner_istat": row.get("owner_istat")})
            places += places_of(data)
        connection.execute(sa.insert(ENTRIES), entries)
        if places:
            connection.execute(sa.insert(PLACES), places)
