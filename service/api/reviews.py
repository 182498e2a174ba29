"""Criteria of calls over HTTP: as they were read, and as people confirm and correct them."""

from typing import Annotated, Any, Self

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from matcher.eligibility.reviews import ReviewAction
from matcher.eligibility.rules import rule_data
from matcher.verdicts import Criterion
from service.api.acting import Looking, Writing
from service.api.shapes_items import AuthorShape, RecordId, Text
from service.api.shapes_work import Body, CallFilter, Prose, SaidShape, WithdrawnFilter
from service.web.paging import Cursor, Limit, Page, decode_cursor, encode_cursor
from service.web.state import state_of
from service.work import reviews
from service.work.criteria import WrittenRule
from service.work.reviews import CallCriteria, Reviewed, RulesOf
from service.work.texts import Code, Note

router = APIRouter(prefix="/api/v1", tags=["criteria"])
HIDDEN = frozenset({"criterion", "quote", "origin", "reviewed_on"})


def _rules_of(request: Request) -> RulesOf:
    return state_of(request).live.serving().rules_as_read


RulesAsRead = Annotated[RulesOf, Depends(_rules_of)]
"""The rules of the calls that are served, before what people say."""


class NewReview(Body):
    """What a person says about a criterion."""

    call_id: Code = Field(examples=["regione-lombardia:RLL12025047023"])
    action: ReviewAction
    rule_key: Text = Field("", description="the key of the criterion as it was read; empty with `added`")
    rule: WrittenRule | None = Field(None, description="what holds instead; with `replaced` and `added` only")
    note: Note = ""


class ReviewShape(SaidShape):
    """What a person said about a criterion."""

    call_id: Text
    call_title: Prose
    rule_key: Text
    action: ReviewAction
    rule: dict[str, Any] | None = None
    note: Prose = ""
    stale: bool = Field(False, description="the call no longer says the words that this is about")

    @classmethod
    def of(cls, review: Reviewed) -> Self:
        """Return the shape of a review."""
        return cls(
            id=review.id,
            author=AuthorShape.of(review.author),
            at=review.at,
            withdrawn_at=review.withdrawn_at,
            call_id=review.call_id,
            call_title=review.call_title,
            rule_key=review.rule_key,
            action=review.action,
            rule=review.rule,
            note=review.note,
            stale=review.stale,
        )


class CriterionShape(BaseModel):
    """A criterion of a call, with the words it was read from."""

    key: Text = Field(examples=["population:6e1c1b7b0d0f4f0a9a6a4d5e8f7c2b1a"])
    criterion: Criterion
    quote: Prose
    origin: Text
    parameters: dict[str, Any]
    in_force: bool = Field(description="whether it is judged; false where a person removed or replaced it")
    review: ReviewShape | None = None


class CriteriaShape(BaseModel):
    """All criteria of a call, and the reviews that somebody should look at again."""

    call_id: Text
    criteria: list[CriterionShape] = Field(max_length=100)
    stale: list[ReviewShape] = Field(max_length=100)

    @classmethod
    def of(cls, found: CallCriteria) -> Self:
        """Return the shape of a call's criteria."""
        return cls(
            call_id=found.call_id,
            criteria=[
                CriterionShape(
                    key=one.key,
                    criterion=one.rule.criterion,
                    quote=one.rule.quote,
                    origin=one.rule.origin,
                    parameters={name: value for name, value in rule_data(one.rule).items() if name not in HIDDEN},
                    in_force=one.in_force,
                    review=ReviewShape.of(one.review) if one.review else None,
                )
                for one in found.criteria
            ],
            stale=[ReviewShape.of(one) for one in found.stale],
        )


@router.get("/calls/{call_id}/criteria", operation_id="list_criteria")
def list_criteria(acting: Looking, rules_of: RulesAsRead, call_id: RecordId) -> CriteriaShape:
    """List the criteria of a call: as they were read, with what people said about them."""
    return CriteriaShape.of(reviews.call_criteria(acting, rules_of, call_id))


@router.get("/criterion-reviews", operation_id="list_criterion_reviews")
def list_reviews(
    acting: Looking, call: CallFilter = "", withdrawn: WithdrawnFilter = False, limit: Limit = 20, cursor: Cursor = ""
) -> Page[ReviewShape]:
    """List what people said about criteria, newest first."""
    found, last = reviews.list_reviews(
        acting, call_id=call, withdrawn=withdrawn, after=decode_cursor(cursor), limit=limit
    )
    return Page(items=[ReviewShape.of(one) for one in found], next_cursor=encode_cursor(last), total=None)


@router.get("/stale-criterion-reviews", operation_id="list_stale_criterion_reviews")
def list_stale_reviews(
    acting: Looking,
    rules_of: RulesAsRead,
    limit: Annotated[int, Query(ge=1, le=100, description="how many to return at most")] = 100,
) -> Page[ReviewShape]:
    """List the reviews whose words their call no longer says, oldest first."""
    found = reviews.list_stale(acting, rules_of, limit=limit)
    return Page(items=[ReviewShape.of(one) for one in found], next_cursor="", total=None)


@router.post("/criterion-reviews", operation_id="create_criterion_review", status_code=201)
def create_review(acting: Writing, rules_of: RulesAsRead, body: NewReview, response: Response) -> ReviewShape:
    """Confirm, remove, replace or add a criterion; it is judged so from now on, and survives every import."""
    rule = body.rule.rule() if body.rule else None
    made = reviews.review_criterion(
        acting, rules_of, body.call_id, body.action, key=body.rule_key, rule=rule, note=body.note
    )
    response.headers["Location"] = f"{router.prefix}/criterion-reviews/{made.id}"
    return ReviewShape.of(made)


@router.get("/criterion-reviews/{review_id}", operation_id="read_criterion_review")
def read_review(acting: Looking, review_id: RecordId) -> ReviewShape:
    """Read one review."""
    return ReviewShape.of(reviews.read_review(acting, review_id))


@router.delete("/criterion-reviews/{review_id}", operation_id="withdraw_criterion_review", status_code=204)
def withdraw_review(acting: Writing, review_id: RecordId) -> None:
    """Take a review back: the criterion is judged as it was read."""
    reviews.withdraw_review(acting, review_id)


@router.post("/criterion-reviews/{review_id}/restorations", operation_id="restore_criterion_review")
def restore_review(acting: Writing, review_id: RecordId) -> ReviewShape:
    """Let a review hold again that was taken back."""
    return ReviewShape.of(reviews.restore_review(acting, review_id))
