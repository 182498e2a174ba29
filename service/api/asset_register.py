"""The register of public assets over HTTP, and what is matched with an asset or with a need."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from matcher.assets.path import OF_PATH, SOURCE
from service.api.acting import Watched
from service.api.shapes_answers import RecommendationShape
from service.api.shapes_assets import (
    AssetCallsShape,
    AssetMatchShape,
    AssetPage,
    Browsed,
    Exported,
    MatchPage,
    PathShape,
    ReusedPage,
    ReusedShape,
    contents,
    path_result,
)
from service.api.shapes_items import RecordId
from service.api.shapes_partners import PartnersShape
from service.assets.exporting import TYPES, as_data, exported
from service.assets.matching import (
    Matching,
    assets_near,
    calls_of,
    line_of,
    need_of,
    needs_of,
    partners_of,
    path_of,
    reused_like,
)
from service.assets.register import counts, matching, page_of, visible
from service.partners.told import suggested_data
from service.web.state import state_of
from service.work.acting import Acting

router = APIRouter(prefix="/api/v1", tags=["assets"])
HowMany = Annotated[int, Query(ge=1, le=50, description="how many to return at most")]
RuledOut = Annotated[int, Query(ge=0, le=50, description="how many of those ruled out to return")]
NeedId = Annotated[str, Query(max_length=300, description="id of the need that the place is to serve")]
_FILES: dict[int | str, dict[str, Any]] = {200: {"content": {kind: {} for kind in TYPES.values()}}}


@router.get("/asset-register", operation_id="browse_assets", response_model=AssetPage)
def browse_assets(request: Request, acting: Watched, asked: Browsed) -> AssetPage:
    """Look through the public assets, and through those of your own commune, by what was read in them."""
    lines = matching(visible(state_of(request).assets.lines(acting.session), acting.principal), asked.filters())
    found = page_of(lines, asked.order, asked.limit, asked.cursor)
    if any(one.owner_istat is not None for one in found.lines):
        acting.did("assets", "listed", "", acting.principal.commune_istat, count=len(found.lines))
    items = [contents(as_data(one)) for one in found.lines]
    return AssetPage(items=items, next_cursor=found.next_cursor, total=found.total, counts=counts(lines))


@router.get("/asset-export", operation_id="export_assets", response_class=Response, responses=_FILES)
def export_assets(request: Request, acting: Watched, asked: Exported) -> Response:
    """Take along the assets that pass the filters, as CSV, XLSX or JSON; formulas in their texts are disarmed."""
    lines = matching(visible(state_of(request).assets.lines(acting.session), acting.principal), asked.filters())
    if any(one.owner_istat is not None for one in lines):
        acting.did("assets", "exported", "", acting.principal.commune_istat, count=len(lines))
    headers = {"Content-Disposition": f'attachment; filename="beni-pubblici.{asked.format}"'}
    return Response(exported(lines, asked.format), media_type=TYPES[asked.format], headers=headers)


@router.get("/assets/{item_id}/needs", operation_id="list_needs_of_asset", response_model=MatchPage)
def list_needs_of_asset(
    request: Request, acting: Watched, item_id: RecordId, k: HowMany = 10, excluded: RuledOut = 0
) -> MatchPage:
    """List the needs that an asset could serve, of those that you may see: its commune's and the neighbours'."""
    asked = _matching(request, acting)
    found = needs_of(asked, line_of(asked, item_id), k, excluded)
    return MatchPage(
        items=[AssetMatchShape.of(one, of_need=True) for one in found.items],
        excluded=[AssetMatchShape.of(one, of_need=True) for one in found.excluded],
        total=found.n_candidates,
        ruled_out=found.n_excluded,
    )


@router.get("/needs/{item_id}/assets", operation_id="list_assets_of_need", response_model=MatchPage)
def list_assets_of_need(
    request: Request, acting: Watched, item_id: RecordId, k: HowMany = 10, excluded: RuledOut = 0
) -> MatchPage:
    """List the assets within reach that could serve a need, with distance, surface, kind and constraints judged."""
    asked = _matching(request, acting)
    found = assets_near(asked, need_of(asked, item_id), k, excluded)
    return MatchPage(
        items=[AssetMatchShape.of(one, of_need=False) for one in found.items],
        excluded=[AssetMatchShape.of(one, of_need=False) for one in found.excluded],
        total=found.n_candidates,
        ruled_out=found.n_excluded,
    )


@router.get("/assets/{item_id}/calls", operation_id="list_calls_of_asset", response_model=AssetCallsShape)
def list_calls_of_asset(
    request: Request,
    acting: Watched,
    item_id: RecordId,
    need: NeedId = "",
    k: HowMany = 10,
    excluded: RuledOut = 0,
) -> AssetCallsShape:
    """List the calls that fund an asset, or the asset put to the use of a need; its commune would apply."""
    asked = _matching(request, acting)
    line = line_of(asked, item_id)
    answer = calls_of(asked, line, need_of(asked, need) if need else None, k, excluded)
    return AssetCallsShape(
        items=[RecommendationShape.model_validate(one) for one in answer.data["recommendations"]],
        excluded=[RecommendationShape.model_validate(one) for one in answer.data["excluded"]],
        total=answer.data["candidates"],
        ruled_out=answer.data["ruled_out"],
        asked=answer.question.queries[0].text,
    )


@router.get("/assets/{item_id}/reuses", operation_id="list_reuses_like_asset", response_model=ReusedPage)
def list_reuses_like_asset(request: Request, acting: Watched, item_id: RecordId, k: HowMany = 5) -> ReusedPage:
    """List funded projects that reused the same sort of place: what it became, and which programme paid."""
    asked = _matching(request, acting)
    found = reused_like(asked, line_of(asked, item_id), k)
    return ReusedPage(items=[ReusedShape.of(one) for one in found], total=len(found))


@router.get("/assets/{item_id}/partners", operation_id="suggest_partners_of_asset", response_model=PartnersShape)
def suggest_partners_of_asset(
    request: Request, acting: Watched, item_id: RecordId, need: NeedId = "", k: HowMany = 6
) -> dict[str, object]:
    """Suggest public bodies and bodies of the third sector that could run an asset; of firms there is no register."""
    asked, state = _matching(request, acting), state_of(request)
    line = line_of(asked, item_id)
    chosen = need_of(asked, need) if need else None
    return suggested_data(partners_of(asked, state.bodies.finder(state.engine), line, chosen, k))


@router.get("/assets/{item_id}/path", operation_id="suggest_path_of_asset", response_model=PathShape)
def suggest_path_of_asset(request: Request, acting: Watched, item_id: RecordId) -> PathShape:
    """Suggest sale or concession by the criteria of the founding document, each with its words: never a certainty."""
    asked = _matching(request, acting)
    line = line_of(asked, item_id)
    found = path_of(asked, line, needs_of(asked, line).items)
    criteria = [path_result(one, OF_PATH.get(one.criterion)) for one in found.criteria]
    return PathShape(suggested=found.suggested, stated=found.stated, criteria=criteria, source=SOURCE)


def _matching(request: Request, acting: Acting) -> Matching:
    state = state_of(request)
    return Matching(acting, state.live.serving(), state.assets)
