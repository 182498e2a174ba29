"""The incubator's queue of requests: what is late first, who follows what, answers, questions, notes, hours, counts."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, BackgroundTasks, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from service.access.enforcement import CurrentPrincipal
from service.access.principal import Principal
from service.api.acting import Writing
from service.errors import ConflictError, InvalidError, StaleError
from service.pages.desk import Done, Undo, acting_in, notice
from service.pages.formats import day
from service.pages.going import go
from service.pages.languages import PageLanguage
from service.pages.request_forms import ANSWER, NOTE, QUESTION, day_sent, written_by_staff
from service.pages.request_words import service_name, services, state_name, states
from service.pages.templating import page
from service.pages.translations import translations
from service.requests import changing, queue, thread
from service.requests.notices import tell
from service.requests.queue import NOBODY, RequestFilters
from service.requests.tables import RequestState, Service
from service.requests.terms import OPEN, Terms, terms_of
from service.requests.thread import LONGEST_ENTRY
from service.settings import Settings
from service.web.paging import decode_cursor, encode_cursor
from service.web.requests import PathId, RequestId
from service.web.state import state_of
from service.work.acting import Acting
from service.work.staff import people

router = APIRouter(prefix="/incubatore/richieste", include_in_schema=False)
LIST = "/incubatore/richieste"
AT_ONCE = 50
ALL = "tutte"
"""As ``stato``: also what was answered, closed or withdrawn."""
Version = Annotated[int, Form(alias="versione", ge=1, le=2**31 - 1)]


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody of the incubator at one request: who, and in which language."""

    request: Request
    principal: Principal
    acting_id: str
    language: str

    def acting(self) -> AbstractContextManager[Acting]:
        """Act in a transaction that is committed at its end."""
        return acting_in(self.request, self.principal, self.acting_id)

    @property
    def settings(self) -> Settings:
        """The settings of the service."""
        return state_of(self.request).settings

    @property
    def terms(self) -> Terms:
        """By when services are answered."""
        return terms_of(self.settings.request_days)


def _at_desk(request: Request, principal: CurrentPrincipal, acting_id: RequestId, language: PageLanguage) -> Desk:
    return Desk(request, principal, acting_id, language)


AtDesk = Annotated[Desk, Depends(_at_desk)]


@router.get("")
def read_queue(
    request: Request,
    acting: Writing,
    language: PageLanguage,
    service: Annotated[str, Query(alias="servizio", max_length=40)] = "",
    commune: Annotated[str, Query(alias="comune", max_length=6)] = "",
    state: Annotated[str, Query(alias="stato", max_length=20)] = "",
    owner: Annotated[str, Query(alias="chi", max_length=100)] = "",
    late: Annotated[str, Query(alias="in_ritardo", max_length=2)] = "",
    cursor: Annotated[str, Query(max_length=500)] = "",
    done: Done = "",
    undo: Undo = "",
) -> HTMLResponse:
    """Show the queue: what the incubator must answer next, by due date."""
    filters = RequestFilters(
        service=Service(service) if service in set(Service) else None,
        commune_istat=commune,
        state=RequestState(state) if state in set(RequestState) else None,
        owner_id=owner,
        late=bool(late),
        going=not state,
    )
    found, last, total = queue.list_requests(acting, filters, after=decode_cursor(cursor), limit=AT_ONCE)
    asked = {"servizio": service, "comune": commune, "stato": state, "chi": owner, "in_ritardo": late}
    kept = {name: value for name, value in asked.items() if value}
    shown = {
        "lines": [_line(one, language) for one in found],
        "total": total,
        "n_late": queue.n_late(acting),
        "asked": asked,
        "is_filtered": bool(kept),
        "services": services(language),
        "states": states(language),
        "communes": queue.asking_communes(acting),
        "people": people(acting),
        "nobody": NOBODY,
        "all": ALL,
        "following": f"{LIST}?{urlencode(kept | {'cursor': encode_cursor(last)})}" if last else "",
        "notice": notice(done, undo, language),
        "here": f"{LIST}?{urlencode(kept)}" if kept else LIST,
    }
    return page(request, "incubator/requests.html", shown)


@router.get("/{request_id}")
def read_request(
    desk: AtDesk,
    request_id: PathId,
    done: Done = "",
    undo: Undo = "",
) -> HTMLResponse:
    """Show one request with what was said about it and what can be done."""
    return _page(desk, request_id, {"notice": notice(done, undo, desk.language)})


@router.post("/{request_id}")
def change(
    desk: AtDesk,
    later: BackgroundTasks,
    request_id: PathId,
    version: Version = 1,
    state: Annotated[str, Form(alias="stato", max_length=20)] = "",
    owner: Annotated[str, Form(alias="chi", max_length=100)] = "",
    due: Annotated[str, Form(alias="entro", max_length=10)] = "",
) -> Response:
    """Change how far a request is, who follows it and until when it is answered."""
    try:
        due_on = day_sent("entro", due)
        with desk.acting() as acting:
            one = queue.read_request(acting, request_id)
            patch: dict[str, Any] = {"owner_id": owner or None}
            # The form sends all of its fields: what stands as it stood is nobody's wish, and must not undo a new term.
            if due_on is not None and due_on != one.due_on:
                patch["due_on"] = due_on
            if state in set(RequestState) and state != one.state.value:
                patch["state"] = RequestState(state)
            return _changed(desk, acting, later, request_id, version, patch)
    except (InvalidError, StaleError) as error:
        return _refused(desk, request_id, error)


