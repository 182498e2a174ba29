"""All communes at a glance, for the incubator: what is new, what closes, who has not been called; as map and table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from matcher.records import Commune
from service.api.acting import Writing
from service.catalogue.overview import NEW_DAYS, ready_outlooks
from service.live import Serving
from service.maps.asking import asking_of
from service.maps.ground import Area, Ground
from service.maps.portrait import ground_of
from service.moments import now
from service.pages.desk import Done, Undo, item_kind_name, notice, work_state_name
from service.pages.languages import PageLanguage
from service.pages.map_drawing import drawing_of, tile_of
from service.pages.reasons import deadline
from service.pages.templating import page
from service.web.state import state_of
from service.work.contacts import Standing, standings

router = APIRouter(include_in_schema=False)
SMALLEST = 0.37
"""The radius of the smallest point, in the tiles by which maps are measured."""
MOST_CALLS = 12
NOTHING: Mapping[str, Any] = {"items": 0, "new": [], "closing": []}


@dataclass(frozen=True, slots=True)
class Line:
    """One commune in the table and on the map; ``x`` and ``y`` are None where its place is not known."""

    commune: Commune
    outlook: Mapping[str, Any]
    standing: Standing
    states: str
    x: float | None
    y: float | None
    size: float
    """The radius of its point: its area grows with the number of new calls."""


@router.get("/incubatore")
def read_overview(
    request: Request,
    acting: Writing,
    language: PageLanguage,
    zona: Annotated[str, Query(max_length=100)] = "",
    mostra: Annotated[str, Query(max_length=20)] = "",
    comune: Annotated[str, Query(max_length=6)] = "",
    done: Done = "",
    undo: Undo = "",
) -> HTMLResponse:
    """Show the communes of the metropolitan city, those of one zone or those that something is to be done for."""
    serving, on = state_of(request).live.serving(), now()
    ground = ground_of(state_of(request).maps, asking_of(state_of(request), acting))
    lines = _lines(ready_outlooks(acting.session, serving, on), ground, standings(acting), language)
    acting.did("communes", "looked_over", "", count=len(lines))
    kept = [line for line in lines if _wanted(line, zona, mostra)]
    chosen = next((line for line in lines if line.commune.istat == comune), None)
    shown = {
        "lines": kept,
        "all_lines": {line.commune.istat: line for line in lines},
        "drawing": drawing_of(
            ground, lambda _istat: "ground", _name, lambda istat: f"/incubatore?comune={istat}#comune"
        ),
        "zones": sorted({line.commune.zone for line in lines if line.commune.zone}),
        "asked": {"zona": zona, "mostra": mostra},
        "chosen": chosen,
        "chances": _chances(serving, chosen, on, language) if chosen else [],
        "calls": _calls(serving, lines, on, language),
        "new_days": NEW_DAYS,
        "notice": notice(done, undo, language),
    }
    return page(request, "incubator/communes.html", shown)


def _wanted(line: Line, zone: str, which: str) -> bool:
    if zone and line.commune.zone != zone:
        return False
    if which == "nuovi":
        return bool(line.outlook["new"])
    if which == "scadenze":
        return bool(line.outlook["closing"])
    return line.standing.last_contact is None if which == "mai" else True


def _name(area: Area) -> str:
    return area.commune.name


def _lines(
    outlooks: Mapping[str, Mapping[str, Any]], ground: Ground, known: Mapping[str, Standing], language: str
) -> list[Line]:
    unit, lines = SMALLEST * tile_of(ground), []
    for area in ground.areas:
        standing = known.get(area.commune.istat, Standing())
        outlook = outlooks.get(area.commune.istat, NOTHING)
        states = ", ".join(f"{count} {work_state_name(state, language)}" for state, count in standing.states.items())
        size = unit * sqrt(1 + len(outlook["new"]))
        lines.append(Line(area.commune, outlook, standing, states, area.x, area.y, size))
    return lines


def _chances(serving: Serving, line: Line, on: datetime, language: str) -> list[dict[str, Any]]:
    """Return the calls in which there is something for one commune, with the item that says so."""
    closing = {one["call_id"] for one in line.outlook["closing"]}
    both = {one["call_id"]: one for one in (*line.outlook["closing"], *line.outlook["new"])}
    new = {one["call_id"] for one in line.outlook["new"]}
    return [
        {
            "call": call,
            "deadline": deadline(call, language),
            "is_new": call_id in new,
            "is_closing": call_id in closing,
            "kind": item_kind_name(one["kind"], language),
            "item": one["title"],
        }
        for call_id, one in both.items()
        if serving.has(call_id)
        for call in (serving.view.summary(serving.position(call_id), on),)
    ]


def _calls(serving: Serving, lines: Sequence[Line], on: datetime, language: str) -> list[dict[str, Any]]:
    """Return the calls that are new or close soon and concern most communes."""
    communes: dict[str, int] = {}
    for line in lines:
        for call_id in {one["call_id"] for one in (*line.outlook["new"], *line.outlook["closing"])}:
            communes[call_id] = communes.get(call_id, 0) + 1
    most = sorted(communes, key=lambda call_id: (-communes[call_id], call_id))[:MOST_CALLS]
    return [
        {"call": call, "deadline": deadline(call, language), "communes": communes[call_id]}
        for call_id in most
        if serving.has(call_id)
        for call in (serving.view.summary(serving.position(call_id), on),)
    ]
