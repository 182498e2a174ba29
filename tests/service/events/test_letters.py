"""Letters about events: who gets one, in which language, and what it says."""

from datetime import UTC, datetime, timedelta

import pytest

from service.accounts.tables import AccountState, Role
from service.database import writing
from service.events.letters import letter, tell
from service.events.notices import Notice, NoticeKind
from service.events.tables import EventRow
from service.moments import now
from tests.service.accounts.conftest import letterbox, mail_server, mailing_app
from tests.service.conftest import settings
from tests.service.web.clients import add_account, in_session
from tests.world import RHO

__all__ = ["letterbox", "mail_server", "mailing_app", "settings"]
PUBLIC = "https://remix.example"


@pytest.fixture(autouse=True)
def nothing_left():
    """Each test has a database of its own."""


def an_event(**fields):
    given = {
        "id": "ev1", "title": "Come si rendiconta", "text": "Due ore.", "place": "Rho, sala consiliare",
        "online_url": "", "organiser": "", "drivers": [], "themes": [], "communes": [], "zones": [],
        "starts_at": datetime(2026, 12, 3, 9, tzinfo=UTC), "created_at": now(), "updated_at": now(), "version": 1,
    }  # fmt: skip
    return EventRow(**given | fields)


@pytest.mark.parametrize("kind", NoticeKind)
@pytest.mark.parametrize("language", ["it", "en"])
def test_every_letter_names_the_event_its_day_in_rome_its_place_and_its_page(kind, language):
    written = letter(kind, an_event(), PUBLIC, language)
    assert "Come si rendiconta" in written.subject
    for words in ("10:00", "2026", "Rho, sala consiliare", f"{PUBLIC}/eventi/ev1"):
        assert words in written.text


def test_the_address_online_is_in_no_letter():
    written = letter(NoticeKind.PLACE, an_event(place="", online_url="https://example.org/stanza"), PUBLIC, "it")
    assert "example.org" not in written.text
    assert "online" in written.text


def test_a_language_that_we_do_not_write_gets_italian():
    assert letter(NoticeKind.CANCELLED, an_event(), PUBLIC, "fr") == letter(
        NoticeKind.CANCELLED, an_event(), PUBLIC, "it"
    )


@pytest.fixture
def kept(mailing_app):
    """The event in the database."""
    with writing(mailing_app.state.remix.engine) as session:
        session.add(an_event(seats=1, starts_at=now() + timedelta(days=7)))


def notices(*accounts):
    return tuple(Notice(NoticeKind.PLACE, account, "ev1") for account in accounts)


def test_each_gets_one_letter_in_their_language_and_closed_accounts_none(mailing_app, kept, letterbox):
    state = mailing_app.state.remix
    here = add_account(mailing_app, Role.COMMUNE, RHO.istat, email="a@rho.example")
    there = add_account(mailing_app, Role.COMMUNE, RHO.istat, email="b@rho.example", language="en")
    gone = add_account(mailing_app, Role.COMMUNE, RHO.istat, email="c@rho.example", state=AccountState.DISABLED)
    assert tell(state.engine, state.settings, notices(here, there, gone)) == 2
    told = {one["To"]: one["Subject"] for one in letterbox.letters}
    assert told.keys() == {"a@rho.example", "b@rho.example"}
    assert told["b@rho.example"].startswith("Remix: a place")


def test_a_mail_server_that_refuses_is_told_in_the_log_without_an_address(mailing_app, kept, letterbox, caplog):
    letterbox.refuses = True
    state = mailing_app.state.remix
    account = add_account(mailing_app, Role.COMMUNE, RHO.istat, email="a@rho.example")
    assert tell(state.engine, state.settings, notices(account)) == 0
    assert "mail server" in caplog.text
    assert "rho.example" not in caplog.text


def test_without_a_mail_server_nobody_is_written_to(mailing_app, kept, letterbox):
    state = mailing_app.state.remix
    silent = state.settings.model_copy(update={"smtp_host": ""})
    assert tell(state.engine, silent, notices(add_account(mailing_app, Role.COMMUNE, RHO.istat))) == 0
    assert letterbox.letters == []


def test_whoever_waits_gets_a_letter_when_somebody_cancels_and_all_when_it_is_off(mailing_app, kept, letterbox):
    first, second = (add_account(mailing_app, Role.COMMUNE, RHO.istat, email=f"{one}@rho.example") for one in "ab")
    made = in_session(mailing_app, first).post("/api/v1/events/ev1/registrations").json()
    in_session(mailing_app, second).post("/api/v1/events/ev1/registrations")
    assert letterbox.letters == []
    in_session(mailing_app, first).delete(f"/api/v1/event-registrations/{made['id']}")
    (letter,) = letterbox.letters
    assert (letter["To"], "si è liberato un posto" in letter["Subject"]) == ("b@rho.example", True)
    in_session(mailing_app, add_account(mailing_app, Role.CONSULTANT)).delete("/api/v1/events/ev1")
    assert [one["To"] for one in letterbox.letters[1:]] == ["b@rho.example"]
