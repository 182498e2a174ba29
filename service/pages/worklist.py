"""The worklist: which commune is being followed for which call, how far it is, when to ring again."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from service.access.enforcement import CurrentPrincipal
from service.api.acting import Writing
from service.errors import ConflictError, InvalidError, StaleError
from service.moments import now
from service.pages.desk import Back, Done, Undo, acting_in, notice, plain, work_state_name
from service.pages.formats import day
from service.pages.going import go, own_address
from service.pages.languages import PageLanguage
from service.pages.templating import page
from service.web.paging import decode_cursor, encode_cursor
from service.web.requests import PathId, RequestId
from service.work import worklist
from service.work.acting import Acting
from service.work.staff import people
from service.work.tables import WorkState
from service.work.worklist import WorkFilters, WorkItem

router = APIRouter(include_in_schema=False)
LIST = "/incubatore/lista"
AT_ONCE = 100
Version = Annotated[int, Form(alias="versione", ge=1, le=2**31 - 1)]
LONGEST_NOTE = 5_000


@router.get(LIST)
def read_list(
    request: Request,
    acting: Writing,
    language: PageLanguage,
    chi: Annotated[str, Query(max_length=200)] = "",
    entro: Annotated[str, Query(max_length=10)] = "",
    comune: Annotated[str, Query(max_length=6)] = "",
    cursor: Annotated[str, Query(max_length=500)] = "",
    done: Done = "",
    undo: Undo = "",
) -> HTMLResponse:
    """Show the worklist as a board: one column for each state, the next reminder first."""
    filters = WorkFilters(owner_id=chi, due_by=_day(entro), commune_istat=comune)
    found, last, total = worklist.list_work(acting, filters, after=decode_cursor(cursor), limit=AT_ONCE)
    kept = {name: value for name, value in (("chi", chi), ("entro", entro), ("comune", comune)) if value}
    shown = {
        "columns": [_column(state, found, language) for state in WorkState],
        "total": total,
        "people": people(acting),
        "asked": {"chi": chi, "entro": entro, "comune": comune},
        "commune": next((item.commune_name for item in found), "") if comune else "",
        "following": f"{LIST}?{urlencode(kept | {'cursor': encode_cursor(last)})}" if last else "",
        "here": f"{LIST}?{urlencode(kept)}" if kept else LIST,
        "states": _states(language),
        "today": now().date(),
        "notice": notice(done, undo, language),
    }
    return page(request, "incubator/board.html", shown)


@router.get(f"{LIST}/{{work_item_id}}")
def read_item(
    request: Request, acting: Writing, language: PageLanguage, work_item_id: PathId, done: Done = "", undo: Undo = ""
) -> HTMLResponse:
    """Show one commune and one call of the worklist, with who follows it, its reminder and its notes."""
    return _item(request, acting, language, work_item_id, {"notice": notice(done, undo, language)})


@router.post(f"{LIST}/{{work_item_id}}")
def change_item(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    language: PageLanguage,
    work_item_id: PathId,
    version: Version,
    stato: Annotated[WorkState | None, Form()] = None,
    chi: Annotated[str | None, Form(max_length=200)] = None,
    promemoria: Annotated[str | None, Form(max_length=10)] = None,
    solo_stato: Annotated[str, Form(max_length=5)] = "",
    back: Back = "",
) -> Response:
    """Move an item to another state; with its whole form also change who follows it and when to ring again."""
    patch: dict[str, Any] = {"state": stato} if stato else {}
    try:
        if not solo_stato:
            patch |= {"owner_id": chi or None, "remind_on": _day(promemoria or "")}
        with acting_in(request, principal, request_id) as acting:
            changed = worklist.change_work(acting, work_item_id, version, patch)
    except (InvalidError, StaleError) as error:
        return _refused(request, principal, request_id, language, work_item_id, error)
    undo = f"{LIST}/{work_item_id}/annulla?versione={changed.version}" if changed.version > version else ""
    return go(own_address(back, LIST), fatto="spostato", annulla=undo)


@router.post(f"{LIST}/{{work_item_id}}/note")
def write_note(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    language: PageLanguage,
    work_item_id: PathId,
    testo: Annotated[str, Form(max_length=LONGEST_NOTE)] = "",
) -> Response:
    """Add a note, which counts as a contact."""
    try:
        with acting_in(request, principal, request_id) as acting:
            worklist.add_note(acting, work_item_id, plain("testo", testo))
    except InvalidError as error:
        return _refused(request, principal, request_id, language, work_item_id, error, testo)
    return go(f"{LIST}/{work_item_id}", fatto="nota")


@router.post(f"{LIST}/{{work_item_id}}/annulla")
def undo_item(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    language: PageLanguage,
    work_item_id: PathId,
    version: Annotated[int, Query(alias="versione", ge=1, le=2**31 - 1)] = 1,
    back: Back = "",
) -> Response:
    """Undo the last change of an item."""
    try:
        with acting_in(request, principal, request_id) as acting:
            worklist.undo_work(acting, work_item_id, version)
    except (StaleError, ConflictError) as error:
        return _refused(request, principal, request_id, language, work_item_id, error)
    return go(own_address(back, LIST), fatto="annullato")


@router.post(f"{LIST}/{{work_item_id}}/togli")
def take_off(principal: CurrentPrincipal, request: Request, request_id: RequestId, work_item_id: PathId) -> Response:
    """Take an item off the list; it is kept, and comes back when it is undone."""
    with acting_in(request, principal, request_id) as acting:
        worklist.archive_work(acting, work_item_id)
        version = worklist.read_work(acting, work_item_id).version
    return go(LIST, fatto="tolto", annulla=f"{LIST}/{work_item_id}/annulla?versione={version}")


def _refused(
    request: Request,
    principal: CurrentPrincipal,
    request_id: str,
    language: str,
    item_id: str,
    error: Exception,
    typed: str = "",
) -> HTMLResponse:
    """Show the item as it stands, with why nothing was changed."""
    stale = isinstance(error, StaleError)
    with acting_in(request, principal, request_id) as acting:
        names = dict(people(acting))
        difference = _difference(error.difference, names, language) if isinstance(error, StaleError) else []
        told = {
            "error": "stale" if stale else getattr(error, "field", "conflict"),
            "difference": difference,
            "typed": typed,
        }
        return _item(request, acting, language, item_id, told, 412 if stale else 422)


def _item(
    request: Request, acting: Acting, language: str, item_id: str, told: Mapping[str, Any], status: int = 200
) -> HTMLResponse:
    item = worklist.read_work(acting, item_id)
    shown = {
        "item": item,
        "notes": worklist.list_notes(acting, item_id),
        "people": people(acting),
        "states": _states(language),
        "notice": {"words": "", "undo": ""},
        "error": "",
        "difference": [],
        "typed": "",
        "undo": f"{LIST}/{item_id}/annulla?versione={item.version}",
    }
    return page(request, "incubator/item.html", shown | dict(told), status)


def _column(state: WorkState, items: Sequence[WorkItem], language: str) -> dict[str, Any]:
    return {
        "state": state.value,
        "name": work_state_name(state, language),
        "cards": [item for item in items if item.state is state],
    }


def _states(language: str) -> list[tuple[str, str]]:
    return [(state.value, work_state_name(state, language)) for state in WorkState]


def _difference(
    differing: Mapping[str, tuple[Any, Any]], names: Mapping[str, str], language: str
) -> list[dict[str, str]]:
    def told(name: str, value: Any) -> str:
        if not value:
            return "–"
        if name == "state":
            return work_state_name(value, language)
        return day(value, language) if name == "remind_on" else names.get(value, "?")

    return [
        {"field": name, "now": told(name, there), "sent": told(name, sent)} for name, (there, sent) in differing.items()
    ]


def _day(words: str) -> date | None:
    """Return a day as a form sends it, None for none; raises InvalidError for what is no day."""
    try:
        return date.fromisoformat(words) if words else None
    except ValueError as error:
        raise InvalidError("promemoria", f"{words!r}: not a day") from error
