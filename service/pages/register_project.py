"""One project of the register: its facts with their sources, milestones, amounts over time, what goes with it."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select

from matcher.records import Precedent, Project
from service.api.acting import Watched
from service.errors import UnknownRecordError
from service.history import versions
from service.imports import load_record
from service.kinds import KIND_NAMED
from service.moments import now
from service.pages import register_words as words
from service.pages.commune.words import label as field_label
from service.pages.commune.words import told as told_value
from service.pages.formats import money, number
from service.pages.frame_told import told_tags
from service.pages.going import part
from service.pages.languages import PageLanguage
from service.pages.names import value_text
from service.pages.register import called_in
from service.pages.register_chart import Series, series_of
from service.pages.templating import page
from service.register.entries import find_entry, visible_to
from service.register.filters import STATES
from service.register.folding import folded_into
from service.register.kinds import EntryKind
from service.register.late import attention, last_word
from service.register.observation_rows import Fact
from service.register.observations import Observation, may_write, milestones, of_entry
from service.register.places import places_of_entries
from service.register.said import ties_of
from service.register.tables import RegisterEntryRow as Entry
from service.register.tenders import tenders_of
from service.web.state import state_of
from service.work.acting import Acting

router = APIRouter(include_in_schema=False)
Done = Annotated[str, Query(alias="fatto", max_length=20)]
Said = Annotated[str, Query(alias="detto", max_length=100)]


@router.get(f"{words.PROJECTS}/{{record_id:path}}")
def read_project(
    request: Request, acting: Watched, language: PageLanguage, record_id: str, done: Done = "", said: Said = ""
) -> Response:
    """Show a project whole; one that is shown as another leads to that one."""
    entry = acting.session.get(Entry, record_id)
    if entry is not None and entry.merged_into and entry.owner_istat is None:
        return RedirectResponse(f"{words.PROJECTS}/{part(entry.merged_into)}", status_code=303)
    entry = find_entry(acting.session, visible_to(acting.principal), record_id)
    if entry.owner_istat is not None:
        acting.saw("projects", entry.id, entry.owner_istat)
    return project_page(request, acting, entry, language, {"done": done, "said": said})


def project_page(
    request: Request,
    acting: Acting,
    entry: Entry,
    language: str,
    more: dict[str, Any],
    status: int = 200,
) -> HTMLResponse:
    """Return the page of a project; ``more`` is what was done or refused just before."""
    observations = of_entry(acting, entry.id)
    silence, today = state_of(request).settings.silence_days, now().date()
    shown = {
        "entry": entry,
        "wrong": "",
        "refusal": "",
        "sent": {},
        "facts": _words(attention(acting.session, entry.id, today, silence), language),
        "last_word": last_word(acting.session, entry.id),
        "milestones": [_milestone(one, today) for one in milestones(observations)],
        "charts": _charts(observations, language),
        "observations": [said_line(one, language) for one in reversed(observations)],
        "can_write": may_write(acting, entry),
        "ties": ties_of(acting, entry.id),
        "own": f"/comuni/{entry.owner_istat}/progetti/{part(entry.id)}"
        if entry.owner_istat and acting.principal.keeps(entry.owner_istat)
        else "",
        "today": today,
        "states": [(code, words.state_name(code, language)) for code in STATES],
        "amounts": [(code, words.words_of(words.AMOUNTS, code, language)) for code in words.AMOUNTS],
        "silence": silence,
    }
    return page(
        request,
        "register/project.html",
        shown | _record(acting, entry, language) | _around(acting, entry, language) | more,
        status=status,
    )


def _record(acting: Acting, entry: Entry, language: str) -> dict[str, Any]:
    """Return what the record of an entry says."""
    kind: type[Project | Precedent] = Project if entry.kind is EntryKind.PROJECT else Precedent
    record = load_record(acting.session, kind, entry.id)
    called = called_in(acting)
    places = places_of_entries(acting.session, [entry.id]).get(entry.id, [])
    history = versions(acting.session, KIND_NAMED[f"{entry.kind.value}s"], entry.id)
    return {
        "record": record,
        "partners": record.partners if isinstance(record, Project) else (),
        "places": [(istat, called.communes[istat]) for istat in places if istat in called.communes],
        "programme": called.programmes.get(entry.programme, ""),
        "state": words.state_name(entry.state, language),
        "source": words.source(entry.source, language),
        "versions": [
            {
                "at": one.at,
                "source": words.source(one.source, language),
                "changes": [
                    (field_label(name, language), value_text(old), value_text(new))
                    for name, (old, new) in one.changes.items()
                    if name != "hand_fields"
                ],
            }
            for one in reversed(history)
        ],
    }


def _around(acting: Acting, entry: Entry, language: str) -> dict[str, Any]:
    """Return what goes with an entry: its pair, what was folded into it, its tags, where to look further."""
    seen = visible_to(acting.principal)
    pair = select(Entry).where(seen, (Entry.id == entry.paired_with) | (Entry.paired_with == entry.id))
    return {
        "pairs": [_other(one, language) for one in acting.session.scalars(pair.order_by(Entry.id))],
        "folded": [_other(one, language) for one in folded_into(acting.session, acting.principal, entry.id)],
        "plan_tags": told_tags(acting.session, f"{entry.kind.value}s", entry.id, language),
        "tenders": tenders_of(acting.session, entry.id),
        "calls": f"/bandi?{urlencode({'programme': entry.measure})}" if entry.measure else "",
    }


def _other(entry: Entry, language: str) -> dict[str, Any]:
    return {
        "entry": entry,
        "state": words.state_name(entry.state, language),
        "source": words.source(entry.source, language),
    }


def _words(codes: Sequence[str], language: str) -> list[str]:
    return [words.words_of(words.ATTENTION, code, language) for code in codes]


def _milestone(one: Observation, today: date) -> dict[str, Any]:
    said = one.said
    if said.actual_on is not None:
        standing = "reached"
    elif said.planned_on is None:
        standing = "unknown"
    else:
        standing = "late" if said.planned_on < today else "planned"
    slip = (said.actual_on - said.planned_on).days if said.actual_on and said.planned_on else 0
    return {"said": said, "standing": standing, "days_late": max(slip, 0)}


def _charts(observations: Sequence[Observation], language: str) -> list[Series]:
    """Return a drawing for each amount and indicator of which there is more than one value."""
    values: dict[tuple[Fact, str, str], list[Any]] = {}
    for one in observations:
        said = one.said
        if said.value is not None:
            told = value_told(one, language)
            values.setdefault((said.fact, said.name, said.unit), []).append((said.said_on, said.value, told))
    return [
        series_of(words.words_of(words.AMOUNTS, name, language), found)
        for (_fact, name, _unit), found in values.items()
        if len(found) > 1
    ]


def value_told(one: Observation, language: str) -> str:
    """Return the value of an amount or indicator with its unit."""
    said = one.said
    if said.value is None:
        return ""
    if said.fact is Fact.AMOUNT:
        return money(said.value, said.unit, language)
    return f"{number(float(said.value), language)} {said.unit}".strip()


def said_line(one: Observation, language: str) -> dict[str, Any]:
    """Return one fact as the page tells it, with who said it."""
    said = one.said
    name = words.words_of(words.AMOUNTS, said.name, language) if said.fact is Fact.AMOUNT else said.name
    told = told_value("state", said.state, language) if said.state else value_told(one, language)
    return {
        "id": one.id,
        "said": said,
        "fact": words.words_of(words.FACTS, said.fact, language),
        "name": name,
        "told": told,
        "by": words.source(one.source, language) if one.by_import else one.author.name,
        "office": one.author.office.value,
        "by_import": one.by_import,
    }


def entry_to_show(acting: Acting, record_id: str) -> Entry:
    """Return the entry of a page to which something was sent; raises UnknownRecordError if it may not be written."""
    entry = find_entry(acting.session, visible_to(acting.principal), record_id)
    if not may_write(acting, entry):
        raise UnknownRecordError(f"{record_id}: no project that you may write about has this id")
    return entry
