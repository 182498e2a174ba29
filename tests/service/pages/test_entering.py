"""Coming in and going out on the pages, as a browser without scripts would."""

import re
from dataclasses import replace

import pyotp
import pytest

from service.access.principal import COMMAND_LINE
from service.accounts import invitations, links
from service.accounts.configuration import post_of
from service.accounts.invitations import NewAccount
from service.accounts.tables import AccountRow, LinkPurpose, Role
from service.database import writing
from service.ids import new_id
from service.web.state import attach
from tests.service.pages.conftest import PASSWORD, hidden
from tests.world import RHO


def enter(browser, email, password=PASSWORD, following=""):
    return browser.post("/accedi", data={"email": email, "password": password, "ritorno": following})


def invited(app, role, commune=None):
    state = app.state.remix
    wanted = NewAccount(f"{new_id()}@comune.example", "Ufficio tecnico", role, commune)
    address = invitations.invite(state.engine, post_of(state.settings), COMMAND_LINE, "", wanted).address
    return "/" + address.split("/", 3)[3]


def secret_of(page):
    return re.search(r'class="remix-secret">([A-Z2-7]+)<', page)[1]


def test_who_knows_the_password_comes_in_and_is_named_on_every_page(browser, account):
    shown = enter(browser, account(Role.READER), following="/bandi")
    assert shown.url.path == "/bandi"
    assert "Prova reader" in shown.text
    assert "Esci" in shown.text


def test_who_leaves_is_out(browser, account):
    enter(browser, account(Role.READER))
    assert "Sei uscito." in browser.post("/esci").text
    assert browser.get("/account").status_code == 401


def test_a_wrong_password_and_an_unknown_address_are_refused_in_the_same_words(browser, account):
    wrong = enter(browser, account(Role.READER), "sbagliata del tutto")
    unknown = enter(browser, "nessuno@comune.example", "sbagliata del tutto")
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    words = re.compile(r'role="alert">(.*?)</div>', re.S)
    assert words.search(wrong.text)[1] == words.search(unknown.text)[1]
    assert 'value="nessuno@comune.example"' in unknown.text
    assert "sbagliata" not in wrong.text


def test_many_tries_are_paused_and_the_page_says_for_how_long(browser):
    for _ in range(7):
        answer = enter(browser, "pausa@comune.example", "sbagliata del tutto")
    assert answer.status_code == 429
    assert "Troppi tentativi" in answer.text
    assert int(answer.headers["Retry-After"]) >= 1


@pytest.mark.parametrize("away", ["https://example.org/", "//example.org", "/\\example.org"])
def test_coming_in_never_leads_to_another_site(browser, account, away):
    browser.follow_redirects = False
    assert enter(browser, account(Role.READER), following=away).headers["location"] == "/"


def test_a_page_that_needs_an_account_offers_the_log_in_and_comes_back(browser):
    answer = browser.get("/account")
    assert answer.status_code == 401
    assert 'href="/accedi?ritorno=/account"' in answer.text


def test_an_invited_commune_chooses_a_password_and_is_in(app, browser):
    address = invited(app, Role.COMMUNE, RHO.istat)
    assert "Scegli la password" in browser.get(address).text
    short = browser.post(address, data={"password": "corta"})
    assert (short.status_code, "troppo corta" in short.text) == (422, True)
    browser.follow_redirects = False
    assert browser.post(address, data={"password": PASSWORD}).headers["location"] == f"/comuni/{RHO.istat}"


def test_an_invitation_works_once(app, browser):
    address = invited(app, Role.READER)
    browser.post(address, data={"password": PASSWORD})
    assert browser.get(address).status_code == 404
    assert "Questo link non vale più" in browser.post(address, data={"password": PASSWORD}).text


def test_the_incubators_people_set_up_a_second_factor_before_they_see_anything(app, browser):
    shown = browser.post(invited(app, Role.CONSULTANT), data={"password": PASSWORD})
    assert shown.url.path == "/accedi/secondo-fattore"
    assert browser.get("/account").status_code == 401
    made = browser.post("/accedi/secondo-fattore")
    assert "<svg" in made.text
    wrong = browser.post("/accedi/secondo-fattore/conferma", data={"codice": "000000"})
    assert wrong.status_code == 422
    code = pyotp.TOTP(secret_of(made.text)).now()
    codes = browser.post("/accedi/secondo-fattore/conferma", data={"codice": code})
    assert len(re.findall(r"<li><code>", codes.text)) == 10
    assert browser.get("/account").status_code == 200