@router.post("/{request_id}/presa")
def take(
    desk: AtDesk,
    later: BackgroundTasks,
    request_id: PathId,
    version: Version = 1,
) -> Response:
    """Follow a request oneself."""
    try:
        with desk.acting() as acting:
            return _changed(desk, acting, later, request_id, version, {"owner_id": acting.account_id})
    except (InvalidError, StaleError) as error:
        return _refused(desk, request_id, error)


@router.post("/{request_id}/risposte")
def write(
    desk: AtDesk,
    later: BackgroundTasks,
    request_id: PathId,
    what: Annotated[Literal["risposta", "domanda", "nota"], Form(alias="che")] = ANSWER,
    text: Annotated[str, Form(alias="testo", max_length=100_000)] = "",
    hours: Annotated[str, Form(alias="ore", max_length=20)] = "",
) -> Response:
    """Answer, ask back or note, with the hours that it took."""
    try:
        written = written_by_staff(what, text, hours, LONGEST_ENTRY)
        with desk.acting() as acting:
            outcome = thread.write(acting, request_id, written, desk.terms)
            tell(acting, desk.settings, outcome, later.add_task)
    except (InvalidError, ConflictError) as error:
        typed = {"che": what, "testo": text, "ore": hours}
        return _refused(desk, request_id, error, typed)
    done = {ANSWER: "richiesta_risposta", QUESTION: "richiesta_domanda", NOTE: "nota"}[what]
    return _gone(request_id, outcome.request.version, done)


@router.post("/{request_id}/annulla")
def undo(
    desk: AtDesk,
    request_id: PathId,
    version: Annotated[int, Query(alias="versione", ge=1, le=2**31 - 1)] = 1,
) -> Response:
    """Undo the incubator's last change, with what was written; once more makes it again."""
    try:
        with desk.acting() as acting:
            changing.undo(acting, request_id, version)
    except (StaleError, ConflictError) as error:
        return _refused(desk, request_id, error)
    return go(f"{LIST}/{request_id}", fatto="annullato")


def _changed(
    desk: Desk, acting: Acting, later: BackgroundTasks, request_id: str, version: int, patch: Mapping[str, Any]
) -> Response:
    outcome = changing.change(acting, request_id, version, patch, desk.terms)
    tell(acting, desk.settings, outcome, later.add_task)
    done = "spostato" if outcome.request.version > version else ""
    return _gone(request_id, outcome.request.version, done)


def _gone(request_id: str, version: int, done: str) -> Response:
    address = f"{LIST}/{request_id}"
    return go(address, fatto=done, annulla=f"{address}/annulla?versione={version}" if done else "")


def _refused(desk: Desk, request_id: str, error: Exception, typed: Mapping[str, str] | None = None) -> HTMLResponse:
    """Show the request as it stands, with why nothing was changed."""
    stale = isinstance(error, StaleError)
    told: dict[str, Any] = {"error": "stale" if stale else getattr(error, "field", "conflict")}
    if typed is not None:
        told["typed"] = typed
    if isinstance(error, StaleError):
        with desk.acting() as acting:
            told["difference"] = _difference(error.difference, dict(people(acting)), desk.language)
    return _page(desk, request_id, told, 412 if stale else 422)


def _page(desk: Desk, request_id: str, told: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    with desk.acting() as acting:
        one = queue.read_request(acting, request_id)
        entries = thread.read_thread(acting, request_id)
        staff = people(acting)
    shown = {
        "line": _line(one, desk.language),
        "one": one,
        "entries": entries,
        "minutes": sum(entry.minutes for entry in entries),
        "people": staff,
        "states": states(desk.language),
        "mine": one.owner_id == desk.principal.account_id,
        "notice": notice("", "", desk.language),
        "error": "",
        "difference": [],
        "typed": {"che": ANSWER, "testo": "", "ore": ""},
        "longest": LONGEST_ENTRY,
        "address": f"{LIST}/{request_id}",
    }
    return page(desk.request, "incubator/request.html", shown | dict(told), status)


def _line(one: Any, language: str) -> dict[str, Any]:
    return {
        "one": one,
        "service": service_name(one.service, language),
        "state": state_name(one.state, language),
        "awaited": one.state in OPEN,
    }


def _difference(
    differing: Mapping[str, tuple[Any, Any]], names: Mapping[str, str], language: str
) -> list[dict[str, str]]:
    words = translations(language)

    def told(name: str, value: Any) -> str:
        if not value:
            return words.gettext("nessuno")
        if name == "state":
            return state_name(RequestState(value), language)
        return day(value, language) if name == "due_on" else names.get(value, "?")

    return [
        {"field": name, "now": told(name, there), "sent": told(name, sent)} for name, (there, sent) in differing.items()
    ]
