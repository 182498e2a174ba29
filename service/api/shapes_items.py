"""The shapes of needs, projects, assets and communes as the API shows them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Self

from fastapi import Path
from pydantic import BaseModel, Field, StringConstraints

from service.work.authors import Author, AuthoredVersion, Office
from service.work.edits import ARCHIVED, Kept

Text = Annotated[str, StringConstraints(max_length=1_000)]
Texts = Annotated[list[Text], Field(max_length=200)]
RecordId = Annotated[str, Path(max_length=300, description="the id, as lists give it")]
Istat = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$", max_length=6)]


class KeptShape(BaseModel):
    """A record with its state; send ``version`` back as ``If-Match: "3"`` with an edit."""

    id: Text = Field(examples=["portal:0b9f7c1e-6a57-4c1c-9f0e-2f4f8b8f5c55"])
    version: int = Field(ge=1, le=2**31 - 1, examples=[3])
    source: Text = Field(examples=["portal"], description="who says so; `portal` for what was written here")
    hand_fields: Texts = Field(description="fields that a person set: no import changes them")
    archived_at: datetime | None = None

    @classmethod
    def of(cls, kept: Kept) -> Self:
        """Return the shape of a stored record."""
        state = {"version": kept.version, "source": kept.source, "archived_at": kept.archived_at}
        return cls.model_validate(kept.data | state | {"id": kept.record.id, "hand_fields": kept.hand_fields})


class ItemShape(KeptShape):
    """What a commune writes about; absent fields are unknown."""

    owner_istat: Istat | None = Field(None, description="the commune that keeps it; null for public, imported data")
    title: Text
    text: Annotated[str, StringConstraints(max_length=200_000)]
    drivers: Texts = []
    illustrative: bool = Field(False, description="an example of ours, not a real case")

    @classmethod
    def of(cls, kept: Kept) -> Self:
        """Return the shape of a stored item."""
        shape = super().of(kept)
        return shape.model_copy(update={"owner_istat": kept.owner_istat})


class NeedShape(ItemShape):
    """What a place lacks."""

    commune_istat: Text
    themes: Texts = []
    urgency: Text = ""


class AmountShape(BaseModel):
    """An amount of money; a decimal as text."""

    amount: Text = Field(examples=["250000.5"])
    currency: Text = Field("EUR", examples=["EUR"])


class ProjectShape(ItemShape):
    """An idea or a running project."""

    state: Text = ""
    communes: Texts = []
    lead: Text = ""
    partners: Texts = []
    programme: Text = ""
    axis: Text = ""
    action_code: Text = ""
    cup: Text = ""
    amount: AmountShape | None = None
    paired_with: Text = ""


class AssetShape(ItemShape):
    """An unused or underused building or area."""

    commune_istat: Text
    owner: Text = ""
    kind: Text = ""
    surface_m2: float | None = Field(None, ge=0, le=1e12)
    state: Text = ""
    constraints: Texts = []
    path: Text = ""
    pilot_area: Text = ""
    address: Text = ""
    heritage: bool | None = None
    contamination: bool | None = None
    lat: float | None = Field(None, ge=-90, le=90)
    lon: float | None = Field(None, ge=-180, le=180)
    photos: Texts = []


class CommuneShape(KeptShape):
    """A municipality; area in km², degrees WGS84."""

    istat: Istat
    name: Text
    province: Text = ""
    province_code: Text = ""
    region: Text = ""
    region_code: Text = ""
    nuts3: Text = ""
    cadastral_code: Text = ""
    population: int | None = Field(None, ge=0, le=2**31 - 1)
    population_year: int | None = Field(None, ge=0, le=9999)
    area_km2: float | None = Field(None, ge=0, le=1e9)
    lat: float | None = Field(None, ge=-90, le=90)
    lon: float | None = Field(None, ge=-180, le=180)
    zone: Text = ""


class AuthorShape(BaseModel):
    """Who stands behind it; role and name are empty for those who may not know them."""

    office: Office
    role: Text = ""
    name: Text = ""

    @classmethod
    def of(cls, author: Author) -> Self:
        """Return the shape of an author."""
        return cls(office=author.office, role=author.role, name=author.name)


class ChangeShape(BaseModel):
    """One field as it was and as it became; null is absent."""

    field: Text
    old: Any = None
    new: Any = None


class VersionShape(BaseModel):
    """One version: when, by whom, and what it changed."""

    version: int = Field(ge=1, le=2**31 - 1)
    at: datetime
    author: AuthorShape
    source: Text
    archived: bool | None = Field(None, description="set by the version that archived or restored it")
    changes: list[ChangeShape] = Field(max_length=1_000)


class Versions(BaseModel):
    """All versions of a record, oldest first."""

    items: list[VersionShape] = Field(max_length=100_000)

    @classmethod
    def of(cls, versions: Iterable[AuthoredVersion]) -> Self:
        """Return the shape of a record's versions."""
        return cls(items=[_version(version) for version in versions])


def _version(version: AuthoredVersion) -> VersionShape:
    archived = bool(version.changes[ARCHIVED][1]) if ARCHIVED in version.changes else None
    changes = [
        ChangeShape(field=name, old=old, new=new)
        for name, (old, new) in version.changes.items()
        if name != ARCHIVED
    ]  # fmt: skip
    author = AuthorShape.of(version.author)
    return VersionShape(
        version=version.number, at=version.at, author=author, source=version.source, archived=archived, changes=changes
    )
