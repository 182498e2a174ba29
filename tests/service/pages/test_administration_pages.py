"""What an administrator does on the pages: accounts, keys, imports, the index in use, the audit trail."""

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
from tests.service.web.clients import BASE_URL, add_account, as_program, as_role, in_session

PAGES = ("", "/chiavi", "/importazioni", "/indice", "/registro")


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> Iterator[FastAPI]:
    settings = Settings(home=tmp_path_factory.mktemp("home"), rate_limit="")
    init_database(settings)[0].dispose()
    app = create_app(settings, HashingEncoder())
    with TestClient(app, base_url=BASE_URL):
        yield app


@pytest.fixture(scope="module")
def account_id(app) -> str:
    return add_account(app, Role.ADMINISTRATOR, email="ada@cm.example", name="Ada")


@pytest.fixture(scope="module")
def administrator(app, account_id) -> TestClient:
    return as_browser(in_session(app, account_id))


def card(administrator, email):
    """What the page shows of one account."""
    shown = administrator.get("/amministrazione", params={"parole": email}).text
    return re.search(r'<li class="remix-call">.*?</li>', shown, re.S)[0]


def post(administrator, card, action, **sent):
    """Send the form of a card whose address ends so, with its hidden version."""
    address, form = re.search(rf'action="([^"]+/{action})"(.*?)</form>', card, re.S).groups()
    version = re.search(r'name="versione" value="(\d+)"', form)
    return administrator.post(address, data=({"versione": version[1]} if version else {}) | sent)


def test_an_invitation_shows_its_link_once_where_no_letter_goes_out(administrator):
    sent = {"email": "sindaca@rho.example", "nome": "Sindaca", "ruolo": "commune", "comune": "Rho"}
    made = administrator.post("/amministrazione/inviti", data=sent)
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    link = re.search(r"http://localhost:8000(/\S*?)</code>", made.text)[1]
    assert link.split("/")[-1] not in administrator.get("/amministrazione").text
    assert "(Rho)" in card(administrator, "sindaca@rho.example")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"email": "nessuno"}, "L’indirizzo e-mail non è valido."),
        ({"nome": " "}, "Scrivete nome e cognome."),
        ({"comune": "Atlantide"}, "Il comune non si trova"),
        ({"comune": ""}, "Il comune non si trova"),
    ],
)
def test_an_invitation_that_cannot_be_comes_back_filled_in(administrator, change, told):
    sent = {"email": "nuova@rho.example", "nome": "Nuova", "ruolo": "commune", "comune": "Rho"} | change
    answer = administrator.post("/amministrazione/inviti", data=sent)
    assert (answer.status_code, told in answer.text) == (422, True)
    assert f'value="{sent["email"]}"' in answer.text


def test_an_address_that_has_an_account_is_not_invited_twice(administrator):
    sent = {"email": "ada@cm.example", "nome": "Ada", "ruolo": "reader"}
    assert administrator.post("/amministrazione/inviti", data=sent).status_code == 409


def test_an_account_is_disabled_and_enabled_again(app, administrator):
    email = f"{add_account(app, Role.READER, password_hash='x')}@comune.example"
    post(administrator, card(administrator, email), "stato", stato="disabled")
    assert "disattivato" in card(administrator, email)
    post(administrator, card(administrator, email), "stato", stato="active")
    assert "disattivato" not in card(administrator, email)


def test_a_change_made_on_an_old_version_is_told_and_not_made(app, administrator):
    email = f"{add_account(app, Role.READER)}@comune.example"
    before = card(administrator, email)
    post(administrator, before, "ruolo", ruolo="consultant")
    answer = post(administrator, before, "ruolo", ruolo="administrator")
    assert (answer.status_code, "qualcun altro ha cambiato" in answer.text) == (412, True)
    assert "incubatore" in card(administrator, email)


def test_the_last_administrator_stays_one(administrator):
    answer = post(administrator, card(administrator, "ada@cm.example"), "ruolo", ruolo="reader")
    assert (answer.status_code, "È l’unica persona attiva che amministra" in answer.text) == (409, True)


def test_a_key_is_revoked_for_good(app, administrator):
    program = as_program(app, Role.READER, "catalogue:read")
    assert program.get("/api/v1/sources").status_code == 200
    shown = administrator.get("/amministrazione/chiavi").text
    revoked = administrator.post(re.search(r'action="(/amministrazione/chiavi/[^"]+/revoca)"', shown)[1])
    assert "Chiave revocata" in revoked.text
    assert program.get("/api/v1/sources").status_code == 401


def test_an_import_is_listed_with_what_became_of_its_rows(administrator):
    shown = administrator.get("/amministrazione/importazioni", params={"fonte": "embedded"}).text
    counts = [int(text.replace(".", "")) for text in re.findall(r"<td>([\d.]+)</td>", shown)[:6]]
    assert counts[0] == sum(counts[1:5]) > 0


def test_the_index_in_use_is_named_as_answers_name_it(administrator):
    shown = administrator.get("/amministrazione/indice").text
    assert administrator.get("/readiness").json()["artifact"] in shown


def test_the_trail_is_searched_by_person_and_action_and_leafed_through(administrator):
    for _ in range(35):
        administrator.get("/incubatore/lista")
    asked = {"chi": "ada@cm.example", "azione": "work_items"}
    seen, address = 0, "/amministrazione/registro"
    shown = administrator.get(address, params=asked).text
    while True:
        rows = re.findall(r"<td>lista di lavoro: elenco visto</td>", shown)
        assert len(rows) <= 30
        seen += len(rows)
        following = re.search(r'href="([^"]+)">Le voci seguenti', shown)
        if not following:
            break
        shown = administrator.get(unescape(following[1])).text
    assert seen == 35
    assert "Nessun fatto" in administrator.get(address, params=asked | {"al": "2020-01-01"}).text


def test_a_day_that_is_none_is_refused_by_a_page(administrator):
    assert administrator.get("/amministrazione/registro", params={"dal": "ieri"}).status_code == 422


@pytest.mark.parametrize("page", PAGES)
def test_the_pages_are_for_administrators_only(app, page):
    for role, status in ((Role.PUBLIC, 401), (Role.READER, 403), (Role.CONSULTANT, 403)):
        assert as_role(app, role).get(f"/amministrazione{page}", headers=BROWSER).status_code == status


def test_every_link_of_the_pages_leads_somewhere(administrator):
    seen = set()
    for page in PAGES:
        seen |= set(
            re.findall(r'<a (?:class="[^"]*" )?href="(/[^"#]*)"', administrator.get(f"/amministrazione{page}").text)
        )
    for address in sorted(seen):
        assert administrator.get(unescape(address)).status_code == 200, address
