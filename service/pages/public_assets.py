"""The register of public assets to look through, and each asset with what it could serve and who would pay for it."""

from collections import Counter
from collections.abc import Sequence
from math import sqrt
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import ValidationError

from matcher.assets.conditions import availability, free_of_contamination, free_of_heritage
from matcher.assets.path import SOURCE, Path
from matcher.assets.places import PilotArea
from matcher.assets.reuse import Reused
from matcher.assets.words import PlaceKind
from matcher.records import Need
from matcher.verdicts import Verdict
from service import partner_wording
from service.api.acting import Watched
from service.api.shapes_assets import AssetBrowseShape, Exported
from service.assets.exporting import TYPES, exported
from service.assets.matching import Matching, calls_of, line_of, need_of, needs_of, partners_of, path_of, reused_like
from service.assets.register import RegisterLine, counts, matching, page_of, visible
from service.catalogue.overview import followed
from service.errors import UnknownRecordError
from service.pages import asset_words as words
from service.pages.formats import money
from service.pages.frame_told import told_tags
from service.pages.languages import PageLanguage
from service.pages.map_places import laid_out
from service.pages.reasons import shown
from service.pages.templating import page
from service.web.state import state_of
from service.work.acting import Acting

router = APIRouter(include_in_schema=False)
AT_ONCE, CALLS, NEEDS, REUSED, PARTNERS = 20, 8, 8, 4, 6
MOST_POINTS = 400
"""Communes drawn on the map at once; beyond, a filter is asked for."""
SMALLEST = 3.5
SEVERAL = ("kind", "area", "path", "heritage", "contamination", "unused", "source")
NeedId = Annotated[str, Query(alias="fabbisogno", max_length=300)]


@router.get("/beni")
def list_assets(request: Request, acting: Watched, language: PageLanguage) -> HTMLResponse:
    """Show the assets that pass the filters of the address, with how many there are of each kind, and where."""
    asked, wrong = _asked(request)
    every = visible(state_of(request).assets.lines(acting.session), acting.principal)
    lines = matching(every, asked.filters())
    found = page_of(lines, asked.order, AT_ONCE, asked.cursor)
    if any(one.owner_istat is not None for one in found.lines):
        acting.did("assets", "listed", "", acting.principal.commune_istat, count=len(found.lines))
    kept = [(name, value) for name, value in request.query_params.multi_items() if value and name != "cursor"]
    points, height = _points(lines)
    return page(
        request,
        "assets/register.html",
        {
            "asked": asked,
            "wrong": wrong,
            "lines": [_line(one, language) for one in found.lines],
            "total": found.total,
            "total_unfiltered": len(every),
            "next": f"/beni?{urlencode([*kept, ('cursor', found.next_cursor)])}" if found.next_cursor else "",
            "is_first": not asked.cursor,
            "counts": counts(lines),
            "exports": [(form, f"/beni/esporta?{urlencode([*kept, ('format', form)])}") for form in TYPES],
            "kinds": {kind.value: words.named(name, language) for kind, name in words.KINDS.items()},
            "areas": {area.value: area.zone for area in PilotArea},
            "paths": {code: words.named(name, language) for code, name in words.STATED.items()},
            "free": {verdict.value: words.named(name, language) for verdict, name in words.FREE.items()},
            "unused": {verdict.value: words.named(name, language) for verdict, name in words.UNUSED.items()},
            "sources": {name: words.source(name, language) for name in sorted({one.source for one in every})},
            "communes": followed(state_of(request).live.serving().communes),
            "points": points,
            "height": round(height),
        },
        status=422 if wrong else 200,
    )


@router.get("/beni/esporta")
def export_register(request: Request, acting: Watched, asked: Exported) -> Response:
    """Send the assets that pass the filters of the address as a file."""
    lines = matching(visible(state_of(request).assets.lines(acting.session), acting.principal), asked.filters())
    if any(one.owner_istat is not None for one in lines):
        acting.did("assets", "exported", "", acting.principal.commune_istat, count=len(lines))
    headers = {"Content-Disposition": f'attachment; filename="beni-pubblici.{asked.format}"'}
    return Response(exported(lines, asked.format), media_type=TYPES[asked.format], headers=headers)


