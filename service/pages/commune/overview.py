"""The first page of a commune: what closes next, the best calls, what it has written, and how to begin."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from service.database import reading
from service.errors import InvalidError
from service.events.suggesting import suggestions
from service.moments import now
from service.pages.commune.deadlines import deadlines
from service.pages.commune.item_examples import examples
from service.pages.commune.listed import all_items
from service.pages.commune.prospects import missing_facts
from service.pages.commune.visit import Visit, Visited
from service.pages.commune.words import SLUG_OF_KIND, label, told
from service.pages.events import line
from service.pages.reasons import shown as shown_calls
from service.work.acting import Acting

router = APIRouter(prefix="/comuni/{istat}", include_in_schema=False)
AT_A_GLANCE = 5
EVENTS = 3
FACTS = ("population", "area_km2", "zone")


@router.get("")
def read_commune(visit: Visited) -> HTMLResponse:
    """Show a commune at a glance; one that has written nothing yet is shown how to begin."""
    listed = all_items(visit)
    is_new = not any(found for _, found in listed)
    answered = None if is_new else _answered(visit)
    data = visit.kept.data
    shown = {
        "is_new": is_new,
        "examples": examples(visit.language),
        "listed": [(kind, SLUG_OF_KIND[kind], found) for kind, found in listed],
        "facts": [(label(name, visit.language), told(name, data.get(name), visit.language)) for name in FACTS],
        "picks": answered["picks"] if answered else [],
        "calls": shown_calls(answered["recommendations"][:AT_A_GLANCE], visit.language) if answered else [],
        "missing": missing_facts(visit),
        "deadlines": deadlines(visit, now())[:AT_A_GLANCE],
        "events": _events(visit),
    }
    return visit.page("overview.html", shown)


def _events(visit: Visit) -> list[dict[str, Any]]:
    """The next events that concern the commune, each with its reason."""
    with reading(visit.engine) as session:
        found = suggestions(Acting(session, visit.principal, visit.request_id), visit.istat, EVENTS)
    return [line(one.event, one.why, visit.language) for one in found]


def _answered(visit: Visit) -> Mapping[str, Any] | None:
    """Return the calls for the commune; None where all that it has written is over."""
    try:
        return visit.answer().answered
    except InvalidError:
        return None
