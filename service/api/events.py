"""Events for municipal technicians, and who attends them, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Query, Request, Response
from fastapi import Body as Sent

from service.api.acting import Looking, Watched, Writing
from service.api.items import MERGE_PATCH
from service.api.shapes_events import Attendance, EventShape, RegistrationShape
from service.api.shapes_items import RecordId
from service.events import keeping, letters, registrations
from service.events.fields import EventChanges, NewEvent
from service.events.keeping import Done, Which
from service.events.notices import Notice
from service.events.suggesting import reasons
from service.web.paging import Cursor, Limit, Page, decode_cursor, encode_cursor
from service.web.state import state_of
from service.web.versions import EditedVersion, etag

router = APIRouter(prefix="/api/v1", tags=["events"])


@router.get("/events", operation_id="list_events")
def list_events(
    acting: Looking,
    which: Annotated[Which, Query(description="those to come, those that are over, those that were cancelled")] = (
        Which.COMING
    ),
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Page[EventShape]:
    """List events, for a commune with the reason for which each concerns it."""
    found, last, total = keeping.list_events(acting, which, after=decode_cursor(cursor), limit=limit)
    why = reasons(acting, [event.id for event in found])
    items = [EventShape.of(event, why.get(event.id)) for event in found]
    return Page(items=items, next_cursor=encode_cursor(last), total=total)


@router.post("/events", operation_id="create_event", status_code=201)
def create_event(acting: Writing, body: NewEvent, response: Response) -> EventShape:
    """Keep a new event; everybody sees it at once."""
    event = keeping.create_event(acting, body)
    response.headers["Location"] = f"{router.prefix}/events/{event.id}"
    response.headers["ETag"] = etag(event.version)
    return EventShape.of(event)


@router.get("/events/{event_id}", operation_id="read_event")
def read_event(acting: Looking, event_id: RecordId, response: Response) -> EventShape:
    """Read one event, with its version as its ETag."""
    event = keeping.read_event(acting, event_id)
    response.headers["ETag"] = etag(event.version)
    return EventShape.of(event, reasons(acting, [event.id]).get(event.id))


@router.patch("/events/{event_id}", operation_id="change_event")
def change_event(
    request: Request,
    acting: Writing,
    event_id: RecordId,
    version: EditedVersion,
    body: Annotated[EventChanges, Sent(media_type=MERGE_PATCH)],
    later: BackgroundTasks,
    response: Response,
) -> EventShape:
    """Change fields of an event; more seats go to who waits, and who takes part is told of another day or place."""
    return _done(request, keeping.change_event(acting, event_id, version, body), later, response)


@router.delete("/events/{event_id}", operation_id="cancel_event", status_code=204)
def cancel_event(request: Request, acting: Writing, event_id: RecordId, later: BackgroundTasks) -> None:
    """Cancel an event; it is kept with its registrations, and who takes part is told."""
    _tell(request, later, keeping.cancel_event(acting, event_id).notices)


@router.post("/events/{event_id}/restorations", operation_id="restore_event")
def restore_event(
    request: Request, acting: Writing, event_id: RecordId, later: BackgroundTasks, response: Response
) -> EventShape:
    """Let a cancelled event take place after all."""
    return _done(request, keeping.restore_event(acting, event_id), later, response)


@router.post("/events/{event_id}/reversals", operation_id="undo_event")
def undo_event(
    request: Request,
    acting: Writing,
    event_id: RecordId,
    version: EditedVersion,
    later: BackgroundTasks,
    response: Response,
) -> EventShape:
    """Undo the last change of an event; once more makes it again."""
    return _done(request, keeping.undo_event(acting, event_id, version), later, response)


@router.get("/events/{event_id}/registrations", operation_id="list_event_registrations")
def list_registrations(
    acting: Watched, event_id: RecordId, limit: Limit = 20, cursor: Cursor = ""
) -> Page[RegistrationShape]:
    """List who takes part or waits, in the order of registration: the incubator all, a commune its own people."""
    found, last = registrations.list_registrations(acting, event_id, after=decode_cursor(cursor), limit=limit)
    return Page(items=[RegistrationShape.of(one) for one in found], next_cursor=encode_cursor(last), total=None)


@router.post("/events/{event_id}/registrations", operation_id="create_event_registration", status_code=201)
def register(acting: Writing, event_id: RecordId, response: Response) -> RegistrationShape:
    """Register your commune's account: with a place where there is one, else on the waiting list."""
    made = registrations.register(acting, event_id)
    response.headers["Location"] = f"{router.prefix}/event-registrations/{made.id}"
    return RegistrationShape.of(made)


@router.get("/event-registrations/{registration_id}", operation_id="read_event_registration")
def read_registration(acting: Watched, registration_id: RecordId) -> RegistrationShape:
    """Read one registration."""
    return RegistrationShape.of(registrations.read_registration(acting, registration_id))


@router.delete("/event-registrations/{registration_id}", operation_id="withdraw_event_registration", status_code=204)
def withdraw(request: Request, acting: Writing, registration_id: RecordId, later: BackgroundTasks) -> None:
    """Take a registration back; who waited longest gets the place and is told by e-mail."""
    _tell(request, later, registrations.withdraw(acting, registration_id))


@router.put("/event-registrations/{registration_id}/attendance", operation_id="note_event_attendance")
def note_attendance(acting: Writing, registration_id: RecordId, body: Attendance) -> RegistrationShape:
    """Note whether somebody came."""
    return RegistrationShape.of(registrations.note_attendance(acting, registration_id, body.attended))


def _done(request: Request, done: Done, later: BackgroundTasks, response: Response) -> EventShape:
    _tell(request, later, done.notices)
    response.headers["ETag"] = etag(done.event.version)
    return EventShape.of(done.event)


def _tell(request: Request, later: BackgroundTasks, notices: tuple[Notice, ...]) -> None:
    if notices:
        state = state_of(request)
        later.add_task(letters.tell, state.engine, state.settings, notices)
