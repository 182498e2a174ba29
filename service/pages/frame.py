"""The strategic frame on one page for a councillor: drivers × missions, zone by zone, and what lies in each place."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.strategy import CODES, DRIVER, MISSION
from service.api.acting import Looking, Watched
from service.frame.coverages import covered
from service.frame.exporting import TYPES, exported, matrix_table
from service.frame.keeping import Picture
from service.frame.kinds import NEED
from service.frame.matrix import DRIVERS, MISSIONS, NONE, Cell, Coverage, Matrix
from service.frame.naming import driver_label, mission_label, zone_label
from service.frame.open_calls import codes_of
from service.moments import ROME
from service.pages.commune.words import CHOICES
from service.pages.formats import day
from service.pages.frame_words import NOBODY, ShownCell, Spot, Telling, shown_cell
from service.pages.languages import PageLanguage
from service.pages.templating import page
from service.pages.translations import translations
from service.register.filters import RegisterFilters, filters_in, pairs_of
from service.tables import FrameItemRow
from service.web.state import state_of

router = APIRouter(include_in_schema=False)
ASKED = ("programma", "stato", "anno")
"""The filters of the page, as the register names them; they choose among projects."""
Zone = Annotated[str, Query(alias="zona", max_length=100)]
Form = Annotated[str, Query(alias="formato", pattern="^(csv|xlsx)$")]


@router.get("/quadro")
def read_matrix(request: Request, acting: Looking, language: PageLanguage, zone: Zone = "") -> HTMLResponse:
    """Show the matrix of one zone, or of the whole metropolitan city, and each zone's drivers beside each other."""
    filters, wrong = _filters(request)
    state = state_of(request)
    found = covered(state, acting.session, acting.principal, filters)
    picture = state.frame.picture()
    matrix = found.matrices.get(zone, found.matrices[NONE])
    kept = pairs_of(filters)
    telling = Telling(kept, found.alone, language)
    return page(
        request,
        "frame/matrix.html",
        {
            "found": found,
            "zone": matrix.zone,
            "zone_name": zone_label(matrix.zone, language),
            "zones": [(one, _address(kept, one)) for one in (NONE, *found.zones)],
            "filters": filters,
            "kept": kept,
            "wrong": wrong or ("zona" if zone not in found.matrices else ""),
            "programmes": _programmes(acting.session),
            "states": _states(language),
            "missions": [(code, mission_label(code, language)) for code in MISSIONS],
            "rows": list(_rows(matrix, telling)),
            "sums": list(_sums(matrix, telling)),
            "total": shown_cell(matrix.total, Spot(None, None, matrix.zone), telling),
            "by_zone": list(_by_zone(found, telling)),
            "counted": _moment(picture, language),
            "left": state.frame.left,
            "exports": [(form, f"/quadro/esporta?{urlencode([('formato', form), *kept])}") for form in TYPES],
        },
        status=422 if wrong else 200,
    )


@router.get("/quadro/esporta")
def export_matrix(request: Request, acting: Looking, language: PageLanguage, form: Form = "csv") -> Response:
    """Send the matrices of all zones as a file."""
    found = covered(state_of(request), acting.session, acting.principal, _filters(request)[0])
    headers = {"Content-Disposition": f'attachment; filename="quadro-strategico.{form}"', "Cache-Control": "no-store"}
    return Response(exported("Quadro", *matrix_table(found, language), form), media_type=TYPES[form], headers=headers)


@router.get("/quadro/casella")
def read_cell(
    request: Request,
    acting: Watched,
    language: PageLanguage,
    zone: Zone = "",
    driver: Annotated[str, Query(alias="linea", max_length=10)] = "",
    mission: Annotated[str, Query(alias="missione", max_length=10)] = "",
) -> HTMLResponse:
    """Show the open calls of one place of the matrix, and to the incubator its needs."""
    state = state_of(request)
    found = covered(state, acting.session, acting.principal)
    picture = state.frame.picture()
    spot = Spot(_code(driver, DRIVER), _code(mission, MISSION), zone if zone in found.matrices else NONE)
    calls = [
        {"call": call, "closes": _closing(call.closes_at, language)}
        for call in (picture.calls if picture else ())
        if spot.has(call.drivers, call.missions) and (not spot.zone or spot.zone in call.zones)
    ]
    needs = list(_needs(acting.session, picture, spot)) if picture and acting.principal.is_staff else []
    if needs:
        acting.did("needs", "listed", "", None, count=len(needs))
    return page(
        request,
        "frame/cell.html",
        {
            "names": [name for name in _names(spot, language) if name],
            "shown": shown_cell(_cell(found.matrices[spot.zone], spot), spot, Telling((), found.alone, language)),
            "calls": calls,
            "needs": needs,
            "back": _address((), spot.zone),
            "counted": _moment(picture, language),
        },
    )


