"""What a commune asks of the incubator: the form, its requests with their answers, replies, withdrawn and reopened."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Form, Query
from fastapi.responses import HTMLResponse, Response

from service.errors import ConflictError, ForbiddenError, InvalidError, StaleError
from service.pages.commune.listed import all_items
from service.pages.commune.visit import Visit, Visited
from service.pages.going import go
from service.pages.request_forms import item_named, item_sent, text_sent
from service.pages.request_words import service_name, services, state_name
from service.requests import asking, changing, queue, thread
from service.requests.asking import LONGEST_TEXT, Asked
from service.requests.happenings import Outcome
from service.requests.notices import tell
from service.requests.queue import RequestFilters
from service.requests.records import ServiceRequest, unknown
from service.requests.tables import RequestState, Service
from service.requests.terms import Terms, terms_of
from service.requests.thread import LONGEST_ENTRY, Written
from service.web.paging import decode_cursor, encode_cursor
from service.web.requests import PathId
from service.web.state import state_of
from service.work.acting import Acting
from service.work.subjects import ItemRef, call_titles, item_columns, item_titles, shown_call

router = APIRouter(prefix="/comuni/{istat}/richieste", include_in_schema=False)
AT_ONCE = 50
Version = Annotated[int, Form(alias="versione", ge=1, le=2**31 - 1)]
Later = BackgroundTasks
CallSent = Annotated[str, Query(alias="bando", max_length=300)]
ItemSent = Annotated[str, Query(alias="voce", max_length=300)]


@router.get("")
def list_requests(visit: Visited, cursor: Annotated[str, Query(max_length=500)] = "") -> HTMLResponse:
    """Show what the commune has asked for, those first that wait for an answer."""
    with visit.acting() as acting:
        filters = RequestFilters(commune_istat=visit.istat)
        found, last, total = queue.list_requests(acting, filters, after=decode_cursor(cursor), limit=AT_ONCE)
    following = f"{visit.address}/richieste?cursor={encode_cursor(last)}" if last else ""
    shown = {"lines": [_line(one, visit.language) for one in found], "total": total, "following": following}
    return visit.page("requests.html", shown)


@router.get("/nuova")
def read_form(
    visit: Visited,
    service: Annotated[str, Query(alias="servizio", max_length=40)] = "",
    call_id: CallSent = "",
    item: ItemSent = "",
) -> HTMLResponse:
    """Show the form, filled in with where one came from."""
    likely = Service.PROJECTS if item else Service.FUNDING if call_id else None
    chosen = service if service in set(Service) else likely.value if likely else ""
    return _form(visit, {"servizio": chosen, "bando": call_id, "voce": item}, {})


@router.post("")
def send(
    visit: Visited,
    later: Later,
    service: Annotated[str, Form(alias="servizio", max_length=40)] = "",
    text: Annotated[str, Form(alias="testo", max_length=100_000)] = "",
    call_id: Annotated[str, Form(alias="bando", max_length=300)] = "",
    item: Annotated[str, Form(alias="voce", max_length=300)] = "",
) -> Response:
    """Ask for a service; the page that follows says by when it is answered."""
    sent = {"servizio": service, "testo": text, "bando": call_id, "voce": item}
    try:
        with visit.acting() as acting:
            outcome = asking.ask(acting, _asked(visit, sent), _terms(visit))
            _tell(visit, acting, outcome, later)
    except InvalidError as error:
        return _form(visit, sent, {"error": error.field}, 422)
    return _gone(visit, outcome.request, "richiesta_inviata")


@router.get("/{request_id}")
def read_request(visit: Visited, request_id: PathId) -> HTMLResponse:
    """Show one request with all that was said about it."""
    return _page(visit, request_id, {})


@router.post("/{request_id}/risposte")
def reply(
    visit: Visited,
    later: Later,
    request_id: PathId,
    text: Annotated[str, Form(alias="testo", max_length=100_000)] = "",
) -> Response:
    """Write to the incubator; what was answered or closed is open again."""
    try:
        with visit.acting() as acting:
            _mine(acting, visit, request_id)
            written = Written(text=text_sent("testo", text, LONGEST_ENTRY))
            outcome = thread.write(acting, request_id, written, _terms(visit))
            _tell(visit, acting, outcome, later)
    except (InvalidError, ConflictError) as error:
        return _page(visit, request_id, {"error": getattr(error, "field", "conflict"), "typed": text}, 422)
    return _gone(visit, outcome.request, "richiesta_risposta")


@router.post("/{request_id}/ritiro")
def withdraw(visit: Visited, later: Later, request_id: PathId, version: Version = 1) -> Response:
    """Take a request back."""
    return _moved(visit, later, request_id, version, RequestState.WITHDRAWN, "richiesta_ritirata")


@router.post("/{request_id}/riapertura")
def reopen(visit: Visited, later: Later, request_id: PathId, version: Version = 1) -> Response:
    """Take a request up again that was answered, closed or withdrawn."""
    return _moved(visit, later, request_id, version, RequestState.RECEIVED, "richiesta_riaperta")


@router.post("/{request_id}/annulla")
def undo(visit: Visited, request_id: PathId, version: Version = 1) -> Response:
    """Undo the commune's own last change; once more makes it again."""
    try:
        with visit.acting() as acting:
            _mine(acting, visit, request_id)
            outcome = changing.undo(acting, request_id, version)
    except (StaleError, ConflictError):
        return _page(visit, request_id, {"error": "stale"}, 412)
    return _gone(visit, outcome.request, "richiesta_annullata")


