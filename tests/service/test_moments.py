from datetime import timedelta

import pytest

from service.errors import UsageError
from service.moments import judged_at, now


def test_without_a_date_deadlines_are_judged_now_in_romes_time() -> None:
    moment = judged_at("", any_date=False)
    assert moment is not None
    assert abs(moment - now()) < timedelta(minutes=1)
    assert str(moment.tzinfo) == "Europe/Rome"


def test_a_day_counts_from_its_first_minute_so_a_call_that_closes_at_noon_is_open() -> None:
    moment = judged_at("2025-05-05", any_date=False)
    assert moment is not None
    assert moment.isoformat() == "2025-05-05T00:00:00+02:00"


def test_with_any_date_nothing_is_judged() -> None:
    assert judged_at("", any_date=True) is None


@pytest.mark.parametrize("day", ["05/05/2025", "2025-02-30", "ieri", "2025-05-05T10:00"])
def test_what_is_no_day_is_refused(day: str) -> None:
    with pytest.raises(UsageError, match="not a day"):
        judged_at(day, any_date=False)


def test_a_day_in_the_future_is_refused_because_its_calls_are_not_known() -> None:
    tomorrow = (now() + timedelta(days=1)).date().isoformat()
    with pytest.raises(UsageError, match="future"):
        judged_at(tomorrow, any_date=False)


def test_two_ways_of_choosing_the_date_contradict_each_other() -> None:
    with pytest.raises(UsageError, match="contradict"):
        judged_at("2025-05-05", any_date=True)
