"""The shapes of the register of projects and of programmes, as the API shows them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from service.api.shapes_items import AuthorShape, Istat, Text, Versions, VersionShape
from service.api.shapes_work import Body, SaidShape
from service.register.detail import EntryView, PlaceName
from service.register.entries import Order, RegisterFilters
from service.register.groups import CommuneShare, GroupTotals
from service.register.programmes import Programme, ProgrammeView
from service.register.said import Pair, Placement
from service.register.tables import RegisterEntryRow
from service.work.texts import Code

Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
Euros = Annotated[str | None, Field(max_length=20, description="EUR, a decimal as text", examples=["250000.50"])]
Long = Annotated[str, Field(max_length=200_000)]
State = Literal["", "idea", "defined", "funded", "under_way", "completed", "suspended", "postponed", "unknown"]
AmountAsked = Annotated[Decimal | None, Field(ge=0, le=Decimal(10) ** 12, max_digits=15, decimal_places=2)]


class AskedShape(BaseModel):
    """The filters of the register: everything given must hold."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field("", max_length=200, description="words in title, body or CUP")
    programme: str = Field(
        "", max_length=300, description="a programme's id with all below it, or the beginning of a measure's code"
    )
    state: State = Field("", description="`unknown` for those of which nobody says one")
    commune: str = Field("", pattern=r"^([0-9]{6})?$", max_length=6, description="ISTAT code")
    zone: str = Field("", max_length=100, examples=["Nord Ovest"])
    driver: str = Field("", pattern=r"^([1-9]|10)?$", max_length=2, description="line of the strategic plan")
    mission: str = Field("", pattern=r"^(M[1-6])?$", max_length=2)
    source: str = Field("", max_length=100, examples=["pnrr-progetti"])
    year: int | None = Field(None, ge=1900, le=2200)
    least_amount: AmountAsked = None
    most_amount: AmountAsked = None
    late: bool = Field(False, description="only those of which a planned day has passed")
    silent: int | None = Field(None, ge=1, le=3650, description="only those unheard of for more than so many days")

    def filters(self) -> RegisterFilters:
        """Return the filters."""
        asked = self.model_dump(include=RegisterFilters.__dataclass_fields__.keys() - {"text"})
        return RegisterFilters(text=self.q.strip(), **asked)


class BrowsedShape(AskedShape):
    """The filters, the order, and which page."""

    order: Order = Order.TITLE
    limit: int = Field(20, ge=1, le=100, description="how many to return at most")
    cursor: str = Field("", max_length=500, description="the `next_cursor` of the page before; empty for the first")


class PlaceShape(BaseModel):
    """A commune in which a project is."""

    istat: Istat
    name: Text
    zone: Text = ""

    @classmethod
    def all_of(cls, places: Iterable[PlaceName]) -> list[Self]:
        """Return the shapes of places."""
        return [cls(istat=one.istat, name=one.name, zone=one.zone) for one in places]


class RegisterProjectShape(BaseModel):
    """A project as the register has it; what nobody says is empty or null."""

    id: Text = Field(examples=["pnrr-progetti:J61F22000330006:1"])
    kind: Literal["project", "precedent"] = Field(description="a project of ours, or one that was funded and published")
    source: Text = Field(examples=["pnrr-progetti"])
    title: Long
    cup: Text
    programme: Text = Field(examples=["programme:pnrr"])
    measure: Text = Field(examples=["M5C2I2.03.01"])
    state: Text
    amount: Euros = None
    year: int | None = Field(None, ge=0, le=9999)
    body: Long
    owner_istat: Istat | None = Field(None, description="the commune that keeps it; null for what is public")
    illustrative: bool = False
    archived_at: datetime | None = None
    merged_into: Text = Field("", description="the project that is shown in its place")

    @classmethod
    def columns(cls, entry: RegisterEntryRow) -> dict[str, Any]:
        """Return what the register's own row says."""
        said = {name: getattr(entry, name) for name in RegisterProjectShape.model_fields}
        return said | {"kind": entry.kind.value, "amount": None if entry.amount is None else f"{entry.amount:f}"}

    @classmethod
    def of(cls, entry: RegisterEntryRow) -> Self:
        """Return the shape of an entry."""
        return cls(**cls.columns(entry))


class ListedProjectShape(RegisterProjectShape):
    """A project in a list, with its communes."""

    communes: list[PlaceShape] = Field(max_length=10_000)


class GroupShape(BaseModel):
    """A programme, an axis, or a group of measures, by id and name."""

    id: Text
    label: Long

    @classmethod
    def all_of(cls, path: Iterable[tuple[str, str]]) -> list[Self]:
        """Return the shapes of some groups."""
        return [cls(id=id_, label=label) for id_, label in path]


