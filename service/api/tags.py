"""Strategy tags set or taken away by people, over HTTP."""

from typing import Annotated, Literal, Self

from fastapi import APIRouter, Query, Response
from pydantic import Field

from service.api.acting import Watched, Writing
from service.api.shapes_items import AuthorShape, RecordId, Text
from service.api.shapes_work import Body, SaidShape, WithdrawnFilter
from service.web.paging import Cursor, Limit, Page, decode_cursor, encode_cursor
from service.work import tags
from service.work.tags import TagOverride
from service.work.texts import Code

router = APIRouter(prefix="/api/v1/tag-overrides", tags=["tags"])
Kind = Literal["calls", "needs", "projects", "assets", "precedents"]


class NewTagOverride(Body):
    """A code that belongs to a record, or does not."""

    kind: Kind
    record_id: Code
    scheme: Literal["driver", "mission", "component", "sttm", "actor", "style"]
    code: Annotated[str, Field(max_length=10, examples=["7"])]
    holds: bool = Field(description="true: it belongs there; false: it does not")


class TagOverrideShape(SaidShape):
    """What a person said about one code on one record."""

    kind: Text
    record_id: Text
    scheme: Text
    code: Text
    holds: bool

    @classmethod
    def of(cls, said: TagOverride) -> Self:
        """Return the shape of an override."""
        return cls(
            id=said.id,
            author=AuthorShape.of(said.author),
            at=said.at,
            withdrawn_at=said.withdrawn_at,
            kind=said.kind,
            record_id=said.record_id,
            scheme=said.scheme,
            code=said.code,
            holds=said.holds,
        )


@router.get("", operation_id="list_tag_overrides")
def list_tag_overrides(
    acting: Watched,
    kind: Annotated[Kind, Query(description="the kind of record")],
    record: Annotated[str, Query(max_length=300, description="the id of the record")],
    withdrawn: WithdrawnFilter = False,
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Page[TagOverrideShape]:
    """List what people said about the tags of a record, newest first."""
    found, last = tags.list_tag_overrides(
        acting, kind, record, withdrawn=withdrawn, after=decode_cursor(cursor), limit=limit
    )
    return Page(items=[TagOverrideShape.of(one) for one in found], next_cursor=encode_cursor(last), total=None)


@router.post("", operation_id="create_tag_override", status_code=201)
def create_tag_override(acting: Writing, body: NewTagOverride, response: Response) -> TagOverrideShape:
    """Set a tag, or take it away; a model that is trained later does not change it."""
    made = tags.override_tag(acting, body.kind, body.record_id, body.scheme, body.code, holds=body.holds)
    response.headers["Location"] = f"{router.prefix}/{made.id}"
    return TagOverrideShape.of(made)


@router.get("/{override_id}", operation_id="read_tag_override")
def read_tag_override(acting: Watched, override_id: RecordId) -> TagOverrideShape:
    """Read one override."""
    return TagOverrideShape.of(tags.read_tag_override(acting, override_id))


@router.delete("/{override_id}", operation_id="withdraw_tag_override", status_code=204)
def withdraw_tag_override(acting: Writing, override_id: RecordId) -> None:
    """Take an override back: what the model or the source says counts again."""
    tags.withdraw_tag_override(acting, override_id)


@router.post("/{override_id}/restorations", operation_id="restore_tag_override")
def restore_tag_override(acting: Writing, override_id: RecordId) -> TagOverrideShape:
    """Let an override hold again that was taken back."""
    return TagOverrideShape.of(tags.restore_tag_override(acting, override_id))
