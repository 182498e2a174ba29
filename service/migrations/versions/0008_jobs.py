"""Long work that a request asks for and others wait for, and the lines of lists that are matched."""

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

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = ("jobs", "job_lines")


def upgrade() -> None:
    create_jobs()
    create_job_lines()


def downgrade() -> None:
    drop_tables(TABLES)


def create_jobs() -> None:
    op.create_table(
        "jobs",
        text("id"),
        one_of("kind", "import", "match"),
        text("account_id"),
        text("commune_istat", nullable=True),
        one_of("state", "waiting", "running", "done", "failed", "stopped"),
        text("file_name"),
        number("done"),
        number("total"),
        number("attempt"),
        text("problem"),
        long_text("detail"),
        json("params"),
        json("report"),
        instant("created_at"),
        instant("started_at", nullable=True),
        instant("stop_asked_at", nullable=True),
        instant("finished_at", nullable=True),
        check("jobs", "counts", "done >= 0 AND total >= 0 AND attempt >= 0"),
        check("jobs", "finished", "(state IN ('waiting', 'running')) = (finished_at IS NULL)"),
        points_to("jobs", "account_id", "accounts"),
        primary_key("jobs", "id"),
    )
    index("jobs", "account_id", "commune_istat", "state", "created_at", "finished_at")


def create_job_lines() -> None:
    op.create_table(
        "job_lines",
        text("job_id"),
        number("line"),
        json("asked"),
        text("problem"),
        text("field"),
        long_text("value"),
        text("answer_id", nullable=True),
        check("job_lines", "line", "line >= 1"),
        check("job_lines", "apart", "problem = '' OR answer_id IS NULL"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_job_lines_job_id_jobs"), ondelete="CASCADE"),
        points_to("job_lines", "answer_id", "answers"),
        primary_key("job_lines", "job_id", "line"),
    )
    index("job_lines", "answer_id")