def _filters(request: Request) -> tuple[RegisterFilters, str]:
    return filters_in((name, value) for name, value in request.query_params.multi_items() if name in ASKED)


def _rows(matrix: Matrix, telling: Telling) -> Iterator[dict[str, Any]]:
    most = max(cell.projects for cell in matrix.cells.values())
    for driver in DRIVERS:
        cells = [
            shown_cell(matrix.cells[driver, mission], Spot(driver, mission, matrix.zone), telling, most)
            for mission in MISSIONS
        ]
        total = shown_cell(matrix.drivers[driver], Spot(driver, None, matrix.zone), telling)
        yield {"code": driver, "name": driver_label(driver, telling.language), "cells": cells, "total": total}


def _sums(matrix: Matrix, telling: Telling) -> Iterator[ShownCell]:
    for mission in MISSIONS:
        yield shown_cell(matrix.missions[mission], Spot(None, mission, matrix.zone), telling)


def _by_zone(found: Coverage, telling: Telling) -> Iterator[dict[str, Any]]:
    """Yield each driver with its cell in every zone: where the plan is at work, and where nothing is."""
    most = max((found.matrices[zone].drivers[code].projects for zone in found.zones for code in DRIVERS), default=0)
    for driver in CODES[DRIVER]:
        cells = [
            shown_cell(found.matrices[zone].drivers[driver], Spot(driver, None, zone), telling, most)
            for zone in found.zones
        ]
        yield {"code": driver, "name": driver_label(driver, telling.language), "cells": cells}


def _programmes(session: Session) -> list[tuple[str, str]]:
    rows = session.execute(
        select(FrameItemRow.id, FrameItemRow.label)
        .where(FrameItemRow.kind == "programme", FrameItemRow.archived_at.is_(None))
        .order_by(FrameItemRow.label)
    )
    return [(id_, label) for id_, label in rows]


def _states(language: str) -> Mapping[str, str]:
    words = translations(language)
    return {code: words.gettext(name) for code, name in CHOICES["state"].items()}


def _address(kept: Any, zone: str) -> str:
    asked = [*kept, ("zona", zone)] if zone else list(kept)
    return f"/quadro?{urlencode(asked)}" if asked else "/quadro"


def _code(sent: str, scheme: str) -> str | None:
    if sent == NOBODY:
        return NONE
    return sent if sent in CODES[scheme] else None


def _cell(matrix: Matrix, spot: Spot) -> Cell:
    if spot.driver is not None and spot.mission is not None:
        return matrix.cells[spot.driver, spot.mission]
    if spot.driver is not None:
        return matrix.drivers[spot.driver]
    return matrix.total if spot.mission is None else matrix.missions[spot.mission]


def _names(spot: Spot, language: str) -> Iterator[str]:
    yield "" if spot.driver is None else driver_label(spot.driver, language)
    yield "" if spot.mission is None else mission_label(spot.mission, language)
    yield zone_label(spot.zone, language)


def _needs(session: Session, picture: Picture, spot: Spot) -> Iterator[Any]:
    codes = codes_of(session, NEED.word)
    for need in picture.needs:
        own = (codes.get((need.id, scheme), frozenset()) for scheme in (DRIVER, MISSION))
        if spot.has(*own) and (not spot.zone or spot.zone == need.zone):
            yield need


def _closing(at: float | None, language: str) -> str:
    return "" if at is None else day(datetime.fromtimestamp(at, ROME), language)


def _moment(picture: Picture | None, language: str) -> str:
    return "" if picture is None else day(picture.at, language)
