"""Writing to whoever runs the service, and the administrators' list of what was written."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from service.access.principal import COMMAND_LINE
from service.accounts.tables import Role
from service.database import reading, writing
from service.messages.tables import MessageRow
from service.moments import now
from service.retention import tidy
from tests.world import NIDI, RHO

LIST = "/amministrazione/messaggi"
TEXT = "La scadenza di questo bando non è quella del decreto."


@pytest.fixture
def administrator(as_somebody):
    return as_somebody(Role.ADMINISTRATOR)


@pytest.fixture(autouse=True)
def patient(app):
    """Lets every test write as if it were the first: nobody has to wait for what another test did."""
    from service.accounts.tables import ThrottleRow

    with writing(app.state.remix.engine) as session:
        session.query(ThrottleRow).delete()


def kept(app):
    with reading(app.state.remix.engine) as session:
        return session.scalar(select(func.count()).select_from(MessageRow))


def write(browser, **sent):
    return browser.post("/scrivici", data={"testo": TEXT, "che": "wrong_data", "pagina": f"/bandi/{NIDI.id}"} | sent)


def undo_of(page):
    return re.search(r'role="status">.*?action="([^"]+)"', page, re.S)[1]


def test_every_page_leads_to_the_form_and_the_form_back(browser):
    footer = browser.get("/come-funziona").text.split("<footer")[1]
    address = re.search(r'href="(/scrivici[^"]*)" data-element="report-inefficiency"', footer)[1]
    assert 'name="pagina" value="/come-funziona"' in browser.get(address).text


def test_what_a_visitor_writes_reaches_the_administrators_without_an_address(app, browser, administrator):
    thanked = write(browser)
    assert "Grazie, il messaggio è arrivato" in thanked.text
    assert f'href="/bandi/{NIDI.id}"' in thanked.text
    shown = administrator.get(LIST).text
    assert TEXT in shown
    assert "Un dato è sbagliato" in shown
    assert "senza indirizzo" in shown
    assert f'href="/bandi/{NIDI.id}"' in shown


def test_a_message_is_marked_done_and_taken_up_again_with_one_button(browser, administrator):
    words = "Manca il bando dei parchi gioco."
    write(browser, testo=words, email="Ufficio@Comune.example")
    shown = administrator.get(LIST).text
    assert "mailto:ufficio@comune.example" in shown
    (address,) = re.findall(rf'{words}.*?action="({LIST}/[^"]+/fatto)"', shown, re.S)[:1]
    done = administrator.post(address).text
    assert words not in done
    assert words in administrator.get(LIST, params={"fatti": "1"}).text
    assert words in administrator.post(undo_of(done)).text


def test_a_field_that_no_person_sees_stops_programs_and_keeps_nothing(app, browser):
    before = kept(app)
    assert "Grazie" in write(browser, sito="https://spam.example").text
    assert kept(app) == before


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"testo": "  "}, "Scrivete il messaggio"),
        ({"testo": "x" * 4001}, "al massimo 4.000 caratteri"),
        ({"testo": "<a href='x'>clic</a>"}, "testo semplice"),
        ({"email": "nessuno"}, "non è scritto come"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(app, browser, sent, told):
    before = kept(app)
    answer = write(browser, **({"email": "ufficio@comune.example"} | sent))
    assert answer.status_code == 422
    assert told in answer.text
    assert kept(app) == before
    if "testo" not in sent:
        assert TEXT in answer.text
    assert re.search(r'value="wrong_data" checked', answer.text)


def test_who_writes_again_and_again_has_to_wait(app, browser):
    with time_machine.travel(now(), tick=False):
        assert [write(browser).status_code for _ in range(5)] == [200] * 5
        refused = write(browser)
    assert refused.status_code == 429
    assert "Troppi tentativi" in refused.text
    assert TEXT in refused.text
    with time_machine.travel(now() + timedelta(minutes=20), tick=True):
        assert write(browser).status_code == 200


def test_a_page_of_another_site_is_no_page_to_go_back_to(browser, administrator):
    words = "Da un altro sito."
    thanked = write(browser, testo=words, pagina="//example.org/x")
    assert "example.org" not in thanked.text
    assert "example.org" not in administrator.get(LIST).text


def test_nobody_but_administrators_reads_what_readers_write(browser, as_somebody):
    assert browser.get(LIST, follow_redirects=False).status_code in (303, 401)
    for role, commune in ((Role.COMMUNE, RHO.istat), (Role.CONSULTANT, None), (Role.READER, None)):
        assert as_somebody(role, commune).get(LIST).status_code == 403


def test_messages_beyond_the_first_are_a_page_further(app, browser, administrator, monkeypatch):
    monkeypatch.setattr("service.pages.messages.AT_ONCE", 2)
    for number in range(3):
        write(browser, testo=f"Messaggio numero {number}.")
    address, seen = LIST, []
    while address:
        shown = administrator.get(address).text
        seen += re.findall(rf"{LIST}/([^/]+)/fatto", shown)
        following = re.search(r'href="([^"]+)">Le voci seguenti', shown)
        address = following[1].replace("&amp;", "&") if following else ""
    with reading(app.state.remix.engine) as session:
        wanted = select(func.count()).select_from(MessageRow).where(MessageRow.done_at.is_(None))
        assert len(seen) == len(set(seen)) == session.scalar(wanted)
    assert administrator.get(LIST, params={"cursor": "made-up"}).status_code == 422


def test_a_year_after_it_was_done_a_message_is_gone(app, browser, administrator):
    write(browser, testo="Da dimenticare.")
    shown = administrator.get(LIST).text
    administrator.post(re.search(rf'Da dimenticare.*?action="({LIST}/[^"]+/fatto)"', shown, re.S)[1])
    for days, there in ((364, True), (366, False)):
        with time_machine.travel(now() + timedelta(days=days), tick=False), writing(app.state.remix.engine) as session:
            tidy(session, COMMAND_LINE, "cli-1")
            assert bool(session.scalar(select(MessageRow.id).where(MessageRow.text == "Da dimenticare."))) is there
