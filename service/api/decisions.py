"""Decisions of communes about calls over HTTP."""

from typing import Annotated, Self

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from matcher.feedback import ENOUGH, ENOUGH_COMMUNES, DecisionKind, Reason
from service.api.acting import Looking, Watched, Writing
from service.api.shapes_items import AuthorShape, RecordId
from service.api.shapes_work import (
    AboutCallShape,
    Body,
    CallFilter,
    CommuneFilter,
    ItemRefShape,
    Prose,
    WithdrawnFilter,
)
from service.web.paging import Cursor, Limit, Page, decode_cursor, encode_cursor
from service.work import decisions, feedback
from service.work.decisions import Decision, DecisionFilters
from service.work.texts import Code, Istat, Note

router = APIRouter(prefix="/api/v1/decisions", tags=["decisions"])


feedback_router = APIRouter(prefix="/api/v1/feedback", tags=["decisions"])


class FeedbackShape(BaseModel):
    """How much communes have said so far, and how much must be said before the ranking listens."""

    decisions: int = Field(ge=0, le=2**31 - 1, examples=[12])
    communes: int = Field(ge=0, le=10_000, examples=[3])
    decisions_needed: int = Field(ge=0, le=2**31 - 1)
    communes_needed: int = Field(ge=0, le=10_000)
    enough: bool


class NewDecision(Body):
    """What a commune decides; ``commune_istat`` may be left out by its own account."""

    commune_istat: Istat | None = None
    call_id: Code = Field(examples=["regione-lombardia:RLL12025047023"])
    kind: DecisionKind
    reason: Reason | None = Field(None, description="why, with `not_for_us` only")
    note: Note = ""
    item: ItemRefShape | None = Field(None, description="for which of the commune's items; null for the whole commune")


class DecisionShape(AboutCallShape):
    """A decision."""

    kind: DecisionKind
    reason: Reason | None = None
    note: Prose = ""

    @classmethod
    def of(cls, decision: Decision) -> Self:
        """Return the shape of a decision."""
        return cls(
            id=decision.id,
            author=AuthorShape.of(decision.author),
            at=decision.at,
            withdrawn_at=decision.withdrawn_at,
            commune_istat=decision.commune_istat,
            call_id=decision.call_id,
            call_title=decision.call_title,
            item=ItemRefShape.of(decision.item),
            kind=decision.kind,
            reason=decision.reason,
            note=decision.note,
        )


@router.get("", operation_id="list_decisions")
def list_decisions(
    acting: Watched,
    commune: CommuneFilter = "",
    call: CallFilter = "",
    kind: Annotated[DecisionKind | None, Query(description="only of this kind")] = None,
    reason: Annotated[
        Reason | None, Query(description="only for this reason: `not_eligible` doubts a criterion")
    ] = None,
    withdrawn: WithdrawnFilter = False,
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Page[DecisionShape]:
    """List the decisions that you may see, newest first."""
    filters = DecisionFilters(commune, call, kind, reason, withdrawn)
    found, last = decisions.list_decisions(acting, filters, after=decode_cursor(cursor), limit=limit)
    return Page(items=[DecisionShape.of(one) for one in found], next_cursor=encode_cursor(last), total=None)


@router.post("", operation_id="create_decision", status_code=201)
def create_decision(acting: Writing, body: NewDecision, response: Response) -> DecisionShape:
    """Save a call, refuse it with a reason, or say what became of an application."""
    item = body.item.ref() if body.item else None
    made = decisions.decide(
        acting, body.commune_istat, body.call_id, body.kind, reason=body.reason, note=body.note, item=item
    )
    response.headers["Location"] = f"{router.prefix}/{made.id}"
    return DecisionShape.of(made)


@feedback_router.get("", operation_id="read_feedback")
def read_feedback(acting: Looking) -> FeedbackShape:
    """Say how many decisions speak about what calls are for: the ranking learns from them when there are enough."""
    found = feedback.feedback_progress(acting.session)
    return FeedbackShape(
        decisions=found.decisions,
        communes=found.communes,
        decisions_needed=ENOUGH,
        communes_needed=ENOUGH_COMMUNES,
        enough=found.enough,
    )


@router.get("/{decision_id}", operation_id="read_decision")
def read_decision(acting: Watched, decision_id: RecordId) -> DecisionShape:
    """Read one decision."""
    return DecisionShape.of(decisions.read_decision(acting, decision_id))


@router.delete("/{decision_id}", operation_id="withdraw_decision", status_code=204)
def withdraw_decision(acting: Writing, decision_id: RecordId) -> None:
    """Take a decision back; it is kept with the moment."""
    decisions.withdraw_decision(acting, decision_id)


@router.post("/{decision_id}/restorations", operation_id="restore_decision")
def restore_decision(acting: Writing, decision_id: RecordId) -> DecisionShape:
    """Let a decision hold again that was taken back."""
    return DecisionShape.of(decisions.restore_decision(acting, decision_id))
