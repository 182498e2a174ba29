"""Whom an act on a request is told to by letter, and what the letter does not say; and requests forgotten in time."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from service.access.principal import COMMAND_LINE
from service.accounts.tables import AccountRow, AccountState
from service.database import reading, writing
from service.digests.addresses import address_hash, suppress
from service.digests.tables import SuppressionReason, SuppressionRow
from service.moments import now
from service.requests.asking import Asked, ask
from service.requests.changing import change
from service.requests.happenings import Happening, Outcome
from service.requests.notices import notices, send, tell
from service.requests.records import KIND, shown
from service.requests.tables import EntryKind, RequestEntryRow, RequestState, Service, ServiceRequestRow
from service.requests.terms import terms_of
from service.requests.thread import Written, write
from service.retention import tidy
from service.settings import Settings
from service.tables import RecordChangeRow
from service.work.acting import Acting
from tests.service.accounts.conftest import letterbox, mail_server  # noqa: F401 - fixtures
from tests.service.work.conftest import PRINCIPALS
from tests.world import RHO

TERMS = terms_of("")
SECRET = "Il sindaco vuole un asilo in via segreta."


@pytest.fixture
def act(engine):
    """Act as somebody; returns the outcome and the letters about it, by address."""

    def done(who, function, *given):
        with writing(engine) as session:
            acting = Acting(session, PRINCIPALS[who])
            outcome = function(acting, *given, TERMS)
            found = notices(acting, _settings(), outcome)
        return outcome, {one.to.split("@")[0]: one.letter for one in found}

    return done


@pytest.fixture
def asked(act):
    outcome, letters = act("rho", ask, Asked(commune_istat=RHO.istat, service=Service.PROJECTS, text=SECRET))
    return outcome.request.id, letters


def _settings(**fields):
    return Settings(public_url="https://remix.example", **fields)


def test_consultants_are_told_what_service_whose_and_where_but_not_what_was_written(asked):
    request_id, letters = asked
    assert set(letters) == {"consultant"}
    letter = letters["consultant"]
    assert letter.subject == "Remix: Rho chiede aiuto"
    assert "Definizione e sviluppo dei progetti" in letter.text
    assert f"https://remix.example/incubatore/richieste/{request_id}" in letter.text
    assert "segreta" not in letter.subject + letter.text


def test_whoever_asked_is_told_of_an_answer_and_a_question_and_nobody_of_a_note(act, asked):
    request_id, _ = asked
    outcome, letters = act("consultant", write, request_id, Written(text="Risposta segreta.", asks_back=True))
    assert (outcome.happening, set(letters)) == (Happening.QUESTIONED, {"rho"})
    assert f"https://remix.example/comuni/{RHO.istat}/richieste/{request_id}" in letters["rho"].text
    assert "segreta" not in letters["rho"].text
    assert act("consultant", write, request_id, Written(text="Nota.", kind=EntryKind.NOTE))[1] == {}
    assert set(act("consultant", write, request_id, Written(text="Ecco."))[1]) == {"rho"}


def test_a_reply_goes_to_whoever_follows_and_a_hand_over_to_the_one_who_follows_from_now_on(act, asked):
    request_id, _ = asked
    _, letters = act("consultant", change, request_id, 1, {"owner_id": "administrator"})
    assert set(letters) == {"administrator"}
    assert set(act("rho", write, request_id, Written(text="Ancora una cosa."))[1]) == {"administrator"}
    assert set(act("rho", change, request_id, 3, {"state": RequestState.WITHDRAWN})[1]) == {"administrator"}


def test_whoever_takes_a_request_up_gets_no_letter_from_themselves(act, asked):
    assert act("consultant", change, asked[0], 1, {"owner_id": "consultant"})[1] == {}


def test_addresses_that_were_refused_and_certified_mail_are_not_written_to(act, asked, engine):
    with writing(engine) as session:
        suppress(session, "rho@example.org", SuppressionReason.BOUNCED, "", now())
    assert act("consultant", write, asked[0], Written(text="Ecco."))[1] == {}
    with writing(engine) as session:
        row = session.get_one(SuppressionRow, address_hash("rho@example.org"))
        session.delete(row)
        session.execute(update(AccountRow).where(AccountRow.id == "rho").values(email="rho@pec.it"))
    assert act("consultant", write, asked[0], Written(text="Ecco ancora."))[1] == {}
    with writing(engine) as session:
        session.execute(update(AccountRow).where(AccountRow.id == "rho").values(email="rho@example.org"))


def test_without_active_consultants_administrators_are_told(act, engine):
    def consultants(state):
        with writing(engine) as session:
            session.execute(update(AccountRow).where(AccountRow.id == "consultant").values(state=state))

    consultants(AccountState.DISABLED)
    _, letters = act("rho", ask, Asked(commune_istat=RHO.istat, service=Service.FUNDING, text=SECRET))
    consultants(AccountState.ACTIVE)
    assert set(letters) == {"administrator"}


def test_letters_go_out_after_the_commit_and_only_where_there_is_a_mail_server(
    engine,
    asked,
    letterbox,  # noqa: F811
    mail_server,  # noqa: F811
):
    later = []

    def told(**fields):
        with writing(engine) as session:
            acting = Acting(session, PRINCIPALS["consultant"])
            outcome = write(acting, asked[0], Written(text=SECRET), TERMS)
            tell(acting, _settings(**fields), outcome, lambda *task: later.append(task))

    told()
    assert later == []
    told(smtp_host="127.0.0.1", smtp_port=mail_server[1], smtp_starttls=False)
    ((function, *given),) = later
    assert letterbox.letters == []
    assert function is send
    assert send(*given) == 1
    (letter,) = letterbox.letters
    assert letter["To"] == "rho@example.org"
    assert "segreta" not in letter.get_content()


def test_nothing_that_happened_is_told_to_nobody(engine, asked):
    with reading(engine) as session:
        acting = Acting(session, PRINCIPALS["consultant"])
        request = shown(acting, [session.get_one(ServiceRequestRow, asked[0])])[0]
        assert notices(acting, _settings(), Outcome(request)) == []


@pytest.mark.parametrize("end", ["closed", "withdrawn", "answered"])
def test_what_ended_five_years_ago_is_forgotten_with_its_thread_and_its_history(act, asked, engine, end, monkeypatch):
    request_id, _ = asked
    act("consultant", write, request_id, Written(text="Ecco.", minutes=30))
    act("rho", ask, Asked(commune_istat=RHO.istat, service=Service.FUNDING, text="Una ancora aperta."))
    if end != "answered":
        act("rho" if end == "withdrawn" else "consultant", change, request_id, 2, {"state": RequestState(end)})

    def left(after):
        monkeypatch.setattr("service.retention.now", lambda: now() + after)
        with writing(engine) as session:
            tidy(session, COMMAND_LINE, "test")
            history = select(func.count()).select_from(RecordChangeRow).where(RecordChangeRow.kind == KIND)
            return (
                session.scalar(select(func.count()).select_from(ServiceRequestRow)),
                session.scalar(select(func.count()).select_from(RequestEntryRow)),
                session.scalar(history) > 0,
            )

    assert left(timedelta(days=1824)) == (2, 1, True)
    assert left(timedelta(days=1826)) == (1, 0, False)
