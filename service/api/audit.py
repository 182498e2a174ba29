"""What happened: answers that were shown, whether they can be repeated, and the trail of acts."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from service.access.enforcement import CurrentPrincipal
from service.api.shapes_answers import Count, Number, Word
from service.api.sources import cursor_of, number_of
from service.audit.answers import Kept, kept_answer
from service.audit.reading import AnswerFilters, EventFilters, find_answers, find_events
from service.audit.repeating import Repetition, repeat_from
from service.audit.trail import record
from service.database import reading, writing
from service.errors import InvalidError
from service.web.paging import Cursor, Limit, Page, decode_cursor, encode_cursor
from service.web.requests import Day, PathId, RequestId
from service.web.state import state_of
from service.web.transactions import ReadSession

router = APIRouter(prefix="/api/v1", tags=["audit"])


class KeptAnswerShape(BaseModel):
    """An answer as it was shown, with what was asked."""

    id: Word
    at: datetime
    artifact: Word
    data_version: Word
    asked: dict[str, Any]
    answered: dict[str, Any] = Field(description="the answer in the shape and the words of that day")


class AnswerLineShape(BaseModel):
    """One answer in a list."""

    model_config = ConfigDict(from_attributes=True)

    id: Word
    at: datetime
    surface: Word
    commune_istat: Word | None
    item_kind: Word = Field(description="text, commune, needs, projects or assets")
    item_id: Word
    artifact_version: Word


class DifferenceShape(BaseModel):
    """One place that is not as it was shown."""

    model_config = ConfigDict(from_attributes=True)

    rank: Count
    shown: Word = Field(description="the id of the call, empty where nothing was shown")
    again: Word
    shown_score: Number | None
    again_score: Number | None


class RepetitionShape(BaseModel):
    """Whether an answer comes out again."""

    possible: bool = Field(description="false where the index that answered is not the one in service")
    agrees: bool | None
    differences: list[DifferenceShape] = Field(max_length=100)


class EventShape(BaseModel):
    """One act: who saw or changed what."""

    model_config = ConfigDict(from_attributes=True)

    id: int = Field(ge=0, le=2**63 - 1)
    at: datetime
    account_id: Word | None
    api_key_id: Word | None
    action: Word = Field(examples=["needs.edited"])
    object_kind: Word
    object_id: Word
    commune_istat: Word | None
    request_id: Word
    details: dict[str, Any]


class EventQuery(BaseModel):
    """Which events, and which page of them."""

    model_config = ConfigDict(extra="forbid")

    account_id: str = Field("", max_length=100)
    action: str = Field("", max_length=100, description="a whole action, or its kind", examples=["needs"])
    object_id: str = Field("", max_length=300)
    commune: str = Field("", max_length=6, description="ISTAT code")
    request_id: str = Field("", max_length=100)
    first: Day | None = Field(None, description="on this day or later")
    last: Day | None = Field(None, description="on this day or earlier")
    limit: int = Field(20, ge=1, le=100, description="how many to return at most")
    cursor: str = Field("", max_length=500, description="the `next_cursor` of the page before; empty for the first")

    def filters(self) -> EventFilters:
        """Return the filters as the trail takes them."""
        return EventFilters(
            account_id=self.account_id,
            action=self.action,
            object_id=self.object_id,
            commune_istat=self.commune,
            request_id=self.request_id,
            first=self.first,
            last=self.last,
        )


@router.get("/answers", operation_id="list_answers")
def list_answers(
    session: ReadSession,
    principal: CurrentPrincipal,
    call_id: Annotated[str, Query(max_length=300, description="only answers in which this call was shown")] = "",
    commune: Annotated[str, Query(max_length=6, description="only answers for this commune (ISTAT code)")] = "",
    on: Annotated[Day | None, Query(description="only answers of this day")] = None,
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Page[AnswerLineShape]:
    """Return the answers that were shown to you, newest first; the incubator sees all of them."""
    before = decode_cursor(cursor)
    if before and not _is_place(before):
        raise InvalidError("cursor", f"{cursor!r}: not a cursor of ours; start again without one")
    filters = AnswerFilters(call_id=call_id, commune_istat=commune, on=on)
    rows, following = find_answers(session, principal, filters, before=before, limit=limit)
    items = [AnswerLineShape.model_validate(row) for row in rows]
    return Page[AnswerLineShape](items=items, next_cursor=encode_cursor(following) if following else "", total=None)


@router.get("/answers/{answer_id}", operation_id="read_answer")
def read_answer(
    request: Request, session: ReadSession, principal: CurrentPrincipal, request_id: RequestId, answer_id: PathId
) -> KeptAnswerShape:
    """Return an answer as it was shown, with what was asked and the versions it was made from."""
    kept = _seen(request, principal, request_id, answer_id)
    return KeptAnswerShape(
        id=kept.id,
        at=kept.at,
        artifact=kept.artifact_version,
        data_version=kept.data_version,
        asked=dict(kept.asked),
        answered=dict(kept.answered),
    )


@router.get("/answers/{answer_id}/repetition", operation_id="repeat_answer")
def repeat_answer(
    request: Request, session: ReadSession, principal: CurrentPrincipal, request_id: RequestId, answer_id: PathId
) -> RepetitionShape:
    """Make an answer again and say what differs, if the index that answered is still in service.

    `remix why` repeats answers of older indexes too, as long as these are kept.
    """
    kept = _seen(request, principal, request_id, answer_id)
    state = state_of(request)
    serving, repetition = state.live.serving(), Repetition(possible=False)
    if serving.recommender.artifact_version == kept.artifact_version:
        with reading(state.engine) as session:
            repetition = repeat_from(session, serving.as_read, serving.encoder, kept)
    return RepetitionShape(
        possible=repetition.possible,
        agrees=repetition.agrees,
        differences=[DifferenceShape.model_validate(one) for one in repetition.differences],
    )


@router.get("/audit-events", operation_id="list_audit_events")
def list_audit_events(
    session: ReadSession,
    asked: Annotated[EventQuery, Query()],
) -> Page[EventShape]:
    """Return the trail, newest first: who saw or changed what, and in which request."""
    rows, following = find_events(session, asked.filters(), before=number_of(asked.cursor), limit=asked.limit)
    return Page[EventShape](
        items=[EventShape.model_validate(row) for row in rows], next_cursor=cursor_of(following), total=None
    )


def _seen(request: Request, principal: CurrentPrincipal, request_id: RequestId, answer_id: str) -> Kept:
    """Read an answer and record that it was read, in one transaction."""
    with writing(state_of(request).engine) as session:
        kept = kept_answer(session, principal, answer_id)
        record(session, principal, request_id, "answer.read", "answer", answer_id, kept.commune_istat)
    return kept


def _is_place(before: str) -> bool:
    at, _, answer_id = before.partition(" ")
    try:
        return datetime.fromisoformat(at).tzinfo is not None and bool(answer_id)
    except ValueError:
        return False
