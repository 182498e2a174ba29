"""First tables: the records, their imports, their changes, the rows set apart."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

LEVELS = ("eu", "national", "regional", "metropolitan", "local", "foundation", "unknown")
STATUSES = ("forecasted", "open", "closed", "suspended", "unknown")
BODIES = (
    *("commune", "union", "province", "region", "central", "school", "health", "university", "public_body"),
    *("third_sector", "firm", "person"),
)
RECORD_TABLES = (
    *("communes", "organisations", "funding_calls", "precedents", "needs", "projects", "public_assets"),
    "frame_items",
)


def upgrade() -> None:
    create_imports()
    create_places_and_bodies()
    create_calls_and_precedents()
    create_queries()
    create_record_changes()
    create_quarantine()


def downgrade() -> None:
    for name in ("quarantine", "record_changes", *reversed(RECORD_TABLES), "imports"):
        op.drop_table(name)


def text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def long_text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def one_of(name: str, words: tuple[str, ...]) -> sa.Column[str]:
    words_type = sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, words_type, nullable=False)


def of_import(table: str, column: str = "import_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["imports.id"], name=op.f(f"fk_{table}_{column}_imports"))


def check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def create_record_table(table: str, *columns: sa.schema.SchemaItem, indexed: tuple[str, ...] = ()) -> None:
    op.create_table(
        table,
        text("id"),
        text("source"),
        number("version"),
        text("content_hash"),
        long_text("payload"),
        number("first_import_id"),
        number("import_id"),
        *columns,
        check(table, "version", "version >= 1"),
        of_import(table, "first_import_id"),
        of_import(table),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    index(table, "source", "import_id", *indexed)


def create_imports() -> None:
    op.create_table(
        "imports",
        number("id"),
        text("source"),
        text("file_name"),
        text("sha256"),
        instant("started_at"),
        instant("finished_at", nullable=True),
        number("rows_in"),
        number("new"),
        number("changed"),
        number("unchanged"),
        number("quarantined"),
        sa.Column("repairs", sa.JSON(), nullable=False),
        check("imports", "adds_up", "rows_in = new + changed + unchanged + quarantined"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    index("imports", "source")


def create_places_and_bodies() -> None:
    create_record_table(
        "communes",
        text("name"),
        text("province_code"),
        text("region_code"),
        text("zone"),
        number("population", nullable=True),
        check("communes", "istat", "length(id) = 6"),
        check("communes", "population", "population >= 0"),
        indexed=("name",),
    )
    create_record_table(
        "organisations",
        text("name"),
        one_of("kind", BODIES),
        text("ipa_code"),
        text("commune_istat"),
        check("organisations", "id", "length(id) > 0"),
        indexed=("ipa_code", "commune_istat"),
    )


def create_calls_and_precedents() -> None:
    create_record_table(
        "funding_calls",
        text("title"),
        text("issuer"),
        one_of("level", LEVELS),
        one_of("status", STATUSES),
        text("programme"),
        instant("opens_at", nullable=True),
        instant("closes_at", nullable=True),
        sa.Column("illustrative", sa.Boolean(), nullable=False),
        check("funding_calls", "id", "length(id) > 0"),
        indexed=("programme", "closes_at"),
    )
    create_record_table(
        "precedents",
        text("cup"),
        text("measure"),
        text("procedure"),
        text("programme"),
        number("year", nullable=True),
        check("precedents", "id", "length(id) > 0"),
        indexed=("cup", "measure"),
    )


def create_queries() -> None:
    create_record_table(
        "needs",
        text("title"),
        text("commune_istat"),
        check("needs", "id", "length(id) > 0"),
        indexed=("commune_istat",),
    )
    create_record_table(
        "projects",
        text("title"),
        text("state"),
        text("programme"),
        text("cup"),
        check("projects", "id", "length(id) > 0"),
        indexed=("programme",),
    )
    create_record_table(
        "public_assets",
        text("title"),
        text("commune_istat"),
        text("kind"),
        text("path"),
        check("public_assets", "id", "length(id) > 0"),
        indexed=("commune_istat",),
    )
    create_record_table(
        "frame_items",
        text("kind"),
        text("code"),
        text("label"),
        check("frame_items", "id", "length(id) > 0"),
        indexed=("kind",),
    )


def create_record_changes() -> None:
    op.create_table(
        "record_changes",
        number("id"),
        text("kind"),
        text("record_id"),
        number("version"),
        number("import_id"),
        instant("at"),
        sa.Column("changes", sa.JSON(), nullable=False),
        check("record_changes", "version", "version >= 2"),
        of_import("record_changes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_changes")),
        sa.UniqueConstraint("record_id", "kind", "version", name=op.f("uq_record_changes_record_id")),
    )
    index("record_changes", "import_id")


def create_quarantine() -> None:
    op.create_table(
        "quarantine",
        text("fingerprint"),
        number("import_id"),
        text("source"),
        text("file"),
        number("line"),
        text("field"),
        long_text("value"),
        long_text("reason"),
        instant("first_seen"),
        instant("last_seen"),
        instant("resolved_at", nullable=True),
        check("quarantine", "line", "line >= 0"),
        of_import("quarantine"),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_quarantine")),
    )
    index("quarantine", "import_id", "source")
