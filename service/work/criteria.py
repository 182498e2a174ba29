"""A criterion as a person writes it, and as a rule that eligibility judges by."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from matcher.eligibility import ApplicantRule, ConditionRule, DatesRule, PopulationRule, Rule, TerritoryRule
from matcher.eligibility.rules import KINDS
from matcher.records import ApplicantKind, Moment
from matcher.serialization import ROME
from matcher.territory import place_key, province_key
from matcher.verdicts import Criterion
from service.errors import InvalidError
from service.work.texts import Quote, Word

ORIGIN = "review"
"""Where a person's rule was read: by a person."""
FIRST_YEAR, LAST_YEAR = 1990, 2100
Places = Annotated[list[Word], Field(max_length=200)]


def _of_our_time(at: datetime) -> datetime:
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError(f"the year {at.year}: from {FIRST_YEAR} to {LAST_YEAR} expected")
    return at


_Time = Annotated[AwareDatetime, AfterValidator(_of_our_time)]
_Euro = Annotated[Decimal, Field(ge=0, le=10**12, max_digits=15, decimal_places=2)]


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid")

    quote: Quote = Field(description="the sentence of the call that says so")


class WrittenApplicants(_Written):
    """Who may apply; every other kind may not."""

    criterion: Literal[Criterion.APPLICANT]
    admitted: Annotated[list[ApplicantKind], Field(min_length=1, max_length=len(KINDS))]

    def rule(self) -> Rule:
        """Return the rule."""
        chances = tuple(1.0 if kind in self.admitted else 0.0 for kind in KINDS)
        return ApplicantRule(chances=chances, quote=self.quote, origin=ORIGIN)


class WrittenTerritory(_Written):
    """Where: inside every level that is not empty; all of them empty is the whole nation."""

    criterion: Literal[Criterion.TERRITORY]
    regions: Annotated[list[Annotated[str, Field(pattern="^[0-9]{2}$", max_length=2)]], Field(max_length=20)] = []
    provinces: Places = []
    zones: Places = []
    communes: Places = []

    def rule(self) -> Rule:
        """Return the rule."""
        return TerritoryRule(
            regions=frozenset(self.regions),
            provinces=frozenset(map(province_key, self.provinces)),
            zones=_keys(self.zones),
            communes=_keys(self.communes),
            quote=self.quote,
            origin=ORIGIN,
        )


class WrittenPopulation(_Written):
    """How many inhabitants, bounds included."""

    criterion: Literal[Criterion.POPULATION]
    minimum: int | None = Field(None, ge=0, le=100_000_000)
    maximum: int | None = Field(None, ge=0, le=100_000_000)

    def rule(self) -> Rule:
        """Return the rule; raises InvalidError for bounds that nobody is within, or for none."""
        if self.minimum is None and self.maximum is None:
            raise InvalidError("rule/maximum", "say a minimum or a maximum")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise InvalidError("rule/maximum", f"{self.maximum}: below the minimum, {self.minimum}")
        return PopulationRule(minimum=self.minimum, maximum=self.maximum, quote=self.quote, origin=ORIGIN)


class WrittenDates(_Written):
    """When; where the hour is not known, the day counts to its last minute."""

    criterion: Literal[Criterion.DATES]
    opens: _Time | None = None
    closes: _Time | None = None
    hours_known: bool = False
    while_funds_last: bool = False

    def rule(self) -> Rule:
        """Return the rule; raises InvalidError for a call that would close before it opens."""
        if self.opens and self.closes and self.opens > self.closes:
            raise InvalidError("rule/closes", "it closes before it opens")
        return DatesRule(
            opens=self._moment(self.opens, end=False),
            closes=self._moment(self.closes, end=True),
            while_funds_last=self.while_funds_last,
            quote=self.quote,
            origin=ORIGIN,
        )

    def _moment(self, at: datetime | None, *, end: bool) -> Moment | None:
        if at is None:
            return None
        there = at.astimezone(ROME)
        if self.hours_known:
            return Moment(there, hour_known=True)
        return Moment(there.replace(hour=23 if end else 0, minute=59 if end else 0, second=0, microsecond=0))


class WrittenConditions(_Written):
    """What the project must satisfy: partners, asset, amounts in euro, the share of the cost that is paid for."""

    criterion: Literal[Criterion.PARTNERSHIP, Criterion.ASSET, Criterion.AMOUNT, Criterion.COFINANCING]
    min_partners: int | None = Field(None, ge=1, le=1_000)
    min_cost: _Euro | None = None
    max_cost: _Euro | None = None
    min_award: _Euro | None = None
    max_award: _Euro | None = None
    covered: Decimal | None = Field(None, ge=0, le=1, max_digits=6, decimal_places=4)

    def rule(self) -> Rule:
        """Return the rule."""
        said = self.model_dump(exclude={"quote", "criterion"}, exclude_none=True)
        facts = tuple(
            (name, format(value, "f") if isinstance(value, Decimal) else str(value)) for name, value in said.items()
        )
        missing = _MISSING[self.criterion]
        return ConditionRule(of=self.criterion, facts=facts, missing=missing, quote=self.quote, origin=ORIGIN)


_MISSING = {
    Criterion.PARTNERSHIP: "partners",
    Criterion.ASSET: "ownership",
    Criterion.AMOUNT: "project_cost",
    Criterion.COFINANCING: "own_funds",
}
WrittenRule = Annotated[
    WrittenApplicants | WrittenTerritory | WrittenPopulation | WrittenDates | WrittenConditions,
    Field(discriminator="criterion"),
]
"""A criterion as a person writes it."""


def _keys(names: Iterable[str]) -> frozenset[str]:
    return frozenset(place_key(name) for name in names)
