"""The strategic frame over HTTP: what lies where in the matrix driver × mission × zone."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from service.api.acting import Looking
from service.errors import InvalidError
from service.frame.coverages import covered
from service.frame.matrix import DRIVERS, MISSIONS
from service.frame.naming import driver_label, mission_label
from service.register.filters import RegisterFilters, filters_in
from service.web.paging import Page
from service.web.state import state_of

router = APIRouter(prefix="/api/v1/frame-coverage", tags=["frame"])
_LARGEST = 2**53 - 1


class CoverageShape(BaseModel):
    """What lies in one cell: a driver and a mission, either of them empty for what has none."""

    driver: str = Field(max_length=10, examples=["9"])
    driver_name: str = Field(max_length=200, examples=["Ri-Generation Housing"])
    mission: str = Field(max_length=10, examples=["M5"])
    mission_name: str = Field(max_length=200, examples=["Inclusione e coesione"])
    projects: int = Field(ge=0, le=_LARGEST, examples=[12])
    amount: str = Field(max_length=40, description="EUR of the projects that state one", examples=["1250000.00"])
    calls: int | None = Field(ge=0, le=_LARGEST, description="open now; null until they were counted", examples=[3])
    needs: int | None = Field(ge=0, le=_LARGEST, description="for the incubator; null for others", examples=[None])


@router.get("", operation_id="read_frame_coverage")
def read_frame_coverage(
    request: Request,
    acting: Looking,
    zone: Annotated[str, Query(max_length=100, description="name of a zona omogenea; empty for all together")] = "",
    programme: Annotated[str, Query(max_length=200, description="only projects of this programme or measure")] = "",
    state: Annotated[str, Query(max_length=20, description="only projects in this state")] = "",
    year: Annotated[int | None, Query(ge=1900, le=2200, description="only projects of this year")] = None,
) -> Page[CoverageShape]:
    """Return every cell of the matrix of one zone, or of the whole metropolitan city; filters choose among projects."""
    filters = _filters(programme, state, year)
    found = covered(state_of(request), acting.session, acting.principal, filters)
    if zone not in found.matrices:
        raise InvalidError("zone", f"{zone!r}: no zone of this name; there are: {', '.join(found.zones)}")
    matrix = found.matrices[zone]
    cells = [
        CoverageShape(
            driver=driver,
            driver_name=driver_label(driver, "it"),
            mission=mission,
            mission_name=mission_label(mission, "it"),
            projects=cell.projects,
            amount=str(cell.amount),
            calls=cell.calls if found.has_calls else None,
            needs=cell.needs if found.counts_all else None,
        )
        for driver in DRIVERS
        for mission in MISSIONS
        for cell in (matrix.cells[driver, mission],)
    ]
    return Page(items=cells, next_cursor="", total=len(cells))


def _filters(programme: str, state: str, year: int | None) -> RegisterFilters:
    sent = [("programma", programme), ("stato", state), ("anno", "" if year is None else str(year))]
    filters, wrong = filters_in(sent)
    if wrong:
        raise InvalidError({"programma": "programme", "stato": "state", "anno": "year"}[wrong], "cannot be read")
    return filters
