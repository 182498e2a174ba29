"""The catalogue to look through: filters, order, pages."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from service.api.shapes_calls import BrowseShape
from service.catalogue.browsing import browse, choices, how_many
from service.catalogue.view import CatalogueView
from service.moments import now
from service.pages.commune.words import driver_name
from service.pages.filters_told import Chip, address_of, chips, field_name, order_names, pairs_of
from service.pages.languages import PageLanguage
from service.pages.names import applicant_name, level_name, state_name
from service.pages.reasons import amounts, deadline
from service.pages.source_names import source_name
from service.pages.templating import page
from service.web.state import state_of

router = APIRouter(include_in_schema=False)
SEVERAL = ("state", "level", "source", "applicant", "theme", "driver")
"""Filters of which any of several values suffices."""
AT_ONCE = 20


@router.get("/bandi")
def list_calls(request: Request, language: PageLanguage) -> HTMLResponse:
    """Show the calls that pass the filters of the address, with how many there are of each kind."""
    sent = [(name, value.strip()) for name, value in request.query_params.multi_items() if value.strip()]
    asked, wrong = _asked(sent)
    serving, on = state_of(request).live.serving(), now()
    found = browse(serving.view, asked.filters(), asked.order, on, AT_ONCE, asked.cursor)
    calls = [_line(serving.view, position, on, language) for position in found.positions]
    kept = pairs_of(asked)
    active = chips(kept, language)
    shown = {
        "asked": asked,
        "wrong": field_name(wrong, language),
        "calls": calls,
        "total": found.total,
        "next": address_of([*kept, ("cursor", found.next_cursor)]) if found.next_cursor else "",
        "first": address_of(kept) if asked.cursor else "",
        "chips": active,
        "pairs": kept,
        "advice": [] if calls else [(one, _how_many(serving.view, one, on)) for one in active],
        "orders": order_names(language, with_words=bool(asked.q.strip())),
        "facets": choices(serving.view, asked.filters(), on),
        "state_name": lambda code: state_name(code, language),
        "level_name": lambda code: level_name(code, language),
        "applicant_name": lambda code: applicant_name(code, language),
        "source_name": lambda code: source_name(code, language),
        "driver_name": driver_name,
    }
    return page(request, "calls.html", shown, status=422 if wrong else 200)


def _asked(pairs: Iterable[tuple[str, str]]) -> tuple[BrowseShape, str]:
    """Return the filters of the address, and the name of the one that could not be read ("" if all could)."""
    sent: dict[str, Any] = {}
    for name, value in pairs:
        if name in SEVERAL:
            sent.setdefault(name, []).append(value)
        else:
            sent[name] = value
    known = {name: value for name, value in sent.items() if name in BrowseShape.model_fields and name != "limit"}
    try:
        return BrowseShape.model_validate(known), ""
    except ValidationError as error:
        return BrowseShape.model_validate({}), str(error.errors()[0]["loc"][0])


def _how_many(view: CatalogueView, chip: Chip, on: datetime) -> int:
    return how_many(view, _asked(chip.without)[0].filters(), on)


def _line(view: CatalogueView, position: int, on: datetime, language: str) -> dict[str, Any]:
    call = view.summary(position, on)
    return {
        "call": call,
        "deadline": deadline(call, language),
        "amounts": amounts(call, language),
        "state": state_name(call["state"], language),
    }
