"""The shapes of events and registrations as the API shows them."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field

from service.api.shapes_items import Istat, Text, Texts
from service.api.shapes_work import Body, Prose
from service.events.registrations import Participant
from service.events.seen import Event
from service.events.tables import Standing
from service.events.whys import Why, WhyKind

Number = Annotated[int, Field(ge=0, le=2**31 - 1)]


class CountsShape(BaseModel):
    """How many have a place, wait for one, and came; in how many communes they are."""

    places: Number
    waiting: Number
    attended: Number
    communes: Number


class MineShape(BaseModel):
    """Your own registration."""

    id: Text
    standing: Standing
    at: datetime
    moved_up_at: datetime | None = None


class WhyShape(BaseModel):
    """Why an event concerns your commune: what it is about, and what of yours that meets."""

    kind: WhyKind
    about: Text = Field("", description="the driver's id, the theme, or the zone's name")
    title: Text = Field("", description="of your need, project, asset or saved call")
    item_kind: Text = ""

    @classmethod
    def of(cls, why: Why | None) -> Self | None:
        """Return the shape of a reason."""
        return cls(**asdict(why)) if why else None


class EventShape(BaseModel):
    """An event; send ``version`` back as ``If-Match: "3"`` with an edit."""

    id: Text
    title: Text
    text: Prose
    starts_at: datetime
    ends_at: datetime | None = None
    place: Text = ""
    is_online: bool
    online_url: Text = Field("", description="only for who has a place, and for the incubator")
    organiser: Text = ""
    drivers: Texts = []
    themes: Texts = []
    communes: Texts = []
    zones: Texts = []
    seats: int | None = Field(None, ge=1, le=2**31 - 1, description="null: room for all")
    registration_until: datetime | None = None
    created_at: datetime
    cancelled_at: datetime | None = None
    version: int = Field(ge=1, le=2**31 - 1)
    is_over: bool
    is_open: bool = Field(description="whether one can still register")
    is_full: bool = Field(description="whether who registers now waits for a place")
    counts: CountsShape | None = Field(None, description="for the incubator only")
    mine: MineShape | None = Field(None, description="your own registration")
    why: WhyShape | None = Field(None, description="why it concerns your commune; null where it does not")

    @classmethod
    def of(cls, event: Event, why: Why | None = None) -> Self:
        """Return the shape of an event."""
        return cls(**asdict(event), why=WhyShape.of(why))


class RegistrationShape(BaseModel):
    """Who takes part or waits; ``name`` is empty for those who may not know it."""

    id: Text
    event_id: Text
    account_id: Text
    name: Text
    commune_istat: Istat
    commune_name: Text
    standing: Standing
    at: datetime
    moved_up_at: datetime | None = None
    withdrawn_at: datetime | None = None
    attended: bool | None = None

    @classmethod
    def of(cls, participant: Participant) -> Self:
        """Return the shape of a registration."""
        return cls(**asdict(participant))


class Attendance(Body):
    """Whether somebody came; null where nobody knows."""

    attended: bool | None = Field(examples=[True])
