"""Long work over HTTP: lists of projects that are matched while other requests go on."""

from fastapi import APIRouter, Request, Response

from service.access.enforcement import CurrentPrincipal
from service.api.acting import Looking, Watched, Writing
from service.api.shapes_items import RecordId
from service.api.shapes_jobs import JobLineShape, JobShape, NewJob
from service.api.sources import cursor_of, number_of
from service.jobs import store
from service.jobs.lists import Reader
from service.jobs.results import read_outcomes
from service.web.paging import Cursor, Limit, Page, decode_cursor, encode_cursor
from service.web.requests import RequestId
from service.web.state import state_of
from service.work.acting import Acting

router = APIRouter(prefix="/api/v1/jobs", tags=["jobs"])


@router.get("", operation_id="list_jobs")
def list_jobs(request: Request, acting: Looking, limit: Limit = 20, cursor: Cursor = "") -> Page[JobShape]:
    """List the long work that you may see, newest first."""
    settings = state_of(request).settings
    found, last = store.list_jobs(acting, settings, after=decode_cursor(cursor), limit=limit)
    shapes = [JobShape.model_validate(one) for one in found]
    return Page[JobShape](items=shapes, next_cursor=encode_cursor(last), total=None)


@router.post("", operation_id="match_projects", status_code=201)
def match_projects(request: Request, acting: Writing, body: NewJob, response: Response) -> JobShape:
    """Ask for the calls of many projects; look at the work until it is done, then read what came of each."""
    state = state_of(request)
    reader = Reader(acting.principal, state.live.serving().finder)
    lines = [reader.line(number, one.model_dump()) for number, one in enumerate(body.projects, start=1)]
    job_id = store.ask_match(acting, "", lines, body.k)
    response.headers["Location"] = f"{router.prefix}/{job_id}"
    state.jobs.wake()
    return _shape(request, acting, job_id)


@router.get("/{job_id}", operation_id="read_job")
def read_job(request: Request, acting: Looking, job_id: RecordId) -> JobShape:
    """Read how far something is."""
    return _shape(request, acting, job_id)


@router.get("/{job_id}/lines", operation_id="list_job_lines")
def list_job_lines(
    request: Request, acting: Watched, job_id: RecordId, limit: Limit = 20, cursor: Cursor = ""
) -> Page[JobLineShape]:
    """Read what came of each project so far, in the order in which they were sent."""
    job = store.read_job(acting, state_of(request).settings, job_id)
    found, last = read_outcomes(acting, job, after=number_of(cursor) or 0, limit=limit)
    acting.saw(store.AUDITED, job.id, job.commune_istat)
    shapes = [JobLineShape.of(one) for one in found]
    return Page[JobLineShape](items=shapes, next_cursor=cursor_of(last or None), total=None)


@router.post("/{job_id}/stops", operation_id="stop_job")
def stop_job(request: Request, principal: CurrentPrincipal, request_id: RequestId, job_id: RecordId) -> JobShape:
    """Stop something: what was done of a list stays, of an import nothing does."""
    state = state_of(request)
    stopped = store.stop(state.engine, state.settings, principal, request_id, job_id)
    state.jobs.wake()
    return JobShape.model_validate(stopped)


def _shape(request: Request, acting: Acting, job_id: str) -> JobShape:
    return JobShape.model_validate(store.read_job(acting, state_of(request).settings, job_id))
