"""The map: communes coloured by what is counted in them, the same figures as a table and as files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.strategy import CODES, DRIVER, MISSION
from service.access.principal import Principal
from service.api.acting import Watched
from service.catalogue.overview import followed
from service.live import Serving
from service.maps.asking import asking_of
from service.maps.exporting import TYPES, Line, exported
from service.maps.figures import OF_PROJECTS, ONLY_STAFF, Measure
from service.maps.ground import Area
from service.maps.points import MapPoint
from service.maps.portrait import MapQuestion, Portrait, portrait
from service.pages import map_words as words
from service.pages.commune.words import told
from service.pages.formats import number
from service.pages.languages import PageLanguage
from service.pages.map_drawing import drawing_of, spots_of
from service.pages.templating import page
from service.register.filters import STATES, filters_in, pairs_of
from service.tables import FrameItemRow
from service.tag_wording import label as tag_label
from service.web.state import state_of
from service.work.acting import Acting

router = APIRouter(include_in_schema=False)
ORDERS = ("valore", "quota", "nome", "zona")
"""By what the table is sorted; figures from the highest."""
Form = Annotated[Literal["csv", "xlsx"], Query(alias="formato")]
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A map as its address asks for it; ``pairs`` are the parameters of that address, ``wrong`` one that is none."""

    question: MapQuestion
    order: str
    pairs: tuple[tuple[str, str], ...]
    wrong: str


@router.get("/mappa")
def read_map(request: Request, acting: Watched, language: PageLanguage) -> HTMLResponse:
    """Show the communes coloured by what is counted in them, and the same figures as a table."""
    asked = _asked(request, acting.principal)
    found = _portrait(request, acting, asked)
    question, serving = asked.question, state_of(request).live.serving()
    if acting.principal.is_staff:
        acting.did("communes", "looked_over", "", count=len(found.ground.areas))
    shown = {
        "asked": question,
        "order": asked.order,
        "wrong": asked.wrong,
        "drawing": _drawing(found, question, acting.principal, language),
        "legend": [
            {"level": one.level, "range": words.class_range(one, question.measure, language), "number": one.number}
            for one in found.classes.legend
        ],
        "lines": [_told(line, question, acting.principal, language) for line in _sorted(found.lines(), asked.order)],
        "total": words.figure(found.figures.total, question.measure, language),
        "total_share": words.figure(found.shares.total, question.measure, language),
        "name": words.measure_name(question.measure, language),
        "note": words.measure_note(question.measure, language),
        "share_name": words.share_name(question.measure, language),
        "measures": {code: words.measure_name(one, language) for code, one in _measures(acting.principal).items()},
        "points": {code: words.measure_name(Measure(one.value), language) for code, one in words.POINTS.items() if one},
        "chosen": dict(asked.pairs),
        "points_name": words.points_name(question.points, language),
        "ground_references": found.ground.references,
        **_choices(acting.session, serving, language),
        "list_address": _list_address(asked) if question.measure in OF_PROJECTS else "",
        "exports": [(form, f"/mappa/esporta?{urlencode([*asked.pairs, ('formato', form)])}") for form in TYPES],
        "sorted_by": {order: f"/mappa?{urlencode([*asked.pairs, ('ordine', order)])}#tabella" for order in ORDERS},
    }
    return page(request, "map/page.html", shown, status=422 if asked.wrong else 200)


@router.get("/mappa/esporta")
def export_map(request: Request, acting: Watched, language: PageLanguage, form: Form = "csv") -> Response:
    """Send the figures of a map as a file."""
    asked = _asked(request, acting.principal)
    found = _portrait(request, acting, asked)
    measure = asked.question.measure
    if acting.principal.is_staff:
        acting.did("communes", "exported", "", count=len(found.ground.areas))
    name = words.measure_name(measure, language)
    titles = [name, f"{name}, {words.share_name(measure, language)}"]
    if found.numbers is not None:
        titles.append(words.points_name(asked.question.points, language))
    body = exported(_sorted(found.lines(), asked.order), titles, form)
    headers = {"Content-Disposition": f'attachment; filename="mappa.{form}"'}
    return Response(body, media_type=TYPES[form], headers=headers)


def _portrait(request: Request, acting: Acting, asked: Asked) -> Portrait:
    return portrait(state_of(request).maps, asking_of(state_of(request), acting), asked.question)


def _measures(principal: Principal) -> dict[str, Measure]:
    return {code: one for code, one in words.MEASURES.items() if principal.is_staff or one not in ONLY_STAFF}


