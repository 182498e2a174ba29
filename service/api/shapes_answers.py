"""The shapes of recommendations over HTTP: what is asked, what is answered."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from matcher.recommender import LONGEST_QUERY
from matcher.records import ApplicantKind, CallStatus, Level, QueryKind
from matcher.verdicts import Criterion, Verdict
from service.answers.questions import Asked
from service.api.shapes_items import AuthorShape
from service.api.shapes_work import ItemRefShape
from service.web.requests import Day

MOST_K = 50
LARGEST = 2**31 - 1
Id = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Word = Annotated[str, StringConstraints(max_length=200)]
Line = Annotated[str, StringConstraints(max_length=2000)]
Prose = Annotated[str, StringConstraints(max_length=20_000)]
Url = Annotated[str, StringConstraints(max_length=4000)]
Count = Annotated[int, Field(ge=0, le=LARGEST)]
Number = Annotated[float, Field(ge=-1e9, le=1e9)]


class QuestionShape(BaseModel):
    """A question: a text with a commune, an item, or a commune alone (all its open items)."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"text": "La scuola elementare è fredda: cappotto e fotovoltaico", "commune": "015182", "k": 10}
            ]
        },
    )

    text: str = Field("", max_length=LONGEST_QUERY, description="what is needed, in plain words")
    kind: QueryKind = Field(QueryKind.NEED, description="what the text describes")
    item: ItemRefShape | None = Field(None, description="a need, project or asset that is kept here")
    commune: str = Field("", max_length=100, description="who would apply: ISTAT code or name", examples=["015182"])
    k: int = Field(10, ge=1, le=MOST_K, description="how many calls")
    on: Day | None = Field(None, description="judge deadlines on this day; now, if not given", examples=["2026-03-03"])
    sources: list[Word] = Field(default_factory=list, max_length=50, description="only calls of these sources")
    excluded: int = Field(0, ge=0, le=MOST_K, description="how many of the calls that were ruled out to return")
    grouped: bool = Field(True, description="calls that are one take one place, with the others beneath")

    def asked(self) -> Asked:
        """Return the question as the service takes it."""
        item = None if self.item is None else self.item.ref()
        return Asked(
            text=self.text,
            kind=self.kind,
            item=item,
            commune=self.commune,
            k=self.k,
            on=self.on,
            sources=tuple(self.sources),
            excluded=self.excluded,
            grouped=self.grouped,
        )


class MoneyShape(BaseModel):
    """An amount."""

    amount: Word = Field(examples=["250000.00"])
    currency: str = Field(max_length=3, examples=["EUR"])


class CallSummaryShape(BaseModel):
    """A call in short."""

    id: Id = Field(examples=["pnrr-misure:M5C2I2.01.00"])
    version: int = Field(ge=1, le=LARGEST)
    source: Word
    title: Prose
    issuer: Line
    summary: Line
    url: Url
    level: Level
    status: CallStatus = Field(description="the state that the publisher states")
    programme: Word
    themes: list[Line] = Field(max_length=200)
    opens: datetime | None
    closes: datetime | None
    closing_hour_known: bool | None
    while_funds_last: bool | None
    total_amount: MoneyShape | None
    min_award: MoneyShape | None
    max_award: MoneyShape | None
    cofinancing: Word | None = Field(description="share of the cost that the call pays, decimal text from 0 to 1")
    applicants: list[ApplicantKind] = Field(max_length=len(ApplicantKind), description="admitted in words")
    illustrative: bool
    state: Word = Field(description="open, upcoming, closed or unknown at the moment judged", examples=["open"])
    working_days_left: int | None = Field(ge=0, le=LARGEST, description="up to the closing day; null where not known")


class CriterionShape(BaseModel):
    """One criterion judged, with the words that it was read from."""

    criterion: Criterion
    verdict: Verdict
    quote: Line
    origin: Line
    facts: dict[str, Any]
    missing: Word = Field(description="the fact that would settle an unknown criterion")
    reviewed_on: date | None = Field(description="the day on which a person confirmed or corrected it")


class MatchShape(BaseModel):
    """Two passages that agree."""

    query: Line
    call: Prose
    field: Word
    offset: Count
    similarity: Number
    shared_terms: list[Word] = Field(max_length=50)


class PrecedentShape(BaseModel):
    """A project like the one asked for that the call's programme has funded."""

    id: Id
    title: Prose
    body: Line = Field(description="who was funded; empty for private persons")
    communes: list[Word] = Field(max_length=10_000)
    year: int | None = Field(ge=0, le=9999)
    amount: Word | None
    currency: Word | None
    similarity: Number
    source: Line


class VariantOfShape(BaseModel):
    """Another call that is one with the recommended one: an edition, another entry, a notice or the measure."""

    call_id: Id
    title: Prose
    kind: Word
    url: Url
    closes: datetime | None
    eligibility: Verdict


class RecommendationShape(BaseModel):
    """One call recommended, with its reasons."""

    rank: int = Field(ge=1, le=LARGEST)
    score: Number = Field(description="comparable within one question only: the sum of the contributions")
    eligibility: Verdict
    criteria: list[CriterionShape] = Field(max_length=20)
    contributions: dict[str, Number]
    passages: list[MatchShape] = Field(max_length=10)
    precedents: list[PrecedentShape] = Field(max_length=10)
    variants: list[VariantOfShape] = Field(max_length=1000)
    source: Line = Field(description="where the call was read")
    item: ItemRefShape | None = Field(description="the item of the commune that makes the match")
    call: CallSummaryShape


class PickShape(BaseModel):
    """A call that a person recommends to the commune, judged for it."""

    id: Id
    why: Prose
    author: AuthorShape
    at: datetime
    item: ItemRefShape | None
    eligibility: Verdict
    criteria: list[CriterionShape] = Field(max_length=20)
    call: CallSummaryShape


class CommuneNameShape(BaseModel):
    """A commune by code and name."""

    istat: str = Field(max_length=6)
    name: Word


class AnswerShape(BaseModel):
    """An answer as it was shown; it is kept under its id."""

    id: Id
    at: datetime
    commune: CommuneNameShape
    judged_on: datetime = Field(description="the moment at which deadlines were judged")
    artifact: Word = Field(description="version of the index that answered")
    data_version: Word
    candidates: Count = Field(description="calls looked at")
    ruled_out: Count = Field(description="calls for which the commune may not apply")
    hidden: Count = Field(description="calls that the commune said are not for it")
    items: Count = Field(description="items of the commune that were matched; 1 for a text")
    items_left_out: Count
    picks: list[PickShape] = Field(max_length=100, description="recommended by people; they stand above the ranking")
    recommendations: list[RecommendationShape] = Field(max_length=MOST_K)
    excluded: list[RecommendationShape] = Field(max_length=MOST_K)
