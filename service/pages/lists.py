"""Calls for a whole list of projects: the file is uploaded, matched beside other work, looked at and taken along."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from corpora.errors import LayoutError, SourceError
from service.access.enforcement import CurrentPrincipal
from service.access.principal import Principal
from service.database import reading, writing
from service.errors import ConflictError, InvalidError
from service.ids import new_id
from service.jobs import store
from service.jobs.folders import folder_of, safe_name
from service.jobs.lists import Line, read_list
from service.jobs.results import every_outcome, read_outcomes
from service.jobs.states import Job
from service.jobs.tables import JobKind
from service.pages import list_results
from service.pages.going import go
from service.pages.languages import PageLanguage
from service.pages.names_of_jobs import apart_line, failure_words, state_words
from service.pages.reasons import moment_day
from service.pages.templating import page
from service.spreadsheets import CSV_TYPE, XLSX_TYPE, Cell, csv_table, xlsx_table
from service.web.requests import PathId, RequestId
from service.web.state import State, state_of
from service.web.uploads import Sent, SentForm
from service.work.acting import Acting

router = APIRouter(include_in_schema=False)
LISTS = "/elenchi"
AT_ONCE = 10
JOBS_SHOWN = 20
CHOICES = (3, 5, 10)
"""How many calls of each project one may ask for."""
After = Annotated[int, Query(alias="dopo", ge=0, le=2**31 - 1)]


@router.get(LISTS)
def read_lists(request: Request, principal: CurrentPrincipal, language: PageLanguage) -> HTMLResponse:
    """Show the form that takes a list, what it should look like, and the lists that were sent."""
    return _form(request, principal, language, "", 200)


@router.post(LISTS)
def send_list(
    request: Request, principal: CurrentPrincipal, request_id: RequestId, language: PageLanguage, sent: SentForm
) -> Response:
    """Take a list and begin to match it; a file that is none comes back with the reason."""
    state = state_of(request)
    if sent.content is None:
        return _form(request, principal, language, "none", 422)
    try:
        lines = _lines(state, principal, sent)
        with writing(state.engine) as session:
            acting = Acting(session, principal, request_id)
            job_id = store.ask_match(acting, safe_name(sent.name), lines, _choice(sent))
    except (SourceError, LayoutError, InvalidError) as error:
        return _form(request, principal, language, _refusal(error), 422)
    except ConflictError:
        return _form(request, principal, language, "busy", 409)
    state.jobs.wake()
    return go(f"{LISTS}/{job_id}")


@router.get(f"{LISTS}/esempio.csv")
def download_sample() -> Response:
    """Return a list to begin with."""
    return _file(csv_table(*list_results.sample()), CSV_TYPE, "esempio.csv")


@router.get(f"{LISTS}/esempio.xlsx")
def download_sample_workbook() -> Response:
    """Return a list to begin with, as a workbook."""
    return _file(xlsx_table("progetti", *list_results.sample()), XLSX_TYPE, "esempio.xlsx")


@router.get(f"{LISTS}/{{job_id}}")
def read_list_job(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    language: PageLanguage,
    job_id: PathId,
    after: After = 0,
) -> HTMLResponse:
    """Show how far a list is, and what was found for each of its lines so far."""
    state = state_of(request)
    with reading(state.engine) as session:
        acting = Acting(session, principal, request_id)
        job = store.read_job(acting, state.settings, job_id, JobKind.MATCH)
        outcomes, last = read_outcomes(acting, job, after=after, limit=AT_ONCE)
        apart = store.set_apart(acting, job)
    if job.is_over:
        with writing(state.engine) as session:
            Acting(session, principal, request_id).saw(store.AUDITED, job.id, job.commune_istat)
    shown = {
        **told_of(job, language),
        "lines": [list_results.shown_line(one, language) for one in outcomes if not one.line.problem],
        "apart": [apart_line(one, language) for one in apart],
        "is_first": after == 0,
        "following": f"{LISTS}/{job.id}?{urlencode({'dopo': last})}" if last else "",
    }
    return page(request, "jobs/list.html", shown)


@router.get(f"{LISTS}/{{job_id}}/risultato.csv")
def download_csv(
    request: Request, principal: CurrentPrincipal, request_id: RequestId, language: PageLanguage, job_id: PathId
) -> Response:
    """Return what was found, one row for each call of each line."""
    job, table = _table(request, principal, request_id, language, job_id)
    return _file(csv_table(list_results.header(language), table), CSV_TYPE, f"{_stem(job)}.csv")


@router.get(f"{LISTS}/{{job_id}}/risultato.xlsx")
def download_workbook(
    request: Request, principal: CurrentPrincipal, request_id: RequestId, language: PageLanguage, job_id: PathId
) -> Response:
    """Return what was found as a workbook."""
    job, table = _table(request, principal, request_id, language, job_id)
    return _file(xlsx_table("Bandi", list_results.header(language), table), XLSX_TYPE, f"{_stem(job)}.xlsx")


@router.post(f"{LISTS}/{{job_id}}/ferma")
def stop_list(request: Request, principal: CurrentPrincipal, request_id: RequestId, job_id: PathId) -> Response:
    """Stop a list; what was found stays."""
    state = state_of(request)
    store.stop(state.engine, state.settings, principal, request_id, job_id)
    state.jobs.wake()
    return go(f"{LISTS}/{job_id}")


def told_of(job: Job, language: str) -> dict[str, Any]:
    """Return what pages say of a job."""
    return {
        "job": job,
        "state": state_words(job, language),
        "failure": failure_words(job, language),
        "asked_at": moment_day(job.created_at.isoformat(), language),
    }


def _form(request: Request, principal: Principal, language: str, error: str, status: int) -> HTMLResponse:
    state = state_of(request)
    with reading(state.engine) as session:
        jobs, _ = store.list_jobs(Acting(session, principal), state.settings, kind=JobKind.MATCH, limit=JOBS_SHOWN)
    names = {one.istat: one.name for one in state.live.serving().communes}
    shown = {
        "jobs": [told_of(job, language) for job in jobs],
        "columns": list_results.columns(language),
        "choices": CHOICES,
        "own_name": names.get(principal.commune_istat or "", "") if not principal.is_staff else "",
        "limit": state.settings.list_limit,
        "error": error,
    }
    return page(request, "jobs/lists.html", shown, status)


def _lines(state: State, principal: Principal, sent: Sent) -> list[Line]:
    """Read what was sent; the file itself is kept nowhere."""
    folder = folder_of(state.settings, new_id())
    try:
        if sent.content is None:
            raise InvalidError("file", "no file was sent")
        path = folder.keep(sent.name, sent.content)
        return read_list(path, principal, state.live.serving().finder, state.settings.list_limit)
    finally:
        folder.remove()


def _choice(sent: Sent) -> int:
    words = sent.fields.get("quanti", "")
    return int(words) if words in {str(one) for one in CHOICES} else CHOICES[1]


def _refusal(error: Exception) -> str:
    if isinstance(error, InvalidError):
        return error.field
    return "columns" if isinstance(error, LayoutError) else "unreadable"


def _table(
    request: Request, principal: Principal, request_id: str, language: str, job_id: str
) -> tuple[Job, list[list[Cell]]]:
    state = state_of(request)
    names = {one.istat: one.name for one in state.live.serving().communes}
    with reading(state.engine) as session:
        acting = Acting(session, principal, request_id)
        job = store.read_job(acting, state.settings, job_id, JobKind.MATCH)
        outcomes = every_outcome(acting, job)
        table = list(list_results.rows(outcomes, names, state.settings.public_url, language))
    with writing(state.engine) as session:
        Acting(session, principal, request_id).did(store.AUDITED, "downloaded", job.id, job.commune_istat)
    return job, table


def _stem(job: Job) -> str:
    """Return the name of a file of results: that of the list, in letters that every header can hold."""
    stem = job.file_name.rpartition(".")[0] or job.file_name or "elenco"
    return f"bandi-{stem}".encode("ascii", "ignore").decode().replace('"', "")


def _file(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, media_type=media_type, headers=headers)