def test_a_recovery_code_takes_the_place_of_the_telephone_once(app, browser, account):
    email = account(Role.READER)
    enter(browser, email)
    secret = secret_of(browser.post("/accedi/secondo-fattore").text)
    codes = browser.post("/accedi/secondo-fattore/conferma", data={"codice": pyotp.TOTP(secret).now()}).text
    code = re.search(r"<li><code>([^<]+)<", codes)[1]
    for expected in (200, 422):
        browser.cookies.clear()
        assert enter(browser, email, following="/bandi").url.path == "/accedi/codice"
        assert browser.post("/accedi/codice", data={"codice": code, "ritorno": "/bandi"}).status_code == expected


def test_a_new_password_is_chosen_by_the_link_and_used_at_once(app, browser, account):
    email = account(Role.READER)
    with writing(app.state.remix.engine) as session:
        row = session.query(AccountRow).filter_by(email=email).one()
        secret = links.issue_link(session, row, LinkPurpose.PASSWORD_RESET)
    shown = browser.post(f"/nuova-password/{secret}", data={"password": "nove cani sotto il portico"})
    assert "La nuova password è in uso" in shown.text
    assert enter(browser, email, "nove cani sotto il portico").url.path == "/"


def test_without_a_mail_server_the_page_says_whom_to_ask(browser):
    assert "chi lo amministra" in browser.get("/password-dimenticata").text


@pytest.fixture
def configured(app):
    """Serve with other settings."""
    before = app.state.remix

    def change(**settings):
        attach(app, replace(before, settings=before.settings.model_copy(update=settings)))

    yield change
    attach(app, before)


def test_with_a_mail_server_every_address_gets_the_same_answer(browser, configured):
    configured(smtp_host="127.0.0.1")
    assert "Scrivi un indirizzo completo" in browser.post("/password-dimenticata", data={"email": "nessuno"}).text
    sent = browser.post("/password-dimenticata", data={"email": "nessuno@comune.example"}).text
    assert "Se questo indirizzo ha un accesso" in sent


def test_the_bodys_own_log_in_is_offered_where_there_is_one(browser, configured):
    assert "/log-in/provider" not in browser.get("/accedi").text
    configured(oidc_issuer="https://accesso.example")
    assert 'href="/log-in/provider"' in browser.get("/accedi").text


def test_one_edits_ones_name_and_language(browser, account):
    enter(browser, account(Role.READER))
    version = hidden(browser.get("/account").text, "versione")
    shown = browser.post("/account/profilo", data={"versione": version, "nome": "Anagrafe", "lingua": "en"}).text
    assert "Name and language are saved." in shown
    assert 'value="Anagrafe"' in shown
    stale = browser.post("/account/profilo", data={"versione": version, "nome": "Altro", "lingua": "en"})
    assert (stale.status_code, "changed meanwhile" in stale.text) == (422, True)


def test_one_changes_ones_password_only_with_the_present_one(browser, account):
    email = account(Role.READER)
    enter(browser, email)
    sent = {"attuale": "sbagliata del tutto", "nuova": "nove cani sotto il portico"}
    assert "La password attuale non è giusta" in browser.post("/account/password", data=sent).text
    assert "La password è cambiata" in browser.post("/account/password", data=sent | {"attuale": PASSWORD}).text


def test_a_key_is_shown_once_and_can_be_revoked(browser, account):
    enter(browser, account(Role.READER))
    assert "Scegli che cosa" in browser.post("/account/chiavi", data={"nome": "Sito"}).text
    made = browser.post("/account/chiavi", data={"nome": "Sito", "permessi": ["catalogue:read"], "giorni": "30"}).text
    key = re.search(r"rmx_[0-9a-f]{12}_\S+?(?=<)", made)[0]
    shown = browser.get("/account").text
    assert key not in shown
    assert "Sito" in shown
    again = browser.post(re.search(r'action="(/account/chiavi/[^"]+)"', shown)[1]).text
    assert "La chiave non vale più" in again
    assert "Revoca la chiave Sito" not in again


def test_one_ends_other_sessions(browser, app, account):
    email = account(Role.READER)
    enter(browser, email)
    first = dict(browser.cookies)
    browser.cookies.clear()
    enter(browser, email)
    action = re.search(r'action="(/account/sessioni/[^"]+)"', browser.get("/account").text)[1]
    assert "La sessione è chiusa" in browser.post(action).text
    browser.cookies.clear()
    browser.cookies.update(first)
    assert browser.get("/account").status_code == 401


def test_a_form_that_another_site_sends_is_refused(browser, account):
    enter(browser, account(Role.READER))
    answer = browser.post("/account/sessioni", headers={"Origin": "https://example.org"})
    assert answer.status_code == 403
