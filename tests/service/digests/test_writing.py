"""Writing a week's e-mails, and the whole run from beginning to end, without a mail server."""

import pytest
from sqlalchemy import select, update

from service.database import reading, writing
from service.digests import ledger, outbox
from service.digests.content import Quiet, Reason
from service.digests.running import plan_week
from service.digests.tables import IssueRow, IssueState, LedgerRow, SubscriptionState
from service.digests.weeks import Week
from service.digests.writing import Writing
from service.moments import now
from service.settings import Settings
from service.tables import FundingCallRow
from tests.service.digests.people import add_reader, at_work, change, die, issues
from tests.service.digests.readers import PlainEditor

WEEK = Week.of(now())
SETTINGS = Settings(smtp_from="remix@incubatore.example", public_url="https://bandi.example")


@pytest.fixture
def call(filled):
    with reading(filled) as session:
        return session.scalar(select(FundingCallRow.id).limit(1))


def write(engine, editor):
    """Plan and write in one run; returns its counts and its id."""
    plan_week(engine, SETTINGS, WEEK)
    with at_work(engine, WEEK) as (_, run_id):
        pass
    run = Writing(engine, SETTINGS, run_id, WEEK, lambda: editor)
    run.run(lambda _done: None)
    return run.counts, run_id


def test_an_email_and_what_it_tells_are_written_together(filled, call):
    add_reader(filled, "anna")
    assert write(filled, PlainEditor({call: 3}))[0] == {"written": 1}
    row = issues(filled)["anna"]
    assert row.state is IssueState.COMPOSED
    assert f"Message-ID: {row.message_id}".encode() in outbox.unpack(row.message)
    with reading(filled) as session:
        (told,) = session.scalars(select(LedgerRow))
        assert (told.call_id, told.call_version, told.reason, told.issue_id) == (call, 3, Reason.NEW, row.id)


def test_the_editor_knows_what_each_was_told_before(filled, call):
    add_reader(filled, "anna")
    write(filled, PlainEditor({call: 3}))
    with writing(filled) as session:
        session.execute(update(IssueRow).values(state=IssueState.SENT, week="2020-W01"))
        session.execute(update(LedgerRow).values(week="2020-W01"))
    editor = PlainEditor()
    write(filled, editor)
    assert editor.told["anna"].calls[call].version == 3


@pytest.mark.parametrize(("quiet", "state"), [(Quiet.SKIP, IssueState.SKIPPED), (Quiet.SAY_SO, IssueState.COMPOSED)])
def test_a_week_without_news_says_so_or_is_skipped_as_the_reader_chose(filled, quiet, state):
    add_reader(filled, "anna", quiet=quiet)
    write(filled, PlainEditor())
    assert issues(filled)["anna"].state is state


def test_nothing_is_opened_where_nothing_is_to_be_written(filled):
    def fail():
        raise AssertionError("opened")

    with at_work(filled, WEEK) as (_, run_id):
        pass
    Writing(filled, SETTINGS, run_id, WEEK, fail).run(lambda _done: None)


def test_one_email_that_cannot_be_written_keeps_nobody_elses_back(filled):
    class Stumbling(PlainEditor):
        def compose(self, digest):
            if digest.recipient.person_id == "bruno":
                raise ZeroDivisionError
            return super().compose(digest)

    for name in ("anna", "bruno", "carla"):
        add_reader(filled, name)
    assert write(filled, Stumbling())[0] == {"written": 2, "unwritten": 1}
    row = issues(filled)["bruno"]
    assert (row.state, row.reply) == (IssueState.PLANNED, "cannot be written: ZeroDivisionError")
    assert row.next_attempt_at > now()


def test_an_editor_that_dies_leaves_what_it_wrote_and_the_rest_to_another_run(filled):
    class Dying(PlainEditor):
        def compose(self, digest):
            if digest.recipient.person_id == "bruno":
                raise KeyboardInterrupt
            return super().compose(digest)

    for name in ("anna", "bruno", "carla"):
        add_reader(filled, name)
    with pytest.raises(KeyboardInterrupt):
        write(filled, Dying())
    assert issues(filled)["anna"].state is IssueState.COMPOSED
    die(filled, issues(filled)["bruno"].run_id)
    assert write(filled, PlainEditor())[0] == {"written": 2}


def test_who_unsubscribes_before_it_is_written_gets_none(filled):
    add_reader(filled, "anna")
    plan_week(filled, SETTINGS, WEEK)
    change(filled, "anna", state=SubscriptionState.ENDED, ended_at=now())
    write(filled, PlainEditor())
    assert issues(filled)["anna"].state is IssueState.SUPPRESSED


def test_a_run_that_lost_an_email_to_another_one_writes_nothing_of_it(filled, call):
    add_reader(filled, "anna")
    plan_week(filled, SETTINGS, WEEK)

    class Slow(PlainEditor):
        def compose(self, digest):
            with writing(filled) as session:
                session.execute(update(IssueRow).values(run_id=None))
            return super().compose(digest)

    with at_work(filled, WEEK) as (_, run_id):
        pass
    run = Writing(filled, SETTINGS, run_id, WEEK, lambda: Slow({call: 1}))
    with pytest.raises(RuntimeError, match="again and again"):
        run.run(_not_for_ever())
    with reading(filled) as session:
        assert session.scalars(select(LedgerRow)).all() == []
        assert ledger.told(session, ["anna"]) == {}


def _not_for_ever(most=3):
    times = []

    def report(_done):
        times.append(1)
        if len(times) > most:
            raise RuntimeError("again and again")

    return report


def test_a_dry_run_counts_and_leaves_everything_as_it_is(filled):
    add_reader(filled, "anna")
    assert plan_week(filled, SETTINGS, WEEK, dry_run=True).new == 1
    assert issues(filled) == {}
