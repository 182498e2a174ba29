"""Jobs as people ask for them, look at them and stop them; for whoever may not see one it does not exist."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Engine, func, insert, or_, select

from service.access.principal import Principal
from service.accounts.tables import AccountRow, Role
from service.database import reading, writing
from service.errors import ConflictError, InvalidError, UnknownRecordError
from service.ids import new_id
from service.jobs.folders import folder_of
from service.jobs.lists import Line
from service.jobs.states import Job, job_of
from service.jobs.tables import JobKind, JobLineRow, JobRow, JobState
from service.moments import now
from service.settings import Settings
from service.tables import ImportRow
from service.work.acting import Acting

MOST_UNFINISHED = 3
"""Jobs of one account that may wait or run at once, so that one person's pile holds nobody else up."""
AUDITED = "jobs"
"""What the audit trail calls them."""
_OVER = JobRow.finished_at.is_not(None)


@dataclass(frozen=True, slots=True)
class StoredLine:
    """A line of a list as it is kept; ``answer_id`` once it has been answered, ``problem`` if it cannot be."""

    number: int
    asked: Mapping[str, Any]
    problem: str
    field: str
    value: str
    answer_id: str | None


def ask_import(acting: Acting, source: str, file_name: str, job_id: str) -> str:
    """Ask for an import of what lies in the folder of ``job_id``; returns the job's id. Raises ConflictError."""
    last = select(ImportRow.rows_in).where(ImportRow.source == source).order_by(ImportRow.id.desc()).limit(1)
    total = acting.session.scalar(last) or 0
    _add(acting, job_id, JobKind.IMPORT, file_name, {"source": source}, commune_istat=None, total=total)
    acting.did(AUDITED, "import_asked", job_id, None, source=source)
    return job_id


def ask_match(acting: Acting, file_name: str, lines: Sequence[Line], k: int) -> str:
    """Ask for the calls of each line of a list; returns the job's id.

    Raises ConflictError where this account has too much under way, InvalidError for no line at all.
    """
    if not lines:
        raise InvalidError("projects", "no project to match")
    own = acting.principal.commune_istat if acting.principal.role is Role.COMMUNE else None
    job_id = new_id()
    answerable = sum(line.problem is None for line in lines)
    _add(acting, job_id, JobKind.MATCH, file_name, {"k": k}, commune_istat=own, total=answerable)
    acting.session.execute(insert(JobLineRow), [_row(job_id, line) for line in lines])
    acting.did(AUDITED, "match_asked", job_id, own, lines=len(lines), set_apart=len(lines) - answerable)
    return job_id


def read_job(acting: Acting, settings: Settings, job_id: str, kind: JobKind | None = None) -> Job:
    """Return a job (of this kind); raises UnknownRecordError for one that is not there or not for who asks."""
    row = acting.session.scalars(select(JobRow).where(JobRow.id == job_id, _seen_by(acting.principal))).one_or_none()
    if row is None or kind not in (None, row.kind):
        raise UnknownRecordError(f"{job_id}: no job has this id")
    return _job(acting, settings, row, _apart(acting, [row.id]).get(row.id, 0))


def list_jobs(
    acting: Acting, settings: Settings, *, kind: JobKind | None = None, after: str = "", limit: int = 20
) -> tuple[list[Job], str]:
    """Return a page of the jobs that may be seen, newest first, and where the next begins ("" at the end)."""
    query = select(JobRow).where(_seen_by(acting.principal)).order_by(JobRow.created_at.desc(), JobRow.id.desc())
    if kind is not None:
        query = query.where(JobRow.kind == kind)
    if after:
        last = acting.session.get(JobRow, after)
        if last is None:
            raise InvalidError("cursor", "what it points to is there no more; start again without one")
        at, id_ = JobRow.created_at, JobRow.id
        query = query.where(or_(at < last.created_at, (at == last.created_at) & (id_ < last.id)))
    rows = acting.session.scalars(query.limit(limit + 1)).all()
    apart = _apart(acting, [row.id for row in rows])
    jobs = [_job(acting, settings, row, apart.get(row.id, 0)) for row in rows[:limit]]
    return jobs, rows[limit - 1].id if len(rows) > limit else ""


