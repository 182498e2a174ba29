"""The incubator's worklist over HTTP."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any, Self

from fastapi import APIRouter, Query, Response
from fastapi import Body as Sent
from pydantic import BaseModel, Field

from service.api.acting import Writing
from service.api.items import MERGE_PATCH
from service.api.shapes_items import Istat, RecordId, Text
from service.api.shapes_work import Body, CallFilter, CommuneFilter, Prose
from service.web.paging import Cursor, Limit, Page, decode_cursor, encode_cursor
from service.web.versions import EditedVersion, etag
from service.work import worklist
from service.work.tables import WorkState
from service.work.texts import Code, Remark
from service.work.texts import Istat as IstatSent
from service.work.worklist import MOST_COMMUNES, Added, Outcome, WorkFilters, WorkItem, WorkNote

router = APIRouter(prefix="/api/v1/work-items", tags=["worklist"])


class NewWork(Body):
    """A call to follow for one or more communes."""

    communes: list[IstatSent] = Field(min_length=1, max_length=MOST_COMMUNES, examples=[["015182", "015110"]])
    call_id: Code = Field(examples=["regione-lombardia:RLL12025047023"])
    owner_id: Code | None = Field(None, description="the account of whoever follows it")
    state: WorkState = WorkState.TO_CALL
    remind_on: date | None = None


class WorkChanges(Body):
    """Fields of an item of the worklist to change; null takes a value away."""

    owner_id: Code | None = None
    state: WorkState | None = None
    remind_on: date | None = Field(None, examples=["2026-03-03"])


class NewNote(Body):
    """A note to write."""

    text: Remark = Field(examples=["Il segretario richiama lunedì."])


class WorkShape(BaseModel):
    """One commune and one call on the worklist; send ``version`` back as ``If-Match`` with an edit."""

    id: Text
    commune_istat: Istat
    commune_name: Text
    call_id: Text
    call_title: Prose
    owner_id: Text | None = None
    owner_name: Text = ""
    state: WorkState
    remind_on: date | None = None
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None
    version: int = Field(ge=1, le=2**31 - 1)

    @classmethod
    def of(cls, item: WorkItem) -> Self:
        """Return the shape of an item."""
        return cls(**asdict(item))


class AddedShape(BaseModel):
    """What became of one commune; ``item_id`` is empty where no commune has this code."""

    commune_istat: Istat
    outcome: Outcome
    item_id: Text


class AddedPage(BaseModel):
    """What became of each commune, in the order in which they were sent."""

    items: list[AddedShape] = Field(max_length=MOST_COMMUNES)

    @classmethod
    def of(cls, added: list[Added]) -> Self:
        """Return the shape of what was added."""
        return cls(items=[AddedShape(**asdict(one)) for one in added])


class NoteShape(BaseModel):
    """A note, written once."""

    id: Text
    author_name: Text
    text: Prose
    at: datetime

    @classmethod
    def of(cls, note: WorkNote) -> Self:
        """Return the shape of a note."""
        return cls(**asdict(note))


class Notes(BaseModel):
    """The notes of an item, oldest first."""

    items: list[NoteShape] = Field(max_length=100_000)


@router.get("", operation_id="list_work_items")
def list_work(
    acting: Writing,
    owner: Annotated[str, Query(max_length=100, description="only what this account follows")] = "",
    state: Annotated[WorkState | None, Query(description="only in this state")] = None,
    due_by: Annotated[date | None, Query(description="only with a reminder until this day")] = None,
    commune: CommuneFilter = "",
    call: CallFilter = "",
    archived: Annotated[bool, Query(description="the archived ones instead of the others")] = False,
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Page[WorkShape]:
    """List the worklist, the next reminder first."""
    filters = WorkFilters(owner, state, due_by, commune, call, archived)
    found, last, total = worklist.list_work(acting, filters, after=decode_cursor(cursor), limit=limit)
    return Page(items=[WorkShape.of(item) for item in found], next_cursor=encode_cursor(last), total=total)


@router.post("", operation_id="create_work_items", status_code=201)
def add_work(acting: Writing, body: NewWork) -> AddedPage:
    """Put a call on the worklist for one or more communes; each one's outcome is told apart."""
    added = worklist.add_work(
        acting, body.communes, body.call_id, owner_id=body.owner_id, state=body.state, remind_on=body.remind_on
    )
    return AddedPage.of(added)


@router.get("/{work_item_id}", operation_id="read_work_item")
def read_work(acting: Writing, work_item_id: RecordId, response: Response) -> WorkShape:
    """Read one item, with its version as its ETag."""
    return _shown(worklist.read_work(acting, work_item_id), response)


@router.patch("/{work_item_id}", operation_id="change_work_item")
def change_work(
    acting: Writing,
    work_item_id: RecordId,
    version: EditedVersion,
    body: Annotated[WorkChanges, Sent(media_type=MERGE_PATCH)],
    response: Response,
) -> WorkShape:
    """Change who follows an item, how far it is, or when to look again."""
    patch: dict[str, Any] = body.model_dump(exclude_unset=True)
    return _shown(worklist.change_work(acting, work_item_id, version, patch), response)


@router.delete("/{work_item_id}", operation_id="archive_work_item", status_code=204)
def archive_work(acting: Writing, work_item_id: RecordId) -> None:
    """Take an item off the worklist; it is kept."""
    worklist.archive_work(acting, work_item_id)


@router.post("/{work_item_id}/reversals", operation_id="undo_work_item")
def undo_work(acting: Writing, work_item_id: RecordId, version: EditedVersion, response: Response) -> WorkShape:
    """Undo the last change of an item; once more makes it again."""
    return _shown(worklist.undo_work(acting, work_item_id, version), response)


@router.get("/{work_item_id}/notes", operation_id="list_work_notes")
def list_notes(acting: Writing, work_item_id: RecordId) -> Notes:
    """List the notes of an item, oldest first."""
    return Notes(items=[NoteShape.of(note) for note in worklist.list_notes(acting, work_item_id)])


@router.post("/{work_item_id}/notes", operation_id="create_work_note", status_code=201)
def add_note(acting: Writing, work_item_id: RecordId, body: NewNote) -> NoteShape:
    """Add a note to an item; it is never changed."""
    return NoteShape.of(worklist.add_note(acting, work_item_id, body.text))


def _shown(item: WorkItem, response: Response) -> WorkShape:
    response.headers["ETag"] = etag(item.version)
    return WorkShape.of(item)
