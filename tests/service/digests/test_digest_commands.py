"""``remix digest`` as a person or a timer runs it."""

import json

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from service.accounts.tables import Role
from service.cli import app
from service.database import reading, writing
from service.digests import opening
from service.digests.addresses import suppressed_hashes
from service.digests.tables import IssueRow, IssueState
from service.digests.weeks import Week
from service.errors import UsageError
from service.initial import init_database
from service.moments import now
from tests.service.digests.people import add_account, add_reader, issues
from tests.service.digests.readers import PlainEditor, mail_server, settings_for, taken
from tests.service.digests.test_bounces import put, report

WEEK = Week.of(now())


@pytest.fixture
def remix(tmp_path, monkeypatch):
    """Run a command over a database with two readers and an administrator, and an editor who writes plain e-mails."""
    settings = settings_for(tmp_path / "home", 1)
    engine, _ = init_database(settings)
    for name in ("anna", "bruno"):
        add_reader(engine, name)
    add_account(engine, "capo", Role.ADMINISTRATOR)
    monkeypatch.setattr(opening, "open_editor", lambda *_: PlainEditor())
    for name, value in {"HOME": settings.home, "LANGUAGE": "en", "SMTP_STARTTLS": "false"}.items():
        monkeypatch.setenv(f"REMIX_{name}", str(value))

    def run(*words, port=None, fails_with=None):
        if port:
            monkeypatch.setenv("REMIX_SMTP_HOST", "127.0.0.1")
            monkeypatch.setenv("REMIX_SMTP_PORT", str(port))
        done = CliRunner().invoke(app, ["digest", *words])
        if fails_with:
            assert isinstance(done.exception, fails_with)
            return str(done.exception)
        assert done.exit_code == 0, done.output
        return done.stdout

    run.engine, run.folder = engine, tmp_path
    yield run
    engine.dispose()


def test_a_week_is_planned_sent_and_told_and_a_second_run_does_nothing(remix):
    assert "2 e-mails to be written" in remix("plan")
    log = remix.folder / "log"
    with mail_server(log) as port:
        assert "2 sent" in remix("send", port=port)
        again = json.loads(remix("send", "--json", port=port))
    assert (again["delivered"], again["states"]) == ({}, {"sent": 2})
    assert sorted(address for address, _ in taken(log)) == ["anna@ente.example", "bruno@ente.example"]
    told = remix("status")
    assert str(WEEK) in told
    assert "sent 2" in told


def test_a_dry_run_sends_and_keeps_nothing(remix):
    assert "2 e-mails still to be written" in remix("send", "--dry-run")
    assert issues(remix.engine) == {}


def test_without_a_mail_server_the_setting_is_named(remix):
    assert "REMIX_SMTP_HOST" in remix("send", fails_with=UsageError)


def test_a_week_to_come_cannot_be_sent(remix):
    with mail_server(remix.folder / "log") as port:
        assert "only this week's" in remix("send", "--week", "2090-W01", port=port, fails_with=UsageError)


def test_a_week_that_is_over_has_nothing_left_to_plan(remix):
    with mail_server(remix.folder / "log") as port:
        assert "No e-mail is planned" in remix("send", "--week", "2020-W01", port=port)


def test_administrators_are_told_once_of_addresses_that_are_dead(remix):
    log = remix.folder / "log"
    with mail_server(log, unknown=1.0) as port:
        assert "2 refused" in remix("send", port=port)
    with mail_server(log) as port:
        remix("send", port=port)
        remix("send", port=port)
    assert [address for address, _ in taken(log)] == ["capo@comune.example"]
    with reading(remix.engine) as session:
        assert len(suppressed_hashes(session)) == 2
    assert "written to again" in remix("allow", "Anna@ente.example")
    assert "all the time" in remix("allow", "anna@ente.example")


def test_what_is_uncertain_is_explained_and_settled_by_the_log(remix):
    log = remix.folder / "log"
    with mail_server(log, mute=1.0) as port:
        told = remix("send", port=port)
    assert "2 uncertain" in told
    assert "remix digest uncertain" in told
    log.write_text(log.read_text().splitlines()[0] + "\n")
    assert "1 sent by the log, 1 decided, 0 still" in remix("uncertain", "--log", str(log), "--again")
    with mail_server(log) as port:
        assert "2 sent" in remix("send", port=port)


def test_contradicting_decisions_are_refused(remix):
    assert "contradict" in remix("uncertain", "--again", "--sent", fails_with=UsageError)
    assert "0 still uncertain" in remix("uncertain")


def test_somebodys_email_is_shown_and_nothing_is_kept(remix):
    page = remix.folder / "anna.html"
    shown = remix("preview", "anna@ente.example", "--html", str(page))
    assert "Novità: più alberi." in shown
    assert page.read_text().startswith("<!doctype html>")
    assert issues(remix.engine) == {}
    assert "nobody who gets" in remix("preview", "nessuno@x.example", fails_with=Exception)


def test_bounces_are_read_from_a_folder(remix):
    remix("plan")
    with writing(remix.engine) as session:
        session.execute(update(IssueRow).values(state=IssueState.SENT))
    folder = put(remix.folder / "bounces", report(issues(remix.engine)["anna"].message_id))
    assert "suppressed 1" in remix("bounces", str(folder))
    assert issues(remix.engine)["anna"].state is IssueState.FAILED
