"""What is kept about a person: told whole without secrets, erased without a trace of who it was, removed in time."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from service.access.principal import COMMAND_LINE
from service.accounts.privacy import NOBODY, WITHHELD, erase_account, erase_reader, export_account, export_reader
from service.accounts.tables import AccountRow, AccountState, ApiKeyRow, LinkRow, Role, SessionRow, ThrottleRow
from service.api.tables import IdempotencyRow
from service.audit.tables import AuditEventRow
from service.commands import privacy
from service.database import reading, writing
from service.digests.tables import FollowRow, IssueRow, LedgerRow, SubscriptionRow
from service.errors import ConflictError, UnknownRecordError
from service.moments import now
from service.retention import TERMS, tidy
from service.schema import METADATA
from service.web.idempotency import KEPT
from tests.service.copies.places import ACCOUNT, AT, ROWS, fill

ASKED = (COMMAND_LINE, "cli-1")
DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "retention.md"


@pytest.fixture
def filled(engine):
    fill(engine)
    return engine


def everything(session: Session) -> str:
    """Return the whole database as one text."""
    return "\n".join(repr(row) for table in METADATA.sorted_tables for row in session.execute(select(table)))


def test_every_table_that_names_the_account_is_told(filled):
    with writing(filled) as session:
        kept = export_account(session, *ASKED, ACCOUNT)
    named = {name for name, row in ROWS.items() if ACCOUNT in row.values()}
    assert set(kept) == named | {"digest_follows", "digest_issues", "digest_ledger"}
    assert kept["accounts"][0]["email"] == "capo@rho.example"
    assert json.loads(json.dumps(kept)) == kept


def test_no_secret_is_told(filled):
    with writing(filled) as session:
        kept = export_account(session, *ASKED, ACCOUNT)
    told = {column for rows in kept.values() for row in rows for column in row}
    assert not told & WITHHELD
    assert not [name for name in told if re.search("hash|secret|token|password", name) and name != "content_hash"]


def test_nothing_says_any_more_who_an_erased_account_was(filled):
    with writing(filled) as session:
        session.add(AccountRow(**_administrator()))
    with writing(filled) as session:
        erased = erase_account(session, *ASKED, ACCOUNT)
        left = everything(session)
        row = session.get_one(AccountRow, ACCOUNT)
        assert (row.password_hash, row.totp_secret, row.last_login_at) == (None, None, None)
    assert (erased.state, erased.name) == (AccountState.DISABLED, NOBODY)
    assert "capo@rho.example" not in left
    assert "Quasimodo" not in left
    assert left.count(ACCOUNT) > 10


def test_what_an_erased_account_could_come_in_with_is_gone(filled):
    with writing(filled) as session:
        erase_account(session, *ASKED, ACCOUNT)
        for table in (SessionRow, LinkRow, IdempotencyRow):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        key = session.scalars(select(ApiKeyRow)).one()
        assert key.revoked_at is not None
        assert key.secret_hash != ROWS["api_keys"]["secret_hash"]


def test_the_weekly_emails_of_an_erased_account_are_gone(filled):
    with writing(filled) as session:
        erase_account(session, *ASKED, ACCOUNT)
        for table in (SubscriptionRow, FollowRow, IssueRow, LedgerRow):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_a_reader_without_account_is_told_and_erased_alike(filled):
    reader = ROWS["digest_subscriptions"] | {"id": "visitor", "account_id": None, "token": "y"}
    with writing(filled) as session:
        session.add(SubscriptionRow(**reader | {"email": "lettrice@ente.example"}))
        session.flush()
        session.add(FollowRow(subscription_id="visitor", kind="commune", record_id="015182"))
    with writing(filled) as session:
        kept = export_reader(session, *ASKED, "Lettrice@Ente.example")
        assert set(kept) == {"digest_subscriptions", "digest_follows"}
        assert json.loads(json.dumps(kept)) == kept
        assert "token" not in kept["digest_subscriptions"][0]
        assert erase_reader(session, *ASKED, "lettrice@ente.example") == "visitor"
        assert "lettrice@ente.example" not in everything(session)
    with pytest.raises(UnknownRecordError, match="neither"), writing(filled) as session:
        erase_reader(session, *ASKED, "lettrice@ente.example")


@pytest.mark.parametrize(("state", "removed"), [("pending", 1), ("ended", 1), ("active", 0)])
def test_a_reader_who_never_confirmed_or_who_ended_is_forgotten_after_a_month(filled, monkeypatch, state, removed):
    reader = ROWS["digest_subscriptions"] | {"id": "visitor", "account_id": None, "token": "y", "state": state}
    with writing(filled) as session:
        ended = AT if state == "ended" else None
        session.add(SubscriptionRow(**reader | {"email": "lettrice@ente.example", "ended_at": ended}))
        session.flush()
        session.add(FollowRow(subscription_id="visitor", kind="commune", record_id="015182"))
    monkeypatch.setattr("service.retention.now", lambda: AT + timedelta(days=31))
    with writing(filled) as session:
        assert tidy(session, *ASKED)["digest_subscriptions"] == removed


def test_the_last_administrator_is_not_erased(engine):
    with writing(engine) as session:
        session.add(AccountRow(**_administrator()))
    with pytest.raises(ConflictError, match="the only active administrator"), writing(engine) as session:
        erase_account(session, *ASKED, "boss")
    with reading(engine) as session:
        assert session.get_one(AccountRow, "boss").email == "capo@incubatore.example"


def test_exports_and_erasures_are_in_the_trail(filled):
    with writing(filled) as session:
        export_account(session, *ASKED, ACCOUNT)
        erase_account(session, *ASKED, ACCOUNT)
        actions = session.scalars(select(AuditEventRow.action).order_by(AuditEventRow.at)).all()
    assert actions[-3:] == ["account.exported", "account.changed", "account.erased"]


def test_what_has_outlived_its_term_is_removed_and_nothing_else(filled, monkeypatch):
    with writing(filled) as session:
        session.add(ThrottleRow(key="new", failures=1, since=now()))
        session.add(SessionRow(**ROWS["sessions"] | {"secret_hash": "new", "expires_at": now() + timedelta(days=1)}))
    monkeypatch.setattr("service.retention.now", lambda: now() + timedelta(hours=23))
    with writing(filled) as session:
        before = everything(session)
        removed = tidy(session, *ASKED)
        after = everything(session)
        assert session.scalars(select(AuditEventRow.details).order_by(AuditEventRow.at.desc())).first() == removed
    assert removed["throttles"] == removed["idempotency_keys"] == 1
    assert removed["sessions"] == 0
    assert before.count("\n") - after.count("\n") == sum(removed.values()) - 1


def test_a_session_that_ended_a_month_ago_is_removed(filled, monkeypatch):
    later = ROWS["sessions"]["expires_at"] + timedelta(days=31)
    monkeypatch.setattr("service.retention.now", lambda: later)
    with writing(filled) as session:
        removed = tidy(session, *ASKED)
    assert {removed[name] for name in ("sessions", "single_use_links", "recovery_codes")} == {1}


def test_the_terms_are_those_of_the_document():
    stated = dict(re.findall(r"^\| `(\w+)` \|.*\| (\d+) days? after the end \|$", DOCUMENT.read_text(), re.MULTILINE))
    assert stated == {term.table.__tablename__: str(term.kept.days) for term in TERMS}


def test_a_repeated_request_is_known_as_long_as_its_answer_is_promised():
    assert {term.table: term.kept for term in TERMS}[IdempotencyRow] == KEPT


def test_the_commands_tell_erase_and_tidy(filled, settings, monkeypatch):
    monkeypatch.setenv("REMIX_HOME", str(settings.home))
    monkeypatch.setenv("REMIX_DATABASE_URL", settings.database_url)
    app = typer.Typer()
    privacy.register(app)
    run = CliRunner().invoke
    told = json.loads(run(app, ["privacy", "export", "capo@rho.example"]).stdout)
    assert told["accounts"][0]["id"] == ACCOUNT
    assert run(app, ["privacy", "erase", "capo@rho.example"], input="n\n").exit_code == 1
    assert "non ha più né indirizzo né nome" in run(app, ["privacy", "erase", "capo@rho.example", "--yes"]).stdout
    assert isinstance(run(app, ["privacy", "export", "capo@rho.example"]).exception, UnknownRecordError)
    assert json.loads(run(app, ["tidy", "--json"]).stdout)["removed"]["sessions"] == 0


def _administrator():
    return {
        "id": "boss",
        "email": "capo@incubatore.example",
        "name": "Direzione",
        "role": Role.ADMINISTRATOR,
        "state": AccountState.ACTIVE,
        "created_at": now(),
        "version": 1,
        "password_hash": "argon",
    }
