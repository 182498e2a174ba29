"""The incubator's side of events: making and editing them, who takes part, who came, and taking the list along."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, BackgroundTasks, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select

from matcher.strategy import CODES, DRIVER
from service.access.enforcement import CurrentPrincipal
from service.api.acting import Looking, Writing
from service.errors import ConflictError, InvalidError, StaleError
from service.events import keeping, letters, registrations
from service.events.fields import NewEvent
from service.events.keeping import Done, Which
from service.events.notices import Notice
from service.events.registrations import whole_list
from service.moments import now
from service.pages.desk import Done as DoneCode
from service.pages.desk import Undo, acting_in, notice
from service.pages.event_export import TYPES, exported
from service.pages.event_forms import Errors, EventForm, sent_of, told, written, wrong_of
from service.pages.event_words import driver_name
from service.pages.events import about, commune_names, line
from service.pages.going import go
from service.pages.languages import PageLanguage
from service.pages.templating import page
from service.tables import FrameItemRow
from service.web.paging import decode_cursor, encode_cursor
from service.web.requests import PathId, RequestId
from service.web.state import state_of
from service.work.acting import Acting

router = APIRouter(include_in_schema=False)
DESK = "/incubatore/eventi"
AT_ONCE = 50
WHICH = {"": Which.COMING, "passati": Which.PAST, "annullati": Which.CANCELLED}


@router.get(DESK)
def list_events(
    request: Request,
    acting: Looking,
    language: PageLanguage,
    which: Annotated[Literal["", "passati", "annullati"], Query(alias="quali")] = "",
    cursor: Annotated[str, Query(max_length=500)] = "",
    done: DoneCode = "",
    undo: Undo = "",
) -> HTMLResponse:
    """Show events with how many take part, wait and came."""
    found, last, total = keeping.list_events(acting, WHICH[which], after=decode_cursor(cursor), limit=AT_ONCE)
    address = f"{DESK}?quali={which}&cursor={encode_cursor(last)}" if last else ""
    shown = {
        "lines": [line(event, None, language) for event in found],
        "total": total,
        "which": which,
        "following": address,
        "notice": notice(done, undo, language),
    }
    return page(request, "events/desk.html", shown)


@router.get(f"{DESK}/nuovo")
def new_event(request: Request, acting: Looking, language: PageLanguage) -> HTMLResponse:
    """Show the form of a new event."""
    return _form(request, acting, language, EventForm.model_validate({}), {})


@router.post(DESK)
def create_event(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    language: PageLanguage,
    sent: Annotated[EventForm, Form()],
) -> Response:
    """Keep a new event."""
    try:
        fields, wrong = written(sent, state_of(request).live.serving().finder, is_new=True)
        if isinstance(fields, NewEvent):
            with acting_in(request, principal, request_id) as acting:
                event = keeping.create_event(acting, fields)
            return go(f"{DESK}/{event.id}", fatto="evento_creato", annulla=f"{DESK}/{event.id}/annullamento")
    except InvalidError as error:
        wrong = wrong_of(error.field)
    with acting_in(request, principal, request_id) as acting:
        return _form(request, acting, language, sent, wrong, status=422)


@router.get(f"{DESK}/{{event_id}}")
def read_event(
    request: Request,
    acting: Writing,
    language: PageLanguage,
    event_id: PathId,
    done: DoneCode = "",
    undo: Undo = "",
) -> HTMLResponse:
    """Show an event with who takes part, who waits, and who came."""
    return _event(request, acting, language, event_id, {"notice": notice(done, undo, language)})


@router.get(f"{DESK}/{{event_id}}/modifica")
def edit_event(request: Request, acting: Looking, language: PageLanguage, event_id: PathId) -> HTMLResponse:
    """Show the form of an event."""
    event = keeping.read_event(acting, event_id)
    sent = sent_of(event, commune_names(acting, event.communes))
    return _form(request, acting, language, sent, {}, event_id=event_id)


@router.post(f"{DESK}/{{event_id}}/modifica")
def change_event(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    language: PageLanguage,
    event_id: PathId,
    sent: Annotated[EventForm, Form()],
    later: BackgroundTasks,
) -> Response:
    """Change an event; whoever takes part is told of another day, hour or place."""
    status = 422
    try:
        fields, wrong = written(sent, state_of(request).live.serving().finder, is_new=False)
        if fields is not None:
            with acting_in(request, principal, request_id) as acting:
                done = keeping.change_event(acting, event_id, sent.versione, fields)
            return _told(request, later, done, sent.versione, "evento_cambiato")
    except InvalidError as error:
        wrong = wrong_of(error.field)
    except StaleError:
        wrong, status = {"versione": "stale"}, 412
    with acting_in(request, principal, request_id) as acting:
        return _form(request, acting, language, sent, wrong, event_id=event_id, status=status)


@router.post(f"{DESK}/{{event_id}}/annullamento")
def cancel_event(
    request: Request, principal: CurrentPrincipal, request_id: RequestId, event_id: PathId, later: BackgroundTasks
) -> Response:
    """Cancel an event; it is kept, and whoever takes part is told."""
    with acting_in(request, principal, request_id) as acting:
        done = keeping.cancel_event(acting, event_id)
    return _told(request, later, done, 0, "evento_annullato", f"{DESK}/{event_id}/ripristino")


@router.post(f"{DESK}/{{event_id}}/ripristino")
def restore_event(
    request: Request, principal: CurrentPrincipal, request_id: RequestId, event_id: PathId, later: BackgroundTasks
) -> Response:
    """Let a cancelled event take place after all."""
    with acting_in(request, principal, request_id) as acting:
        done = keeping.restore_event(acting, event_id)
    return _told(request, later, done, 0, "evento_ripreso", f"{DESK}/{event_id}/annullamento")


@router.post(f"{DESK}/{{event_id}}/annulla")
def undo_event(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    language: PageLanguage,
    event_id: PathId,
    later: BackgroundTasks,
    version: Annotated[int, Query(alias="versione", ge=1, le=2**31 - 1)] = 1,
) -> Response:
    """Undo the last change of an event."""
    try:
        with acting_in(request, principal, request_id) as acting:
            done = keeping.undo_event(acting, event_id, version)
    except (StaleError, ConflictError, InvalidError):
        with acting_in(request, principal, request_id) as acting:
            return _event(request, acting, language, event_id, {"refused": True}, 412)
    return _told(request, later, done, 0, "annullato")


@router.post(f"{DESK}/{{event_id}}/presenze")
def note_attendance(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    language: PageLanguage,
    event_id: PathId,
    registration_id: Annotated[str, Form(alias="iscrizione", max_length=100)] = "",
    came: Annotated[Literal["si", "no", "non_so"], Form(alias="presente")] = "non_so",
) -> Response:
    """Note whether somebody came; to say that nobody knows takes it back."""
    attended = {"si": True, "no": False, "non_so": None}[came]
    try:
        with acting_in(request, principal, request_id) as acting:
            registrations.note_attendance(acting, registration_id, attended)
    except ConflictError:
        with acting_in(request, principal, request_id) as acting:
            return _event(request, acting, language, event_id, {"refused": True}, 409)
    return go(f"{DESK}/{event_id}#iscritti", fatto="presenza")


@router.post(f"{DESK}/{{event_id}}/iscritti/{{registration_id}}/disdetta")
def withdraw(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    language: PageLanguage,
    event_id: PathId,
    registration_id: PathId,
    later: BackgroundTasks,
) -> Response:
    """Take somebody's registration back at their wish; who waited longest gets the place and a letter."""
    try:
        with acting_in(request, principal, request_id) as acting:
            notices = registrations.withdraw(acting, registration_id)
    except ConflictError:
        with acting_in(request, principal, request_id) as acting:
            return _event(request, acting, language, event_id, {"refused": True}, 409)
    return _later(request, later, notices, go(f"{DESK}/{event_id}#iscritti", fatto="disdetta"))


