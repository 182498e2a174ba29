"""The catalogue of calls: lists, counts, and each call whole."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from service.api.shapes_calls import BrowseShape, CallPage, CallShape, FacetCounts, FacetShape, TagPage
from service.catalogue.browsing import browse, facets
from service.catalogue.detail import call_detail, call_history, call_tags, last_import
from service.live import Serving
from service.moments import now
from service.web.requests import PathId
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
    # Answers change once more when the lines of the strategic plan have been read, a while after serving began.
    known = "" if serving.view.drivers is None else "drivers"
    tag = etag(f"{serving.revision}.{serving.view.epoch(on)}.{known}.{besides}".rstrip("."))
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
