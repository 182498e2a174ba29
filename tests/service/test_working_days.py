"""Working days as an Italian office counts them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.working_days import easter, is_working_day, working_days_between

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(2000, (4, 23)), (2019, (4, 21)), (2024, (3, 31)), (2025, (4, 20)), (2026, (4, 5)), (2038, (4, 25))],
)
def test_easter_is_the_sunday_of_the_calendar(year, sunday):
    assert easter(year) == date(year, *sunday)


@pytest.mark.parametrize("day", ["2025-04-21", "2025-04-25", "2025-06-02", "2025-12-26", "2026-10-04", "2025-05-03"])
def test_holidays_and_weekends_are_no_working_days(day):
    assert not is_working_day(date.fromisoformat(day))


def test_saint_francis_was_a_working_day_until_the_law_changed():
    assert is_working_day(date(2024, 10, 4))
    assert not is_working_day(date(2027, 10, 4))


def test_the_closing_day_counts_and_today_does_not():
    assert working_days_between(date(2025, 5, 5), date(2025, 5, 6)) == 1
    assert working_days_between(date(2025, 5, 5), date(2025, 5, 5)) == 0
    assert working_days_between(date(2025, 5, 6), date(2025, 5, 5)) == 0
    assert working_days_between(date(2025, 4, 18), date(2025, 4, 28)) == 4


@given(first=DAYS, middle=st.integers(0, 400), last=st.integers(0, 400))
def test_working_days_of_two_spans_add_up(first, middle, last):
    between, end = first + timedelta(days=middle), first + timedelta(days=middle + last)
    assert working_days_between(first, end) == working_days_between(first, between) + working_days_between(between, end)
