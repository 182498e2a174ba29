"""The weeks of the digest, by Rome's clocks."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.digests.weeks import Week
from service.errors import UsageError
from service.moments import ROME


def at(*parts):
    return datetime(*parts, tzinfo=ROME)


@pytest.mark.parametrize("text", ["2026-W54", "2025-W53", "2026-W00", "2026-48", "W48", "", "2026-W4", "abcd-Wxy"])
def test_a_week_that_the_calendar_does_not_have_is_refused_with_an_example(text):
    with pytest.raises(UsageError, match="2026-W48"):
        Week.read(text)


def test_a_year_with_53_weeks_has_its_last_one_over_new_year():
    week = Week.read("2026-W53")
    assert (week.monday.isoformat(), week.sunday.isoformat()) == ("2026-12-28", "2027-01-03")
    assert Week.of(at(2027, 1, 3, 23, 59)) == week
    assert Week.of(at(2027, 1, 4, 0, 0)) == Week(2027, 1)


def test_the_first_days_of_january_may_belong_to_the_year_before():
    assert str(Week.of(at(2023, 1, 1, 12))) == "2022-W52"
    assert str(Week.of(at(2024, 12, 30, 0))) == "2025-W01"


def test_a_week_begins_at_midnight_in_rome_and_not_in_greenwich():
    assert Week.of(datetime.fromisoformat("2026-11-22T22:59:00+00:00")) == Week(2026, 47)
    assert Week.of(datetime.fromisoformat("2026-11-22T23:00:00+00:00")) == Week(2026, 48)


@pytest.mark.parametrize(("week", "hours"), [("2026-W13", 167), ("2026-W43", 169), ("2026-W48", 168)])
def test_the_weeks_in_which_clocks_change_are_an_hour_shorter_or_longer(week, hours):
    found = Week.read(week)
    assert found.ends.timestamp() - found.begins.timestamp() == timedelta(hours=hours).total_seconds()


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1)))  # noqa: DTZ001 - given a zone below
def test_every_moment_lies_in_exactly_the_week_that_is_named_after_it(moment):
    moment = moment.replace(tzinfo=ROME)
    week = Week.of(moment)
    assert week.begins <= moment < week.ends
    assert Week.read(str(week)) == week


@given(st.dates(), st.dates())
def test_weeks_are_ordered_as_their_names_are(one, other):
    first, second = (Week(*day.isocalendar()[:2]) for day in (one, other))
    assert (first < second) == (str(first) < str(second))
