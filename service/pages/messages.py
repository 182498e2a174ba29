"""Writing to whoever runs the service, from any page; and the list in which administrators look at what was written."""

import json
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, BackgroundTasks, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from service.access.enforcement import CurrentPrincipal
from service.api.acting import Writing
from service.database import writing_in_turn
from service.errors import InvalidError, TooManyError
from service.messages import inbox, letters
from service.messages.inbox import LONGEST, LONGEST_PAGE, Message
from service.messages.tables import MessageKind
from service.pages.desk import Done, Undo, acting_in, notice
from service.pages.going import go, own_address
from service.pages.languages import PageLanguage
from service.pages.reasons import moment_day
from service.pages.templating import page
from service.pages.translations import translations
from service.web.paging import decode_cursor, encode_cursor
from service.web.requests import ClientAddress, PathId, RequestId
from service.web.state import state_of

router = APIRouter(include_in_schema=False)
WRITE, LIST = "/scrivici", letters.LIST
AT_ONCE = 20


def _(text: str) -> str:
    """Mark words of this module for translation; they are translated when they are shown."""
    return text


KINDS = {
    MessageKind.BROKEN: _("qualcosa non funziona"),
    MessageKind.WRONG_DATA: _("un dato è sbagliato"),
    MessageKind.MISSING_CALL: _("manca un bando"),
    MessageKind.IDEA: _("un’idea per migliorare"),
    MessageKind.OTHER: _("altro"),
}


@router.get(WRITE)
def read_form(
    request: Request,
    language: PageLanguage,
    origin: Annotated[str, Query(alias="pagina", max_length=LONGEST_PAGE)] = "",
    kind: Annotated[str, Query(alias="che", max_length=20)] = "",
    done: Done = "",
) -> HTMLResponse:
    """Show the form, or thanks for what was just sent."""
    sent = {"pagina": own_address(origin, ""), "che": kind if kind in KINDS else MessageKind.BROKEN.value}
    return _form(request, language, sent, {"done": bool(done)})


@router.post(WRITE)
def send(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    language: PageLanguage,
    address: ClientAddress,
    later: BackgroundTasks,
    text: Annotated[str, Form(alias="testo", max_length=100_000)] = "",
    kind: Annotated[str, Form(alias="che", max_length=20)] = "",
    email: Annotated[str, Form(max_length=1_000)] = "",
    origin: Annotated[str, Form(alias="pagina", max_length=LONGEST_PAGE)] = "",
    site: Annotated[str, Form(alias="sito", max_length=1_000)] = "",
) -> Response:
    """Keep a message and pass it on by mail."""
    where = own_address(origin, "")
    if site:
        # Only a program fills in a field that no person sees: it is thanked, and nothing is kept.
        return go(WRITE, fatto="inviato", pagina=where)
    state = state_of(request)
    sent = {"testo": text, "che": kind if kind in KINDS else MessageKind.OTHER.value, "email": email, "pagina": where}
    message = Message(kind=MessageKind(sent["che"]), text=text, page=where, email=email, language=language)
    try:
        with writing_in_turn(state.engine) as session:
            message_id = inbox.leave(session, principal, request_id, message, address).id
    except InvalidError as error:
        return _form(request, language, sent, {"error": error.field}, 422)
    except TooManyError as error:
        return _form(request, language, sent, {"wait": error.retry_after}, 429)
    later.add_task(letters.pass_on, state.engine, state.settings, message_id)
    following = go(WRITE, fatto="inviato", pagina=where)
    following.background = later
    return following


@router.get(LIST)
def read_messages(
    request: Request,
    acting: Writing,
    language: PageLanguage,
    closed: Annotated[str, Query(alias="fatti", max_length=1)] = "",
    cursor: Annotated[str, Query(max_length=500)] = "",
    done: Done = "",
    undo: Undo = "",
) -> HTMLResponse:
    """Show what readers wrote, that first which nobody has looked at."""
    rows, last, total = inbox.list_messages(acting, done=bool(closed), after=_after(cursor), limit=AT_ONCE)
    query = {"fatti": closed, "cursor": encode_cursor(json.dumps(last))} if last else {}
    shown = {
        "lines": [_line(row, language) for row in rows],
        "total": total,
        "closed": closed,
        "is_first": not cursor,
        "following": f"{LIST}?{urlencode({name: value for name, value in query.items() if value})}" if query else "",
        "notice": notice(done, undo, language),
    }
    return page(request, "administration/messages.html", shown)


@router.post(f"{LIST}/{{message_id}}/fatto")
def finish(request: Request, principal: CurrentPrincipal, request_id: RequestId, message_id: PathId) -> Response:
    """Say that a message needs nothing more."""
    with acting_in(request, principal, request_id) as acting:
        inbox.mark_done(acting, message_id)
    return go(LIST, fatto="messaggio_fatto", annulla=f"{LIST}/{message_id}/riapri")


@router.post(f"{LIST}/{{message_id}}/riapri")
def reopen(request: Request, principal: CurrentPrincipal, request_id: RequestId, message_id: PathId) -> Response:
    """Take that back."""
    with acting_in(request, principal, request_id) as acting:
        inbox.take_up_again(acting, message_id)
    return go(LIST, fatto="messaggio_riaperto")


def _form(
    request: Request, language: str, sent: dict[str, str], told: dict[str, Any], status: int = 200
) -> HTMLResponse:
    words = translations(language)
    shown = {
        "sent": {"testo": "", "email": "", "pagina": "", "che": ""} | sent,
        "kinds": [(kind.value, words.gettext(name)) for kind, name in KINDS.items()],
        "longest": LONGEST,
        "error": "",
        "wait": 0,
        "done": False,
    }
    return page(request, "write_to_us.html", shown | told, status)


def _line(row: Any, language: str) -> dict[str, Any]:
    return {
        "row": row,
        "when": moment_day(row.at.isoformat(), language),
        "kind": translations(language).gettext(KINDS[row.kind]),
        "done": moment_day(row.done_at.isoformat(), language) if row.done_at else "",
    }


def _after(cursor: str) -> str:
    """Return what names the last row of the page before; raises InvalidError for a cursor that we did not make."""
    try:
        after = json.loads(decode_cursor(cursor) or '""')
    except ValueError:
        after = None
    if not isinstance(after, str):
        raise InvalidError("cursor", "not a cursor of this list; start again without one")
    return after
