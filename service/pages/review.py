"""What a person should look at: rows that could not be read, and calls that are probably one."""

import json
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from service.access.enforcement import CurrentPrincipal
from service.api.acting import Writing
from service.catalogue.sources import list_quarantine, source_states
from service.errors import ConflictError, InvalidError
from service.pages.desk import Done, Undo, acting_in, notice
from service.pages.going import go
from service.pages.languages import PageLanguage
from service.pages.templating import page
from service.web.paging import decode_cursor, encode_cursor
from service.web.requests import PathId, RequestId
from service.web.state import state_of
from service.work import distinctions, merges
from service.work.acting import Acting
from service.work.merged import shown_as
from service.work.subjects import call_titles

router = APIRouter(include_in_schema=False)
DESK = "/incubatore/revisione"
TWINS = f"{DESK}/doppioni"
AT_ONCE = 20
Cursor = Annotated[str, Query(max_length=500)]


@router.get(DESK)
def read_rows(
    request: Request, acting: Writing, fonte: Annotated[str, Query(max_length=100)] = "", cursor: Cursor = ""
) -> HTMLResponse:
    """Show the rows that could not be read, with the reason and what to do."""
    rows, last = list_quarantine(acting.session, source=fonte, after=_after(cursor), limit=AT_ONCE)
    acting.did("quarantine", "listed", "", count=len(rows))
    kept = {"fonte": fonte} if fonte else {}
    shown = {
        "rows": rows,
        "sources": [(one.name, one.quarantined) for one in source_states(acting.session) if one.quarantined],
        "asked": fonte,
        "following": f"{DESK}?{urlencode(kept | {'cursor': encode_cursor(json.dumps(last))})}" if last else "",
        "is_first": not cursor,
    }
    return page(request, "incubator/rows.html", shown)


@router.get(TWINS)
def read_twins(
    request: Request, acting: Writing, language: PageLanguage, cursor: Cursor = "", done: Done = "", undo: Undo = ""
) -> HTMLResponse:
    """Show the calls that are probably one notice, and what people said is one."""
    return _twins(request, acting, cursor, {"notice": notice(done, undo, language)})


@router.post(TWINS)
def merge_twins(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    tiene: Annotated[str, Form(max_length=300)] = "",
    unisce: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Say that two calls are one: the one that is kept is shown in place of the other."""
    try:
        with acting_in(request, principal, request_id) as acting:
            made = merges.merge(acting, "calls", tiene, unisce)
    except (InvalidError, ConflictError) as error:
        with acting_in(request, principal, request_id) as acting:
            conflict = isinstance(error, ConflictError)
            return _twins(request, acting, "", {"error": "there" if conflict else "which"}, 409 if conflict else 422)
    return go(TWINS, fatto="uniti", annulla=f"{TWINS}/{made.id}/annulla")


@router.post(f"{TWINS}/{{merge_id}}/annulla")
def part_twins(request: Request, principal: CurrentPrincipal, request_id: RequestId, merge_id: PathId) -> Response:
    """Take a merge back: both calls are shown again."""
    with acting_in(request, principal, request_id) as acting:
        merges.withdraw_merge(acting, merge_id)
    return go(TWINS, fatto="annullato")


@router.post(f"{TWINS}/diversi")
def tell_apart(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    bando: Annotated[str, Form(max_length=300)] = "",
    altri: Annotated[list[str], Form(max_length=distinctions.MOST_OTHERS)] = [],  # noqa: B006 - a form's default
) -> Response:
    """Say that a call is none of those that it was proposed with."""
    try:
        with acting_in(request, principal, request_id) as acting:
            made = distinctions.tell_apart(acting, "calls", bando, altri)
    except (InvalidError, ConflictError) as error:
        with acting_in(request, principal, request_id) as acting:
            conflict = isinstance(error, ConflictError)
            return _twins(request, acting, "", {"error": "apart" if conflict else "which"}, 409 if conflict else 422)
    return go(TWINS, fatto="diversi", annulla=f"{TWINS}/diversi/{made.id}/annulla")


@router.post(f"{TWINS}/diversi/{{distinction_id}}/annulla")
def bring_together(
    request: Request, principal: CurrentPrincipal, request_id: RequestId, distinction_id: PathId
) -> Response:
    """Take back that calls are different: they may be proposed as one again."""
    with acting_in(request, principal, request_id) as acting:
        distinctions.withdraw_distinction(acting, distinction_id)
    return go(TWINS, fatto="annullato")


def _after(cursor: str) -> list[str]:
    """Return what names the last row of the page before; raises InvalidError for a cursor that we did not make."""
    try:
        after = json.loads(decode_cursor(cursor) or "[]")
    except ValueError:
        after = None
    if not isinstance(after, list) or len(after) not in (0, 4) or not all(isinstance(part, str) for part in after):
        raise InvalidError("cursor", "not a cursor of this list; start again without one")
    if after and not after[2].isdecimal():
        raise InvalidError("cursor", "not a cursor of this list; start again without one")
    return after


def _twins(request: Request, acting: Acting, cursor: str, told: dict[str, Any], status: int = 200) -> HTMLResponse:
    catalogue, apart = state_of(request).live.serving().as_read, distinctions.told_apart(acting.session, "calls")
    found, last = merges.probable_duplicates(catalogue, apart, after=decode_cursor(cursor), limit=AT_ONCE)
    # What was merged a moment ago may still be served.
    gone = shown_as(acting.session, "calls")
    groups = [group for calls in found if len(group := [one for one in calls if one.id not in gone]) > 1]
    made, _ = merges.list_merges(acting, kind="calls", limit=AT_ONCE)
    different, _ = distinctions.list_distinctions(acting, kind="calls", limit=AT_ONCE)
    titles = call_titles(
        acting,
        [
            *(name for one in made for name in (one.kept_id, one.merged_id)),
            *(name for one in different for name in (one.record_id, *one.other_ids)),
        ],
    )
    shown = {
        "groups": groups,
        "merges": [{"merge": one, "kept": titles[one.kept_id], "merged": titles[one.merged_id]} for one in made],
        "different_ones": [
            {"said": one, "title": titles[one.record_id], "others": [titles[other] for other in one.other_ids]}
            for one in different
        ],
        "following": f"{TWINS}?{urlencode({'cursor': encode_cursor(last)})}" if last else "",
        "is_first": not cursor,
        "notice": {"words": "", "undo": ""},
        "error": "",
    }
    return page(request, "incubator/twins.html", shown | told, status)