@router.get("/beni/{item_id:path}")
def read_asset(
    request: Request, acting: Watched, language: PageLanguage, item_id: str, need_id: NeedId = ""
) -> HTMLResponse:
    """Show an asset whole: what it is, what it could serve, which calls pay for it, what was done with its like."""
    asked = _matching(request, acting)
    line = line_of(asked, item_id)
    needs = needs_of(asked, line, NEEDS, NEEDS)
    need = _chosen(asked, need_id)
    path = path_of(asked, line, needs.items)
    calls = calls_of(asked, line, need, CALLS) if line.commune is not None else None
    return page(
        request,
        "assets/asset.html",
        {
            "line": line,
            "told": _line(line, language),
            "criteria": [
                words.condition_line(judged(line.asset), language)
                for judged in (availability, free_of_heritage, free_of_contamination)
            ],
            "may_see_needs": acting.principal.is_staff or acting.principal.keeps(acting.principal.commune_istat),
            "needs": words.match_lines(needs.items, language),
            "excluded": words.match_lines(needs.excluded, language),
            "need": need,
            "calls": shown(calls.data["recommendations"], language) if calls else [],
            "answer": calls.data if calls else None,
            "asked": calls.question.queries[0].text if calls else "",
            "partners": _partners(request, asked, line, need, language),
            "reused": [_reused(one, language) for one in reused_like(asked, line, REUSED)],
            "suggested": words.named(words.PATHS[path.suggested], language),
            "stated": words.named(words.STATED[path.stated], language) if path.stated in words.STATED else "",
            "path_criteria": [
                (words.path_lines(path, one, language), one.value if one else "") for one in (None, *_OF_BOTH)
            ],
            "source": SOURCE,
            "plan_tags": told_tags(acting.session, "assets", line.asset.id, language),
            "keeps": acting.principal.keeps(line.owner_istat or line.asset.commune_istat),
        },
    )


_OF_BOTH = (Path.SALE, Path.CONCESSION)


def _chosen(asked: Matching, need_id: str) -> Need | None:
    if not need_id:
        return None
    try:
        return need_of(asked, need_id)
    except UnknownRecordError:
        return None


def _matching(request: Request, acting: Acting) -> Matching:
    state = state_of(request)
    return Matching(acting, state.live.serving(), state.assets)


def _asked(request: Request) -> tuple[AssetBrowseShape, str]:
    """Return the filters of the address, and the name of the one that could not be read ("" if all could)."""
    sent: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        if name in SEVERAL:
            sent.setdefault(name, []).append(value)
        elif value.strip():
            sent[name] = value
    known = {name: value for name, value in sent.items() if name in AssetBrowseShape.model_fields and name != "limit"}
    try:
        return AssetBrowseShape.model_validate(known), ""
    except ValidationError as error:
        return AssetBrowseShape.model_validate({}), str(error.errors()[0]["loc"][0])


def _line(one: RegisterLine, language: str) -> dict[str, Any]:
    return {
        "asset": one.asset,
        "is_private": one.owner_istat is not None,
        "commune": one.commune_name,
        "kind": words.named(words.KINDS[one.kind], language) if one.kind is not PlaceKind.UNKNOWN else "",
        "area": words.area_name(one.area, language),
        "heritage": words.named(words.FREE[one.heritage], language),
        "contamination": words.named(words.FREE[one.contamination], language),
        "unused": words.named(words.UNUSED[one.unused], language),
        "is_unused": one.unused is Verdict.MET,
        "path": words.named(words.STATED[one.asset.path], language) if one.asset.path in words.STATED else "",
    }


def _points(lines: Sequence[RegisterLine]) -> tuple[list[dict[str, Any]], float]:
    """Return one point for each commune that has any of the lines; its area grows with their number."""
    number = Counter(one.asset.commune_istat for one in lines)
    named = {one.asset.commune_istat: one for one in lines}
    communes = [one.commune for one in named.values() if one.commune is not None]
    known = [(one.istat, one.lon, one.lat) for one in communes if one.lon is not None and one.lat is not None]
    if len(known) > MOST_POINTS:
        return [], 0.0
    places, height = laid_out(known)
    return [
        {
            "x": x,
            "y": y,
            "size": min(SMALLEST * sqrt(number[istat]), 24.0),
            "name": named[istat].commune_name,
            "number": number[istat],
            "istat": istat,
        }
        for istat, (x, y) in sorted(places.items(), key=lambda pair: -number[pair[0]])
    ], height


def _partners(
    request: Request, asked: Matching, line: RegisterLine, need: Need | None, language: str
) -> list[dict[str, Any]]:
    if line.commune is None:
        return []
    state = state_of(request)
    found = partners_of(asked, state.bodies.finder(state.engine), line, need, PARTNERS).found
    return [
        {
            "name": one.body.name,
            "kind": partner_wording.kinds([one.body.kind], language),
            "where": ", ".join(filter(None, (one.body.seat.name, words.distance(one.km, language)))),
            "roles": ", ".join(partner_wording.role(role.code, language) for role in one.roles[:3]),
            "reasons": ", ".join(partner_wording.reasons(one, language)),
            "sure": partner_wording.identity(one.identity, language),
        }
        for one in found.items
    ]


def _reused(one: Reused, language: str) -> dict[str, Any]:
    project = one.precedent
    return {
        "title": project.title,
        "body": project.body,
        "where": ", ".join(project.commune_names[:3]),
        "year": project.year,
        "amount": money(project.amount.amount, project.amount.currency, language) if project.amount else "",
        "uses": ", ".join(words.named(words.USES[use], language) for use in one.uses[:3]),
        "programme": one.programme,
        "source": project.provenance.reference if project.provenance else project.source,
    }
