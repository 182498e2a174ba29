"""The register of projects to look through: filters, counts, order, pages, and the same taken along as a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from sqlalchemy import select

from matcher.strategy import CODES, DRIVER
from service.api.acting import Watched
from service.errors import InvalidError
from service.moments import now
from service.pages import register_words as words
from service.pages.commune.words import driver_name
from service.pages.languages import PageLanguage
from service.pages.templating import page
from service.register.counting import facets
from service.register.entries import Order, list_entries, totals_of, visible_to
from service.register.exports import (
    MOST_IN_A_WORKBOOK,
    TYPES,
    Format,
    must_fit,
    pieces,
    table_of,
    written,
)
from service.register.filters import RegisterFilters, filters_in, pairs_of
from service.register.late import standing
from service.register.places import places_of_entries
from service.register.tables import RegisterEntryRow as Entry
from service.tables import CommuneRow, FrameItemRow
from service.web.state import state_of
from service.work.acting import Acting

router = APIRouter(include_in_schema=False)
AT_ONCE = 20
What = Literal["progetti", "osservazioni"]
Form = Annotated[Format, Query(alias="formato")]


@dataclass(frozen=True, slots=True)
class Asked:
    """A list as its address asks for it; ``wrong`` names a filter that could not be read."""

    filters: RegisterFilters
    order: Order
    cursor: str
    wrong: str

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The filters as an address has them."""
        return pairs_of(self.filters)

    @property
    def ordered(self) -> list[tuple[str, str]]:
        """The order as an address has it; nothing for the usual one."""
        return [("ordine", self.order.value)] if self.order is not Order.TITLE else []


def asked_of(request: Request) -> Asked:
    """Return what the address of a list asks for."""
    filters, wrong = filters_in(request.query_params.multi_items())
    order = request.query_params.get("ordine", "")
    known = Order(order) if order in {one.value for one in Order} else Order.TITLE
    return Asked(filters, known, request.query_params.get("cursore", "")[:1000], wrong)


@router.get(words.PROJECTS)
def list_projects(request: Request, acting: Watched, language: PageLanguage) -> HTMLResponse:
    """Show the projects that pass the filters of the address, with how many there are of each sort."""
    asked, session = asked_of(request), acting.session
    seen, silence = visible_to(acting.principal), state_of(request).settings.silence_days
    found = list_entries(session, seen, asked.filters, asked.order, cursor=asked.cursor, limit=AT_ONCE)
    _note(acting, found.entries, "listed")
    called = called_in(acting)
    kept = [*asked.pairs, *asked.ordered]
    exports = [] if not found.total else _exports(asked)
    shown = {
        "asked": asked,
        "filters": asked.filters,
        "wrong": words.words_of(words.FIELDS, asked.wrong, language),
        "lines": _lines(acting, found.entries, called, silence, language),
        "total": found.total,
        "totals": totals_of(session, seen, asked.filters),
        "facets": facets(session, seen, asked.filters),
        "next": words.address_of([*kept, ("cursore", found.next_cursor)]) if found.next_cursor else "",
        "first": words.address_of(kept) if asked.cursor else "",
        "chips": words.chips(asked.pairs, asked.ordered, called, language),
        "pairs": asked.pairs,
        "orders": [(code, words.words_of(words.ORDERS, code, language)) for code in words.ORDERS],
        "exports": exports,
        "map": words.address_of(asked.pairs, "/mappa"),
        "states": words.states(language),
        "programmes": called.programmes,
        "communes": _near(acting),
        "zones": _zones(acting),
        "drivers": {code: driver_name(code) for code in CODES[DRIVER]},
        "missions": words.mission_names(),
        "source_name": lambda code: words.source(code, language),
        "silence": silence,
    }
    return page(request, "register/projects.html", shown, status=422 if asked.wrong else 200)


