"""Working days in Italy: Monday to Friday without the national holidays (law 260/1949 and later ones)."""

from datetime import date, timedelta
from functools import lru_cache

_FIXED = ((1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (11, 1), (12, 8), (12, 25), (12, 26))
_SAINT_FRANCIS = (10, 4)
"""A holiday again from 2026 (law 151/2025)."""
_SAINT_FRANCIS_SINCE = 2026
_LONGEST = 3660
"""Days counted at most: a call that closes later than in ten years has no deadline that anybody plans for."""


@lru_cache(4096)
def working_days_between(first: date, last: date) -> int:
    """Return how many working days follow ``first``, up to and including ``last``; 0 where there are none."""
    days = (first + timedelta(days=number) for number in range(1, min((last - first).days, _LONGEST) + 1))
    return sum(is_working_day(day) for day in days)


def working_days_before(day: date, number: int) -> date:
    """Return the day that many working days before another one."""
    while number:
        day -= timedelta(days=1)
        number -= is_working_day(day)
    return day


def working_days_after(day: date, number: int) -> date:
    """Return the day that many working days after another one."""
    while number:
        day += timedelta(days=1)
        number -= is_working_day(day)
    return day


def is_working_day(day: date) -> bool:
    """Whether offices are open all over Italy; a town's patron saint is not known here."""
    return day.weekday() < 5 and day not in holidays(day.year)


@lru_cache(64)
def holidays(year: int) -> frozenset[date]:
    """Return the national holidays of a year, Sundays aside."""
    fixed = (*_FIXED, _SAINT_FRANCIS) if year >= _SAINT_FRANCIS_SINCE else _FIXED
    return frozenset(date(year, month, day) for month, day in fixed) | {easter(year) + timedelta(days=1)}


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    letter = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * letter) // 451
    month, day = divmod(h + letter - 7 * m + 114, 31)
    return date(year, month, day + 1)
