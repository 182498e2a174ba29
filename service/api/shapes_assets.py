"""The shapes of the register of assets and of what is matched with it."""

import math
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from matcher.assets.conditions import AssetCriterion, Condition
from matcher.assets.matching import AssetMatch
from matcher.assets.path import Path, PathCriterion, PathResult
from matcher.assets.places import PilotArea
from matcher.assets.reuse import Reused
from matcher.assets.words import PlaceKind, Use
from matcher.verdicts import Verdict
from service.api.shapes_answers import LARGEST, Count, Id, Line, Number, Prose, RecommendationShape, Word
from service.api.shapes_items import Istat
from service.assets.register import AssetFilters, Order

NoCursor = Annotated[str, Field(max_length=10, description="always empty: the list is whole")]
Words = Annotated[list[Word], Field(max_length=50)]


class AssetFilterShape(BaseModel):
    """Filters of the register: everything given must hold, any of several values suffices."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field("", max_length=200, description="words that title, text, kind, address, owner or commune hold")
    kind: list[PlaceKind] = Field(default_factory=list, max_length=len(PlaceKind))
    commune: str = Field("", pattern=r"^([0-9]{6})?$", max_length=6, description="ISTAT code")
    area: list[PilotArea] = Field(default_factory=list, max_length=len(PilotArea), description="pilot areas")
    path: list[Literal["sale", "concession", "undecided"]] = Field(default_factory=list, max_length=3)
    least_m2: float | None = Field(None, ge=0, le=1e9, allow_inf_nan=False)
    most_m2: float | None = Field(None, ge=0, le=1e9, allow_inf_nan=False)
    heritage: list[Verdict] = Field(default_factory=list, max_length=3, description="free of protection as heritage")
    contamination: list[Verdict] = Field(default_factory=list, max_length=3, description="free of contamination")
    unused: list[Verdict] = Field(default_factory=list, max_length=3)
    source: list[Word] = Field(default_factory=list, max_length=20)

    def filters(self) -> AssetFilters:
        """Return the filters as the register takes them."""
        return AssetFilters(
            words=self.q.strip(),
            kinds=frozenset(self.kind),
            commune_istat=self.commune,
            areas=frozenset(self.area),
            paths=frozenset(self.path),
            least_m2=self.least_m2,
            most_m2=self.most_m2,
            heritage=frozenset(self.heritage),
            contamination=frozenset(self.contamination),
            unused=frozenset(self.unused),
            sources=frozenset(self.source),
        )


class AssetBrowseShape(AssetFilterShape):
    """One page of the register."""

    order: Order = Order.COMMUNE
    limit: int = Field(20, ge=1, le=100)
    cursor: str = Field("", max_length=1_000)


class AssetExportShape(AssetFilterShape):
    """What of the register is taken along, and in which form."""

    format: Literal["csv", "xlsx", "json"] = "csv"


Browsed = Annotated[AssetBrowseShape, Query()]
Exported = Annotated[AssetExportShape, Query()]


class AssetLineShape(BaseModel):
    """One asset of the register, with what was read in it."""

    id: Id = Field(examples=["beni-confiscati:I-MI-1-S"])
    title: Line
    text: Annotated[str, Field(max_length=200_000)] = ""
    commune_istat: Word
    commune_name: Word
    owner: Line = ""
    owner_istat: Istat | None = None
    source: Word
    kind: Line = ""
    place_kind: PlaceKind
    surface_m2: float | None = Field(None, ge=0, le=1e12)
    state: Line = ""
    address: Line = ""
    constraints: list[Line] = Field(default_factory=list, max_length=200)
    path: Word = ""
    pilot_area: Word = Field("", description="nord-milano, alto-milanese, sud-est or none")
    pilot_area_verified: bool | None = Field(None, description="whether the list of its communes was checked")
    free_of_heritage: Verdict
    free_of_contamination: Verdict
    unused: Verdict
    lat: float | None = Field(None, ge=-90, le=90)
    lon: float | None = Field(None, ge=-180, le=180)
    photos: list[Line] = Field(default_factory=list, max_length=200)
    illustrative: bool = False


class AssetPage(BaseModel):
    """One page of the register, with how many there are of each kind among all that pass the filters."""

    items: list[AssetLineShape] = Field(max_length=100)
    next_cursor: str = Field(max_length=1_000)
    total: Count
    counts: dict[str, dict[str, Count]]


class ConditionShape(BaseModel):
    """One criterion of an asset for a need."""

    criterion: AssetCriterion
    verdict: Verdict
    quote: Line
    facts: dict[str, Word]
    missing: Word = Field(description="the fact that would settle an unknown")

    @classmethod
    def of(cls, one: Condition) -> "ConditionShape":
        """Return the shape of a judged criterion."""
        return cls(
            criterion=one.criterion, verdict=one.verdict, quote=one.quote, facts=dict(one.facts), missing=one.missing
        )


class AssetMatchShape(BaseModel):
    """An asset and a need that fit: the sum of the contributions is the score, comparable within one list only."""

    rank: int = Field(ge=1, le=LARGEST)
    asset_id: Id
    asset_title: Line
    need_id: Id
    need_title: Line
    commune_istat: Word = Field(description="of the need, or of the asset: of what was looked for")
    score: Number
    verdict: Verdict
    km: float | None = Field(ge=0, le=50_000, description="between the two places; null where one is not known")
    criteria: list[ConditionShape] = Field(max_length=20)
    contributions: dict[str, Number]
    place_kind: PlaceKind
    uses: list[Use] = Field(max_length=50, description="uses that the need names and the place suits")
    shared_terms: Words

    @classmethod
    def of(cls, one: AssetMatch, *, of_need: bool) -> "AssetMatchShape":
        """Return the shape of a match; ``of_need``: what was looked for is the need."""
        return cls(
            rank=one.rank,
            asset_id=one.asset.id,
            asset_title=one.asset.title,
            need_id=one.need.id,
            need_title=one.need.title,
            commune_istat=(one.need if of_need else one.asset).commune_istat,
            score=one.score,
            verdict=one.fit.verdict,
            km=None if math.isnan(one.km) else round(one.km, 1),
            criteria=[ConditionShape.of(condition) for condition in one.fit.conditions],
            contributions={c.feature: c.contribution for c in one.contributions},
            place_kind=one.reason.kind,
            uses=[named.use for named in one.reason.uses],
            shared_terms=list(one.reason.shared_terms),
        )


class MatchPage(BaseModel):
    """The matches, best first, those ruled out, and how many were looked at."""

    items: list[AssetMatchShape] = Field(max_length=100)
    excluded: list[AssetMatchShape] = Field(max_length=100)
    next_cursor: NoCursor = ""
    total: Count = Field(description="pairs looked at")
    ruled_out: Count


class AssetCallsShape(BaseModel):
    """The calls that fund an asset, or an asset put to the use of a need."""

    items: list[RecommendationShape] = Field(max_length=100)
    excluded: list[RecommendationShape] = Field(max_length=100)
    next_cursor: NoCursor = ""
    total: Count = Field(description="calls looked at")
    ruled_out: Count
    asked: Prose = Field(description="the words with which the calls were looked for")


class ReusedShape(BaseModel):
    """A funded project that reused such a place."""

    id: Id
    title: Prose
    body: Line
    communes: list[Word] = Field(max_length=10_000)
    year: int | None = Field(ge=0, le=9999)
    amount: Word | None
    programme: Word
    uses: list[Use] = Field(max_length=50)
    similarity: Number
    source: Line

    @classmethod
    def of(cls, one: Reused) -> "ReusedShape":
        """Return the shape of a project."""
        project = one.precedent
        return cls(
            id=project.id,
            title=project.title,
            body=project.body,
            communes=list(project.commune_names or project.communes),
            year=project.year,
            amount=str(project.amount.amount) if project.amount else None,
            programme=one.programme,
            uses=list(one.uses),
            similarity=one.similarity,
            source=project.provenance.reference if project.provenance else project.source,
        )


class ReusedPage(BaseModel):
    """Funded projects, nearest first."""

    items: list[ReusedShape] = Field(max_length=100)
    next_cursor: NoCursor = ""
    total: Count


class PathResultShape(BaseModel):
    """One criterion of the founding document, judged."""

    criterion: PathCriterion
    path: Path | None = Field(description="the path that it speaks for; null for both")
    verdict: Verdict
    quote: Line = Field(description="of the asset's record")
    asked: Line = Field(description="of the founding document")


class PathShape(BaseModel):
    """The path as a suggestion: never a certainty."""

    suggested: Path
    stated: Word = Field(description="what the owner has stated")
    criteria: list[PathResultShape] = Field(max_length=20)
    source: Line


def path_result(one: PathResult, path: Path | None) -> PathResultShape:
    """Return the shape of a judged criterion of a path."""
    return PathResultShape(criterion=one.criterion, path=path, verdict=one.verdict, quote=one.quote, asked=one.asked)


def contents(data: dict[str, Any]) -> AssetLineShape:
    """Return the shape of one line of the register; fields that the shape does not have are left out."""
    return AssetLineShape.model_validate({name: data[name] for name in AssetLineShape.model_fields if name in data})
