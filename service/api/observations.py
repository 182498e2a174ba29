"""What becomes of the projects of the register, over HTTP: said, read, taken back; and the register as a file."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from service.api.acting import Watched, Writing
from service.api.shapes_items import RecordId
from service.api.shapes_observations import NewObservation, ObservationShape
from service.api.shapes_register_export import AskedExport
from service.api.shapes_work import WithdrawnFilter
from service.moments import now
from service.register import observations
from service.register.entries import visible_to
from service.register.exports import TYPES, must_fit, pieces, table_of, written
from service.web.paging import Cursor, Limit, Page, decode_cursor, encode_cursor
from service.web.state import state_of

router = APIRouter(prefix="/api/v1", tags=["register"])
PATH = "/observations"
EntryFilter = Annotated[str, Query(max_length=300, description="only about this project of the register")]
_FILES: dict[int | str, dict[str, Any]] = {200: {"content": {kind: {} for kind in TYPES.values()}}}


@router.get(PATH, operation_id="list_observations")
def list_observations(
    acting: Watched,
    entry: EntryFilter = "",
    withdrawn: WithdrawnFilter = False,
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Page[ObservationShape]:
    """List what was said of the projects that you may see, newest first."""
    found, last = observations.list_observations(
        acting, entry_id=entry, withdrawn=withdrawn, after=decode_cursor(cursor), limit=limit
    )
    return Page(items=[ObservationShape.of(one) for one in found], next_cursor=encode_cursor(last), total=None)


@router.post(PATH, operation_id="create_observation", status_code=201)
def create_observation(acting: Writing, body: NewObservation, response: Response) -> ObservationShape:
    """Say what became of a project: the incubator of any, a commune of its own."""
    made = observations.observe(acting, body.entry_id, body.said())
    response.headers["Location"] = f"{router.prefix}{PATH}/{made.id}"
    return ObservationShape.of(made)


@router.get(f"{PATH}/{{observation_id}}", operation_id="read_observation")
def read_observation(acting: Watched, observation_id: RecordId) -> ObservationShape:
    """Read one fact."""
    return ObservationShape.of(observations.read_observation(acting, observation_id))


@router.delete(f"{PATH}/{{observation_id}}", operation_id="withdraw_observation", status_code=204)
def withdraw_observation(acting: Writing, observation_id: RecordId) -> None:
    """Take a fact back; it is kept as withdrawn."""
    observations.withdraw_observation(acting, observation_id)


@router.post(f"{PATH}/{{observation_id}}/restorations", operation_id="restore_observation")
def restore_observation(acting: Writing, observation_id: RecordId) -> ObservationShape:
    """Let a fact hold again that was taken back."""
    return ObservationShape.of(observations.restore_observation(acting, observation_id))


@router.get("/register-export", operation_id="export_register", response_class=Response, responses=_FILES)
def export_register(request: Request, acting: Watched, asked: AskedExport) -> Response:
    """Take the register along as CSV, XLSX (up to 20,000 rows) or JSON; formulas in imported texts are disarmed."""
    silence = state_of(request).settings.silence_days
    seen = visible_to(acting.principal)
    if asked.what == "projects":
        must_fit(acting.session, seen, asked.filters(), asked.format)
    table = table_of(asked.what, acting.session, seen, asked.filters(), now().date(), silence)
    file = written(table, asked.format)
    if acting.principal.is_staff or acting.principal.commune_istat:
        acting.did("projects", "exported", "", acting.principal.commune_istat, what=asked.what, form=asked.format)
    headers = {"Content-Disposition": f'attachment; filename="register-{asked.what}.{asked.format}"'}
    return StreamingResponse(pieces(file), media_type=TYPES[asked.format], headers=headers)
