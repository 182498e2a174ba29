"""Where the data comes from: sources with their freshness, imports, rows that could not be read."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from service.api.shapes_answers import Count, Line, Word
from service.catalogue.sources import list_imports, list_quarantine, source_states
from service.errors import InvalidError
from service.web.paging import Cursor, Limit, Page, decode_cursor, encode_cursor
from service.web.transactions import ReadSession

router = APIRouter(prefix="/api/v1", tags=["sources"])
SourceFilter = Annotated[str, Query(max_length=100, description="only of this source")]
_SEPARATOR = "\x1f"


class SourceShape(BaseModel):
    """One source and how fresh it is."""

    model_config = ConfigDict(from_attributes=True)

    name: Word = Field(examples=["pnrr-misure"])
    calls: Count
    precedents: Count = Field(description="funded projects")
    imported_at: datetime | None = Field(description="when it was last read to the end")
    file_name: Line
    age_days: int | None = Field(ge=0, le=2**31 - 1, description="whole days since then")
    rows_in: Count = Field(description="rows of the last file")
    quarantined: Count = Field(description="rows that could not be read and are still open")


class ImportShape(BaseModel):
    """One import that was carried through; rows in = new + changed + unchanged + quarantined."""

    model_config = ConfigDict(from_attributes=True)

    id: Count
    source: Word
    file_name: Line
    sha256: Word
    started_at: datetime
    finished_at: datetime | None
    rows_in: Count
    new: Count
    changed: Count
    unchanged: Count
    quarantined: Count
    kept_by_hand: Count = Field(description="records in which a person's values stood against the file's")
    repairs: dict[str, Any] = Field(description="what was repaired without loss, and how often")


class QuarantineShape(BaseModel):
    """One row that could not be read, and why."""

    model_config = ConfigDict(from_attributes=True)

    source: Word
    file: Line
    line: Count
    field: Line
    value: Line
    reason: Line
    import_id: Count
    first_seen: datetime
    last_seen: datetime


@router.get("/sources", operation_id="list_sources")
def list_sources(session: ReadSession) -> Page[SourceShape]:
    """Return every source that was read, with its last import, its age and what it gave."""
    states = source_states(session)
    return Page[SourceShape](
        items=[SourceShape.model_validate(state) for state in states], next_cursor="", total=len(states)
    )


@router.get("/imports", operation_id="list_imports")
def list_imports_(
    session: ReadSession, source: SourceFilter = "", limit: Limit = 20, cursor: Cursor = ""
) -> Page[ImportShape]:
    """Return the imports, newest first."""
    rows, following = list_imports(session, source=source, before=number_of(cursor), limit=limit)
    return Page[ImportShape](
        items=[ImportShape.model_validate(row) for row in rows], next_cursor=cursor_of(following), total=None
    )


@router.get("/quarantine", operation_id="list_quarantine")
def list_quarantine_(
    session: ReadSession, source: SourceFilter = "", limit: Limit = 20, cursor: Cursor = ""
) -> Page[QuarantineShape]:
    """Return the rows that could not be read and are still open, each with its reason."""
    after = decode_cursor(cursor).split(_SEPARATOR) if cursor else []
    if cursor and (len(after) != 4 or not after[2].isdecimal()):
        raise InvalidError("cursor", f"{cursor!r}: not a cursor of ours; start again without one")
    rows, following = list_quarantine(session, source=source, after=after, limit=limit)
    items = [QuarantineShape.model_validate(row) for row in rows]
    return Page[QuarantineShape](
        items=items, next_cursor=encode_cursor(_SEPARATOR.join(following)) if following else "", total=None
    )


def number_of(cursor: str) -> int | None:
    """Return the number that a cursor was made from, None for none; raises InvalidError for one that is not ours."""
    last = decode_cursor(cursor)
    if not last:
        return None
    if not last.isdecimal() or len(last) > 18:
        raise InvalidError("cursor", f"{cursor!r}: not a cursor of ours; start again without one")
    return int(last)


def cursor_of(number: int | None) -> str:
    """Return the cursor of a number, "" for none."""
    return "" if number is None else encode_cursor(str(number))
