"""What closes when for a commune: the calls it saved or applied to, and those recommended to it; as list and month."""

from calendar import Calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from babel.dates import format_date, get_day_names
from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from matcher.feedback import DecisionKind
from service.errors import InvalidError
from service.moments import ROME, now
from service.pages.calendars import calendar_of
from service.pages.commune.cards import decisions_by_call
from service.pages.commune.visit import Visit, Visited
from service.pages.commune.words import DECISIONS, named
from service.pages.formats import locale
from service.pages.reasons import NEAR_DAYS, deadline
from service.pages.translations import translations
from service.working_days import holidays

router = APIRouter(prefix="/comuni/{istat}", include_in_schema=False)
FIRST_YEAR, LAST_YEAR = 2000, 2100
FOLLOWED = (DecisionKind.SAVED, DecisionKind.APPLIED)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A call that closes, and why it is in the list."""

    day: date
    call: Any
    told: str
    why: str
    is_near: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the month."""

    day: date
    in_month: bool
    is_free: bool
    is_today: bool
    deadlines: tuple[Deadline, ...]


@router.get("/scadenze")
def read_deadlines(visit: Visited, month: Annotated[str, Query(alias="mese", max_length=7)] = "") -> HTMLResponse:
    """Show what closes next, and a month of it."""
    on = now()
    found = deadlines(visit, on)
    first = _month(month) or (found[0].day if found else on.date()).replace(day=1)
    shown = {
        "deadlines": found,
        "weeks": [[_day(day, first, on.date(), found) for day in week] for week in _weeks(first)],
        "names": [get_day_names("abbreviated", locale=locale(visit.language))[number] for number in range(7)],
        "full_names": [get_day_names("wide", locale=locale(visit.language))[number] for number in range(7)],
        "month": format_date(first, "LLLL y", locale=locale(visit.language)),
        "previous": f"{_moved(first, -1):%Y-%m}",
        "following": f"{_moved(first, 1):%Y-%m}",
    }
    return visit.page("deadlines.html", shown)


@router.get("/scadenze.ics")
def download_deadlines(visit: Visited) -> Response:
    """Return what closes next as a file for a calendar."""
    calls = [(one.call, one.why) for one in deadlines(visit, now())]
    name = translations(visit.language).gettext("Scadenze di %(commune)s") % {"commune": visit.commune.name}
    return calendar_of(visit.request, calls, name, f"scadenze-{visit.istat}", visit.language)


def deadlines(visit: Visit, on: datetime) -> list[Deadline]:
    """Return what has not closed yet and says when it does, the nearest first."""
    seen = dict(_followed(visit))
    for call_id in _recommended(visit):
        seen.setdefault(call_id, translations(visit.language).gettext("consigliato"))
    view = visit.serving.view
    calls = [
        (view.summary(visit.serving.position(id_), on), why) for id_, why in seen.items() if visit.serving.has(id_)
    ]
    found = [
        Deadline(
            datetime.fromisoformat(call["closes"]).astimezone(ROME).date(),
            call,
            deadline(call, visit.language),
            why,
            call["working_days_left"] is not None and call["working_days_left"] <= NEAR_DAYS,
        )
        for call, why in calls
        if call["closes"] and call["state"] != "closed"
    ]
    return sorted(found, key=lambda one: (one.call["closes"], one.call["id"]))


def _followed(visit: Visit) -> Iterator[tuple[str, str]]:
    for call_id, said in decisions_by_call(visit).items():
        kind = next((one.kind for one in said if one.kind in FOLLOWED), None)
        if kind is not None:
            yield call_id, named(kind.value, DECISIONS, visit.language)


def _recommended(visit: Visit) -> list[str]:
    try:
        answered = visit.answer().answered
    except InvalidError:
        return []
    return [one["call"]["id"] for one in (*answered["picks"], *answered["recommendations"])]


def _weeks(first: date) -> list[list[date]]:
    return Calendar().monthdatescalendar(first.year, first.month)


def _day(day: date, first: date, today: date, found: list[Deadline]) -> Day:
    is_free = day.weekday() > 4 or day in holidays(day.year)
    return Day(day, day.month == first.month, is_free, day == today, tuple(one for one in found if one.day == day))


def _month(words: str) -> date | None:
    """Return the first day of a month such as ``2026-12``; None for what is none, or too far away."""
    try:
        day = date.fromisoformat(f"{words}-01")
    except ValueError:
        return None
    return day if FIRST_YEAR < day.year < LAST_YEAR else None


def _moved(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