def _asked(request: Request, principal: Principal) -> Asked:
    """Return what an address asks for; what cannot be read is left aside, and named."""
    sent = [(name, value.strip()) for name, value in request.query_params.multi_items() if value.strip()]
    last, (filters, wrong) = dict(sent), filters_in(sent)
    known = state_of(request).live.serving().communes
    choices: dict[str, dict[str, Any]] = {
        "misura": _measures(principal),
        "punti": dict(words.POINTS),
        "provincia": {one.province: one.province for one in known if one.province},
        "ordine": {one: one for one in ORDERS},
    }
    for name, among in choices.items():
        if name in last and last[name] not in among:
            wrong = wrong or name
            del last[name]
    question = MapQuestion(
        measure=words.MEASURES[last.get("misura", "progetti")],
        share=last.get("per_abitante", "") == "1",
        points=words.POINTS[last.get("punti", "")],
        filters=filters,
        province=last.get("provincia", ""),
    )
    own = [(name, last[name]) for name in ("misura", "per_abitante", "punti", "provincia") if name in last]
    return Asked(question, last.get("ordine", "valore"), (*own, *pairs_of(filters)), wrong)


def _list_address(asked: Asked, istat: str = "") -> str:
    """Return the address of the projects that are counted, of all communes on the map or of one."""
    filters = asked.question.filters
    if istat:
        filters = replace(filters, commune=istat, zone="")
    late = filters.late or asked.question.measure is Measure.LATE
    return f"/progetti?{urlencode(pairs_of(replace(filters, late=late)))}"


def _link(question: MapQuestion, principal: Principal) -> Callable[[str], str]:
    """Return where a commune on the map leads: to the list of what is counted, else to its line in the table."""
    asked = Asked(question, "", (), "")
    if question.measure in OF_PROJECTS:
        return lambda istat: _list_address(asked, istat)
    if question.measure is Measure.ASSETS:
        words_of = [("q", question.filters.text)] if question.filters.text else []
        return lambda istat: f"/beni?{urlencode([('commune', istat), *words_of])}"
    if principal.is_staff:
        part = "bisogni" if question.measure is Measure.NEEDS else "bandi"
        return lambda istat: f"/comuni/{istat}/{part}"
    return lambda istat: f"#c{istat}"


def _drawing(found: Portrait, question: MapQuestion, principal: Principal, language: str) -> Any:
    unit = f" {words.share_name(question.measure, language)}" if question.share else ""
    name = words.measure_name(question.measure, language)

    def title(area: Area) -> str:
        value = found.coloured.of[area.commune.istat]
        return f"{area.commune.name}: {name} {words.figure(value, question.measure, language)}{unit if value else ''}"

    def spot_title(point: MapPoint) -> str:
        return f"{', '.join(point.communes[:3])}: {number(point.number, language)}"

    spots = spots_of(found.ground, found.points, spot_title)
    return drawing_of(found.ground, found.classes.level_of.__getitem__, title, _link(question, principal), spots)


def _choices(session: Session, serving: Serving, language: str) -> dict[str, Any]:
    """Return what the filters offer, each as pairs of code and words."""
    zones = sorted({one.zone for one in followed(serving.communes) if one.zone})
    provinces = sorted({one.province for one in serving.communes if one.province})
    tags = {
        scheme: [(code, tag_label(scheme, code, language)) for code in CODES[scheme]] for scheme in (DRIVER, MISSION)
    }
    programmes = select(FrameItemRow.id, FrameItemRow.label).where(
        FrameItemRow.kind == "programme", FrameItemRow.archived_at.is_(None)
    )
    return {
        "zones": [(name, name) for name in zones],
        "provinces": [(name, name) for name in provinces],
        "drivers": tags[DRIVER],
        "missions": tags[MISSION],
        "programmes": [(id_, label) for id_, label in session.execute(programmes.order_by(FrameItemRow.label))],
        "states": [(code, told("state", code, language)) for code in STATES],
    }


def _told(line: Line, question: MapQuestion, principal: Principal, language: str) -> dict[str, Any]:
    measure = question.measure
    link = _link(question, principal)(line.commune.istat)
    points = None if line.points is None else number(int(line.points), language)
    return {
        "commune": line.commune,
        "value": words.figure(line.value, measure, language),
        "share": words.figure(line.share, measure, language),
        "points": points,
        "link": "" if link.startswith("#") else link,
        "level": line.level,
    }


def _sorted(lines: Sequence[Line], order: str) -> list[Line]:
    """Sort by name, zone or figure; what nobody knows comes after what is known."""
    if order == "nome":
        return list(lines)
    if order == "zona":
        return sorted(lines, key=lambda line: (not line.commune.zone, line.commune.zone))
    figures = [(line, line.share if order == "quota" else line.value) for line in lines]
    return [line for line, _ in sorted(figures, key=lambda one: (one[1] is None, -(one[1] or 0)))]
