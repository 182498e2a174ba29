"""One project in two sources, for the incubator: both side by side, to merge or to tell apart, each step undone."""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select

from matcher.records import Precedent, Project
from matcher.territory import place_key
from service.access.enforcement import CurrentPrincipal
from service.api.acting import Watched
from service.errors import ConflictError, InvalidError
from service.imports import load_record
from service.pages import register_words as words
from service.pages.desk import Done, Undo, acting_in, notice
from service.pages.formats import money
from service.pages.going import go
from service.pages.languages import PageLanguage
from service.pages.register import called_in
from service.pages.source_names import source_name
from service.pages.templating import page
from service.pages.translations import marked as _
from service.pages.twin_words import evidence_words
from service.register import twins
from service.register.kinds import REGISTER, EntryKind
from service.register.places import places_of_entries
from service.register.tables import RegisterEntryRow as Entry
from service.register.twin_finding import find_again, is_stale
from service.register.twins import ProposedTwin
from service.web.paging import decode_cursor, encode_cursor
from service.web.requests import PathId, RequestId
from service.web.state import state_of
from service.work import distinctions
from service.work.acting import Acting

router = APIRouter(include_in_schema=False)
DESK = "/incubatore/doppioni-progetti"
AT_ONCE = 10
Cursor = Annotated[str, Query(max_length=1000)]
Chosen = Annotated[str, Form(max_length=300)]
_LONGEST_TEXT = 400
_ROWS = {
    "source": _("Fonte"),
    "title": _("Titolo"),
    "text": _("Descrizione"),
    "cup": _("CUP"),
    "programme": _("Programma o misura"),
    "places": _("Comuni"),
    "body": _("Ente"),
    "amount": _("Importo"),
    "year": _("Anno"),
    "state": _("Stato"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """What both entries say of one thing (``key``), and whether they contradict each other."""

    key: str
    name: str
    left: str
    right: str

    @property
    def differs(self) -> bool:
        """Whether both say something, and not the same."""
        return self.key != "source" and bool(self.left and self.right) and place_key(self.left) != place_key(self.right)


@router.get(DESK)
def read_project_twins(
    request: Request, acting: Watched, language: PageLanguage, cursor: Cursor = "", done: Done = "", undo: Undo = ""
) -> HTMLResponse:
    """Show the projects that are probably one, and what people said of earlier ones."""
    return _page(request, acting, language, cursor, {"notice": notice(done, undo, language)})


@router.post(DESK)
def merge_project_twins(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    language: PageLanguage,
    tiene: Chosen = "",
    unisce: Chosen = "",
) -> Response:
    """Say that two entries are one project: the one that is kept is listed and counted, with the other's source."""
    try:
        with acting_in(request, principal, request_id) as acting:
            made = twins.merge_projects(acting, tiene, unisce)
    except (InvalidError, ConflictError) as error:
        with acting_in(request, principal, request_id) as acting:
            return _refused(request, acting, language, error)
    return go(DESK, fatto="progetti_uniti", annulla=f"{DESK}/{made.id}/annulla")


@router.post(f"{DESK}/cerca")
def look_again(request: Request, principal: CurrentPrincipal) -> Response:
    """Find the pairs anew in what the register holds now."""
    find_again(state_of(request).engine)
    return go(DESK, fatto="progetti_cercati")


@router.post(f"{DESK}/diversi")
def tell_projects_apart(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    language: PageLanguage,
    progetto: Chosen = "",
    altro: Chosen = "",
) -> Response:
    """Say that two entries are two projects: they are never proposed as one again."""
    try:
        with acting_in(request, principal, request_id) as acting:
            made = distinctions.tell_apart(acting, REGISTER, progetto, [altro])
    except (InvalidError, ConflictError) as error:
        with acting_in(request, principal, request_id) as acting:
            return _refused(request, acting, language, error)
    return go(DESK, fatto="progetti_diversi", annulla=f"{DESK}/diversi/{made.id}/annulla")


@router.post(f"{DESK}/{{merge_id}}/annulla")
def part_project_twins(
    request: Request, principal: CurrentPrincipal, request_id: RequestId, merge_id: PathId
) -> Response:
    """Take a merge back: both projects are listed and counted again."""
    with acting_in(request, principal, request_id) as acting:
        twins.withdraw_project_merge(acting, merge_id)
    return go(DESK, fatto="annullato")


@router.post(f"{DESK}/diversi/{{distinction_id}}/annulla")
def bring_projects_together(
    request: Request, principal: CurrentPrincipal, request_id: RequestId, distinction_id: PathId
) -> Response:
    """Take back that two projects are different: they may be proposed as one again."""
    with acting_in(request, principal, request_id) as acting:
        distinctions.withdraw_distinction(acting, distinction_id)
    return go(DESK, fatto="annullato")


def _refused(request: Request, acting: Acting, language: str, error: InvalidError | ConflictError) -> HTMLResponse:
    conflict = isinstance(error, ConflictError)
    return _page(request, acting, language, "", {"error": "said" if conflict else "which"}, 409 if conflict else 422)


def _page(
    request: Request, acting: Acting, language: str, cursor: str, told: dict[str, Any], status: int = 200
) -> HTMLResponse:
    found, last = twins.proposed_twins(acting, after=decode_cursor(cursor), limit=AT_ONCE)
    _note(acting, found)
    made, _more = twins.list_project_merges(acting, limit=AT_ONCE)
    different, _more = distinctions.list_distinctions(acting, kind=REGISTER, limit=AT_ONCE)
    named = {one for said in made for one in (said.kept_id, said.merged_id)}
    titles = _titles(acting, named | {one for said in different for one in (said.record_id, *said.other_ids)})
    shown = {
        "pairs": _side_by_side(acting, found, language),
        "merges": made,
        "different_ones": different,
        "titles": titles,
        "is_stale": is_stale(acting.session),
        "following": f"{DESK}?{urlencode({'cursor': encode_cursor(last)})}" if last else "",
        "is_first": not cursor,
        "notice": {"words": "", "undo": ""},
        "error": "",
    }
    return page(request, "incubator/project_twins.html", shown | told, status)


def _note(acting: Acting, found: list[ProposedTwin]) -> None:
    if any(entry.owner_istat is not None for twin in found for entry in (twin.leading, twin.other)):
        acting.did("projects", "listed", "", count=2 * len(found))


def _titles(acting: Acting, ids: set[str]) -> dict[str, str]:
    rows = acting.session.execute(select(Entry.id, Entry.title).where(Entry.id.in_(sorted(ids))))
    return {id_: title for id_, title in rows}


def _side_by_side(acting: Acting, found: list[ProposedTwin], language: str) -> list[dict[str, Any]]:
    entries = [entry for twin in found for entry in (twin.leading, twin.other)]
    places, called = places_of_entries(acting.session, [entry.id for entry in entries]), called_in(acting)
    said = {
        entry.id: _said(acting, entry, [called.communes.get(one, "") for one in places.get(entry.id, ())], language)
        for entry in entries
    }
    for entry in entries:
        said[entry.id]["programme"] = entry.measure_label or called.programmes.get(entry.programme, entry.measure)
    return [
        {
            "twin": twin,
            "why": evidence_words(twin.evidence, language),
            "rows": [
                Row(name, words.words_of(_ROWS, name, language), said[twin.leading.id][name], said[twin.other.id][name])
                for name in _ROWS
            ],
            "money_differs": None not in (twin.leading.amount, twin.other.amount)
            and twin.leading.amount != twin.other.amount,
        }
        for twin in found
    ]


def _said(acting: Acting, entry: Entry, places: list[str], language: str) -> dict[str, str]:
    kind: type[Project | Precedent] = Project if entry.kind is EntryKind.PROJECT else Precedent
    record = load_record(acting.session, kind, entry.id)
    text = "" if record.text == entry.title else record.text
    if not all(places) and isinstance(record, Precedent):
        # Communes that no list has given yet: the publisher names them.
        places = [name.title() for name in record.commune_names]
    return {
        "source": source_name(entry.source, language),
        "title": entry.title,
        "text": text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT].rstrip()}…",
        "cup": entry.cup,
        "places": ", ".join(filter(None, places)),
        "body": entry.body,
        "amount": "" if entry.amount is None else money(entry.amount, "EUR", language),
        "year": "" if entry.year is None else str(entry.year),
        "state": words.state_name(entry.state, language) if entry.state else "",
    }
