"""What is asked of the register as a file over HTTP."""

from decimal import Decimal
from typing import Annotated, Literal

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from service.register.exports import Format, What
from service.register.filters import RegisterFilters

State = Literal["", "idea", "defined", "funded", "under_way", "completed", "suspended", "postponed", "unknown"]
Euros = Annotated[Decimal | None, Field(ge=0, le=Decimal(10) ** 12)]


class RegisterExportQuery(BaseModel):
    """Which projects are taken along, and how."""

    model_config = ConfigDict(extra="forbid")

    format: Format = "csv"
    what: What = Field("projects", description="the projects, or what was said of them over time")
    text: str = Field("", max_length=200, description="words in title, body or CUP")
    programme: str = Field(
        "", max_length=200, description="id of a programme, or the beginning of a measure's code", examples=["M5C2"]
    )
    state: State = ""
    commune: str = Field("", pattern=r"^([0-9]{6})?$", max_length=6, description="ISTAT code")
    zone: str = Field("", max_length=200, description="homogeneous zone", examples=["Nord Ovest"])
    driver: str = Field("", max_length=20, description="line of the strategic plan", examples=["9"])
    mission: str = Field("", max_length=20, description="mission of the PNRR", examples=["M5"])
    source: str = Field("", max_length=200)
    year: int | None = Field(None, ge=1900, le=2200)
    least_amount: Euros = None
    most_amount: Euros = None
    late: bool = Field(False, description="a planned day passed without its own")
    silent: int | None = Field(None, ge=1, le=3650, description="nothing was said for more than so many days")

    def filters(self) -> RegisterFilters:
        """Return the filters as the register takes them."""
        return RegisterFilters(**self.model_dump(exclude={"format", "what"}))


AskedExport = Annotated[RegisterExportQuery, Query()]