@router.get(f"{words.PROJECTS}/esporta")
def export_projects(
    request: Request, acting: Watched, form: Form = "csv", what: Annotated[What, Query(alias="che")] = "progetti"
) -> Response:
    """Send the projects that pass the filters, or what was said of them, as a file."""
    asked, seen = asked_of(request), visible_to(acting.principal)
    try:
        if what == "progetti":
            must_fit(acting.session, seen, asked.filters, form)
    except InvalidError:
        csv = words.address_of([*asked.pairs, ("formato", "csv")], f"{words.PROJECTS}/esporta")
        shown = {"most": MOST_IN_A_WORKBOOK, "back": words.address_of(asked.pairs), "csv": csv}
        return page(request, "register/too_many.html", shown, status=422)
    kind: Literal["projects", "observations"] = "projects" if what == "progetti" else "observations"
    silence = state_of(request).settings.silence_days
    file = written(table_of(kind, acting.session, seen, asked.filters, now().date(), silence), form)
    if acting.principal.is_staff or acting.principal.commune_istat:
        acting.did("projects", "exported", "", acting.principal.commune_istat, what=what, form=form)
    headers = {"Content-Disposition": f'attachment; filename="{what}.{form}"'}
    return StreamingResponse(pieces(file), media_type=TYPES[form], headers=headers)


def called_in(acting: Acting) -> words.Called:
    """Return what communes and programmes are called; programmes in the order of their names."""
    programmes = select(FrameItemRow.id, FrameItemRow.label).where(FrameItemRow.kind.in_(("programme", "axis")))
    communes = select(CommuneRow.id, CommuneRow.name)
    return words.Called(_names(acting, communes), _names(acting, programmes.order_by(FrameItemRow.label)))


def _names(acting: Acting, query: Any) -> dict[str, str]:
    return {id_: name for id_, name in acting.session.execute(query)}


def _near(acting: Acting) -> list[tuple[str, str]]:
    """Return the communes that have a homogeneous zone: those of the metropolitan city."""
    query = select(CommuneRow.id, CommuneRow.name).where(CommuneRow.zone != "").order_by(CommuneRow.name)
    return [(istat, name) for istat, name in acting.session.execute(query)]


def _zones(acting: Acting) -> list[tuple[str, str]]:
    query = select(CommuneRow.zone).where(CommuneRow.zone != "").distinct().order_by(CommuneRow.zone)
    return [(zone, zone) for zone in acting.session.scalars(query)]


def _exports(asked: Asked) -> list[tuple[str, str]]:
    """Return the forms in which a list can be taken along, with their addresses."""
    path = f"{words.PROJECTS}/esporta"
    return [(form, words.address_of([*asked.pairs, ("formato", form)], path)) for form in TYPES]


def _lines(
    acting: Acting, entries: tuple[Entry, ...], called: words.Called, silence: int, language: str
) -> list[dict[str, Any]]:
    ids = [entry.id for entry in entries]
    places, attention = places_of_entries(acting.session, ids), standing(acting.session, ids, now().date(), silence)
    return [line_of(entry, places.get(entry.id, []), attention, called, language) for entry in entries]


def line_of(
    entry: Entry, places: list[str], attention: Mapping[str, Any], called: words.Called, language: str
) -> dict[str, Any]:
    """Return one project as lists show it."""
    return {
        "entry": entry,
        "state": words.state_name(entry.state, language),
        "places": [called.communes[istat] for istat in places if istat in called.communes],
        "programme": called.programmes.get(entry.programme, entry.programme) or entry.measure_label,
        "source": words.source(entry.source, language),
        "attention": [words.words_of(words.ATTENTION, code, language) for code in attention.get(entry.id, ())],
        "is_private": entry.owner_istat is not None,
    }


def _note(acting: Acting, entries: tuple[Entry, ...], verb: str) -> None:
    if any(entry.owner_istat is not None for entry in entries):
        acting.did("projects", verb, "", acting.principal.commune_istat, count=len(entries))
