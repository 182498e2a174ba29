"""What the incubator does on its pages, as a browser without scripts would."""

import html
import re
from collections.abc import Iterator
from html import unescape

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.accounts.tables import Role
from service.initial import init_database
from service.settings import Settings
from service.web.app import create_app
from tests.fakes import HashingEncoder
from tests.service.pages.browsers import BROWSER, as_browser
from tests.service.web.clients import BASE_URL, as_role

BOLLATE = "015027"


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> Iterator[FastAPI]:
    settings = Settings(home=tmp_path_factory.mktemp("home"), rate_limit="")
    init_database(settings)[0].dispose()
    app = create_app(settings, HashingEncoder())
    with TestClient(app, base_url=BASE_URL):
        yield app


@pytest.fixture(scope="module")
def consultant(app) -> TestClient:
    return as_browser(as_role(app, Role.CONSULTANT))


@pytest.fixture(scope="module")
def open_call(consultant) -> str:
    """A call to which communes can still apply."""
    found = consultant.get("/api/v1/calls", params={"state": "open", "applicant": "commune", "limit": 20}).json()
    return found["items"][0]["id"]


@pytest.fixture(scope="module")
def program(app) -> TestClient:
    """A colleague who does by the interface what a test takes as given."""
    return as_role(app, Role.CONSULTANT)


@pytest.fixture
def item(program, open_call) -> Iterator[str]:
    """Something on the worklist that nobody has been called for, for one test."""
    made = program.post("/api/v1/work-items", json={"communes": [BOLLATE], "call_id": open_call}).json()["items"][0]
    path = f"/api/v1/work-items/{made['item_id']}"
    found = program.get(path)
    if found.json()["state"] != "to_call":
        program.patch(path, json={"state": "to_call"}, headers={"If-Match": found.headers["ETag"]})
    yield made["item_id"]
    program.delete(f"/api/v1/work-items/{made['item_id']}")


def version_of(consultant, item):
    return consultant.get(f"/api/v1/work-items/{item}").json()["version"]


def rows(shown):
    return re.findall(r'<tr><th scope="row"><a href="/incubatore\?comune=(\d{6})#comune">', shown)


def undo_of(answer):
    """The address that the notice of a page sends to."""
    return unescape(re.search(r'role="status">.*?action="([^"]+)"', answer.text, re.S)[1])


def test_every_commune_of_the_metropolitan_city_is_a_row_and_a_point(consultant):
    shown = consultant.get("/incubatore").text
    assert len(rows(shown)) == shown.count("<circle") == 133


def test_the_communes_are_filtered_by_zone(consultant):
    shown = consultant.get("/incubatore", params={"zona": "Nord Ovest"}).text
    assert 0 < len(rows(shown)) < 133
    assert BOLLATE in rows(shown)


def test_a_filter_that_nobody_passes_says_so_and_leads_back(consultant):
    shown = consultant.get("/incubatore", params={"zona": "Atlantide"})
    assert shown.status_code == 200
    assert "Nessun comune con questi filtri." in shown.text


def test_a_commune_in_short_says_when_it_was_last_called(consultant, item):
    at_first = consultant.get("/incubatore", params={"comune": BOLLATE}).text
    assert "1 da sentire" in at_first
    consultant.post(f"/incubatore/lista/{item}/note", data={"testo": "Richiamano lunedì."})
    assert "Ultimo contatto:" in consultant.get("/incubatore", params={"comune": BOLLATE}).text


def test_whoever_was_called_is_no_longer_among_those_never_called(consultant, item):
    consultant.post(f"/incubatore/lista/{item}/note", data={"testo": "Sentito il sindaco."})
    assert BOLLATE not in rows(consultant.get("/incubatore", params={"mostra": "mai"}).text)


def test_a_call_leads_to_the_communes_with_what_of_theirs_it_fits(consultant):
    concerned = re.search(r'href="(/incubatore/bandi/[^"]+)"', consultant.get("/incubatore").text)
    shown = consultant.get(concerned[1]).text
    assert "Comuni da sentire" in shown
    assert re.search(r"(bisogno|progetto|bene pubblico): \w", shown)
    assert re.search(r"remix-verdict-(met|unknown)", shown)


def test_the_others_that_may_apply_are_shown_when_asked_for(consultant, open_call):
    assert len(re.findall(r'name="comune" value="\d{6}" form', everybody(consultant, open_call))) > 50


def test_why_a_commune_is_not_there_is_told_with_the_words_of_the_call(consultant, open_call):
    at = f"/incubatore/bandi/{open_call}"
    listed = consultant.get(f"/api/v1/calls/{open_call}/communes", params={"ruled_out": True, "limit": 100}).json()
    for match in listed["items"]:
        told = consultant.get(at, params={"dove": match["commune"]["istat"]}).text
        assert f'<p class="mb-1">{match["commune"]["name"]}' in html.unescape(told)
        assert ("non è in elenco" in told) is (match["eligibility"] == "not_met")


def test_a_commune_that_nobody_knows_is_asked_for_again(consultant, open_call):
    told = consultant.get(f"/incubatore/bandi/{open_call}", params={"dove": "Atlantide"})
    assert told.status_code == 200
    assert "Questo comune non si trova" in told.text


def everybody(consultant, call):
    return consultant.get(f"/incubatore/bandi/{call}", params={"tutti": "si"}).text


