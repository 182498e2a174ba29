"""Deadlines as a file that calendars read (iCalendar, RFC 5545), the same for pages and letters.

A deadline whose hour is known is a moment, in UTC; one whose hour is not known is a whole day. Read again after a
change it takes its own place: the identifier stays, the sequence grows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from uuid import NAMESPACE_URL, uuid5

from icalendar import Alarm, Calendar, Event

from service.moments import ROME
from service.working_days import working_days_before

MEDIA_TYPE = "text/calendar; charset=utf-8"
WARNED_BEFORE = 7
"""Working days before a deadline on which a calendar reminds: time for one more decision of the council."""
_WARNED_AT = time(9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One deadline in words: ``closes`` aware, ``sequence`` grows with every change of the call (0 for the first)."""

    call_id: str
    closes: datetime
    hour_known: bool
    summary: str
    description: str
    address: str
    sequence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """Something to attend: ``starts`` and ``ends`` aware; ``sequence`` grows with every change of it."""

    event_id: str
    starts: datetime
    ends: datetime | None
    summary: str
    description: str
    place: str
    address: str
    is_cancelled: bool = False
    sequence: int = 0


def appointment_file(appointment: Appointment, name: str, at: datetime) -> bytes:
    """Return something to attend as the bytes of a calendar's file; ``at`` is when it is made."""
    calendar = Calendar()
    calendar.add("prodid", "-//Remix//Eventi//IT")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    event = Event()
    event.add("uid", f"{uuid5(NAMESPACE_URL, f'remix:event:{appointment.event_id}')}@remix")
    event.add("dtstamp", _utc(at))
    event.add("sequence", appointment.sequence)
    event.add("dtstart", _utc(appointment.starts))
    if appointment.ends is not None:
        event.add("dtend", _utc(appointment.ends))
    event.add("summary", appointment.summary)
    event.add("description", appointment.description)
    event.add("location", appointment.place)
    event.add("url", appointment.address)
    event.add("status", "CANCELLED" if appointment.is_cancelled else "CONFIRMED")
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def calendar_file(deadlines: Iterable[Deadline], name: str, at: datetime) -> bytes:
    """Return a calendar of this name as the bytes of a file; ``at`` is when it is made."""
    calendar = Calendar()
    calendar.add("prodid", "-//Remix//Scadenze//IT")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for deadline in deadlines:
        calendar.add_component(_event(deadline, at))
    written: bytes = calendar.to_ical()
    return written


def identifier(call_id: str) -> str:
    """Return what names the deadline of a call in every calendar, wherever it was downloaded."""
    return f"{uuid5(NAMESPACE_URL, f'remix:deadline:{call_id}')}@remix"


def _event(deadline: Deadline, at: datetime) -> Event:
    closes = deadline.closes.astimezone(ROME)
    event = Event()
    event.add("uid", identifier(deadline.call_id))
    event.add("dtstamp", _utc(at))
    event.add("sequence", deadline.sequence)
    event.add("dtstart", _utc(closes) if deadline.hour_known else closes.date())
    event.add("summary", deadline.summary)
    event.add("description", deadline.description)
    event.add("url", deadline.address)
    event.add("transp", "TRANSPARENT")
    warned = datetime.combine(working_days_before(closes.date(), WARNED_BEFORE), _WARNED_AT, ROME)
    # An alarm of the past would ring the moment the file is read.
    if warned > at:
        event.add_component(_alarm(deadline, warned))
    return event


def _alarm(deadline: Deadline, warned: datetime) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", deadline.summary)
    alarm.add("trigger", _utc(warned))
    return alarm


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
