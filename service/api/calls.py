"""The catalogue of calls: lists, counts, and each call whole."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from service.access.enforcement import CurrentPrincipal
from service.api.shapes_calls import BrowseShape, CallPage, CallShape, CommunePage, FacetCounts, FacetShape, TagPage
from service.audit.trail import record
from service.catalogue.browsing import browse, facets
from service.catalogue.detail import call_detail, call_history, call_tags, last_import
from service.catalogue.reverse import CommuneMatch, communes_for
from service.database import reading, writing
from service.errors import InvalidError
from service.live import Serving
from service.moments import now
from service.web.paging import Cursor, Limit, decode_cursor, encode_cursor
from service.web.requests import PathId, RequestId
from service.web.state import state_of
from service.web.transactions import ReadSession
from service.web.versions import etag, not_modified

router = APIRouter(prefix="/api/v1", tags=["calls"])


@router.get("/calls", operation_id="list_calls", response_model=CallPage)
def list_calls(request: Request, asked: Annotated[BrowseShape, Query()]) -> Response:
    """Return the calls that pass the filters, page by page; `total` counts them all."""

    def page(serving: Serving, on: datetime) -> dict[str, Any]:
        found = browse(serving.view, asked.filters(), asked.order, on, asked.limit, asked.cursor)
        items = [serving.view.summary(position, on) for position in found.positions]
        return {"items": items, "next_cursor": found.next_cursor, "total": found.total}

    return _answer(request, page)


@router.get("/call-facets", operation_id="count_calls", response_model=FacetCounts)
def count_calls(request: Request, asked: Annotated[FacetShape, Query()]) -> Response:
    """Return how many of the calls that pass the filters have each state, level, source, applicant and theme."""
    return _answer(request, lambda serving, on: facets(serving.view, asked.filters(), on))


@router.get("/calls/{call_id}", operation_id="read_call", response_model=CallShape)
def read_call(
    request: Request,
    session: ReadSession,
    call_id: PathId,
    commune: Annotated[str, Query(max_length=100, description="judge the call for it: ISTAT code or name")] = "",
) -> Response:
    """Return a call whole: fields, criteria with their quotes, history of changes, variants, similar calls."""
    serving = state_of(request).live.serving()
    position = serving.position(call_id)
    judged_for = serving.finder.find(commune) if commune else None
    imported_at = last_import(session, serving.catalogue.calls[position].source)

    def whole(serving: Serving, on: datetime) -> dict[str, Any]:
        return call_detail(serving.view, position, on, judged_for) | {
            "imported_at": imported_at.isoformat() if imported_at else None,
            "history": call_history(session, call_id),
        }

    return _answer(request, whole, imported_at.isoformat() if imported_at else "", serving)


@router.get("/calls/{call_id}/tags", operation_id="list_tags_of_call", response_model=TagPage)
def list_tags_of_call(request: Request, session: ReadSession, call_id: PathId) -> Response:
    """Return the strategic drivers, missions and thematic strategies that a call serves, each with its evidence."""
    serving = state_of(request).live.serving()
    call = serving.catalogue.calls[serving.position(call_id)]

    def page(serving: Serving, _on: datetime) -> dict[str, Any]:
        tags = call_tags(session, call, serving.encoder)
        return {"items": tags, "next_cursor": "", "total": len(tags)}

    return _answer(request, page, serving=serving)


@router.get("/calls/{call_id}/communes", operation_id="list_communes_of_call", response_model=CommunePage)
def list_communes_of_call(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    call_id: PathId,
    province: Annotated[str, Query(max_length=100, description="only communes of this province")] = "",
    ruled_out: Annotated[bool, Query(description="also those that may not apply")] = False,
    limit: Limit = 20,
    cursor: Cursor = "",
) -> Response:
    """Return the communes that may apply for a call, those first whose need, project or asset fits it best.

    Which items a commune has shows only to itself and to the incubator; published projects and assets to everybody.
    """
    state, on = state_of(request), now()
    serving = state.live.serving()
    position, start = serving.position(call_id), _start(cursor)
    with reading(state.engine) as session:
        found = communes_for(session, principal, serving, position, on, province=province, ruled_out=ruled_out)
    page = found[start : start + limit]
    if private := [match for match in page if match.item and match.item.private]:
        with writing(state.engine) as session:
            record(session, principal, request_id, "call.communes_listed", "calls", call_id, items=len(private))
    next_cursor = encode_cursor(str(start + limit)) if start + limit < len(found) else ""
    data = {"items": [_commune_match(match) for match in page], "next_cursor": next_cursor, "total": len(found)}
    return Response(_json(data), media_type="application/json")


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


def _answer(
    request: Request,
    make: Callable[[Serving, datetime], dict[str, Any]],
    besides: str = "",
    serving: Serving | None = None,
) -> Response:
    """Answer from what is kept ready for this address, data and moment, or say that the client has it already."""
    serving = serving or state_of(request).live.serving()
    on = now()
    address = f"{request.url.path}?{request.url.query}"
    tag = etag(f"{serving.revision}.{serving.view.epoch(on)}.{besides}".rstrip("."))
    response = Response(media_type="application/json")
    unchanged = not_modified(request, response, tag)
    if unchanged is not None:
        return unchanged
    response.body = serving.view.ready((address, tag), lambda: _json(make(serving, on)))
    response.headers["Content-Length"] = str(len(response.body))
    response.headers["Cache-Control"] = "no-cache"
    return response


def _json(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
