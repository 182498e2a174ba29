"""What can be told of long work: codes of what went wrong, and what a job is to those who look at it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from service.jobs.tables import JobKind, JobRow, JobState


class Failure(StrEnum):
    """Why a job failed."""

    UNREADABLE = "unreadable"
    """The file cannot be read at all."""
    LAYOUT = "layout"
    """The file lacks a column that its source must have."""
    REFUSED = "refused"
    """The database refused, or the counts did not add up: nothing was imported."""
    INTERRUPTED = "interrupted"
    """The process that worked on it ended too often."""
    GONE = "gone"
    """What was uploaded is no longer there."""
    NOT_ALLOWED = "not_allowed"
    """Whoever asked for it may no longer do so."""
    OURS = "ours"
    """An error of ours, which is in the log."""


class LineProblem(StrEnum):
    """Why a line of an uploaded list cannot be asked."""

    MISSHAPEN = "misshapen"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    NOT_TEXT = "not_text"
    NO_COMMUNE = "no_commune"
    UNKNOWN_COMMUNE = "unknown_commune"
    ANOTHER_COMMUNE = "another_commune"
    NO_NUMBER = "no_number"
    UNKNOWN_KIND = "unknown_kind"
    UNANSWERABLE = "unanswerable"


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands; ``done`` and ``total`` are rows (0: not known; for an import the number of the last one's).

    ``apart`` counts the lines of a list that cannot be asked, ``detail`` holds the words of what refused a file.
    """

    id: str
    kind: JobKind
    account_id: str
    commune_istat: str | None
    state: JobState
    file_name: str
    done: int
    total: int
    apart: int
    problem: str
    detail: str
    params: dict[str, Any]
    report: dict[str, Any]
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    is_stopping: bool

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.finished_at is not None

    @property
    def share(self) -> float:
        """How much is done, from 0 to 1; 0 where the total is not known."""
        if self.state is JobState.DONE:
            return 1.0
        return min(1.0, self.done / self.total) if self.total else 0.0


def job_of(row: JobRow, *, apart: int = 0, done: int | None = None) -> Job:
    """Return a row as what it stands for; ``done`` where it is known more recently than in the row."""
    return Job(
        id=row.id,
        kind=row.kind,
        account_id=row.account_id,
        commune_istat=row.commune_istat,
        state=row.state,
        file_name=row.file_name,
        done=row.done if done is None else max(done, row.done),
        total=row.total,
        apart=apart,
        problem=row.problem,
        detail=row.detail,
        params=row.params,
        report=row.report,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        is_stopping=row.stop_asked_at is not None,
    )
