"""Records that look alike and are not the same, over HTTP."""

from typing import Annotated, Literal, Self

from fastapi import APIRouter, Query, Response
from pydantic import Field

from service.api.acting import Looking, Writing
from service.api.shapes_items import AuthorShape, RecordId, Text
from service.api.shapes_work import Body, SaidShape, WithdrawnFilter
from service.web.paging import Cursor, Limit, Page, decode_cursor, encode_cursor
from service.work import distinctions
from service.work.distinctions import MOST_OTHERS, Distinction
from service.work.texts import Code

router = APIRouter(prefix="/api/v1", tags=["duplicates"])
Kind = Literal["calls", "organisations", "projects", "assets", "needs", "register"]
"""`register`: projects of the register, official ones and those of communes."""


class NewDistinction(Body):
    """A record that is none of some others, though they look alike."""

    kind: Kind
    record_id: Code = Field(examples=["regione-lombardia:RLL12025047023"])
    other_ids: Annotated[list[Code], Field(min_length=1, max_length=MOST_OTHERS)] = Field(
        examples=[["incentivi:1234"]], description="the records that it is not"
    )


class DistinctionShape(SaidShape):
    """A record that a person says is none of some others."""

    kind: Text
    record_id: Text
    other_ids: list[Text] = Field(max_length=MOST_OTHERS)

    @classmethod
    def of(cls, said: Distinction) -> Self:
        """Return the shape of a distinction."""
        return cls(
            id=said.id,
            author=AuthorShape.of(said.author),
            at=said.at,
            withdrawn_at=said.withdrawn_at,
            kind=said.kind,
            record_id=said.record_id,
            other_ids=list(said.other_ids),
        )


@router.get("/distinctions", operation_id="list_distinctions")
def list_distinctions(
    acting: Looking,
    kind: Annotated[Kind | None, Query(description="only of this kind of record")] = None,
    record: Annotated[str, Query(max_length=300, description="only with this record, on either side")] = "",
    withdrawn: WithdrawnFilter = False,
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Page[DistinctionShape]:
    """List what people told apart, newest first."""
    found, last = distinctions.list_distinctions(
        acting, kind=kind or "", record_id=record, withdrawn=withdrawn, after=decode_cursor(cursor), limit=limit
    )
    return Page(items=[DistinctionShape.of(one) for one in found], next_cursor=encode_cursor(last), total=None)


@router.post("/distinctions", operation_id="create_distinction", status_code=201)
def create_distinction(acting: Writing, body: NewDistinction, response: Response) -> DistinctionShape:
    """Say that a record is none of some others; it survives every import, and they are not proposed as one again."""
    made = distinctions.tell_apart(acting, body.kind, body.record_id, body.other_ids)
    response.headers["Location"] = f"{router.prefix}/distinctions/{made.id}"
    return DistinctionShape.of(made)


@router.get("/distinctions/{distinction_id}", operation_id="read_distinction")
def read_distinction(acting: Looking, distinction_id: RecordId) -> DistinctionShape:
    """Read one."""
    return DistinctionShape.of(distinctions.read_distinction(acting, distinction_id))


@router.delete("/distinctions/{distinction_id}", operation_id="withdraw_distinction", status_code=204)
def withdraw_distinction(acting: Writing, distinction_id: RecordId) -> None:
    """Take one back: the records may be proposed as one again."""
    distinctions.withdraw_distinction(acting, distinction_id)


@router.post("/distinctions/{distinction_id}/restorations", operation_id="restore_distinction")
def restore_distinction(acting: Writing, distinction_id: RecordId) -> DistinctionShape:
    """Let one hold again that was taken back."""
    return DistinctionShape.of(distinctions.restore_distinction(acting, distinction_id))