def _moved(visit: Visit, later: Later, request_id: str, version: int, state: RequestState, done: str) -> Response:
    try:
        with visit.acting() as acting:
            _mine(acting, visit, request_id)
            outcome = changing.change(acting, request_id, version, {"state": state}, _terms(visit))
            _tell(visit, acting, outcome, later)
    except (InvalidError, StaleError, ForbiddenError):
        return _page(visit, request_id, {"error": "stale"}, 412)
    return _gone(visit, outcome.request, done)


def _gone(visit: Visit, one: ServiceRequest, done: str) -> Response:
    """Lead to a request with what was just done, told as long as nothing else has happened to it."""
    return go(_address(visit, one.id), fatto=done, detto=str(one.version))


def _asked(visit: Visit, sent: Mapping[str, str]) -> Asked:
    """Return what a form asks for; raises InvalidError naming the field that cannot be accepted."""
    if sent["servizio"] not in set(Service):
        raise InvalidError("servizio", "choose a service")
    text = text_sent("testo", sent["testo"], LONGEST_TEXT)
    if not text:
        raise InvalidError("testo", "empty")
    return Asked(
        commune_istat=visit.istat,
        service=Service(sent["servizio"]),
        text=text,
        call_id=sent["bando"],
        item=item_sent(sent["voce"]),
    )


def _form(visit: Visit, sent: Mapping[str, str], told: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    """Show the form; a call or an item that is none of the commune's is left out."""
    with visit.acting() as acting:
        call_id, call_title = _call(acting, sent["bando"])
        item, title = _item(acting, visit, sent["voce"])
    choices = [
        (kind, [(f"{kind}|{one.record.id}", one.data["title"]) for one in kept]) for kind, kept in all_items(visit)
    ]
    known = {value for _, options in choices for value, _ in options}
    other = [(item_named(item), title)] if item is not None and item_named(item) not in known else []
    shown = {
        "services": services(visit.language),
        "sent": {"testo": ""} | dict(sent) | {"bando": call_id, "voce": item_named(item) if item else ""},
        "call_title": call_title,
        "choices": [(kind, options) for kind, options in choices if options],
        "other": other,
        "longest": LONGEST_TEXT,
        "error": "",
    }
    return visit.page("request_form.html", shown | dict(told), status)


def _call(acting: Acting, call_id: str) -> tuple[str, str]:
    """The id and title of the call that a form is about, empty for one that is not there."""
    try:
        known = shown_call(acting, call_id) if call_id else ""
    except InvalidError:
        return "", ""
    return (known, call_titles(acting, [known])[known]) if known else ("", "")


def _item(acting: Acting, visit: Visit, words: str) -> tuple[ItemRef | None, str]:
    """The item that a form is about with its title; None for one that is not there, or none of the commune's."""
    try:
        item = item_sent(words)
        item_columns(acting, item, visit.istat)
    except InvalidError:
        return None, ""
    return item, item_titles(acting, [item])[item] if item else ""


def _page(visit: Visit, request_id: str, told: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    with visit.acting() as acting:
        one = _mine(acting, visit, request_id)
        entries = thread.read_thread(acting, request_id)
    shown = {
        "one": one,
        "line": _line(one, visit.language),
        "entries": entries,
        "address": _address(visit, request_id),
        "error": "",
        "typed": "",
        "longest": LONGEST_ENTRY,
    }
    return visit.page("request.html", shown | dict(told), status)


def _mine(acting: Acting, visit: Visit, request_id: str) -> ServiceRequest:
    """Return a request of this commune; one of another is not here, whoever looks."""
    one = queue.read_request(acting, request_id)
    if one.commune_istat != visit.istat:
        raise unknown(request_id)
    return one


def _line(one: ServiceRequest, language: str) -> dict[str, Any]:
    return {
        "one": one,
        "service": service_name(one.service, language),
        "state": state_name(one.state, language),
        "awaited": one.state in (RequestState.RECEIVED, RequestState.TAKEN),
        "over": one.state in (RequestState.CLOSED, RequestState.WITHDRAWN),
    }


def _address(visit: Visit, request_id: str) -> str:
    return f"{visit.address}/richieste/{request_id}"


def _terms(visit: Visit) -> Terms:
    return terms_of(state_of(visit.request).settings.request_days)


def _tell(visit: Visit, acting: Acting, outcome: Outcome, later: Later) -> None:
    tell(acting, state_of(visit.request).settings, outcome, later.add_task)
