"""The tables of long work: what was asked for, how far it is, and the lines of a list that is matched.

jobs ──► job_lines   one line of an uploaded list: what it says, or why it cannot be asked; its answer once it has one
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.tables import Base, UtcDateTime, one_of


class JobKind(StrEnum):
    """What is done."""

    IMPORT = "import"
    MATCH = "match"


class JobState(StrEnum):
    """How far it is; the last three are for good."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class JobRow(Base):
    """One piece of long work.

    ``total`` is 0 where nobody knows beforehand. ``attempt`` counts how often it was begun: whoever works on it writes
    only while the number is its own. ``problem`` is a code ("" for none) and ``detail`` the words of what refused.
    ``params`` is what was asked for, ``report`` what came of it.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("done >= 0 AND total >= 0 AND attempt >= 0", name="counts"),
        CheckConstraint("(state IN ('waiting', 'running')) = (finished_at IS NULL)", name="finished"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[JobKind] = mapped_column(one_of(JobKind, "kind"))
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    commune_istat: Mapped[str | None] = mapped_column(index=True)
    state: Mapped[JobState] = mapped_column(one_of(JobState, "state"), index=True)
    file_name: Mapped[str]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    attempt: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(default="")
    detail: Mapped[str] = mapped_column(Text, default="")
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stop_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class JobLineRow(Base):
    """One line of an uploaded list; with a ``problem`` it is set apart, with an answer it is done."""

    __tablename__ = "job_lines"
    __table_args__ = (
        CheckConstraint("line >= 1", name="line"),
        CheckConstraint("problem = '' OR answer_id IS NULL", name="apart"),
    )

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True)
    asked: Mapped[dict[str, Any]] = mapped_column(JSON)
    problem: Mapped[str] = mapped_column(default="")
    field: Mapped[str] = mapped_column(default="")
    value: Mapped[str] = mapped_column(Text, default="")
    answer_id: Mapped[str | None] = mapped_column(ForeignKey("answers.id"), index=True)
