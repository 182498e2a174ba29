"""Delivery against a mail server that fails in every way it can, with processes that die at any step."""

from collections import Counter
from datetime import timedelta
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from service.database import reading, writing
from service.digests import outbox, planning
from service.digests.addresses import address_hash, suppressed_hashes
from service.digests.delivery import Delivery, Manner
from service.digests.tables import IssueRow, IssueState, SubscriptionState
from service.digests.weeks import Week
from service.errors import NotReadyError
from service.mailer import MailServer
from service.moments import now
from tests.service.digests.people import add_reader, at_work, change, clear, die, issues
from tests.service.digests.smtp import GOOD, OFFERS, TEXTS, KilledError, Server

WEEK = Week.of(now())
SERVER = MailServer("mx.example", 25, "Remix <remix@incubatore.example>")
STATES = {
    IssueState.SENT: {1},
    IssueState.UNCERTAIN: {0, 1},
    IssueState.FAILED: {0},
    IssueState.SUPPRESSED: {0},
}
"""How often the server may have taken an e-mail that ended in each state; no other state is an end."""


def written(engine, number):
    """A week's e-mails, ready to go out."""
    for count in range(number):
        add_reader(engine, f"reader{count}", email=f"r{count}@ente{count}.example")
    with writing(engine) as session:
        planning.plan(session, WEEK, now(), "x.example")
        session.execute(update(IssueRow).values(state=IssueState.COMPOSED, message=outbox.pack(b"Ciao\r\n")))
    return engine


def deliver(engine, server, *, connections=1, patience_s=5.0, interval_s=0.0):
    """One run; returns whether it came to its end."""
    with at_work(engine, WEEK) as (session, run_id):
        outbox.mark_interrupted(session, now())
    manner = Manner(SERVER, "remix@x.example", connections, interval_s, 0.0, timedelta(seconds=patience_s))
    delivery = Delivery(engine, run_id, WEEK, manner, server.converse)
    try:
        delivery.run(lambda _done: None)
    except KilledError:
        die(engine, run_id)
        return False
    with writing(engine) as session:
        outbox.finish(session, run_id, now(), {})
    return True


def ends(engine):
    return {row.subscription_id: row.state for row in issues(engine).values()}


def test_everybody_gets_the_email_with_their_address_on_top(filled):
    server = Server()
    assert deliver(written(filled, 3), server)
    assert server.taken == {f"r{count}@ente{count}.example": 1 for count in range(3)}
    assert server.messages["r1@ente1.example"] == b"To: r1@ente1.example\r\nCiao\r\n"
    assert set(ends(filled).values()) == {IssueState.SENT}


@pytest.mark.parametrize("word", ["later", "sender later", "broken", "unreachable"])
def test_what_is_refused_for_the_time_being_is_tried_again_within_the_run(filled, word):
    server = Server(offers=[word])
    assert deliver(written(filled, 1), server)
    assert list(server.taken.values()) == [1]


def test_what_stays_refused_is_left_to_the_next_run(filled):
    written(filled, 1)
    with at_work(filled, WEEK) as (_, run_id):
        pass
    manner = Manner(SERVER, "remix@x.example", 1, 0.0, 3600.0, timedelta(0))
    Delivery(filled, run_id, WEEK, manner, Server(offers=["later"]).converse).run(lambda _done: None)
    (row,) = issues(filled).values()
    assert (row.state, row.attempts) == (IssueState.RETRY, 1)
    assert "451 4.7.1 greylisted" in row.reply
    assert timedelta(minutes=59) < row.next_attempt_at - now() < timedelta(minutes=61)


def test_a_dead_address_is_suppressed_with_the_reason_and_without_its_name(filled):
    server = Server(offers=["unknown"])
    deliver(written(filled, 1), server)
    (row,) = issues(filled).values()
    assert row.state is IssueState.FAILED
    assert row.reply == "RCPT TO: 550 5.1.1 <<…>> unknown"
    with reading(filled) as session:
        assert suppressed_hashes(session) == {address_hash("r0@ente0.example")}


def test_a_refusal_that_is_not_the_addresss_fault_does_not_suppress_it(filled):
    deliver(written(filled, 1), Server(texts=["policy"]))
    assert list(ends(filled).values()) == [IssueState.FAILED]
    with reading(filled) as session:
        assert not suppressed_hashes(session)


@pytest.mark.parametrize(("word", "times"), [("mute", 1), ("vanish", 0), ("half", 1)])
def test_an_answer_that_never_came_leaves_it_uncertain_and_is_not_repeated(filled, word, times):
    server = Server(texts=[word])
    assert deliver(written(filled, 1), server)
    assert deliver(filled, server)
    assert list(ends(filled).values()) == [IssueState.UNCERTAIN]
    assert sum(server.taken.values()) == times


def test_a_text_that_was_not_all_sent_is_sent_again(filled):
    server = Server(texts=["broken"])
    deliver(written(filled, 1), server)
    assert list(ends(filled).values()) == [IssueState.SENT]
    assert list(server.taken.values()) == [1]


def test_a_server_that_stays_away_ends_the_run_with_everything_as_it_was(filled):
    written(filled, 2)
    with pytest.raises(NotReadyError, match="cannot be reached"):
        deliver(filled, Server(offers=["unreachable"] * 1000), patience_s=0.5)
    assert {(row.state, row.attempts) for row in issues(filled).values()} == {(IssueState.COMPOSED, 0)}


def test_who_unsubscribes_after_planning_gets_nothing(filled):
    written(filled, 2)
    change(filled, "reader1", state=SubscriptionState.ENDED, ended_at=now())
    server = Server()
    deliver(filled, server)
    assert list(server.taken) == ["r0@ente0.example"]
    assert ends(filled)["reader1"] is IssueState.SUPPRESSED


def test_two_runs_at_once_send_nothing_twice(filled):
    written(filled, 40)
    server = Server(offers=["later", GOOD] * 10)
    runs = [Thread(target=deliver, args=(filled, server), kwargs={"connections": 2}) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert set(server.taken.values()) == {1}
    assert Counter(ends(filled).values()) == {IssueState.SENT: 40}


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    number=st.integers(1, 5),
    offers=st.lists(st.sampled_from(OFFERS), max_size=12),
    texts=st.lists(st.sampled_from(TEXTS), max_size=10),
    connections=st.integers(1, 3),
)
def test_whatever_fails_and_whoever_dies_nobody_gets_two_and_nobody_gets_none(
    database, number, offers, texts, connections
):
    """Nobody gets two; whoever gets none was refused, or is counted as uncertain, with the reason."""
    _, engine = database
    clear(engine)
    written(engine, number)
    server = Server(offers, texts)
    runs = 0
    while not deliver(engine, server, connections=connections):
        runs += 1
        assert runs <= len(offers) + len(texts)
    with reading(engine) as session:
        rows = list(session.scalars(select(IssueRow)))
    for row in rows:
        times = server.taken[
            row.subscription_id.replace("reader", "r") + "@ente" + row.subscription_id[6:] + ".example"
        ]
        assert times in STATES[row.state]
        assert row.reply
    assert len(rows) == number
