"""Services that communes ask of the incubator, over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Query, Request, Response
from fastapi import Body as Sent

from service.api.acting import Writing
from service.api.items import MERGE_PATCH
from service.api.shapes_items import RecordId
from service.api.shapes_requests import (
    EntriesShape,
    EntryShape,
    NewEntry,
    NewRequest,
    RequestChanges,
    RequestShape,
)
from service.api.shapes_work import CallFilter, CommuneFilter
from service.requests import asking, changing, queue, thread
from service.requests.asking import Asked
from service.requests.notices import tell
from service.requests.queue import RequestFilters
from service.requests.tables import RequestState, Service
from service.requests.terms import Terms, terms_of
from service.requests.thread import Written
from service.web.paging import Cursor, Limit, Page, decode_cursor, encode_cursor
from service.web.state import state_of
from service.web.versions import EditedVersion, etag

router = APIRouter(prefix="/api/v1/service-requests", tags=["service requests"])


@router.get("", operation_id="list_service_requests")
def list_requests(
    acting: Writing,
    service: Annotated[Service | None, Query(description="only for this service")] = None,
    state: Annotated[RequestState | None, Query(description="only in this state")] = None,
    owner: Annotated[str, Query(max_length=100, description="only what this account follows; `-`: nobody")] = "",
    late: Annotated[bool, Query(description="only those whose answer is overdue")] = False,
    going: Annotated[bool, Query(description="without those that were answered, closed or withdrawn")] = False,
    commune: CommuneFilter = "",
    call: CallFilter = "",
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Page[RequestShape]:
    """List the requests that you may see: what the incubator must answer next comes first, by due date."""
    filters = RequestFilters(
        service=service, state=state, owner_id=owner, late=late, going=going, commune_istat=commune, call_id=call
    )
    found, last, total = queue.list_requests(acting, filters, after=decode_cursor(cursor), limit=limit)
    return Page(items=[RequestShape.of(one) for one in found], next_cursor=encode_cursor(last), total=total)


@router.post("", operation_id="create_service_request", status_code=201)
def create_request(
    request: Request, acting: Writing, body: NewRequest, later: BackgroundTasks, response: Response
) -> RequestShape:
    """Ask the incubator for a service; `due_on` tells by when it answers."""
    asked = Asked(
        commune_istat=body.commune_istat,
        service=body.service,
        text=body.text,
        call_id=body.call_id or "",
        item=body.item.ref() if body.item else None,
    )
    made = asking.ask(acting, asked, _terms(request))
    tell(acting, state_of(request).settings, made, later.add_task)
    response.headers["Location"] = f"{router.prefix}/{made.request.id}"
    return _shown(made.request, response)


@router.get("/{service_request_id}", operation_id="read_service_request")
def read_request(acting: Writing, service_request_id: RecordId, response: Response) -> RequestShape:
    """Read one request, with its version as its ETag."""
    return _shown(queue.read_request(acting, service_request_id), response)


@router.patch("/{service_request_id}", operation_id="change_service_request")
def change_request(
    request: Request,
    acting: Writing,
    service_request_id: RecordId,
    version: EditedVersion,
    body: Annotated[RequestChanges, Sent(media_type=MERGE_PATCH)],
    later: BackgroundTasks,
    response: Response,
) -> RequestShape:
    """Change state, owner or due date; a commune withdraws its request (`withdrawn`) or reopens it (`received`)."""
    patch: dict[str, Any] = body.model_dump(exclude_unset=True)
    changed = changing.change(acting, service_request_id, version, patch, _terms(request))
    tell(acting, state_of(request).settings, changed, later.add_task)
    return _shown(changed.request, response)


@router.post("/{service_request_id}/reversals", operation_id="undo_service_request")
def undo_request(
    acting: Writing, service_request_id: RecordId, version: EditedVersion, response: Response
) -> RequestShape:
    """Undo your side's last change of a request, with what it wrote; once more makes it again."""
    return _shown(changing.undo(acting, service_request_id, version).request, response)


@router.get("/{service_request_id}/entries", operation_id="list_service_request_entries")
def list_entries(acting: Writing, service_request_id: RecordId) -> EntriesShape:
    """List what was said about a request, oldest first; notes and minutes for the incubator only."""
    return EntriesShape(items=[EntryShape.of(one) for one in thread.read_thread(acting, service_request_id)])


@router.post("/{service_request_id}/entries", operation_id="create_service_request_entry", status_code=201)
def add_entry(
    request: Request, acting: Writing, service_request_id: RecordId, body: NewEntry, later: BackgroundTasks
) -> EntryShape:
    """Answer, ask back, reply or note; what the incubator answers with it brings the request on."""
    written = Written(text=body.text, kind=body.kind, asks_back=body.asks_back, minutes=body.minutes)
    outcome = thread.write(acting, service_request_id, written, _terms(request))
    tell(acting, state_of(request).settings, outcome, later.add_task)
    assert outcome.entry is not None  # noqa: S101 - what was written has an entry
    return EntryShape.of(outcome.entry)


def _terms(request: Request) -> Terms:
    return terms_of(state_of(request).settings.request_days)


def _shown(found: Any, response: Response) -> RequestShape:
    response.headers["ETag"] = etag(found.version)
    return RequestShape.of(found)