@router.get(f"{DESK}/{{event_id}}/iscritti.{{form}}")
def export_participants(
    acting: Writing, language: PageLanguage, event_id: PathId, form: Literal["csv", "xlsx"]
) -> Response:
    """Send the list of who takes part or waits as a file."""
    event, people = keeping.read_event(acting, event_id), whole_list(acting, event_id)
    headers = {"Content-Disposition": f'attachment; filename="iscritti.{form}"', "Cache-Control": "no-store"}
    return Response(exported(event, people, form, language), media_type=TYPES[form], headers=headers)


def _told(
    request: Request, later: BackgroundTasks, done: Done, version: int, code: str, undo: str = ""
) -> RedirectResponse:
    address = f"{DESK}/{done.event.id}"
    if version and done.event.version > version:
        undo = f"{address}/annulla?versione={done.event.version}"
    return _later(request, later, done.notices, go(address, fatto=code, annulla=undo))


def _later(
    request: Request, later: BackgroundTasks, notices: tuple[Notice, ...], following: RedirectResponse
) -> RedirectResponse:
    state = state_of(request)
    later.add_task(letters.tell, state.engine, state.settings, notices)
    following.background = later
    return following


def _event(
    request: Request, acting: Acting, language: str, event_id: str, more: Mapping[str, Any], status: int = 200
) -> HTMLResponse:
    event = keeping.read_event(acting, event_id)
    shown = line(event, None, language) | {
        "about": about(acting, event),
        "people": whole_list(acting, event_id),
        "notice": {"words": "", "undo": ""},
        "refused": False,
        "address": f"{DESK}/{event_id}",
        "has_begun": event.starts_at <= now(),
    }
    return page(request, "events/participants.html", shown | dict(more), status)


def _form(
    request: Request,
    acting: Acting,
    language: str,
    sent: EventForm,
    wrong: Errors,
    *,
    event_id: str = "",
    status: int = 200,
) -> HTMLResponse:
    zones = select(FrameItemRow.id, FrameItemRow.label).where(FrameItemRow.kind == "zone").order_by(FrameItemRow.label)
    shown = {
        "sent": sent,
        "is_stale": "versione" in wrong,
        "wrong": told({name: code for name, code in wrong.items() if name != "versione"}, language),
        "address": f"{DESK}/{event_id}" if event_id else "",
        "drivers": [(f"{DRIVER}:{code}", driver_name(f"{DRIVER}:{code}")) for code in CODES[DRIVER]],
        "zones": [(id_, label) for id_, label in acting.session.execute(zones)],
    }
    return page(request, "events/form.html", shown, status)
