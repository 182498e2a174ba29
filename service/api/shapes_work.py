"""The shapes that decisions, picks, reviews, merges and the worklist share."""

from datetime import datetime
from typing import Annotated, Literal, Self

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from service.api.shapes_items import AuthorShape, Istat, Text
from service.work.subjects import ItemRef
from service.work.texts import Code

CommuneFilter = Annotated[
    str, Query(pattern=r"^([0-9]{6})?$", max_length=6, description="only of this commune (ISTAT code)")
]
CallFilter = Annotated[str, Query(max_length=300, description="only about this call")]
WithdrawnFilter = Annotated[bool, Query(description="the withdrawn ones instead of those that hold")]
Prose = Annotated[str, Field(max_length=20_000)]


class Body(BaseModel):
    """What is sent; a name that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class ItemRefShape(Body):
    """One of a commune's items."""

    kind: Literal["needs", "projects", "assets"]
    id: Code = Field(examples=["portal:0b9f7c1e-6a57-4c1c-9f0e-2f4f8b8f5c55"])

    @classmethod
    def of(cls, item: ItemRef | None) -> Self | None:
        """Return the shape of an item that something is said about."""
        return cls.model_validate({"kind": item.kind, "id": item.id}) if item else None

    def ref(self) -> ItemRef:
        """Return the item."""
        return ItemRef(self.kind, self.id)


class SaidShape(BaseModel):
    """Something that a person said, and whether it still holds."""

    id: Text
    author: AuthorShape
    at: datetime
    withdrawn_at: datetime | None = None


class AboutCallShape(SaidShape):
    """Something that a person said about a call and a commune."""

    commune_istat: Istat
    call_id: Text = Field(examples=["regione-lombardia:RLL12025047023"])
    call_title: Prose
    item: ItemRefShape | None = None