def test_communes_chosen_for_a_call_are_put_on_the_list_and_the_step_is_undone(consultant, open_call):
    sent = {"bando": open_call, "comune": ["015005"], "ritorno": f"/incubatore/bandi/{open_call}"}
    answer = consultant.post("/incubatore/lista", data=sent)
    assert "Messo in lista." in answer.text
    assert "in lista: da sentire" in consultant.get(f"/incubatore/bandi/{open_call}", params={"tutti": "si"}).text
    undone = consultant.post(undo_of(answer), data={"ritorno": f"/incubatore/bandi/{open_call}"})
    assert "Annullato" in undone.text
    assert consultant.get("/api/v1/work-items", params={"commune": "015005"}).json()["total"] == 0


def test_to_put_nobody_on_the_list_is_told_and_changes_nothing(consultant, open_call):
    answer = consultant.post("/incubatore/lista", data={"bando": open_call})
    assert (answer.status_code, "Nessun comune scelto" in answer.text) == (422, True)


def test_a_recommendation_needs_a_reason_is_said_once_and_is_taken_back(consultant, open_call):
    sent = {"bando": open_call, "comune": BOLLATE, "ritorno": "/incubatore"}
    assert consultant.post("/incubatore/consigli", data=sent).status_code == 422
    made = consultant.post("/incubatore/consigli", data=sent | {"perche": "Un comune vicino lo ha vinto."})
    assert "Consiglio registrato" in made.text
    again = consultant.post("/incubatore/consigli", data=sent | {"perche": "Ancora."})
    assert (again.status_code, "È già consigliato" in again.text) == (409, True)
    consultant.post(undo_of(made), data={"ritorno": "/incubatore"})
    assert consultant.get("/api/v1/picks", params={"commune": BOLLATE}).json()["items"] == []


def test_an_item_moves_over_the_board_and_back(consultant, item):
    sent = {"versione": version_of(consultant, item), "stato": "interested", "solo_stato": "si"}
    moved = consultant.post(f"/incubatore/lista/{item}", data=sent)
    column = re.search(r'id="colonna-interested">.*?</section>', moved.text, re.S)[0]
    assert f"voce-{item}" in column
    consultant.post(undo_of(moved))
    assert consultant.get(f"/api/v1/work-items/{item}").json()["state"] == "to_call"


def test_owner_and_reminder_are_set_on_the_page_of_an_item_and_filter_the_board(consultant, item):
    owner = consultant.get("/api/v1/account").json()["id"]
    sent = {"versione": version_of(consultant, item), "stato": "called", "chi": owner, "promemoria": "2026-12-01"}
    consultant.post(f"/incubatore/lista/{item}", data=sent)
    assert item in consultant.get("/incubatore/lista", params={"chi": owner, "entro": "2026-12-01"}).text
    assert item not in consultant.get("/incubatore/lista", params={"entro": "2026-11-30"}).text


def test_a_change_made_on_an_old_version_shows_the_difference_and_changes_nothing(consultant, item):
    old = version_of(consultant, item)
    consultant.post(f"/incubatore/lista/{item}", data={"versione": old, "stato": "called", "solo_stato": "si"})
    answer = consultant.post(
        f"/incubatore/lista/{item}", data={"versione": old, "stato": "declined", "solo_stato": "si"}
    )
    assert answer.status_code == 412
    assert "ora è «sentito», voi avevate scelto «rinuncia»" in answer.text
    assert consultant.get(f"/api/v1/work-items/{item}").json()["state"] == "called"


@pytest.mark.parametrize("words", ["", "   ", "<script>alert(1)</script>"])
def test_a_note_that_cannot_be_kept_comes_back_as_it_was_typed(consultant, item, words):
    answer = consultant.post(f"/incubatore/lista/{item}/note", data={"testo": words})
    assert (answer.status_code, "Scrivete la nota" in answer.text) == (422, True)
    assert "<script>alert" not in answer.text


def test_what_is_taken_off_the_list_comes_back_when_that_is_undone(consultant, item):
    taken = consultant.post(f"/incubatore/lista/{item}/togli")
    assert f"voce-{item}" not in taken.text
    assert f"voce-{item}" in consultant.post(undo_of(taken), data={"ritorno": "/incubatore/lista"}).text


@pytest.mark.parametrize("address", ["/incubatore/lista/non-esiste", "/incubatore/bandi/non-esiste"])
def test_what_is_not_there_is_told_by_a_page(consultant, address):
    answer = consultant.get(address)
    assert (answer.status_code, "Pagina non trovata" in answer.text) == (404, True)


@pytest.mark.parametrize("entro", ["ieri", "2026-02-30"])
def test_a_day_that_is_none_is_refused_by_a_page(consultant, entro):
    assert consultant.get("/incubatore/lista", params={"entro": entro}).status_code == 422


def test_the_pages_of_the_incubator_are_not_for_communes_or_visitors(app):
    for role, commune, status in ((Role.PUBLIC, None, 401), (Role.COMMUNE, BOLLATE, 403), (Role.READER, None, 403)):
        client = as_role(app, role, commune)
        for address in ("/incubatore", "/incubatore/lista"):
            assert client.get(address, headers=BROWSER).status_code == status


def test_an_undo_address_of_another_site_is_never_offered(consultant):
    shown = consultant.get("/incubatore", params={"fatto": "tolto", "annulla": "https://example.org/"}).text
    assert "example.org" not in shown
