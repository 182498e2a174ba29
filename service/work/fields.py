"""The fields of a record that people write, and what each may hold; the same shapes for the API and for forms.

``<Kind>Changes`` is a merge patch (RFC 7396): a field left out stays, null takes its value away.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from service.work.texts import Istat, Line, Prose, Word

Driver = Annotated[str, StringConstraints(pattern=r"^driver:([1-9]|10)$", max_length=20)]
Words = Annotated[list[Word], Field(max_length=20)]
Drivers = Annotated[list[Driver], Field(max_length=10, description="ids of the strategic plan's drivers")]
Link = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"']+$", max_length=500)]
Cup = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{2}[A-Z][0-9]{11}$", max_length=15)]
ProjectState = Literal["idea", "defined", "funded", "under_way", "completed", "suspended", "postponed"]
AssetPath = Literal["sale", "concession", "undecided"]


class Fields(BaseModel):
    """Fields that a person writes; a name that is none of them is refused."""

    model_config = ConfigDict(extra="forbid")

    def written(self) -> dict[str, Any]:
        """The fields that were sent, as the data of a record; None where a value is to be taken away."""
        return self.model_dump(mode="json", exclude_unset=True)


class Amount(BaseModel):
    """An amount of money."""

    model_config = ConfigDict(extra="forbid")

    amount: Decimal = Field(ge=0, le=Decimal(10) ** 12, max_digits=15, decimal_places=2, examples=["250000.00"])
    currency: str = Field("EUR", pattern="^[A-Z]{3}$", max_length=3)


class NeedChanges(Fields):
    """What a commune lacks: the fields to change."""

    title: Line | None = Field(None, examples=["Scuola elementare fredda"])
    text: Prose | None = Field(None, examples=["La scuola di via Roma è senza cappotto termico e ha infissi del 1970."])
    themes: Words | None = None
    drivers: Drivers | None = None
    urgency: Literal["bassa", "media", "alta"] | None = None


class NewNeed(NeedChanges):
    """A need to keep; ``commune_istat`` may be left out by a commune's own account."""

    title: Line = Field(examples=["Scuola elementare fredda"])
    text: Prose = Field(examples=["La scuola di via Roma è senza cappotto termico e ha infissi del 1970."])
    commune_istat: Istat | None = None


class ProjectChanges(Fields):
    """An idea or a running project: the fields to change."""

    title: Line | None = Field(None, examples=["Nuovo polo per l'infanzia"])
    text: Prose | None = Field(None, examples=["Un nido da 60 posti nell'ex caserma, con orto didattico."])
    state: ProjectState | None = None
    communes: Annotated[list[Istat], Field(max_length=150)] | None = None
    lead: Line | None = None
    partners: Annotated[list[Line], Field(max_length=50)] | None = None
    programme: Word | None = None
    cup: Cup | None = None
    amount: Amount | None = None
    paired_with: Line | None = Field(None, description="id of the project that accompanies it (works and services)")
    drivers: Drivers | None = None


class NewProject(ProjectChanges):
    """A project to keep; ``commune_istat`` keeps it, and may be left out by a commune's own account."""

    title: Line = Field(examples=["Nuovo polo per l'infanzia"])
    text: Prose = Field(examples=["Un nido da 60 posti nell'ex caserma, con orto didattico."])
    commune_istat: Istat | None = None


class AssetChanges(Fields):
    """An unused or underused building or area: the fields to change."""

    title: Line | None = Field(None, examples=["Ex macello comunale"])
    text: Prose | None = Field(None, examples=["Capannone dismesso dal 1998, coperture da bonificare."])
    owner: Line | None = None
    kind: Word | None = None
    surface_m2: float | None = Field(None, gt=0, le=1e8, allow_inf_nan=False)
    state: Line | None = None
    constraints: Words | None = None
    path: AssetPath | None = None
    pilot_area: Word | None = None
    address: Line | None = None
    heritage: bool | None = Field(None, description="protected as cultural heritage; null where nobody knows")
    contamination: bool | None = Field(None, description="to be cleaned first; null where nobody knows")
    lat: float | None = Field(None, ge=35, le=48, allow_inf_nan=False, description="degrees WGS84")
    lon: float | None = Field(None, ge=6, le=19, allow_inf_nan=False)
    photos: Annotated[list[Link], Field(max_length=10)] | None = Field(None, description="web addresses")
    drivers: Drivers | None = None


class NewAsset(AssetChanges):
    """An asset to keep; ``commune_istat`` may be left out by a commune's own account."""

    title: Line = Field(examples=["Ex macello comunale"])
    text: Prose = Field(examples=["Capannone dismesso dal 1998, coperture da bonificare."])
    commune_istat: Istat | None = None


class CommuneChanges(Fields):
    """The facts of a commune that may be corrected by hand."""

    population: int | None = Field(None, ge=0, le=10_000_000)
    population_year: int | None = Field(None, ge=1861, le=2100)
    area_km2: float | None = Field(None, gt=0, le=10_000, allow_inf_nan=False)
    lat: float | None = Field(None, ge=-90, le=90, allow_inf_nan=False)
    lon: float | None = Field(None, ge=-180, le=180, allow_inf_nan=False)
    zone: Word | None = Field(None, examples=["Nord Ovest"])


REQUIRED = frozenset({"title", "text"})
"""The fields without which nothing can be matched: they are never taken away."""
