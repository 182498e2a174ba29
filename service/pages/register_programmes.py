"""Programmes as groups of projects: what each comes to, in which states, in which communes, down to the measure."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from sqlalchemy import and_, select

from service.api.acting import Watched
from service.pages import register_words as words
from service.pages.formats import fine_share
from service.pages.going import part
from service.pages.languages import PageLanguage
from service.pages.templating import page
from service.register.entries import of_programme, visible_to
from service.register.exports import TYPES, Format, pieces, programmes_table, written
from service.register.filters import UNKNOWN_STATE
from service.register.programmes import Programme, list_programmes, read_programme
from service.register.tables import RegisterEntryRow as Entry
from service.work.acting import Acting

router = APIRouter(include_in_schema=False)
PROGRAMMES = "/programmi"
PAIRS = 50
"""Pairs of projects shown of one programme."""
Form = Annotated[Format, Query(alias="formato")]


@router.get(PROGRAMMES)
def read_programmes(request: Request, acting: Watched, language: PageLanguage) -> HTMLResponse:
    """Show every programme that has projects, with what it comes to."""
    found = list_programmes(acting.session, visible_to(acting.principal), language)
    exports = [(form, f"{PROGRAMMES}/esporta?formato={form}") for form in TYPES]
    shown = {"lines": [_line(one) for one in found], "exports": exports, "is_staff": acting.principal.is_staff}
    return page(request, "register/programmes.html", shown)


@router.get(f"{PROGRAMMES}/esporta")
def export_programmes(acting: Watched, language: PageLanguage, form: Form = "csv") -> Response:
    """Send what each programme comes to as a file."""
    file = written(programmes_table(list_programmes(acting.session, visible_to(acting.principal), language)), form)
    headers = {"Content-Disposition": f'attachment; filename="programmi.{form}"'}
    return StreamingResponse(pieces(file), media_type=TYPES[form], headers=headers)


@router.get(f"{PROGRAMMES}/{{programme_id:path}}")
def read_one(request: Request, acting: Watched, language: PageLanguage, programme_id: str) -> HTMLResponse:
    """Show one programme, or one group of measures by the beginning of their code."""
    seen = visible_to(acting.principal)
    view = read_programme(acting.session, seen, programme_id, language)
    shown = {
        "view": view,
        "one": view.programme,
        "bars": _bars(view.programme, language),
        "above": [(f"{PROGRAMMES}/{part(id_)}", label) for id_, label in view.path],
        "parts": [_line(one) for one in view.parts],
        "measures": [_line(one) for one in view.measures],
        "pairs": _pairs(acting, programme_id),
        "projects": words.address_of([("programma", programme_id)]),
        "map": words.address_of([("programma", programme_id)], "/mappa"),
        "exports": [
            (form, words.address_of([("programma", programme_id), ("formato", form)], f"{words.PROJECTS}/esporta"))
            for form in TYPES
        ],
    }
    return page(request, "register/programme.html", shown)


def _line(one: Programme) -> dict[str, Any]:
    return {"one": one, "address": f"{PROGRAMMES}/{part(one.id)}", "is_part": bool(one.whole)}


def _bars(one: Programme, language: str) -> list[dict[str, Any]]:
    """Return the states of a programme's projects, each with its share and the list of those."""
    total = max(one.totals.projects, 1)
    return [
        {
            "name": words.state_name(state, language),
            "number": number,
            "share": number / total,
            "told": fine_share(number / total, language),
            "address": words.address_of([("programma", one.id), ("stato", state or UNKNOWN_STATE)]),
        }
        for state, number in one.totals.states.items()
    ]


def _pairs(acting: Acting, programme_id: str) -> list[tuple[Entry, Entry]]:
    """Return the projects of a programme that go with another one: works with the services beside them."""
    seen, session = visible_to(acting.principal), acting.session
    wanted = and_(seen, of_programme(programme_id), Entry.paired_with != "")
    first = list(session.scalars(select(Entry).where(wanted).order_by(Entry.title, Entry.id).limit(PAIRS)))
    asked = select(Entry).where(seen, Entry.id.in_([one.paired_with for one in first]))
    other = {one.id: one for one in session.scalars(asked)}
    pairs: dict[frozenset[str], tuple[Entry, Entry]] = {}
    for one in first:
        if (with_ := other.get(one.paired_with)) is not None:
            pairs.setdefault(frozenset({one.id, with_.id}), (one, with_))
    return list(pairs.values())
