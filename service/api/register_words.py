"""What the incubator says of projects in the register over HTTP: the programme of one, and which two go together."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from service.api.acting import Looking, Writing
from service.api.shapes_items import RecordId
from service.api.shapes_register import NewPair, NewPlacement, PairShape, PlacementShape
from service.api.shapes_work import WithdrawnFilter
from service.register import said
from service.web.paging import Cursor, Limit, Page, decode_cursor, encode_cursor

router = APIRouter(prefix="/api/v1", tags=["register"])
ProjectFilter = Annotated[str, Query(max_length=300, description="only about this project")]


@router.get("/programme-placements", operation_id="list_placements")
def list_placements(
    acting: Looking,
    project: ProjectFilter = "",
    withdrawn: WithdrawnFilter = False,
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Page[PlacementShape]:
    """List the projects that people put in a programme, newest first."""
    found, last = said.list_placements(
        acting, record_id=project, withdrawn=withdrawn, after=decode_cursor(cursor), limit=limit
    )
    return Page(items=[PlacementShape.of(one) for one in found], next_cursor=encode_cursor(last), total=None)


@router.post("/programme-placements", operation_id="create_placement", status_code=201)
def create_placement(acting: Writing, body: NewPlacement, response: Response) -> PlacementShape:
    """Put a project in a programme; it stays there through every import."""
    made = said.place(acting, body.project_id, body.programme)
    response.headers["Location"] = f"{router.prefix}/programme-placements/{made.id}"
    return PlacementShape.of(made)


@router.get("/programme-placements/{placement_id}", operation_id="read_placement")
def read_placement(acting: Looking, placement_id: RecordId) -> PlacementShape:
    """Read one placement."""
    return PlacementShape.of(said.read_placement(acting, placement_id))


@router.delete("/programme-placements/{placement_id}", operation_id="withdraw_placement", status_code=204)
def withdraw_placement(acting: Writing, placement_id: RecordId) -> None:
    """Take a placement back: the project's codes say its programme again."""
    said.withdraw_placement(acting, placement_id)


@router.post("/programme-placements/{placement_id}/restorations", operation_id="restore_placement")
def restore_placement(acting: Writing, placement_id: RecordId) -> PlacementShape:
    """Let a placement hold again that was taken back."""
    return PlacementShape.of(said.restore_placement(acting, placement_id))


@router.get("/project-pairs", operation_id="list_pairs")
def list_pairs(
    acting: Looking,
    project: ProjectFilter = "",
    withdrawn: WithdrawnFilter = False,
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Page[PairShape]:
    """List the pairs of projects that people made, newest first."""
    found, last = said.list_pairs(
        acting, record_id=project, withdrawn=withdrawn, after=decode_cursor(cursor), limit=limit
    )
    return Page(items=[PairShape.of(one) for one in found], next_cursor=encode_cursor(last), total=None)


@router.post("/project-pairs", operation_id="create_pair", status_code=201)
def create_pair(acting: Writing, body: NewPair, response: Response) -> PairShape:
    """Say that two projects go together, works and the services that accompany them."""
    made = said.pair(acting, body.project_id, body.other_id)
    response.headers["Location"] = f"{router.prefix}/project-pairs/{made.id}"
    return PairShape.of(made)


@router.get("/project-pairs/{pair_id}", operation_id="read_pair")
def read_pair(acting: Looking, pair_id: RecordId) -> PairShape:
    """Read one pair."""
    return PairShape.of(said.read_pair(acting, pair_id))


@router.delete("/project-pairs/{pair_id}", operation_id="withdraw_pair", status_code=204)
def withdraw_pair(acting: Writing, pair_id: RecordId) -> None:
    """Part two projects again."""
    said.withdraw_pair(acting, pair_id)


@router.post("/project-pairs/{pair_id}/restorations", operation_id="restore_pair")
def restore_pair(acting: Writing, pair_id: RecordId) -> PairShape:
    """Let a pair hold again that was taken back."""
    return PairShape.of(said.restore_pair(acting, pair_id))
