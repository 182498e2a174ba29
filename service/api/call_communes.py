"""The reverse view: from a call to the communes that may apply for it, and where each of them stands."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from service.access.enforcement import CurrentPrincipal
from service.access.principal import Principal
from service.api.shapes_calls import CommuneMatchShape, CommunePage, WhereaboutsShape
from service.audit.trail import record
from service.catalogue.reverse import CommuneMatch, communes_for
from service.catalogue.whereabouts import whereabouts
from service.database import reading, writing
from service.errors import InvalidError
from service.moments import now
from service.presentation import criterion_data
from service.web.paging import Cursor, Limit, decode_cursor, encode_cursor
from service.web.requests import PathId, RequestId
from service.web.state import State, state_of

router = APIRouter(prefix="/api/v1/calls/{call_id}/communes", tags=["calls"])


@router.get("", operation_id="list_communes_of_call")
def list_communes_of_call(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    call_id: PathId,
    province: Annotated[str, Query(max_length=100, description="only communes of this province")] = "",
    ruled_out: Annotated[bool, Query(description="also those that may not apply")] = False,
    limit: Limit = 20,
    cursor: Cursor = "",
) -> CommunePage:
    """Return the communes that may apply for a call, those first whose need, project or asset fits it best.

    Which items a commune has shows only to itself and to the incubator; published projects and assets to everybody.
    """
    state, on = state_of(request), now()
    serving = state.live.serving()
    position, start = serving.position(call_id), _start(cursor)
    with reading(state.engine) as session:
        found = communes_for(session, principal, serving, position, on, province=province, ruled_out=ruled_out)
    page = found[start : start + limit]
    _watch(state, principal, request_id, call_id, page)
    next_cursor = encode_cursor(str(start + limit)) if start + limit < len(found) else ""
    shapes = [CommuneMatchShape.model_validate(_commune_match(match)) for match in page]
    return CommunePage(items=shapes, next_cursor=next_cursor, total=len(found))


@router.get("/{istat}", operation_id="read_commune_of_call")
def read_commune_of_call(
    request: Request, principal: CurrentPrincipal, request_id: RequestId, call_id: PathId, istat: PathId
) -> WhereaboutsShape:
    """Say where one commune stands for a call: at which rank and for what, or which criterion keeps it out."""
    state, on = state_of(request), now()
    serving = state.live.serving()
    with reading(state.engine) as session:
        found = whereabouts(session, principal, serving, serving.position(call_id), istat, on)
    _watch(state, principal, request_id, call_id, [found.match])
    return WhereaboutsShape.model_validate(
        {
            "match": _commune_match(found.match),
            "standing": found.standing.value,
            "rank": found.rank,
            "of": found.of,
            "criteria": [criterion_data(one) for one in found.eligibility.criteria],
        }
    )


def _watch(state: State, principal: Principal, request_id: str, call_id: str, matches: Sequence[CommuneMatch]) -> None:
    """Write down that private items were shown."""
    if private := [match for match in matches if match.item and match.item.private]:
        with writing(state.engine) as session:
            record(session, principal, request_id, "call.communes_listed", "calls", call_id, items=len(private))


def _commune_match(match: CommuneMatch) -> dict[str, Any]:
    item = match.item
    return {
        "commune": {"istat": match.commune.istat, "name": match.commune.name},
        "province": match.commune.province,
        "population": match.commune.population,
        "eligibility": match.verdict.value,
        "likelihood": match.likelihood,
        "item": {"kind": item.ref.kind, "id": item.ref.id} if item else None,
        "item_title": item.title if item else "",
        "similarity": item.similarity if item else None,
    }


def _start(cursor: str) -> int:
    last = decode_cursor(cursor)
    if not last.isdecimal() and last:
        raise InvalidError("cursor", f"{cursor!r}: not a cursor of ours; start again without one")
    return int(last or 0)