def read_lines(acting: Acting, job: Job, *, after: int = 0, limit: int | None = 20) -> tuple[list[StoredLine], int]:
    """Return a page of the lines of a list in their order, and the last one's number (0 at the end)."""
    query = select(JobLineRow).where(JobLineRow.job_id == job.id, JobLineRow.line > after).order_by(JobLineRow.line)
    rows = acting.session.scalars(query if limit is None else query.limit(limit + 1)).all()
    found = [StoredLine(row.line, row.asked, row.problem, row.field, row.value, row.answer_id) for row in rows]
    if limit is None or len(found) <= limit:
        return found, 0
    return found[:limit], found[limit - 1].number


def set_apart(acting: Acting, job: Job, limit: int = 100) -> list[StoredLine]:
    """Return the first lines of a list that cannot be asked."""
    apart = (JobLineRow.job_id == job.id, JobLineRow.problem != "")
    rows = acting.session.scalars(select(JobLineRow).where(*apart).order_by(JobLineRow.line).limit(limit))
    return [StoredLine(row.line, row.asked, row.problem, row.field, row.value, row.answer_id) for row in rows]


def stop(engine: Engine, settings: Settings, principal: Principal, request_id: str, job_id: str) -> Job:
    """Ask that a job stop: one that waits never begins, one that runs ends soon; of an import nothing stays.

    Raises UnknownRecordError, ConflictError if it is over.
    """
    with reading(engine) as session:
        seen = read_job(Acting(session, principal, request_id), settings, job_id)
    # Before anything is written: an import may hold the database, and lets go of it for this.
    if seen.state is JobState.RUNNING:
        folder_of(settings, job_id).ask_stop()
    with writing(engine) as session:
        acting = Acting(session, principal, request_id)
        _stop(acting, job_id)
        return read_job(acting, settings, job_id)


def _stop(acting: Acting, job_id: str) -> None:
    row = acting.session.get_one(JobRow, job_id, with_for_update=True)
    if row.finished_at is not None and row.state is not JobState.STOPPED:
        raise ConflictError(f"{job_id}: it is over already")
    row.stop_asked_at = row.stop_asked_at or now()
    if row.state is JobState.WAITING:
        row.state, row.finished_at = JobState.STOPPED, row.stop_asked_at
    acting.session.flush()
    acting.did(AUDITED, "stopped", job_id, row.commune_istat, kind=row.kind.value)


def _seen_by(principal: Principal) -> ColumnElement[bool]:
    """The jobs of the account itself; a commune's are also its colleagues', imports every administrator's."""
    own: ColumnElement[bool] = JobRow.account_id == principal.account_id
    if principal.role is Role.COMMUNE:
        return or_(own, (JobRow.kind == JobKind.MATCH) & (JobRow.commune_istat == principal.commune_istat))
    if principal.role is Role.ADMINISTRATOR:
        return or_(own, JobRow.kind == JobKind.IMPORT)
    return own


def _add(
    acting: Acting,
    job_id: str,
    kind: JobKind,
    file_name: str,
    params: Mapping[str, Any],
    *,
    commune_istat: str | None,
    total: int,
) -> None:
    session, account = acting.session, acting.account_id
    # One request of an account at a time counts what is there and adds to it.
    session.scalars(select(AccountRow.id).where(AccountRow.id == account).with_for_update()).one()
    unfinished = select(func.count()).select_from(JobRow).where(JobRow.account_id == account, ~_OVER)
    if (session.scalar(unfinished) or 0) >= MOST_UNFINISHED:
        raise ConflictError(f"{MOST_UNFINISHED} jobs of yours wait or run already; wait for one to end, or stop one")
    values = {
        "id": job_id,
        "kind": kind,
        "account_id": account,
        "commune_istat": commune_istat,
        "state": JobState.WAITING,
        "file_name": file_name,
        "total": total,
        "params": dict(params),
        "created_at": now(),
    }
    session.execute(insert(JobRow), [values])


def _row(job_id: str, line: Line) -> dict[str, Any]:
    return {
        "job_id": job_id,
        "line": line.number,
        "asked": line.asked(),
        "problem": line.problem or "",
        "field": line.field,
        "value": line.value,
    }


def _job(acting: Acting, settings: Settings, row: JobRow, apart: int) -> Job:
    told = None
    if row.state is JobState.RUNNING and row.kind is JobKind.IMPORT:
        told = folder_of(settings, row.id).told()
    return job_of(row, apart=apart, done=told)


def _apart(acting: Acting, job_ids: Iterable[str]) -> dict[str, int]:
    query = (
        select(JobLineRow.job_id, func.count())
        .where(JobLineRow.job_id.in_(list(job_ids)), JobLineRow.problem != "")
        .group_by(JobLineRow.job_id)
    )
    return {job_id: count for job_id, count in acting.session.execute(query)}
