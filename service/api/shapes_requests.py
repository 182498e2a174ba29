"""The shapes of services that communes ask for, and of what is said about them."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from service.api.shapes_items import AuthorShape, Istat, Text
from service.api.shapes_work import Body, ItemRefShape, Prose
from service.requests.asking import LONGEST_TEXT
from service.requests.records import RequestEntry, ServiceRequest
from service.requests.tables import EntryKind, RequestState, Service
from service.requests.thread import LONGEST_ENTRY, MOST_MINUTES
from service.web.requests import Day
from service.work.texts import Code, plain_text
from service.work.texts import Istat as IstatSent

EntryText = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=LONGEST_ENTRY), AfterValidator(plain_text)
]
"""Words of an entry, which a note of hours alone can do without."""
RequestText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT), AfterValidator(plain_text)
]
"""What is asked for."""


class NewRequest(Body):
    """A service to ask for."""

    commune_istat: IstatSent = Field(examples=["015182"])
    service: Service = Field(examples=["progetti"])
    text: RequestText = Field(examples=["Ci serve una mano con il quadro economico."])
    call_id: Code | None = Field(None, examples=["regione-lombardia:RLL12025047023"])
    item: ItemRefShape | None = Field(None, description="one of the commune's items that it is about")


class RequestChanges(Body):
    """Fields of a request to change; null takes the owner away."""

    state: RequestState | None = None
    owner_id: Code | None = None
    due_on: Day | None = Field(None, examples=["2026-03-03"])


class NewEntry(Body):
    """Something to say about a request."""

    text: EntryText = Field(examples=["Vi mandiamo uno schema del quadro economico."])
    kind: EntryKind = Field(EntryKind.MESSAGE, description="a note is read by the incubator only")
    asks_back: bool = Field(False, description="the incubator asks something, and waits for the commune")
    minutes: int = Field(0, ge=0, le=MOST_MINUTES, description="the incubator's time", examples=[45])


class RequestShape(BaseModel):
    """A service that a commune asked for; send ``version`` back as ``If-Match`` with an edit."""

    id: Text
    service: Service
    commune_istat: Istat
    commune_name: Text
    call_id: Text | None = None
    call_title: Prose = ""
    item: ItemRefShape | None = None
    item_title: Prose = ""
    text: Prose
    author: AuthorShape
    state: RequestState
    owner_id: Text | None = Field(None, description="who follows it; told to the incubator only")
    owner_name: Text = ""
    asked_at: datetime
    due_on: date = Field(description="by when an answer comes")
    late: bool
    first_answer_at: datetime | None = None
    ended_at: datetime | None = None
    updated_at: datetime
    version: int = Field(ge=1, le=2**31 - 1)

    @classmethod
    def of(cls, one: ServiceRequest) -> Self:
        """Return the shape of a request."""
        same = {name: getattr(one, name) for name in cls.model_fields if name not in ("author", "item", "late")}
        return cls(**same, author=AuthorShape.of(one.author), item=ItemRefShape.of(one.item), late=one.is_late)


class EntryShape(BaseModel):
    """Something that was said about a request; ``minutes`` is 0 for a commune."""

    id: Text
    kind: EntryKind
    author: AuthorShape
    text: Prose
    minutes: int = Field(ge=0, le=MOST_MINUTES)
    at: datetime

    @classmethod
    def of(cls, one: RequestEntry) -> Self:
        """Return the shape of an entry."""
        return cls(
            id=one.id, kind=one.kind, author=AuthorShape.of(one.author), text=one.text, minutes=one.minutes, at=one.at
        )


class EntriesShape(BaseModel):
    """What was said about a request, oldest first."""

    items: list[EntryShape] = Field(max_length=100_000)
