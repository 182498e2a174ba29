"""The shapes of the catalogue over HTTP."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from matcher.records import ApplicantKind, Level
from matcher.verdicts import Criterion, Verdict
from service.api.shapes_answers import (
    LARGEST,
    CallSummaryShape,
    CommuneNameShape,
    Count,
    CriterionShape,
    Line,
    Number,
    Prose,
    Word,
)
from service.api.shapes_work import ItemRefShape
from service.catalogue.browsing import Filters, Order
from service.catalogue.whereabouts import Standing
from service.web.paging import Page
from service.web.requests import Day

State = Literal["open", "upcoming", "closed", "unknown"]
DriverCode = Annotated[str, StringConstraints(pattern=r"^([1-9]|10)$", max_length=2)]
LongText = Annotated[str, Field(max_length=5_000_000)]


class FilterShape(BaseModel):
    """What is looked for; everything given must hold, any of several values suffices."""

    q: str = Field("", max_length=500, description="words looked for in titles and texts")
    state: list[State] = Field(default_factory=list, max_length=4, description="whether one can apply today")
    level: list[Level] = Field(default_factory=list, max_length=7)
    source: list[Word] = Field(default_factory=list, max_length=50)
    applicant: list[ApplicantKind] = Field(default_factory=list, max_length=12, description="who admits or may admit")
    theme: list[Word] = Field(default_factory=list, max_length=50, description="themes as published")
    driver: list[DriverCode] = Field(
        default_factory=list, max_length=10, description="lines of the metropolitan strategic plan, by number"
    )
    programme: str = Field("", max_length=100, description="programme or measure code", examples=["M5C2I2.01.00"])
    least_amount: float | None = Field(None, ge=0, le=1e12, description="euro")
    most_amount: float | None = Field(None, ge=0, le=1e12, description="euro")
    closes_from: Day | None = Field(None, description="closes on this day or later")
    closes_to: Day | None = Field(None, description="closes on this day or earlier")

    def filters(self) -> Filters:
        """Return the filters as the catalogue takes them."""
        return Filters(
            text=self.q,
            states=frozenset(self.state),
            levels=frozenset(self.level),
            sources=frozenset(self.source),
            applicants=frozenset(self.applicant),
            themes=frozenset(self.theme),
            drivers=frozenset(self.driver),
            programme=self.programme,
            least_amount=self.least_amount,
            most_amount=self.most_amount,
            closes_from=self.closes_from,
            closes_to=self.closes_to,
        )


class BrowseShape(FilterShape):
    """Filters, order and page of the list of calls."""

    model_config = ConfigDict(extra="forbid")

    sort: Order | None = Field(None, description="relevance where words are looked for, else by closing day")
    limit: int = Field(20, ge=1, le=100, description="how many to return at most")
    cursor: str = Field("", max_length=500, description="the `next_cursor` of the page before; empty for the first")

    @property
    def order(self) -> Order:
        """The order asked for, or the one that fits the question."""
        return self.sort or (Order.RELEVANCE if self.q.strip() else Order.CLOSING)


class FacetShape(FilterShape):
    """Filters of the calls that are counted."""

    model_config = ConfigDict(extra="forbid")


class CallPage(Page[CallSummaryShape]):
    """One page of calls."""


class FacetCounts(BaseModel):
    """How many calls pass the filters, by each of their properties."""

    states: dict[str, Count]
    levels: dict[str, Count]
    sources: dict[str, Count]
    applicants: dict[str, Count] = Field(description="calls that admit or may admit each kind of body")
    themes: dict[str, Count] = Field(description="the commonest fifty")
    drivers: dict[str, Count] = Field(
        description="calls that serve each line of the strategic plan, by its number; empty until all were read for it"
    )


class RuleShape(BaseModel):
    """A criterion as it was read, or as a person corrected it."""

    key: Word = Field(description="names the criterion for a review")
    criterion: Criterion
    quote: Line
    origin: Line
    reviewed_on: date | None
    read: dict[str, Any] = Field(description="what was read, by name")


class ChangeShape(BaseModel):
    """What a field was and what it became."""

    old: Any
    new: Any


class VersionShape(BaseModel):
    """One version of a call."""

    version: int = Field(ge=1, le=LARGEST)
    at: datetime
    source: Word
    file: Line
    changes: dict[str, ChangeShape]


class VariantShape(BaseModel):
    """Another entry or edition of a call, its measure, or a notice of it."""

    kind: Word
    call: CallSummaryShape


class SimilarShape(BaseModel):
    """A call that is like another."""

    similarity: Number
    call: CallSummaryShape


class ExtraShape(BaseModel):
    """A published field that has no place of its own."""

    name: Line
    value: LongText


class TagShape(BaseModel):
    """One code of the strategic frame."""

    scheme: Word = Field(examples=["driver"])
    code: Word
    probability: Number = Field(description="the model's own; 1 where the source or a person decided")
    evidence: Line = Field(description="the words that speak most for it")
    decided_by: Word = Field(examples=["model"])
    certain: bool = Field(description="false where the model leaves it to a person")


class TagPage(Page[TagShape]):
    """All tags of a call."""


class CallShape(BaseModel):
    """One call, all of it."""

    call: CallSummaryShape
    text: LongText
    full_summary: LongText
    applicants_text: LongText
    territory_text: LongText
    funded_before: list[Line] = Field(max_length=500, description="what projects of its programme were about")
    extra: list[ExtraShape] = Field(max_length=500)
    reference: Line
    as_of: date | None
    imported_at: datetime | None = Field(description="when its source was last read to the end")
    criteria: list[RuleShape] = Field(max_length=20)
    eligibility: Verdict | None = Field(description="for the commune asked about")
    judged: list[CriterionShape] = Field(max_length=20)
    variants: list[VariantShape] = Field(max_length=20)
    similar: list[SimilarShape] = Field(max_length=5)
    history: list[VersionShape] = Field(max_length=1000)


class CommuneMatchShape(BaseModel):
    """A commune seen from a call: whether it may apply, and which of its items makes the match."""

    commune: CommuneNameShape
    province: Word
    population: int | None = Field(ge=0, le=LARGEST)
    eligibility: Verdict
    likelihood: Number = Field(description="how probable it is that the commune may apply, dates aside")
    item: ItemRefShape | None = Field(description="the nearest item that you may see")
    item_title: Prose
    similarity: Number | None = Field(description="of that item, in standard deviations above other calls")


class CommunePage(Page[CommuneMatchShape]):
    """One page of communes."""


class WhereaboutsShape(BaseModel):
    """Where one commune stands for a call, and why."""

    match: CommuneMatchShape
    standing: Standing = Field(description="what keeps it out, or what puts it where it is")
    rank: int | None = Field(ge=1, le=LARGEST, description="among those that may apply; null for one that may not")
    of: int = Field(ge=0, le=LARGEST, description="how many communes may apply")
    criteria: list[CriterionShape] = Field(max_length=20)


__all__ = [
    "BrowseShape",
    "CallPage",
    "CallShape",
    "CommuneMatchShape",
    "CommunePage",
    "FacetCounts",
    "FacetShape",
    "TagPage",
    "WhereaboutsShape",
]