class ProjectDetailShape(ListedProjectShape):
    """A project with its text, its programmes, its pair, what is shown as it, and how it changed."""

    version: int = Field(ge=1, le=2**31 - 1)
    text: Long = ""
    official_state: Text = Field("", description="the state in the publisher's own words")
    groups: list[GroupShape] = Field(max_length=20, description="its programmes and measures, the nearest last")
    pair: RegisterProjectShape | None = Field(None, description="works and the services that accompany them")
    twins: list[RegisterProjectShape] = Field(max_length=1_000, description="what is shown as this project")
    versions: list[VersionShape] = Field(max_length=10_000)

    @classmethod
    def of_view(cls, view: EntryView) -> Self:
        """Return the shape of a project with what belongs to it."""
        return cls(
            **cls.columns(view.entry),
            communes=PlaceShape.all_of(view.places),
            version=view.version,
            text=view.data.get("text", ""),
            official_state=view.data.get("state", "") if view.entry.kind == "precedent" else "",
            groups=GroupShape.all_of(view.path),
            pair=RegisterProjectShape.of(view.pair) if view.pair else None,
            twins=[RegisterProjectShape.of(one) for one in view.folded],
            versions=Versions.of(view.versions).items,
        )


class TotalsShape(BaseModel):
    """What a group comes to; every project counts once, and its money whole."""

    projects: Count
    with_amount: Count = Field(description="projects that state an amount")
    amount: Annotated[str, Field(max_length=30, description="EUR, a decimal as text")]
    paired: Count = Field(description="projects that go with another one")
    states: dict[str, Count] = Field(max_length=20, description="projects by state; empty for those without one")

    @classmethod
    def of(cls, totals: GroupTotals) -> Self:
        """Return the shape of totals."""
        return cls(
            projects=totals.projects,
            with_amount=totals.with_amount,
            amount=f"{totals.amount:f}",
            paired=totals.paired,
            states=dict(totals.states),
        )


class ProgrammeShape(BaseModel):
    """A group of projects: a programme of the frame, an axis, a mission, a component or a measure."""

    id: Text = Field(examples=["programme:pnrr"])
    kind: Text
    code: Text
    label: Long
    whole: Text = Field(description="the programme that it is a part of")
    totals: TotalsShape
    communes: Count = Field(description="in how many communes its projects are")

    @classmethod
    def columns(cls, programme: Programme) -> dict[str, Any]:
        """Return what a group says of itself."""
        plain = {name: getattr(programme, name) for name in ("id", "kind", "code", "label", "whole", "communes")}
        return plain | {"totals": TotalsShape.of(programme.totals)}

    @classmethod
    def of(cls, programme: Programme) -> Self:
        """Return the shape of a group."""
        return cls(**cls.columns(programme))


class CommuneShareShape(BaseModel):
    """What of a programme is in one commune; a project of several communes is whole in each of them."""

    istat: Istat
    name: Text
    zone: Text
    projects: Count
    amount: Annotated[str, Field(max_length=30)]

    @classmethod
    def of(cls, share: CommuneShare) -> Self:
        """Return the shape of a share."""
        plain: Mapping[str, Any] = {name: getattr(share, name) for name in ("istat", "name", "zone", "projects")}
        return cls(**plain, amount=f"{share.amount:f}")


class ProgrammeDetailShape(ProgrammeShape):
    """A programme with its parts, its measures and its communes of the metropolitan area."""

    description: Long
    reference: Long = Field(description="where it was read")
    path: list[GroupShape] = Field(max_length=20, description="the programmes above it, the nearest last")
    parts: list[ProgrammeShape] = Field(max_length=1_000)
    measures: list[ProgrammeShape] = Field(max_length=10_000)
    shares: list[CommuneShareShape] = Field(max_length=10_000)
    without_place: Count = Field(description="projects that name no commune")
    expected_communes: int | None = Field(
        None, ge=0, le=10_000, description="communes that take part, by its own words"
    )

    @classmethod
    def of_view(cls, view: ProgrammeView) -> Self:
        """Return the shape of a programme with what belongs to it."""
        return cls(
            **cls.columns(view.programme),
            description=view.description,
            reference=view.reference,
            path=GroupShape.all_of(view.path),
            parts=[ProgrammeShape.of(one) for one in view.parts],
            measures=[ProgrammeShape.of(one) for one in view.measures],
            shares=[CommuneShareShape.of(one) for one in view.communes],
            without_place=view.without_place,
            expected_communes=view.expected_communes,
        )


class NewPlacement(Body):
    """A project to put in a programme."""

    project_id: Code = Field(examples=["pnrr-progetti:J61F22000330006:1"])
    programme: Code = Field(examples=["programme:bando-periferie"])


class PlacementShape(SaidShape):
    """The programme that a person put a project in."""

    project_id: Text
    programme: Text

    @classmethod
    def of(cls, one: Placement) -> Self:
        """Return the shape of a placement."""
        return cls(
            id=one.id,
            author=AuthorShape.of(one.author),
            at=one.at,
            withdrawn_at=one.withdrawn_at,
            project_id=one.entry_id,
            programme=one.programme,
        )


class NewPair(Body):
    """Two projects that go together: works, and the services that accompany them."""

    project_id: Code = Field(examples=["embedded:pon-borgo-lavori"])
    other_id: Code = Field(examples=["embedded:pon-borgo-accompagnamento"])


class PairShape(SaidShape):
    """Two projects that a person said go together."""

    project_id: Text
    other_id: Text

    @classmethod
    def of(cls, one: Pair) -> Self:
        """Return the shape of a pair."""
        return cls(
            id=one.id,
            author=AuthorShape.of(one.author),
            at=one.at,
            withdrawn_at=one.withdrawn_at,
            project_id=one.entry_id,
            other_id=one.other_id,
        )
