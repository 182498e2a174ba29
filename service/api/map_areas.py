"""The map as GeoJSON: communes with their outlines, and what is counted in each."""

import json
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from service.api.acting import Watched
from service.api.shapes_answers import Word
from service.api.shapes_items import Istat
from service.catalogue.overview import followed
from service.errors import InvalidError
from service.live import Serving
from service.maps.asking import asking_of
from service.maps.figures import ONLY_STAFF, Measure
from service.maps.geojson import MEDIA_TYPE, feature_collection
from service.maps.portrait import MapQuestion, figures_of, ground_of
from service.register.filters import STATES, UNKNOWN_STATE, RegisterFilters
from service.web.state import state_of

router = APIRouter(prefix="/api/v1/map-areas", tags=["map"])
_GEOJSON: dict[int | str, dict[str, Any]] = {200: {"content": {MEDIA_TYPE: {}}}}
_ANY_STATE = f"^({'|'.join((*STATES, UNKNOWN_STATE))})?$"


class MapAreasShape(BaseModel):
    """What to count, where, and of which projects; text, driver and mission choose among assets and needs too."""

    model_config = ConfigDict(extra="forbid")

    measure: list[Measure] = Field(
        default=[Measure.PROJECTS, Measure.MONEY, Measure.ASSETS],
        max_length=len(Measure),
        description="what to count; needs are for the incubator alone",
    )
    province: Word = Field("", description="name of a province; empty for the metropolitan city", examples=["Torino"])
    zone: Word = Field("", description="name of a zona omogenea", examples=["Nord Ovest"])
    text: Word = Field("", description="words of the title, in any order")
    programme: Word = Field("", description="id of a programme, or the beginning of a measure's code")
    state: str = Field("", pattern=_ANY_STATE, max_length=20)
    commune: Istat | None = Field(None, description="only projects that this commune takes part in")
    driver: str = Field("", max_length=10, description="line of the strategic plan", examples=["9"])
    mission: str = Field("", max_length=10, description="mission of the PNRR", examples=["M5"])
    source: Word = Field("", description="only projects of this source")
    year: int | None = Field(None, ge=1900, le=2200)
    least_amount: Decimal | None = Field(None, ge=0, le=10**12, allow_inf_nan=False)
    most_amount: Decimal | None = Field(None, ge=0, le=10**12, allow_inf_nan=False)
    late: bool = False

    def question(self) -> MapQuestion:
        """Return it as maps take it."""
        named = self.model_dump(exclude={"measure", "province", "commune"})
        return MapQuestion(filters=RegisterFilters(**named, commune=self.commune or ""), province=self.province)


@router.get("", operation_id="read_map_areas", response_class=Response, responses=_GEOJSON)
def read_map_areas(request: Request, acting: Watched, asked: Annotated[MapAreasShape, Query()]) -> Response:
    """Return communes as GeoJSON (WGS84): an outline or a centre each, and as properties what is counted there.

    A figure is null where nobody knows it. Projects in several communes count in each, and once in `totals`. Only what
    is public is counted, for the incubator also what communes keep to themselves.
    """
    state = state_of(request)
    asking, question = asking_of(state, acting), asked.question()
    _check(asked, state.live.serving(), is_staff=acting.principal.is_staff)
    ground = ground_of(state.maps, asking, question.province, question.filters.zone)
    counted = {measure: figures_of(state.maps, asking, question, measure) for measure in asked.measure}
    if acting.principal.is_staff:
        acting.did("communes", "looked_over", "", count=len(ground.areas))
    body = json.dumps(feature_collection(ground, counted), ensure_ascii=False, separators=(",", ":"))
    return Response(body, media_type=MEDIA_TYPE)


def _check(asked: MapAreasShape, serving: Serving, *, is_staff: bool) -> None:
    if not is_staff and (private := ONLY_STAFF & set(asked.measure)):
        raise InvalidError("measure", f"{min(private).value!r}: is never published; only the incubator may ask for it")
    if asked.province and all(one.province != asked.province for one in serving.communes):
        raise InvalidError("province", f"{asked.province!r}: no province has this name")
    zones = sorted({one.zone for one in followed(serving.communes) if one.zone})
    if asked.zone and asked.zone not in zones:
        raise InvalidError("zone", f"{asked.zone!r}: no zone has this name; there are: {', '.join(zones)}")
