"""Events for municipal technicians: the list that everybody reads, each event, registration for communes."""

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, BackgroundTasks, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select

from service.access.enforcement import CurrentPrincipal
from service.accounts.tables import Role
from service.api.acting import Looking
from service.calendar_files import MEDIA_TYPE, Appointment, appointment_file
from service.errors import ConflictError
from service.events import keeping, letters, registrations
from service.events.keeping import Which
from service.events.seen import Event
from service.events.suggesting import reasons
from service.events.whys import Why
from service.moments import now
from service.pages.desk import acting_in
from service.pages.event_words import driver_name, when_said, where_said, why_said
from service.pages.going import go
from service.pages.languages import PageLanguage
from service.pages.templating import page
from service.tables import CommuneRow, FrameItemRow
from service.web.paging import decode_cursor, encode_cursor
from service.web.requests import PathId, RequestId
from service.web.state import state_of
from service.work.acting import Acting

router = APIRouter(include_in_schema=False)
EVENTS = "/eventi"
AT_ONCE = 20
Cursor = Annotated[str, Query(max_length=500)]
Told = Annotated[str, Query(alias="fatto", max_length=40)]


@router.get(EVENTS)
def list_events(
    request: Request,
    acting: Looking,
    language: PageLanguage,
    past: Annotated[str, Query(alias="passati", max_length=1)] = "",
    cursor: Cursor = "",
) -> HTMLResponse:
    """Show the events to come, or those that are over; to a commune why each concerns it."""
    which = Which.PAST if past else Which.COMING
    found, last, total = keeping.list_events(acting, which, after=decode_cursor(cursor), limit=AT_ONCE)
    why = reasons(acting, [event.id for event in found])
    query = {"passati": past, "cursor": encode_cursor(last)} if last else {}
    shown = {
        "lines": [line(event, why.get(event.id), language) for event in found],
        "total": total,
        "past": bool(past),
        "is_first": not cursor,
        "following": f"{EVENTS}?{urlencode({k: v for k, v in query.items() if v})}" if query else "",
    }
    return page(request, "events/list.html", shown)


@router.get(f"{EVENTS}/{{event_id}}")
def read_event(
    request: Request, acting: Looking, language: PageLanguage, event_id: PathId, done: Told = ""
) -> HTMLResponse:
    """Show one event, and to a commune's people whether they have a place."""
    return _event(request, acting, language, event_id, {"done": done if done in ("iscritto", "disdetto") else ""})


@router.get(f"{EVENTS}/{{event_id}}/calendario.ics")
def download_event(request: Request, acting: Looking, language: PageLanguage, event_id: PathId) -> Response:
    """Return an event as a file for a calendar; with the address online for who has a place."""
    event = keeping.read_event(acting, event_id)
    address = f"{state_of(request).settings.public_url}{EVENTS}/{event.id}"
    appointment = Appointment(
        event_id=event.id,
        starts=event.starts_at,
        ends=event.ends_at,
        summary=event.title,
        description="\n".join(words for words in (event.text, event.online_url, address) if words),
        place=event.place or event.online_url or where_said("", is_online=True, language=language),
        address=address,
        is_cancelled=event.cancelled_at is not None,
        sequence=event.version - 1,
    )
    headers = {"Content-Disposition": 'attachment; filename="evento.ics"', "Cache-Control": "no-cache"}
    return Response(appointment_file(appointment, event.title, now()), media_type=MEDIA_TYPE, headers=headers)


@router.post(f"{EVENTS}/{{event_id}}/iscrizione")
def register(
    request: Request, principal: CurrentPrincipal, request_id: RequestId, language: PageLanguage, event_id: PathId
) -> Response:
    """Register whoever asks: with a place, or on the waiting list."""
    try:
        with acting_in(request, principal, request_id) as acting:
            registrations.register(acting, event_id)
    except ConflictError:
        with acting_in(request, principal, request_id) as acting:
            return _event(request, acting, language, event_id, {"refused": "closed"}, 409)
    return go(f"{EVENTS}/{event_id}", fatto="iscritto")


@router.post(f"{EVENTS}/{{event_id}}/disdetta")
def withdraw(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    language: PageLanguage,
    event_id: PathId,
    later: BackgroundTasks,
) -> Response:
    """Take back the registration of whoever asks; who waited longest gets the place and a letter."""
    try:
        with acting_in(request, principal, request_id) as acting:
            mine = keeping.read_event(acting, event_id).mine
            notices = registrations.withdraw(acting, mine.id) if mine else ()
    except ConflictError:
        with acting_in(request, principal, request_id) as acting:
            return _event(request, acting, language, event_id, {"refused": "begun"}, 409)
    state = state_of(request)
    later.add_task(letters.tell, state.engine, state.settings, notices)
    following = go(f"{EVENTS}/{event_id}", fatto="disdetto")
    following.background = later
    return following


def line(event: Event, why: Why | None, language: str) -> dict[str, Any]:
    """Return what a list shows of an event."""
    return {
        "event": event,
        "when": when_said(event.starts_at, event.ends_at, language),
        "where": where_said(event.place, event.is_online, language),
        "why": why_said(why, language) if why else "",
    }


def about(acting: Acting, event: Event) -> dict[str, list[str]]:
    """Return whom an event concerns, by name: lines of the plan, themes, communes, zones."""
    return {
        "drivers": [driver_name(driver) for driver in event.drivers],
        "themes": list(event.themes),
        "communes": sorted(commune_names(acting, event.communes).values()),
        "zones": sorted(
            acting.session.scalars(select(FrameItemRow.label).where(FrameItemRow.id.in_(event.zones))).all()
        ),
    }


def commune_names(acting: Acting, codes: tuple[str, ...]) -> Mapping[str, str]:
    """Return the names of communes by their ISTAT codes."""
    rows = acting.session.execute(select(CommuneRow.id, CommuneRow.name).where(CommuneRow.id.in_(codes)))
    return {istat: name for istat, name in rows}


def _event(
    request: Request,
    acting: Acting,
    language: str,
    event_id: str,
    told: Mapping[str, Any],
    status: int = 200,
) -> HTMLResponse:
    event = keeping.read_event(acting, event_id)
    why = reasons(acting, [event.id]).get(event.id)
    shown = line(event, why, language) | {
        "about": about(acting, event),
        "may_register": acting.principal.role is Role.COMMUNE,
        "done": "",
        "refused": "",
    }
    return page(request, "events/event.html", shown | dict(told), status)
