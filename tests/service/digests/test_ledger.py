"""What each person was told, and that nothing is told twice or lost."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from service.database import reading, writing
from service.digests.content import Reason
from service.digests.ledger import enter, told
from service.digests.planning import plan
from service.digests.tables import IssueRow, IssueState
from service.digests.weeks import Week
from service.moments import ROME
from service.tables import FundingCallRow
from tests.service.digests.people import add_reader

MONDAY = datetime(2026, 11, 23, 7, tzinfo=ROME)


@pytest.fixture
def call(filled):
    add_reader(filled, "anna")
    with reading(filled) as session:
        return session.scalar(select(FundingCallRow.id).limit(1))


def tell(engine, weeks_later, things, state=IssueState.SENT):
    """Send anna an e-mail of a week; returns that week."""
    at = MONDAY + timedelta(weeks=weeks_later)
    with writing(engine) as session:
        plan(session, Week.of(at), at, "x.example")
        issue = session.scalars(select(IssueRow).where(IssueRow.week == str(Week.of(at)))).one()
        enter(session, issue, things)
        session.execute(update(IssueRow).where(IssueRow.id == issue.id).values(state=state, told_at=at))
    return Week.of(at)


def known(engine):
    with reading(engine) as session:
        return told(session, ["anna", "nobody"])


def test_who_was_never_told_anything_is_not_in_it(filled, call):
    assert known(filled) == {}


def test_the_database_refuses_to_tell_the_same_thing_twice_in_a_week(filled, call):
    tell(filled, 0, [(call, 1, Reason.NEW)])
    with writing(filled) as session:
        issue = session.scalars(select(IssueRow)).one()
        with pytest.raises(IntegrityError):
            enter(session, issue, [(call, 1, Reason.NEW)])
        session.rollback()


def test_a_call_is_known_in_the_newest_version_that_was_told(filled, call):
    tell(filled, 0, [(call, 1, Reason.NEW)])
    last = tell(filled, 1, [(call, 3, Reason.CHANGED), (call, 3, Reason.CLOSING)])
    found = known(filled)["anna"]
    assert found.at == MONDAY + timedelta(weeks=1)
    assert (found.calls[call].version, found.calls[call].week) == (3, last)
    assert (found.calls[call].closing_version, found.calls[call].closing_week) == (3, last)


@pytest.mark.parametrize("state", [IssueState.UNCERTAIN, IssueState.FAILED, IssueState.EXPIRED, IssueState.SUPPRESSED])
def test_what_may_not_have_arrived_was_not_told(filled, call, state):
    tell(filled, 0, [(call, 1, Reason.NEW)], state)
    assert known(filled) == {}


def test_a_failed_week_leaves_news_for_the_next_one_since_the_last_that_arrived(filled, call):
    tell(filled, 0, [], IssueState.SENT)
    tell(filled, 1, [(call, 1, Reason.NEW)], IssueState.FAILED)
    found = known(filled)["anna"]
    assert found.at == MONDAY
    assert call not in found.calls


def test_a_month_without_any_run_is_caught_up_with(filled, call):
    tell(filled, 0, [(call, 1, Reason.NEW)])
    tell(filled, 6, [(call, 4, Reason.CHANGED)])
    assert known(filled)["anna"].calls[call].version == 4
    assert known(filled)["anna"].at == MONDAY + timedelta(weeks=6)


def test_a_week_without_news_that_was_skipped_moves_the_moment_on(filled, call):
    tell(filled, 0, [], IssueState.SKIPPED)
    assert known(filled)["anna"].at == MONDAY


def test_a_closing_told_for_an_old_deadline_is_told_apart_from_the_new_one(filled, call):
    tell(filled, 0, [(call, 1, Reason.CLOSING)])
    tell(filled, 1, [(call, 2, Reason.CHANGED)])
    found = known(filled)["anna"].calls[call]
    assert (found.version, found.closing_version) == (2, 1)
