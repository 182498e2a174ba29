"""Imports, for administrators: the log of those made, and files of the publishers taken in beside other work."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from corpora.sources import NAMES
from service.access.enforcement import CurrentPrincipal
from service.access.principal import Principal
from service.catalogue.sources import imported_sources, list_imports
from service.database import reading, writing
from service.errors import ConflictError
from service.ids import new_id
from service.jobs import store
from service.jobs.folders import folder_of, safe_name
from service.jobs.tables import JobKind
from service.pages.going import go
from service.pages.languages import PageLanguage
from service.pages.lists import told_of
from service.pages.names_of_jobs import source_words
from service.pages.reasons import moment_day
from service.pages.templating import page
from service.web.requests import PathId, RequestId
from service.web.state import state_of
from service.web.uploads import SentForm
from service.work.acting import Acting

router = APIRouter(include_in_schema=False)
IMPORTS = "/amministrazione/importazioni"
AT_ONCE = 30
JOBS_SHOWN = 5
Before = Annotated[int | None, Query(alias="prima", ge=1, le=2**62)]


@router.get(IMPORTS)
def read_imports(
    request: Request,
    principal: CurrentPrincipal,
    language: PageLanguage,
    fonte: Annotated[str, Query(max_length=100)] = "",
    before: Before = None,
) -> HTMLResponse:
    """Show the form that takes a file, what was uploaded last, and all imports with how many rows came to what."""
    return _imports(request, principal, language, {"fonte": fonte, "prima": before})


@router.post(IMPORTS)
def send_file(
    request: Request, principal: CurrentPrincipal, request_id: RequestId, language: PageLanguage, sent: SentForm
) -> Response:
    """Take a publisher's file and begin to import it."""
    state, source = state_of(request), sent.fields.get("fonte", "")
    if source not in NAMES or sent.content is None:
        wrong = "file" if source in NAMES else "source"
        return _imports(request, principal, language, {}, {"error": wrong, "chosen": source}, 422)
    folder = folder_of(state.settings, job_id := new_id())
    kept = folder.keep(sent.name, sent.content)
    try:
        if not kept.stat().st_size:
            folder.remove()
            return _imports(request, principal, language, {}, {"error": "empty", "chosen": source}, 422)
        with writing(state.engine) as session:
            store.ask_import(Acting(session, principal, request_id), source, safe_name(sent.name), job_id)
    except ConflictError:
        folder.remove()
        return _imports(request, principal, language, {}, {"error": "busy", "chosen": source}, 409)
    except BaseException:
        folder.remove()
        raise
    state.jobs.wake()
    return go(f"{IMPORTS}/{job_id}")


@router.get(f"{IMPORTS}/{{job_id}}")
def read_import(request: Request, principal: CurrentPrincipal, language: PageLanguage, job_id: PathId) -> HTMLResponse:
    """Show how far an import is, and its report."""
    state = state_of(request)
    with reading(state.engine) as session:
        job = store.read_job(Acting(session, principal), state.settings, job_id, JobKind.IMPORT)
    source = job.params["source"]
    shown = {"source": source, "source_words": source_words(source, language)}
    return page(request, "administration/import.html", told_of(job, language) | shown)


@router.post(f"{IMPORTS}/{{job_id}}/ferma")
def stop_import(request: Request, principal: CurrentPrincipal, request_id: RequestId, job_id: PathId) -> Response:
    """Stop an import: nothing of it stays."""
    state = state_of(request)
    store.stop(state.engine, state.settings, principal, request_id, job_id)
    state.jobs.wake()
    return go(f"{IMPORTS}/{job_id}")


def _imports(
    request: Request,
    principal: Principal,
    language: str,
    asked: Mapping[str, Any],
    told: Mapping[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    state = state_of(request)
    source = asked.get("fonte") or ""
    with reading(state.engine) as session:
        rows, following = list_imports(session, source=source, before=asked.get("prima"), limit=AT_ONCE)
        read = imported_sources(session)
        acting = Acting(session, principal)
        jobs, _ = store.list_jobs(acting, state.settings, kind=JobKind.IMPORT, limit=JOBS_SHOWN)
        kept = {"fonte": source} if source else {}
        shown = {
            "imports": [{"row": row, "when": moment_day(row.started_at.isoformat(), language)} for row in rows],
            "sources": read,
            "asked": source,
            "following": f"{IMPORTS}?{urlencode(kept | {'prima': following})}" if following else "",
            "jobs": [told_of(job, language) for job in jobs],
            "all_sources": [(name, source_words(name, language)) for name in NAMES],
            "limit": state.settings.import_limit_mb,
            "error": "",
            "chosen": "",
        }
        return page(request, "administration/imports.html", shown | dict(told or {}), status)
