"""All communes at a glance, for the incubator: what is new, what closes, who has not been called; as map and table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians, sqrt
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from matcher.records import Commune
from service.api.acting import Writing
from service.catalogue.overview import NEW_DAYS, followed, ready_outlooks
from service.live import Serving
from service.moments import now
from service.pages.desk import Done, Undo, item_kind_name, notice, work_state_name
from service.pages.languages import PageLanguage
from service.pages.reasons import deadline
from service.pages.templating import page
from service.web.state import state_of
from service.work.contacts import Standing, standings

router = APIRouter(include_in_schema=False)
WIDTH = 600.0
"""Of the map, in its own units; the page scales it."""
MARGIN, SMALLEST = 14.0, 3.5
MOST_CALLS = 12
NOTHING: Mapping[str, Any] = {"items": 0, "new": [], "closing": []}


@dataclass(frozen=True, slots=True)
class Line:
    """One commune in the table and on the map; ``x``, ``y`` and ``size`` are None where its place is not known."""

    commune: Commune
    outlook: Mapping[str, Any]
    standing: Standing
    states: str
    x: float | None
    y: float | None

    @property
    def size(self) -> float:
        """The radius of its point: its area grows with the number of new calls."""
        return SMALLEST * sqrt(1 + len(self.outlook["new"]))


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
    lines, height = _lines(acting.session, serving, on, standings(acting), language)
    acting.did("communes", "looked_over", "", count=len(lines))
    kept = [line for line in lines if _wanted(line, zona, mostra)]
    chosen = next((line for line in lines if line.commune.istat == comune), None)
    shown = {
        "lines": kept,
        "height": round(height),
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


def _lines(
    session: Any, serving: Serving, on: datetime, known: Mapping[str, Standing], language: str
) -> tuple[list[Line], float]:
    communes = followed(serving.communes)
    outlooks = ready_outlooks(session, serving, on)
    places, height = _places(communes)
    lines = []
    for commune in communes:
        standing = known.get(commune.istat, Standing())
        states = ", ".join(f"{count} {work_state_name(state, language)}" for state, count in standing.states.items())
        place = places.get(commune.istat, (None, None))
        lines.append(Line(commune, outlooks.get(commune.istat, NOTHING), standing, states, *place))
    return lines, height


def _places(communes: Sequence[Commune]) -> tuple[dict[str, tuple[float, float]], float]:
    """Return where each commune stands on the map, and how high the map is: degrees of longitude drawn shorter."""
    known = [(one.istat, one.lon, one.lat) for one in communes if one.lon is not None and one.lat is not None]
    if not known:
        return {}, 0.0
    north, south = max(lat for *_, lat in known), min(lat for *_, lat in known)
    west, east = min(lon for _, lon, _ in known), max(lon for _, lon, _ in known)
    shorter = cos(radians((north + south) / 2))
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * shorter, 1e-6)
    places = {
        istat: (round(MARGIN + (lon - west) * shorter * scale, 1), round(MARGIN + (north - lat) * scale, 1))
        for istat, lon, lat in known
    }
    return places, (north - south) * scale + 2 * MARGIN


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
