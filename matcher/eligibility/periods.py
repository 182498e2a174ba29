"""When one may apply, in running text: ``dalle ore 10.00 del 15 gennaio fino alle ore 16.00 del 14 marzo 2025``.

A call names dozens of days; those that count stand beside words of applying, and a last day by itself has its hour.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from matcher.records import Moment
from matcher.serialization import ROME

_MONTHS = (
    *("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno"),
    *("luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"),
)
_TIME = r"(?P<{0}hour>\d{{1,2}})(?:[.:,](?P<{0}minute>\d{{2}}))?(?:[.:]\d{{2}})?"
_DAY = (
    r"(?:(?:(?:luned|marted|mercoled|gioved|venerd)[iì]'?|sabato|domenica)\s+)?(?P<{0}day>\d{{1,2}})[°º]?(?:\s+|[/.-])"
    rf"(?P<{{0}}month>{'|'.join(_MONTHS)}|\d{{{{1,2}}}})(?:\s+(?:del\s+)?|[/.-])(?P<{{0}}year>20\d\d)"
)
_POINT = rf"(?:giorno\s+)?(?:ore\s+{_TIME}\s+(?:(?:di|del(?:l[ao'’])?|giorno|dì)\s+)*)?{_DAY}"
_HOUR_AFTER = rf"(?:,?\s+(?:(?:ed?\s+)?(?:entro|non\s+oltre|e|le|alle)\s+)*ore\s+{_TIME.format('late_')})?"
_FROM = rf"(?:a\s+partire\s+)?dal(?:le|l[a'’])?\s+{_POINT.format('from_')}"
_TO = (
    r"(?:(?:(?:entro(?:\s+e\s+non\s+oltre)?|non\s+oltre)(?:\s+(?:le|il|la))?|(?:sino|fino)\s+al(?:le|l[a'’])?"
    rf"|al(?:le|l[a'’])?)\s+){_POINT.format('to_')}{_HOUR_AFTER}"
)
_DEADLINE_WORDS = (
    r"(?:entro(?:\s+e\s+non\s+oltre)?(?:\s+(?:le|il|la))?|scad\w+\s+(?:il|alle|è\s+fissat\w+\s+a\w*)"
    r"|(?:sino|fino)\s+al(?:le)?)\s+"
)
# Between the first day and the last there may be a semicolon and a bullet, never the end of a sentence.
_INTERVAL = re.compile(rf"{_FROM}(?:[^.;]{{0,60}}?|\s*;\s*[-–•➢]?\s*){_TO}", re.IGNORECASE)
_DEADLINE = re.compile(rf"{_DEADLINE_WORDS}{_POINT.format('to_')}{_HOUR_AFTER}", re.IGNORECASE)
_DESK_END = re.compile(
    rf"(?:sportello|apert[oa])\b[^.;]{{0,160}}?(?:non\s+oltre\s+il|(?:sino|fino)\s+al)\s+{_POINT.format('to_')}",
    re.IGNORECASE,
)
_OPENING = re.compile(_FROM, re.IGNORECASE)
_ABOUT_APPLYING = re.compile(
    r"domand|presentazion|presentat[ae]|candidatur|istanz|sportello|apertura|partecipa|proposte", re.IGNORECASE
)
AROUND = 160
"""Characters around a date in which a word must speak of applying."""


@dataclass(frozen=True, slots=True)
class Period:
    """The first and the last moment in which one may apply, and the offsets of the words that say so."""

    opens: Moment | None
    closes: Moment | None
    start: int
    end: int


def find_period(text: str) -> Period | None:
    """The period of a text in which one may apply; None where it names none.

    Both ends together count first, before others those with the hour of the last day: a headline rounds what a clause
    says. Else an opening and a last moment, each with its hour, are taken where they stand.
    """
    intervals = list(_intervals(text))
    if intervals:
        return next((period for period in intervals if period.closes and period.closes.hour_known), intervals[0])
    opening = next(_moments(_OPENING, "from_", text), None)
    last = next(_moments(_DEADLINE, "to_", text), None) or next(_moments(_DESK_END, "to_", text, hour=False), None)
    if opening and last and opening[0].at >= last[0].at:
        opening = None
    found = opening or last
    if found is None:
        return None
    start, end = found[1].span()
    return Period(opening[0] if opening else None, last[0] if last else None, start, end)


def _intervals(text: str) -> Iterator[Period]:
    for match in _about_applying(_INTERVAL, text):
        opens, closes = _moment(match, "from_"), _moment(match, "to_")
        if closes is not None and (opens is None or opens.at < closes.at):
            yield Period(opens, closes, match.start(), match.end())


def _moments(
    pattern: re.Pattern[str], prefix: str, text: str, *, hour: bool = True
) -> Iterator[tuple[Moment, re.Match[str]]]:
    for match in _about_applying(pattern, text):
        moment = _moment(match, prefix)
        # Without an hour it is as often the end of the works.
        if moment is not None and (moment.hour_known or not hour):
            yield moment, match


def _about_applying(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    for match in pattern.finditer(text):
        if _ABOUT_APPLYING.search(text, max(0, match.start() - AROUND), match.end() + AROUND):
            yield match


def _moment(match: re.Match[str], prefix: str) -> Moment | None:
    groups = match.groupdict()
    day, month, year = (groups[prefix + part] for part in ("day", "month", "year"))
    late = "late_" if prefix == "to_" and groups[prefix + "hour"] is None else prefix
    hour, minute = groups.get(late + "hour"), groups.get(late + "minute")
    try:
        number = _MONTHS.index(month.lower()) + 1 if month.isalpha() else int(month)
        at = datetime(int(year), number, int(day), tzinfo=ROME)
    except ValueError:
        return None  # a day that no calendar has is a misprint, not a deadline
    if hour is None:
        return Moment(at)
    return Moment(at + timedelta(hours=int(hour), minutes=int(minute or 0)), hour_known=True)
