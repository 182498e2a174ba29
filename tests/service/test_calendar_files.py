"""Deadlines as calendars read them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from service.calendar_files import Deadline, calendar_file, identifier
from service.moments import ROME
from service.working_days import is_working_day, working_days_before, working_days_between

NOW = datetime(2026, 9, 1, 10, tzinfo=ROME)
CLOSES = datetime(2026, 11, 30, 12, tzinfo=ROME)


def deadline(**changes):
    given = {"call_id": "world:nidi", "closes": CLOSES, "hour_known": True, "summary": "Scade: Nuovi asili nido"}
    more = {"description": "Ministero, 734 milioni", "address": "https://remix.example/bandi/world%3Anidi"}
    return Deadline(**(given | more | changes))


def event_of(made):
    (event,) = Calendar.from_ical(made).walk("VEVENT")
    return event


def read(*deadlines):
    return Calendar.from_ical(calendar_file(deadlines, "Scadenze di Rho", NOW))


def test_a_deadline_with_an_hour_is_that_moment_in_summer_and_in_winter():
    winter = event_of(calendar_file([deadline()], "Rho", NOW))
    assert winter.decoded("dtstart") == datetime(2026, 11, 30, 11, tzinfo=UTC)
    summer = event_of(calendar_file([deadline(closes=datetime(2026, 10, 2, 12, tzinfo=ROME))], "Rho", NOW))
    assert summer.decoded("dtstart") == datetime(2026, 10, 2, 10, tzinfo=UTC)


def test_a_deadline_without_an_hour_is_the_whole_day_in_rome():
    night = datetime(2026, 11, 30, 23, 59, tzinfo=ROME).astimezone(UTC)
    event = event_of(calendar_file([deadline(closes=night, hour_known=False)], "Rho", NOW))
    assert event.decoded("dtstart") == date(2026, 11, 30)
    assert event["dtstart"].params["VALUE"] == "DATE"


def test_the_alarm_rings_seven_working_days_before_at_nine():
    (alarm,) = event_of(calendar_file([deadline()], "Rho", NOW)).walk("VALARM")
    assert alarm.decoded("trigger") == datetime(2026, 11, 19, 8, tzinfo=UTC)


def test_holidays_make_the_alarm_ring_earlier():
    made = calendar_file([deadline(closes=datetime(2027, 1, 8, 12, tzinfo=ROME))], "Rho", NOW)
    (alarm,) = event_of(made).walk("VALARM")
    assert alarm.decoded("trigger") == datetime(2026, 12, 28, 8, tzinfo=UTC)


def test_no_alarm_is_set_for_a_moment_that_is_past():
    made = calendar_file([deadline(closes=NOW + timedelta(days=2))], "Rho", NOW)
    assert not event_of(made).walk("VALARM")


def test_the_same_call_keeps_its_identifier_and_a_change_raises_the_sequence():
    before, after = read(deadline()), read(deadline(closes=CLOSES + timedelta(days=30), sequence=1))
    first, second = before.walk("VEVENT")[0], after.walk("VEVENT")[0]
    assert first["uid"] == second["uid"] == identifier("world:nidi")
    assert (first["sequence"], second["sequence"]) == (0, 1)
    assert identifier("world:nidi") != identifier("world:nidi2")


def test_an_empty_calendar_is_still_one():
    assert read()["x-wr-calname"] == "Scadenze di Rho"


@pytest.mark.parametrize(
    "words", ["a\r\nBEGIN:VALARM", "virgola, punto; e \\ barra", "è così – “tra virgolette”", "x" * 500]
)
def test_whatever_a_title_holds_is_read_back_as_text(words):
    event = event_of(calendar_file([deadline(summary=words)], "Rho", NOW))
    assert event["summary"].replace("\r\n", "\n") == words.replace("\r\n", "\n")
    assert len(event.walk("VALARM")) == 1


def test_no_line_is_longer_than_calendars_read():
    made = calendar_file([deadline(summary="è" * 300)], "Rho", NOW)
    assert max(len(line) for line in made.split(b"\r\n")) <= 75


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 30))
def test_the_day_so_many_working_days_before_is_one_and_that_many_away(day, number):
    before = working_days_before(day, number)
    assert is_working_day(before)
    assert working_days_between(before, day) == number - 1 + is_working_day(day)
