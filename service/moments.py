"""The clock, read in one place: at which moment deadlines are judged."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from service.errors import UsageError

ROME = ZoneInfo("Europe/Rome")


def now() -> datetime:
    """Return the present moment in Rome's time."""
    return datetime.now(ROME)


def judged_at(on_date: str, *, any_date: bool) -> datetime | None:
    """Return the moment at which deadlines are judged: now, the start of the day named, or None for no judging.

    A day counts from its first minute, so that a call that closes at noon of that day is still open.
    Raises UsageError for a day that is none, that lies in the future, or that contradicts ``any_date``.
    """
    if any_date and on_date:
        raise UsageError(f"--any-date and --on-date {on_date} contradict each other: choose one")
    if any_date:
        return None
    if not on_date:
        return now()
    try:
        day = date.fromisoformat(on_date)
    except ValueError as error:
        raise UsageError(f"--on-date {on_date!r}: not a day; write it as 2025-05-05") from error
    if day > now().date():
        raise UsageError(f"--on-date {on_date}: lies in the future, and the calls of that day are not known yet")
    return start_of(day)


def start_of(day: date) -> datetime:
    """Return the first moment of a day in Rome's time."""
    return datetime.combine(day, time(), ROME)
