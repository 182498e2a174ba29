"""The catalogue to look through, and each call whole."""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from service.api.shapes_calls import BrowseShape
from service.catalogue.browsing import browse, facets
from service.catalogue.detail import call_detail, call_history, last_import
from service.catalogue.view import CatalogueView
from service.moments import now
from service.pages.languages import PageLanguage
from service.pages.names import applicant_name, field_name, level_name, state_name, value_text
from service.pages.reasons import amounts, criterion_line, deadline, moment_day
from service.pages.rules_told import rule_line
from service.pages.templating import page
from service.web.state import state_of
from service.web.transactions import ReadSession
from service.wording import say

router = APIRouter(include_in_schema=False)
SEVERAL = ("state", "level", "source", "applicant", "theme")
"""Filters of which any of several values suffices."""
AT_ONCE = 20


@router.get("/bandi")
def list_calls(request: Request, language: PageLanguage) -> HTMLResponse:
    """Show the calls that pass the filters of the address, with how many there are of each kind."""
    asked, wrong = _asked(request)
    serving, on = state_of(request).live.serving(), now()
    found = browse(serving.view, asked.filters(), asked.order, on, AT_ONCE, asked.cursor)
    calls = [_line(serving.view, position, on, language) for position in found.positions]
    kept = [(name, value) for name, value in request.query_params.multi_items() if value and name != "cursor"]
    shown = {
        "asked": asked,
        "wrong": wrong,
        "calls": calls,
        "total": found.total,
        "next": f"/bandi?{urlencode([*kept, ('cursor', found.next_cursor)])}" if found.next_cursor else "",
        "is_first": not asked.cursor,
        "facets": facets(serving.view, asked.filters(), on),
        "state_name": lambda code: state_name(code, language),
        "level_name": lambda code: level_name(code, language),
        "applicant_name": lambda code: applicant_name(code, language),
    }
    return page(request, "calls.html", shown, status=422 if wrong else 200)


@router.get("/bandi/{call_id:path}")
def read_call(
    request: Request,
    session: ReadSession,
    language: PageLanguage,
    call_id: str,
    comune: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """Show a call whole: what it gives, to whom, until when, what was read where, what changed, what is like it."""
    serving, on = state_of(request).live.serving(), now()
    position = serving.position(call_id)
    commune = serving.finder.find(comune) if comune else None
    detail = call_detail(serving.view, position, on, commune)
    imported = last_import(session, serving.catalogue.calls[position].source)
    shown = {
        "detail": detail,
        "call": detail["call"],
        "commune": commune,
        "deadline": deadline(detail["call"], language),
        "amounts": amounts(detail["call"], language),
        "criteria": [rule_line(one, language) for one in detail["criteria"]],
        "judged": [criterion_line(one, language) for one in detail["judged"]],
        "verdict_words": say(detail["eligibility"], language).partition(" ")[2] if detail["eligibility"] else "",
        "versions": [_version(one, language) for one in reversed(call_history(session, call_id))],
        "imported": moment_day(imported.isoformat(), language) if imported else "",
        "state": state_name(detail["call"]["state"], language),
        "level": level_name(detail["call"]["level"], language),
        "communes": serving.communes,
    }
    return page(request, "call.html", shown)


def _asked(request: Request) -> tuple[BrowseShape, str]:
    """Return the filters of the address, and the name of the one that could not be read ("" if all could)."""
    sent: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        if name in SEVERAL:
            sent.setdefault(name, []).append(value)
        elif value.strip():
            sent[name] = value
    known = {name: value for name, value in sent.items() if name in BrowseShape.model_fields and name != "limit"}
    try:
        return BrowseShape.model_validate(known), ""
    except ValidationError as error:
        return BrowseShape.model_validate({}), str(error.errors()[0]["loc"][0])


def _line(view: CatalogueView, position: int, on: datetime, language: str) -> dict[str, Any]:
    call = view.summary(position, on)
    return {
        "call": call,
        "deadline": deadline(call, language),
        "amounts": amounts(call, language),
        "state": state_name(call["state"], language),
    }


def _version(version: dict[str, Any], language: str) -> dict[str, Any]:
    changes = [
        {"field": field_name(name, language), "old": value_text(pair["old"]), "new": value_text(pair["new"])}
        for name, pair in version["changes"].items()
    ]
    return {"number": version["version"], "when": moment_day(version["at"], language), "changes": changes}
