"""Records that are one, over HTTP: what the matcher suspects, and what people say."""

from typing import Annotated, Literal, Self

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from service.api.acting import Looking, Writing
from service.api.shapes_items import AuthorShape, RecordId, Text
from service.api.shapes_work import Body, Prose, SaidShape, WithdrawnFilter
from service.web.paging import Cursor, Limit, Page, decode_cursor, encode_cursor
from service.web.state import state_of
from service.web.transactions import ReadSession
from service.work import merges
from service.work.distinctions import told_apart
from service.work.merges import Merge, ProbableDuplicate
from service.work.texts import Code

router = APIRouter(prefix="/api/v1", tags=["duplicates"])
Kind = Literal["calls", "organisations", "projects", "assets", "needs"]


class NewMerge(Body):
    """Two records that are one."""

    kind: Kind
    kept_id: Code = Field(description="the record that is shown", examples=["regione-lombardia:RLL12025047023"])
    merged_id: Code = Field(description="the record that is shown as the other one")


class MergeShape(SaidShape):
    """Two records that a person says are one."""

    kind: Text
    kept_id: Text
    merged_id: Text

    @classmethod
    def of(cls, merge: Merge) -> Self:
        """Return the shape of a merge."""
        return cls(
            id=merge.id,
            author=AuthorShape.of(merge.author),
            at=merge.at,
            withdrawn_at=merge.withdrawn_at,
            kind=merge.kind,
            kept_id=merge.kept_id,
            merged_id=merge.merged_id,
        )


class DuplicateShape(BaseModel):
    """One entry of a notice."""

    id: Text
    title: Prose
    source: Text
    url: Annotated[str, Field(max_length=4_000)] = ""


class DuplicatesShape(BaseModel):
    """Calls that are probably one notice."""

    calls: list[DuplicateShape] = Field(max_length=1_000)

    @classmethod
    def of(cls, group: tuple[ProbableDuplicate, ...]) -> Self:
        """Return the shape of a group."""
        return cls(calls=[DuplicateShape(id=one.id, title=one.title, source=one.source, url=one.url) for one in group])


@router.get("/duplicates", operation_id="list_duplicates")
def list_duplicates(
    request: Request, session: ReadSession, limit: Limit = 20, cursor: Cursor = ""
) -> Page[DuplicatesShape]:
    """List the calls that are probably one notice and that nobody has merged or told apart yet."""
    catalogue, apart = state_of(request).live.serving().as_read, told_apart(session, "calls")
    found, last = merges.probable_duplicates(catalogue, apart, after=decode_cursor(cursor), limit=limit)
    return Page(items=[DuplicatesShape.of(group) for group in found], next_cursor=encode_cursor(last), total=None)


@router.get("/merges", operation_id="list_merges")
def list_merges(
    acting: Looking,
    kind: Annotated[Kind | None, Query(description="only of this kind of record")] = None,
    record: Annotated[str, Query(max_length=300, description="only with this record, on either side")] = "",
    withdrawn: WithdrawnFilter = False,
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Page[MergeShape]:
    """List what people said is one, newest first."""
    found, last = merges.list_merges(
        acting, kind=kind or "", record_id=record, withdrawn=withdrawn, after=decode_cursor(cursor), limit=limit
    )
    return Page(items=[MergeShape.of(one) for one in found], next_cursor=encode_cursor(last), total=None)


@router.post("/merges", operation_id="create_merge", status_code=201)
def create_merge(acting: Writing, body: NewMerge, response: Response) -> MergeShape:
    """Say that two records are one; it survives every import."""
    made = merges.merge(acting, body.kind, body.kept_id, body.merged_id)
    response.headers["Location"] = f"{router.prefix}/merges/{made.id}"
    return MergeShape.of(made)


@router.get("/merges/{merge_id}", operation_id="read_merge")
def read_merge(acting: Looking, merge_id: RecordId) -> MergeShape:
    """Read one merge."""
    return MergeShape.of(merges.read_merge(acting, merge_id))


@router.delete("/merges/{merge_id}", operation_id="withdraw_merge", status_code=204)
def withdraw_merge(acting: Writing, merge_id: RecordId) -> None:
    """Take a merge back: both records are shown again."""
    merges.withdraw_merge(acting, merge_id)


@router.post("/merges/{merge_id}/restorations", operation_id="restore_merge")
def restore_merge(acting: Writing, merge_id: RecordId) -> MergeShape:
    """Let a merge hold again that was taken back."""
    return MergeShape.of(merges.restore_merge(acting, merge_id))
