"""Who holds which e-mail, and what happens when they die."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from service.database import reading, writing
from service.digests import outbox, planning
from service.digests.outbox import READY
from service.digests.tables import IssueRow, IssueState, SubscriptionState
from service.digests.weeks import Week
from service.moments import now
from tests.service.digests.people import add_reader, at_work, change, die, issues

WEEK = Week.of(now())


@pytest.fixture
def written(filled):
    """Three e-mails that are written and may go out."""
    for name in ("anna", "bruno", "carla"):
        add_reader(filled, name)
    with writing(filled) as session:
        planning.plan(session, WEEK, now(), "x.example")
        session.execute(update(IssueRow).values(state=IssueState.COMPOSED, message=outbox.pack(b"Ciao")))
    return filled


def start(engine):
    with at_work(engine, WEEK) as (_, run_id):
        return run_id


def claim(engine, run_id, most=10):
    with writing(engine) as session:
        return outbox.claim(session, run_id, WEEK, READY, now(), most)


def do(engine, step, *arguments):
    with writing(engine) as session:
        return step(session, *arguments)


def settle(engine, run_id, issue_id, state, wait=None):
    return do(engine, outbox.settle, run_id, issue_id, state, "", now(), wait)


def test_two_runs_share_the_emails_and_none_is_in_both_hands(written):
    one, other = start(written), start(written)
    first, second, third = claim(written, one, 2), claim(written, other, 2), claim(written, one, 2)
    assert (len(first), len(second), len(third)) == (2, 1, 0)
    assert not set(first) & set(second)


def test_what_a_silent_run_holds_is_free_again(written):
    dead, alive = start(written), start(written)
    held = claim(written, dead)
    assert claim(written, alive) == []
    die(written, dead)
    assert sorted(claim(written, alive)) == sorted(held)


def test_a_run_that_is_awake_again_finds_its_emails_taken_and_sends_nothing(written):
    slow, quick = start(written), start(written)
    issue_id = claim(written, slow, 1)[0]
    die(written, slow)
    claim(written, quick)
    assert not do(written, outbox.hand_over, slow, issue_id)
    assert do(written, outbox.hand_over, quick, issue_id)
    assert not settle(written, slow, issue_id, IssueState.SENT)


def test_an_email_is_handed_over_once(written):
    run = start(written)
    issue_id = claim(written, run, 1)[0]
    assert do(written, outbox.hand_over, run, issue_id)
    assert not do(written, outbox.hand_over, run, issue_id)


def test_who_unsubscribes_a_moment_before_gets_nothing(written):
    run = start(written)
    claim(written, run)
    change(written, "bruno", state=SubscriptionState.ENDED, ended_at=now())
    assert not do(written, outbox.hand_over, run, issues(written)["bruno"].id)


def test_what_a_dead_run_was_handing_over_is_uncertain_and_never_claimed_again(written):
    run = start(written)
    issue_id = claim(written, run, 1)[0]
    do(written, outbox.hand_over, run, issue_id)
    assert do(written, outbox.mark_interrupted, now()) == 0
    die(written, run)
    assert do(written, outbox.mark_interrupted, now()) == 1
    assert issue_id not in claim(written, start(written))


def test_a_run_taken_for_dead_that_hears_the_answer_after_all_settles_the_question(written):
    run = start(written)
    issue_id = claim(written, run, 1)[0]
    do(written, outbox.hand_over, run, issue_id)
    die(written, run)
    do(written, outbox.mark_interrupted, now())
    assert settle(written, run, issue_id, IssueState.SENT)
    assert IssueState.SENT in {row.state for row in issues(written).values()}


def test_an_email_to_be_tried_again_waits_for_its_time(written):
    run = start(written)
    first, *others = claim(written, run)
    for issue_id in others:
        settle(written, run, issue_id, IssueState.SENT)
    settle(written, run, first, IssueState.RETRY, timedelta(minutes=5))
    assert claim(written, run) == []
    with reading(written) as session:
        assert timedelta(minutes=4) < outbox.next_due(session, WEEK, run, READY) - now() <= timedelta(minutes=5)


def test_the_text_is_kept_as_long_as_it_may_be_needed(written):
    run = start(written)
    ids = claim(written, run)
    for issue_id, state in zip(ids, (IssueState.SENT, IssueState.UNCERTAIN, IssueState.RETRY), strict=True):
        do(written, outbox.hand_over, run, issue_id)
        settle(written, run, issue_id, state, timedelta(0) if state is IssueState.RETRY else None)
    kept = {row.state: bool(row.message) for row in issues(written).values()}
    assert kept == {IssueState.SENT: False, IssueState.UNCERTAIN: True, IssueState.RETRY: True}


def test_a_run_that_ends_lets_go_of_what_it_holds(written):
    run = start(written)
    held = claim(written, run)
    do(written, outbox.finish, run, now(), {"sent": 0})
    assert sorted(claim(written, start(written))) == sorted(held)


def test_a_run_waits_for_another_ones_emails_only_as_long_as_they_may_come_back(written):
    other, mine = start(written), start(written)
    claim(written, other)
    with reading(written) as session:
        due = outbox.next_due(session, WEEK, mine, READY)
    assert now() < due <= now() + outbox.LEASE
    do(written, outbox.finish, other, now(), {})
    for issue_id in claim(written, mine):
        do(written, outbox.hand_over, mine, issue_id)
        settle(written, mine, issue_id, IssueState.SENT)
    with reading(written) as session:
        assert outbox.next_due(session, WEEK, mine, READY) is None


def test_how_many_are_at_work_is_known(written):
    one, other = start(written), start(written)
    assert do(written, outbox.keep_alive, one, now()) == 2
    die(written, other)
    assert do(written, outbox.keep_alive, one, now()) == 1


def test_a_message_comes_out_of_the_outbox_as_it_went_in():
    message = bytes(range(256)) * 3
    assert outbox.unpack(outbox.pack(message)) == message
    assert outbox.pack(message).isascii()
