"""E-mails of which nobody knows, settled by the mail server's log or by a person."""

import pytest
from sqlalchemy import update

from service.database import writing
from service.digests import outbox, planning
from service.digests.tables import IssueRow, IssueState, SubscriptionState
from service.digests.uncertain import call_sent, message_ids_in, send_again, settle_by_log, uncertain_ones
from service.digests.weeks import Week
from service.moments import now
from tests.service.digests.people import add_reader, change, issues

WEEK = Week.of(now())


@pytest.fixture
def doubtful(filled):
    for name in ("anna", "bruno"):
        add_reader(filled, name)
    with writing(filled) as session:
        planning.plan(session, WEEK, now(), "x.example")
        session.execute(update(IssueRow).values(state=IssueState.UNCERTAIN, message=outbox.pack(b"Ciao")))
    return filled


def do(engine, step, *arguments):
    with writing(engine) as session:
        return step(session, WEEK, *arguments, now())


def states(engine):
    return {name: row.state for name, row in issues(engine).items()}


def test_the_mail_servers_log_tells_which_ones_it_took(doubtful):
    anna = issues(doubtful)["anna"].message_id
    log = [f"Nov 23 07:00:01 mx postfix/cleanup[12]: 4F: message-id={anna}\n", "Nov 23 07:00:01 mx: message-id=<z@y>\n"]
    assert do(doubtful, settle_by_log, message_ids_in(log)) == 1
    assert states(doubtful) == {"anna": IssueState.SENT, "bruno": IssueState.UNCERTAIN}
    assert issues(doubtful)["anna"].message == ""


@pytest.mark.parametrize("form", ["message-id={}", "<= remix@x id={} for a@b", "msgid={}, relay=mx", "{}"])
def test_a_message_id_is_found_in_the_words_of_any_server(form):
    plain = "2026-W48.8f14e45f-ceea-467f-a8d8-0123456789ab@x.example"
    assert message_ids_in([form.format(f"<{plain}>")]) == {f"<{plain}>"}
    assert message_ids_in([form.format(plain)]) == {f"<{plain}>"}


def test_a_person_may_have_them_sent_again_under_the_same_message_id(doubtful):
    before = {row.message_id for row in issues(doubtful).values()}
    assert do(doubtful, send_again) == 2
    assert set(states(doubtful).values()) == {IssueState.RETRY}
    assert {row.message_id for row in issues(doubtful).values()} == before
    assert all(row.message for row in issues(doubtful).values())


def test_who_unsubscribed_meanwhile_is_not_sent_it_again(doubtful):
    change(doubtful, "anna", state=SubscriptionState.ENDED, ended_at=now())
    assert do(doubtful, send_again) == 1
    assert states(doubtful)["anna"] is IssueState.UNCERTAIN


def test_a_person_may_call_them_sent(doubtful):
    assert do(doubtful, call_sent) == 2
    with writing(doubtful) as session:
        assert uncertain_ones(session, WEEK) == []
