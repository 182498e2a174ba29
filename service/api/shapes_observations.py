"""The shapes of what is said of projects over HTTP."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from service.api.shapes_items import AuthorShape
from service.register.observation_rows import Fact
from service.register.observations import MOST, Observation, Said
from service.work.fields import ProjectState
from service.work.texts import Code, Note, plain_text

Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300), AfterValidator(plain_text)]
Unit = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40), AfterValidator(plain_text)]
Reference = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500), AfterValidator(plain_text)]
_WRITTEN = WithJsonSchema({"type": "string", "maxLength": 40, "examples": ["250000.00"]}, mode="serialization")
Value = Annotated[Decimal, Field(ge=-MOST, le=MOST, max_digits=19, decimal_places=4), _WRITTEN]


class FactShape(BaseModel):
    """One dated fact about a project of the register; which fields it has depends on ``fact``.

    ``name``: what a milestone or an indicator is called; of an amount `funding`, `committed` or `spent`.
    """

    fact: Fact
    said_on: date = Field(description="the day for which it holds", examples=["2026-05-04"])
    state: ProjectState | Literal[""] = ""
    name: Short = Field("", examples=["Fine lavori"])
    planned_on: date | None = Field(None, description="of a milestone", examples=["2026-09-30"])
    actual_on: date | None = Field(None, description="of a milestone: the day on which it was reached")
    value: Value | None = Field(None, description="of an amount (EUR) or an indicator", examples=["250000.00"])
    unit: Unit = Field("", description="of an indicator", examples=["alloggi"])
    reference: Reference = Field("", description="where it can be read again", examples=["Determina 123 del 2026"])
    note: Note = ""


class NewObservation(FactShape):
    """A fact to keep; what was said of the same for the same day is withdrawn."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "entry_id": "pnrr-progetti:J61F22000330006:J61F22000330006",
                    "fact": "milestone",
                    "said_on": "2026-05-04",
                    "name": "Fine lavori",
                    "planned_on": "2026-09-30",
                }
            ]
        },
    )

    entry_id: Code = Field(description="id of a project of the register")

    def said(self) -> Said:
        """Return the fact as the service takes it."""
        return Said(**{name: getattr(self, name) for name in FactShape.model_fields})


class ObservationShape(FactShape):
    """A fact as it is kept."""

    id: str = Field(max_length=100)
    entry_id: str = Field(max_length=300)
    author: AuthorShape
    source: str = Field(max_length=200, description="the publisher whose file said it; empty where a person did")
    at: datetime = Field(description="when it was written down")
    withdrawn_at: datetime | None

    @classmethod
    def of(cls, one: Observation) -> Self:
        """Return the shape of a fact."""
        own = {name: getattr(one.said, name) for name in FactShape.model_fields}
        return cls.model_construct(
            **own,
            id=one.id,
            entry_id=one.entry_id,
            author=AuthorShape.of(one.author),
            source=one.source,
            at=one.at,
            withdrawn_at=one.withdrawn_at,
        )
