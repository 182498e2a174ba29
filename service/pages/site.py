"""The pages that explain, and the choice of language."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from service.catalogue.sources import source_states
from service.pages.going import own_address
from service.pages.languages import PageLanguage, keep_language
from service.pages.reasons import moment_day
from service.pages.source_names import source_name
from service.pages.templating import page
from service.pages.translations import ITALIAN, LANGUAGES
from service.web.state import state_of
from service.web.transactions import ReadSession

router = APIRouter(include_in_schema=False)


@router.get("/come-funziona")
def read_how(request: Request) -> HTMLResponse:
    """Explain in plain words how calls are found, and what a person must still check."""
    return page(request, "how.html", {"n_calls": len(state_of(request).live.serving().catalogue.calls)})


@router.get("/fonti")
def read_sources(request: Request, session: ReadSession, language: PageLanguage) -> HTMLResponse:
    """Show every source with the day on which it was last read, and what could not be read in it."""
    states = [
        {
            "state": state,
            "name": source_name(state.name, language),
            "read": moment_day(state.imported_at.isoformat(), language) if state.imported_at else "",
        }
        for state in source_states(session)
    ]
    return page(request, "sources.html", {"sources": states})


@router.get("/privacy")
def read_privacy(request: Request) -> HTMLResponse:
    """Say which data are kept, why and for how long."""
    return page(request, "privacy.html")


@router.get("/note-legali")
def read_notes(request: Request) -> HTMLResponse:
    """Say under which licence the software and the data are."""
    return page(request, "notes.html")


@router.post("/lingua")
def choose_language(
    request: Request,
    lingua: Annotated[str, Form(max_length=5)] = ITALIAN,
    ritorno: Annotated[str, Form(max_length=500)] = "/",
) -> RedirectResponse:
    """Keep the reader's language and go back to where it was chosen."""
    answer = RedirectResponse(own_address(ritorno), status_code=303)
    keep_language(request, answer, lingua if lingua in LANGUAGES else ITALIAN)
    return answer
