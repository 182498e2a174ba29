"""Deadlines taken along as files for calendars."""

import pytest
from icalendar import Calendar

from service.accounts.tables import Role
from service.calendar_files import identifier
from tests.service.pages.conftest import open_calls
from tests.service.web.clients import as_role
from tests.world import GREZZAGO, NIDI, RHO, SCUOLE_SICURE

HOME = f"/comuni/{RHO.istat}"


@pytest.fixture
def rho(as_somebody):
    return as_somebody(Role.COMMUNE, RHO.istat)


def events(answer):
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    return {str(event["uid"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}


def closing(call):
    return next(one for one in open_calls() if one.id == call.id).closes


def test_a_visitor_takes_the_deadline_of_a_call_along(browser):
    answer = browser.get(f"/bandi/{NIDI.id}/scadenza.ics")
    (event,) = events(answer).values()
    assert event.decoded("dtstart") == closing(NIDI).at
    assert str(event["summary"]) == f"Scade: {NIDI.title}"
    assert str(event["url"]).endswith(f"/bandi/{NIDI.id}")
    assert "attachment" in answer.headers["content-disposition"]
    assert f"/bandi/{NIDI.id}/scadenza.ics".replace(":", "%3A") in browser.get(f"/bandi/{NIDI.id}").text


def test_what_has_no_deadline_has_no_file(browser):
    without = next(call for call in open_calls() if call.closes is None)
    assert browser.get(f"/bandi/{without.id}/scadenza.ics").status_code == 404
    assert browser.get("/bandi/world:none/scadenza.ics").status_code == 404
    assert "scadenza.ics" not in browser.get(f"/bandi/{without.id}").text


def test_a_commune_takes_along_what_it_saved_and_no_other_one_sees_it(rho, as_somebody):
    assert identifier(SCUOLE_SICURE.id) not in events(rho.get(f"{HOME}/scadenze.ics"))
    said = rho.post(f"{HOME}/decisioni", data={"bando": SCUOLE_SICURE.id, "che": "saved"})
    saved = events(rho.get(f"{HOME}/scadenze.ics"))[identifier(SCUOLE_SICURE.id)]
    assert "salvato" in saved["description"]
    assert as_somebody(Role.COMMUNE, GREZZAGO.istat).get(f"{HOME}/scadenze.ics").status_code == 404
    rho.post(f"{HOME}/decisioni/{said.url.params['detto']}/ritiro")


def test_what_a_person_says_of_a_call_lets_calendars_know_that_it_changed(app, browser):
    address = f"/bandi/{SCUOLE_SICURE.id}/scadenza.ics"
    rule = {"criterion": "population", "maximum": 60_000, "quote": "fino a 60.000 abitanti"}

    def sequence():
        return events(browser.get(address))[identifier(SCUOLE_SICURE.id)]["sequence"]

    before = sequence()
    staff = as_role(app, Role.CONSULTANT)
    body = {"call_id": SCUOLE_SICURE.id, "action": "added", "rule": rule, "note": ""}
    said = staff.post("/api/v1/criterion-reviews", json=body).json()["id"]
    assert sequence() == before + 1
    staff.delete(f"/api/v1/criterion-reviews/{said}")
    assert sequence() == before + 2
