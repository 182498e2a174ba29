"""From the records to the bytes in the outbox and back: a week told by the real editor, and the one after it."""

import email
import email.policy
from datetime import timedelta

import time_machine
from icalendar import Calendar
from sqlalchemy import update

from matcher.records import Commune
from service.database import reading, writing
from service.digests import outbox
from service.digests.composing import Composer
from service.digests.editor import WeeklyEditor
from service.digests.links import Links
from service.digests.tables import IssueRow, IssueState, SubscriptionRow
from service.digests.weeks import Week
from service.digests.writing import Writing
from service.ids import new_id
from service.imports import load_records
from service.moments import now
from service.recommending import open_recommender
from tests.fakes import HashingEncoder
from tests.service.digests.people import MILANO, add_reader, at_work, follow, issues
from tests.service.digests.test_writing import SETTINGS, plan_week


def _editor(settings, engine):
    recommender = open_recommender(settings, engine, HashingEncoder(), lambda *_: None)
    with reading(engine) as session:
        communes = {commune.istat: commune for commune in load_records(session, Commune)}
    links = Links(SETTINGS.secret_key.get_secret_value(), SETTINGS.public_url)
    return WeeklyEditor(recommender, communes, Composer(links, 7), resolution_days=7)


def _write_week(engine, editor, reader):
    """Write this week's e-mail of one reader, let it go out, and return the message; None where there is none."""
    week = Week.of(now())
    plan_week(engine, SETTINGS, week)
    with at_work(engine, week) as (_, run_id):
        pass
    Writing(engine, SETTINGS, run_id, week, lambda: editor).run(lambda _done: None)
    message = outbox.unpack(issues(engine)[reader].message)
    with writing(engine) as session:
        session.execute(update(IssueRow).values(state=IssueState.SENT, message="", run_id=None))
    return email.message_from_bytes(message, policy=email.policy.default)


def _calls(message):
    text = message.get_body(("plain",)).get_content()
    return {line.strip() for line in text.splitlines() if "/bandi/" in line}


def test_two_weeks_tell_every_call_once_and_each_message_is_whole(database, filled):
    engine, reader = filled, new_id()
    editor = _editor(database[0], engine)
    add_reader(engine, reader, follows=(follow(), follow(MILANO)))
    with writing(engine) as session:
        long_ago = now() - timedelta(days=900)
        session.execute(update(SubscriptionRow).values(created_at=long_ago, confirmed_at=long_ago))
    with time_machine.travel("2025-04-07T06:00:00+02:00", tick=False):
        first = _write_week(engine, editor, reader)
    with time_machine.travel("2025-04-14T06:00:00+02:00", tick=False):
        second = _write_week(engine, editor, reader)
    assert [part.get_content_type() for part in first.walk() if not part.is_multipart()][:2] == [
        "text/plain",
        "text/html",
    ]
    assert first["List-Unsubscribe"].strip("<>").rpartition("/")[2] == f"token-{reader}"
    assert first["Message-ID"] != second["Message-ID"]
    assert _calls(first)
    assert not _calls(first) & _calls(second)
    for message in (first, second):
        html = message.get_body(("html",)).get_content()
        assert len(html.encode()) <= 100_000
        for attachment in message.iter_attachments():
            assert Calendar.from_ical(attachment.get_content()).walk("VEVENT")
