"""Events on the portal: the list, each event, registration, and the incubator's side."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from icalendar import Calendar
from openpyxl import load_workbook

from service.accounts.tables import Role
from service.moments import now
from tests.world import GREZZAGO, RHO

TITLE = "Come si rendiconta un progetto"


def form(**fields):
    """What the form of an event sends: next week, at Rho."""
    day = (now() + timedelta(days=7)).date().isoformat()
    given = {
        "titolo": TITLE,
        "testo": "Due ore di esempi.\r\nCon le domande dei comuni.",
        "giorno": day,
        "ora": "10.00",
    }
    return given | {"fine": "12:00", "luogo": "Rho, sala consiliare", "temi": "rendiconti, acconti"} | fields


@pytest.fixture
def staff(as_somebody):
    return as_somebody(Role.CONSULTANT)


@pytest.fixture
def rho(as_somebody):
    return as_somebody(Role.COMMUNE, RHO.istat)


@pytest.fixture
def made(staff):
    """Make an event; returns the address that everybody sees. It is cancelled afterwards."""
    addresses = []

    def create(**fields):
        shown = staff.post("/incubatore/eventi", data=form(**fields))
        assert shown.status_code == 200, shown.text
        addresses.append(shown.url.path)
        return shown.url.path.removeprefix("/incubatore")

    yield create
    for address in addresses:
        staff.post(f"{address}/annullamento")


def test_a_visitor_reads_what_is_to_come_and_is_led_to_the_log_in(browser, made):
    address = made()
    assert address in browser.get("/eventi").text
    shown = browser.get(address).text
    for words in (TITLE, "dalle 10:00 alle 12:00", "Rho, sala consiliare", "rendiconti, acconti", "/accedi?ritorno="):
        assert words in shown
    assert "Iscrivetevi" not in shown


def test_without_events_the_list_says_so(browser):
    with time_machine.travel(now() + timedelta(days=400)):
        assert "non c’è nessun evento in programma" in browser.get("/eventi").text


def test_somebody_of_a_commune_registers_and_cancels_with_one_button(rho, made):
    address = made()
    assert "Iscrivetevi" in rho.get(address).text
    shown = rho.post(f"{address}/iscrizione")
    assert shown.url.path == address
    assert "Iscrizione registrata." in shown.text
    assert "Avete un posto." in rho.get("/eventi").text
    assert "Iscrizione disdetta." in rho.post(f"{address}/disdetta").text
    assert "Iscrivetevi" in rho.get(address).text


def test_where_places_are_gone_one_waits_and_gets_the_place_that_becomes_free(rho, as_somebody, made):
    address, other = made(posti="1"), as_somebody(Role.COMMUNE, GREZZAGO.istat)
    rho.post(f"{address}/iscrizione")
    assert "I posti sono esauriti" in other.get(address).text
    assert "Siete in lista d’attesa" in other.post(f"{address}/iscrizione").text
    rho.post(f"{address}/disdetta")
    assert "Avete un posto." in other.get(address).text


def test_to_register_twice_is_told_and_changes_nothing(rho, made):
    address = made()
    rho.post(f"{address}/iscrizione")
    again = rho.post(f"{address}/iscrizione")
    assert again.status_code == 409
    assert "siete già iscritti" in again.text


def test_the_address_online_is_shown_with_the_place(rho, browser, made):
    address = made(luogo="", online="https://example.org/stanza")
    assert "https://example.org/stanza" not in browser.get(address).text
    assert "https://example.org/stanza" in rho.post(f"{address}/iscrizione").text


def test_an_event_is_taken_along_to_a_calendar_and_says_there_when_it_is_cancelled(browser, staff, made):
    address = made()

    def taken():
        answer = browser.get(f"{address}/calendario.ics")
        assert answer.headers["content-type"].startswith("text/calendar")
        (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
        return event

    before = taken()
    assert str(before["summary"]) == TITLE
    assert before.decoded("dtend") - before.decoded("dtstart") == timedelta(hours=2)
    assert str(before["location"]) == "Rho, sala consiliare"
    staff.post(f"/incubatore{address}/annullamento")
    after = taken()
    assert (str(after["status"]), after["uid"]) == ("CANCELLED", before["uid"])
    assert after["sequence"] > before["sequence"]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"titolo": " "}, "Manca"),
        ({"giorno": "domani"}, "Il giorno non si può leggere"),
        ({"ora": "mattina"}, "scrivetela come 10:30"),
        ({"fine": "09:00"}, "La fine viene prima"),
        ({"luogo": ""}, "Dite dov’è"),
        ({"online": "ftp://x"}, "comincia con https://"),
        ({"posti": "molti"}, "Scrivete solo un numero"),
        ({"comuni": "Atlantide"}, "Non troviamo un comune"),
        ({"chiusura": "2099-01-01"}, "si chiudono al più tardi"),
    ],
)
def test_what_cannot_be_accepted_is_told_beside_its_field_and_nothing_typed_is_lost(staff, sent, told):
    shown = staff.post("/incubatore/eventi", data=form(**sent))
    assert shown.status_code == 422
    assert told in shown.text
    assert "Con le domande dei comuni." in shown.text


def test_the_form_of_an_event_holds_what_was_written_and_a_change_is_undone(staff, made):
    address = f"/incubatore{made(comuni='Rho, 015110', posti='30')}"
    shown = staff.get(f"{address}/modifica").text
    assert 'value="Rho, ' in shown
    assert 'value="30"' in shown
    version = re.search(r'name="versione" value="(\d+)"', shown)[1]
    changed = staff.post(f"{address}/modifica", data=form(versione=version, titolo="Altro titolo"))
    assert "Altro titolo" in changed.text
    undo = re.search(r'action="([^"]+annulla\?versione=\d+)"', changed.text)[1]
    assert TITLE in staff.post(undo).text


def test_a_change_on_an_old_version_is_refused_and_nothing_is_changed(staff, made):
    address = f"/incubatore{made()}"
    staff.post(f"{address}/modifica", data=form(versione="1", titolo="Il primo"))
    late = staff.post(f"{address}/modifica", data=form(versione="1", titolo="Il secondo"))
    assert late.status_code == 412
    assert "Nel frattempo qualcun altro" in late.text
    assert "Il primo" in staff.get(address).text


def test_the_incubator_sees_who_takes_part_notes_who_came_and_takes_the_list_along(staff, as_somebody, rho, made):
    address = made(titolo="=1+1")
    rho.post(f"{address}/iscrizione")
    desk = f"/incubatore{address}"
    assert "Un iscritto" in staff.get(desk).text
    registration = re.search(r"/iscritti/([^/]+)/disdetta", staff.get(desk).text)[1]
    came = {"iscrizione": registration, "presente": "si"}
    assert staff.post(f"{desk}/presenze", data=came).status_code == 409
    with time_machine.travel(now() + timedelta(days=8)):
        later = as_somebody(Role.CONSULTANT)
        assert "Presenza segnata." in later.post(f"{desk}/presenze", data=came).text
        assert "1 presenti" in later.get(desk).text
    rows = staff.get(f"{desk}/iscritti.csv").content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("Evento;Nome;Codice ISTAT;Comune")
    assert rows[1].startswith("'=1+1;")
    assert rows[1].endswith(";sì")
    sheet = load_workbook(io.BytesIO(staff.get(f"{desk}/iscritti.xlsx").content)).active
    assert [sheet.cell(2, column).value for column in (1, 3, 4)] == ["'=1+1", RHO.istat, "Rho"]


def test_the_incubator_cancels_for_somebody(staff, rho, made):
    address = made()
    rho.post(f"{address}/iscrizione")
    shown = staff.get(f"/incubatore{address}").text
    staff.post(re.search(r'action="([^"]+/disdetta)"', shown)[1])
    assert "Iscrivetevi" in rho.get(address).text


def test_a_cancelled_event_says_so_to_everybody_and_comes_back(staff, browser, made):
    address = made()
    assert "gli iscritti sono avvisati" in staff.post(f"/incubatore{address}/annullamento").text
    assert "l’evento non si tiene" in browser.get(address).text
    assert TITLE in staff.get("/incubatore/eventi?quali=annullati").text
    staff.post(f"/incubatore{address}/ripristino")
    assert "l’evento non si tiene" not in browser.get(address).text


def test_a_commune_finds_on_its_first_page_what_concerns_it_with_the_reason(rho, as_somebody, made):
    home = f"/comuni/{RHO.istat}"
    need = rho.post(
        f"{home}/bisogni", data={"title": "Campi da gioco", "text": "Servono campi.", "drivers": "driver:7"}
    )
    address = made(linee="driver:7", titolo="Le scuole aperte")
    made(comuni="Grezzago", titolo="Per altri")
    shown = rho.get(home).text
    assert address in shown
    assert "come il vostro bisogno «Campi da gioco»" in shown
    assert "Per altri" not in shown
    assert "Campi da gioco" not in as_somebody(Role.COMMUNE, GREZZAGO.istat).get(address).text
    rho.post(f"{need.url.path}/archivia")


def test_past_events_are_kept_in_a_list_of_their_own(browser, made):
    address = made(titolo="Passato")
    with time_machine.travel(now() + timedelta(days=9)):
        assert address not in browser.get("/eventi").text
        assert address in browser.get("/eventi?passati=1").text
        assert "Questo evento è passato." in browser.get(address).text
