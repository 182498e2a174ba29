"""Whatever way a request goes, what is kept of it agrees with its state, and its terms only ever move forward."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.moments import ROME
from service.requests.moves import moved, open_again
from service.requests.tables import RequestState, Service, ServiceRequestRow
from service.requests.terms import ENDED, OPEN, is_late, terms_of, without_waiting
from service.working_days import is_working_day, working_days_after, working_days_before, working_days_between

TERMS = terms_of("progetti=7")
# Hypothesis takes bounds without a zone.
FIRST, LAST = datetime(2020, 1, 1), datetime(2035, 1, 1)  # noqa: DTZ001
MOMENTS = st.datetimes(FIRST, LAST).map(lambda at: at.replace(tzinfo=UTC))
STEPS = st.lists(st.tuples(st.sampled_from(RequestState), st.integers(0, 40)), max_size=12)


@pytest.fixture(autouse=True)
def no_requests():
    """No database is asked here."""


def asked(at):
    due = TERMS.due(Service.PROJECTS, at)
    return ServiceRequestRow(
        service=Service.PROJECTS, state=RequestState.RECEIVED, due_on=due, promised_on=due, asked_at=at
    )


@given(MOMENTS, STEPS)
def test_what_is_kept_agrees_with_the_state_on_every_way(at, steps):
    row = asked(at)
    for state, days in steps:
        at += timedelta(days=days)
        before = row.state, row.promised_on, row.first_answer_at
        for name, value in moved(row, state, at, TERMS).items():
            setattr(row, name, value)
        assert row.state is state
        assert (row.waiting_since is not None) == (state is RequestState.WAITING)
        assert (row.ended_at is not None) == (state in ENDED)
        assert row.promised_on >= before[1]
        assert before[2] is None or row.first_answer_at == before[2]
        assert state is not RequestState.ANSWERED or row.first_answer_at is not None
        if state in OPEN and before[0] not in OPEN and before[0] is not RequestState.WAITING:
            assert row.due_on == TERMS.due(row.service, at)


@given(MOMENTS)
def test_a_term_ends_on_a_working_day_so_many_working_days_later(at):
    due = TERMS.due(Service.PROJECTS, at)
    assert is_working_day(due)
    first = working_days_before(due, 7)
    assert working_days_between(first, due) == 7


@given(MOMENTS, st.integers(0, 60), st.integers(0, 60))
def test_waiting_moves_a_term_by_its_working_days_and_no_more(since, days, number):
    day = working_days_after(since.date(), number)
    until = since + timedelta(days=days)
    later = without_waiting(day, since, until)
    assert working_days_between(day, later) == working_days_between(_day(since), _day(until))


def test_only_what_the_incubator_must_answer_is_late():
    at = datetime(2026, 3, 10, 12, tzinfo=UTC)
    yesterday, today = at.date() - timedelta(days=1), at.date()
    assert {state for state in RequestState if is_late(state, yesterday, at)} == OPEN
    assert not any(is_late(state, today, at) for state in RequestState)


def test_what_somebody_follows_is_taken_again_and_the_rest_received():
    row = asked(datetime(2026, 3, 10, tzinfo=UTC))
    assert open_again(row) is RequestState.RECEIVED
    row.owner_id = "somebody"
    assert open_again(row) is RequestState.TAKEN


def _day(at):
    return at.astimezone(ROME).date()
