"""The desk for one project in two sources: both side by side, merged or told apart with one button, undone with one."""

import re
from decimal import Decimal
from html import unescape

import pytest

from matcher.records import Money
from service.accounts.tables import Role
from service.register.twin_finding import find_again
from tests.service.pages.browsers import as_browser
from tests.service.register.villages import OWN, bring, nursery
from tests.service.web.clients import as_role, visitor

DESK = "/incubatore/doppioni-progetti"
PNRR, PNC = nursery().id, "pnc:J61F22000330006:C.1"


@pytest.fixture
def app(registered, tmp_path):
    engine = registered.state.remix.engine
    said = {"id": PNC, "source": "pnc", "measure": "PNC-C.1", "title": "NIDO VIA ROMA"}
    bring(engine, tmp_path, nursery(amount=Money(Decimal(90)), **said), name="pnc")
    return registered


@pytest.fixture
def found(app):
    find_again(app.state.remix.engine)
    return as_browser(as_role(app, Role.CONSULTANT))


def undo_of(answer):
    return unescape(re.search(r'action="([^"]+/annulla)"', answer.text)[1])


def told(answer, words):
    return words in unescape(answer.text)


def listed(app):
    return [one["id"] for one in visitor(app).get("/api/v1/register-projects", params={"limit": 100}).json()["items"]]


def test_what_was_imported_since_is_looked_for_with_one_button(app):
    staff = as_browser(as_role(app, Role.CONSULTANT))
    before = staff.get(DESK)
    assert told(before, "Da quando abbiamo cercato, i progetti sono cambiati.")
    assert told(before, "Nessun progetto in due fonti da guardare.")
    after = staff.post(f"{DESK}/cerca")
    assert told(after, "Abbiamo cercato di nuovo in tutti i progetti.")
    assert not told(after, "i progetti sono cambiati.")
    assert told(after, "NIDO VIA ROMA")


def test_both_entries_stand_side_by_side_with_why_and_what_differs(found):
    text = unescape(found.get(DESK).text)
    for words in ("stesso CUP", "stesso comune", "Progetti finanziati dal PNRR", "Piano nazionale complementare"):
        assert words in text
    assert "Gli importi sono diversi, forse di due finanziamenti" in text
    assert text.count("Tieni questa") == 2


def test_two_entries_are_merged_leave_the_lists_as_one_and_come_back(app, found):
    made = found.post(DESK, data={"tiene": PNRR, "unisce": PNC})
    assert told(made, "Progetti uniti: in elenchi e conteggi ne resta uno.")
    assert told(made, "Nessun progetto in due fonti da guardare.")
    assert PNC not in listed(app)
    assert told(visitor(app).get(f"/progetti/{PNRR}"), "Lo stesso progetto in altre fonti")
    assert found.post(DESK, data={"tiene": PNRR, "unisce": PNC}).status_code == 409
    assert told(found.post(undo_of(made)), "Annullato: è tutto come prima.")
    assert PNC in listed(app)


def test_two_entries_are_told_apart_and_that_is_undone(found):
    made = found.post(f"{DESK}/diversi", data={"progetto": PNRR, "altro": PNC})
    assert told(made, "sono due progetti, e non li proporremo più come uno")
    assert told(made, "Detti diversi di recente")
    assert not told(made, "Tieni questa")
    assert found.post(f"{DESK}/diversi", data={"progetto": PNRR, "altro": PNC}).status_code == 409
    assert told(found.post(undo_of(made)), "Tieni questa")


@pytest.mark.parametrize(("kept", "merged"), [(PNRR, PNRR), (PNRR, "nessuno"), ("", ""), (OWN, PNRR)])
def test_what_cannot_be_merged_is_told_and_nothing_changes(found, kept, merged):
    answer = found.post(DESK, data={"tiene": kept, "unisce": merged})
    assert (answer.status_code, told(answer, "non si possono unire")) == (422, True)
    assert found.get("/api/v1/project-merges").json()["items"] == []


def test_programs_read_the_same_proposals_and_merge_and_restore(app, found):
    program = as_role(app, Role.CONSULTANT)
    (pair,) = program.get("/api/v1/project-twins").json()["items"]
    assert {pair["leading"]["id"], pair["other"]["id"]} == {PNRR, PNC}
    assert pair["evidence"][0] == "same_cup"
    made = program.post("/api/v1/project-merges", json={"kept_id": PNRR, "merged_id": PNC})
    address = made.headers["Location"]
    assert program.get("/api/v1/project-twins").json()["items"] == []
    assert program.delete(address).status_code == 204
    assert PNC in listed(app)
    assert program.post(f"{address}/restorations").json()["merged_id"] == PNC
    assert [one["id"] for one in program.get("/api/v1/project-merges", params={"record": PNC}).json()["items"]] == [
        address.rsplit("/", 1)[1]
    ]
    assert program.post("/api/v1/project-merges", json={"kept_id": PNC, "merged_id": PNRR}).status_code == 409


def test_a_project_shows_the_tenders_that_are_its_alone(app, tmp_path):
    engine = app.state.remix.engine
    tender = {"id": "pnrr-gare:J61F22000330006:M4C1I1.01.00:A1", "source": "pnrr-gare", "theme": "LAVORI"}
    bring(
        engine, tmp_path, nursery(title="Posa dei pavimenti", amount=Money(Decimal(70_000)), **tender), name="pnrr-gare"
    )
    find_again(engine)
    page = visitor(app).get(f"/progetti/{PNRR}")
    for words in ("Gare di questo progetto", "Posa dei pavimenti", "lavori", "70.000"):
        assert told(page, words), words
    assert not told(visitor(app).get(f"/progetti/{PNC}"), "Gare di questo progetto")
