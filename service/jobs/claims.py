"""Who works on a job: one process at a time, whose claim ends with it.

    free ──► lock ──► attempt + 1 in the database ──► work ──► state for good, lock let go
                └── the process dies: the lock is free, the state still "running": the next one takes the job up again

The lock says that somebody is alive (an advisory lock on PostgreSQL, a locked file beside SQLite); the number of the
attempt in the database is what every write is bound to, so that whoever lost its lock unawares writes nothing more.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from service.database import reading, writing_in_turn
from service.jobs.folders import folder_of
from service.jobs.states import Failure
from service.jobs.tables import JobKind, JobRow, JobState
from service.locks import if_free
from service.moments import now
from service.settings import Settings

MOST_ATTEMPTS = 3
"""After how many deaths of its process a job is given up: it may be what kills them."""
UNFINISHED = (JobState.WAITING, JobState.RUNNING)


class LostError(Exception):
    """The job is no longer ours: taken up by another process, or removed."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in the hands of this process."""

    id: str
    kind: JobKind
    account_id: str
    commune_istat: str | None
    attempt: int
    done: int
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A job that is not over."""

    id: str
    kind: JobKind
    is_stopping: bool


@contextmanager
def claimed(engine: Engine, settings: Settings, job_id: str) -> Iterator[Claim | None]:
    """Hold a job while working on it; yields None if somebody else does, or if it is over."""
    with _alive(engine, settings, job_id) as is_ours:
        yield _taken(engine, job_id) if is_ours else None


def candidates(engine: Engine) -> list[Candidate]:
    """Return the jobs that somebody may have to do, the oldest first."""
    columns = JobRow.id, JobRow.kind, JobRow.stop_asked_at
    query = select(*columns).where(JobRow.state.in_(UNFINISHED)).order_by(JobRow.created_at, JobRow.id)
    with reading(engine) as session:
        return [Candidate(id_, kind, stop is not None) for id_, kind, stop in session.execute(query)]


def write(session: Session, claim: Claim, **values: Any) -> None:
    """Change the job that is held; raises LostError if it is no longer ours, so that the transaction is undone."""
    ours = (JobRow.id == claim.id, JobRow.attempt == claim.attempt, JobRow.state == JobState.RUNNING)
    if session.execute(update(JobRow).where(*ours).values(**values)).rowcount != 1:  # type: ignore[attr-defined]
        raise LostError(claim.id)


def finish(engine: Engine, claim: Claim, state: JobState, **values: Any) -> None:
    """Say what became of a job, for good; a job that is no longer ours stays as it is."""
    try:
        with writing_in_turn(engine) as session:
            write(session, claim, state=state, finished_at=now(), **values)
    except LostError:
        return


def give_back(engine: Engine, claim: Claim) -> None:
    """Let others take a job up, as if this process had not begun: it ends, and not because of the job."""
    try:
        with writing_in_turn(engine) as session:
            write(session, claim, state=JobState.WAITING, attempt=claim.attempt - 1)
    except LostError:
        return


def _taken(engine: Engine, job_id: str) -> Claim | None:
    with writing_in_turn(engine) as session:
        row = session.get(JobRow, job_id, with_for_update=True)
        if row is None or row.state not in UNFINISHED:
            return None
        if row.stop_asked_at is not None or row.attempt >= MOST_ATTEMPTS:
            _give_up(row)
            return None
        row.state, row.attempt = JobState.RUNNING, row.attempt + 1
        row.started_at = row.started_at or now()
        return Claim(row.id, row.kind, row.account_id, row.commune_istat, row.attempt, row.done, dict(row.params))


def _give_up(row: JobRow) -> None:
    stopped = row.stop_asked_at is not None
    row.state = JobState.STOPPED if stopped else JobState.FAILED
    row.problem = "" if stopped else Failure.INTERRUPTED
    row.finished_at = now()


@contextmanager
def _alive(engine: Engine, settings: Settings, job_id: str) -> Iterator[bool]:
    """Hold the lock of a job, which ends with this process; yields whether it was free."""
    if engine.dialect.name != "postgresql":
        with if_free(folder_of(settings, job_id).lock) as is_ours:
            yield is_ours
        return
    key = int.from_bytes(sha256(f"remix job {job_id}".encode()).digest()[:8], signed=True)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        is_ours = bool(connection.scalar(select(func.pg_try_advisory_lock(key))))
        try:
            yield is_ours
        finally:
            if is_ours:
                connection.execute(select(func.pg_advisory_unlock(key)))
