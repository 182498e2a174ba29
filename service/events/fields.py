"""What the incubator writes of an event, and what each field may hold: the same for the interface and for forms."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints

from service.work.fields import Drivers, Fields, Link, Words
from service.work.texts import Istat, Line, Prose

FIRST_YEAR, LAST_YEAR = 2000, 2100
MOST_SEATS = 100_000


def _of_our_time(moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"the year {moment.year}: write one between {FIRST_YEAR} and {LAST_YEAR}")
    return moment


When = Annotated[AwareDatetime, AfterValidator(_of_our_time)]
Zone = Annotated[str, StringConstraints(pattern=r"^zone:[a-z-]+$", max_length=60)]


class EventChanges(Fields):
    """Something for municipal technicians to attend: the fields to change."""

    title: Line | None = Field(None, examples=["Come si rendiconta un progetto del PNRR"])
    text: Prose | None = Field(None, examples=["Due ore di esempi sul rendiconto, con le domande dei comuni."])
    starts_at: When | None = Field(None, examples=["2026-12-03T10:00:00+01:00"])
    ends_at: When | None = None
    place: Line | None = Field(None, examples=["Sala consiliare, piazza Visconti 24, Rho"])
    online_url: Link | None = Field(None, description="where it is followed online; shown to who has a place")
    organiser: Line | None = Field(None, examples=["Città metropolitana di Milano, Direzione di progetto Welfare"])
    drivers: Drivers | None = None
    themes: Words | None = Field(None, examples=[["scuole", "rendicontazione"]])
    communes: Annotated[list[Istat], Field(max_length=150)] | None = Field(None, description="whom it concerns")
    zones: Annotated[list[Zone], Field(max_length=20)] | None = Field(None, examples=[["zone:nord-ovest"]])
    seats: int | None = Field(None, ge=1, le=MOST_SEATS, description="null: room for all", examples=[40])
    registration_until: When | None = Field(None, description="null: until it begins")


class NewEvent(EventChanges):
    """Something for municipal technicians to attend; it has a place, an address online, or both."""

    title: Line = Field(examples=["Come si rendiconta un progetto del PNRR"])
    text: Prose = Field(examples=["Due ore di esempi sul rendiconto, con le domande dei comuni."])
    starts_at: When = Field(examples=["2026-12-03T10:00:00+01:00"])


REQUIRED = frozenset({"title", "text", "starts_at"})
"""Never taken away."""
EMPTY = {
    "place": "",
    "online_url": "",
    "organiser": "",
    "drivers": [],
    "themes": [],
    "communes": [],
    "zones": [],
}
"""What stands in a column where nothing was said; the others hold null."""
