"""Every page of the router, in every state, as every role, in both languages: by axe, narrow, large, by the policy.

The pages come from the application itself: one that is added is walked without being listed anywhere.
"""

from contextlib import contextmanager

import pyotp
import pytest
from fastapi.testclient import TestClient

from corpora.rows import Quarantined
from service.access.principal import COMMAND_LINE
from service.accounts import invitations
from service.accounts.configuration import post_of
from service.accounts.invitations import NewAccount
from service.accounts.sessions import open_session
from service.accounts.tables import AccountRow, Role
from service.database import open_database, writing
from service.ids import new_id
from service.imports import import_source
from service.initial import init_database
from service.settings import Settings
from service.web.app import create_app
from tests.fakes import HashingEncoder
from tests.service.access.bodies import OTHER, OWN
from tests.service.access.samples import MAKERS, Samples
from tests.service.pages.chromium import chromium, served, session_of
from tests.service.pages.conftest import open_calls
from tests.service.pages.looking import Looker
from tests.service.pages.test_entering import secret_of
from tests.service.pages.test_from_mail import Letterbox
from tests.service.pages.walk import WALKERS, is_page, sent_forms, stops, templates, walker
from tests.service.sources import ListedSource
from tests.service.web.clients import BASE_URL, add_account
from tests.world import COMMUNES, SCUOLE_SICURE

pytestmark = pytest.mark.slow
LANGUAGES = ("it-IT", "en-GB")
SINGLE = {
    Role.PUBLIC: {
        "unknown address": "/non-esiste",
        "needs an account": "/account",
        "unreadable filter": "/bandi?least_amount=molti",
        "nothing found": "/bandi?q=zzzzqqqq",
        "judged for a commune": f"/bandi/{SCUOLE_SICURE.id}?comune={OWN.istat}",
        "answer that is not there": "/raccomandazioni/non-esiste",
        "matrix of a zone": f"/quadro?zona={OWN.zone.replace(' ', '+')}",
        "unreadable year of the matrix": "/quadro?anno=ieri",
        "calls without a driver": "/quadro/casella?linea=nessuna",
        "tags of a call": f"/quadro/etichette?tipo=calls&scheda={SCUOLE_SICURE.id}",
    },
    Role.COMMUNE: {"not for its role": "/incubatore", "another commune": f"/comuni/{OTHER.istat}"},
    Role.CONSULTANT: {
        "one commune": f"/incubatore?comune={OWN.istat}",
        "no commune fits": "/incubatore?zona=nessuna",
        "tags to correct": f"/quadro/etichette?tipo=calls&scheda={SCUOLE_SICURE.id}",
        "everybody for a call": f"/incubatore/bandi/{SCUOLE_SICURE.id}?tutti=si",
        "nothing to ring for": "/incubatore/lista?entro=2001-01-01",
    },
    Role.ADMINISTRATOR: {
        "nobody found": "/amministrazione?parole=zzzz",
        "no events": "/amministrazione/registro?al=2001-01-01",
    },
}
"""Addresses that lead to a state which no route has by itself."""


@contextmanager
def running(settings):
    app = create_app(settings, HashingEncoder())
    with TestClient(app, base_url=BASE_URL):
        app.state.remix.live.serving()
        with served(app) as address:
            yield app, address


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    """The included corpus with the small world beside it, and rows that could not be read."""
    settings = Settings(home=tmp_path_factory.mktemp("full"), rate_limit="")
    engine, _ = init_database(settings)
    (settings.home / "world.csv").write_text("the small world")
    bad = [Quarantined("world.csv", line, "scadenza", "31/02/2026", "il giorno non esiste") for line in range(90, 94)]
    import_source(engine, ListedSource(*open_calls(), *bad, name="world"), settings.home / "world.csv")
    engine.dispose()
    with running(settings) as made:
        yield made


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """One call, communes, and nothing that anybody wrote."""
    settings = Settings(home=tmp_path_factory.mktemp("empty"), rate_limit="")
    engine = open_database(settings, writing=True)
    (settings.home / "world.csv").write_text("the small world")
    import_source(engine, ListedSource(*COMMUNES, SCUOLE_SICURE, name="world"), settings.home / "world.csv")
    engine.dispose()
    with running(settings) as made:
        yield made


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_the_router_is_wrong(full, browser, language):
    app, address = full
    samples, looker = Samples(app), Looker(browser, address, language)
    fill(samples)
    found = walk(samples, looker, empty=False)
    for name, role, answer in sent_forms(samples, language):
        if is_page(answer):
            looker.come_in(secret_of_role(samples, role))
            looker.show(f"POST {name} {answer.status_code}", answer.url.path, answer)
    entering(app, samples, looker, language, found)
    from_mail(app, samples, looker, language, found)
    looker.leave()
    assert looker.wrong == {}, looker.told()
    assert set(templates(app)) - found == set(), "pages that nobody could open: say how in entering() or SINGLE"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_is_wrong_before_anybody_has_written_anything(empty, browser, language):
    app, address = empty
    looker = Looker(browser, address, language)
    walk(Samples(app), looker, empty=True)
    looker.leave()
    assert looker.wrong == {}, looker.told()


def test_no_page_is_wrong_whose_scripts_never_arrive(full, browser):
    app, address = full
    looker = Looker(browser, address, "it-IT", scripts=False)
    walk(Samples(app), looker, empty=False)
    looker.leave()
    assert looker.wrong == {}, looker.told()


def fill(samples):
    """Make one of everything that a page can show, and more than fits on one page where that is little work."""
    for template in sorted(MAKERS):
        if template.startswith("/api/v1/") and "session" not in template and "key" not in template:
            samples.made(template, OWN, Role.CONSULTANT)


def secret_of_role(samples, role):
    """Return the secret of a new session of a role; "" for a visitor."""
    return "" if role is Role.PUBLIC else session_of(samples.app, samples.account(role))


def walk(samples, looker, *, empty):
    """Open every page as every role; returns the templates that answered with a page that is no error."""
    found = set()
    for role in WALKERS:
        looker.come_in(secret_of_role(samples, role))
        for stop in stops(samples, role, empty=empty):
            if looker.open(f"{role} {stop.template}", stop.path) in (0, 200):
                found.add(stop.template)
        for name, path in SINGLE[role].items():
            looker.open(f"{role} {name}", path)
    return found


def from_mail(app, samples, looker, language, found):
    """What the links of the weekly e-mail open, before and after their button was pressed."""
    looker.come_in()
    for link in Letterbox(app).every_link():
        if looker.open(f"link {link[:20]}", link) == 200:
            found.add(f"/{link.split('/')[1]}/{{token}}")
        done = walker(samples, Role.PUBLIC, language).post(link, data={"che": "fai"})
        looker.show(f"link {link[:20]} followed {done.status_code}", done.url.path, done)


def entering(app, samples, looker, language, found):
    """The pages of those who are not in yet: by a link, between password and code, with new codes."""
    state = app.state.remix
    wanted = NewAccount(f"{new_id()}@comune.example", "Ufficio tecnico", Role.CONSULTANT, None)
    link = invitations.invite(state.engine, post_of(state.settings), COMMAND_LINE, "", wanted).address
    looker.come_in()
    if looker.open("invitation", "/" + link.split("/", 3)[3]) == 200:
        found.add("/inviti/{token}")
    member = add_account(app, Role.COMMUNE, OWN.istat)
    again = invitations.send_link(state.engine, post_of(state.settings), COMMAND_LINE, "", member).address
    if looker.open("new password", "/" + again.split("/", 3)[3]) == 200:
        found.add("/nuova-password/{token}")
    client = walker(samples, Role.COMMUNE, language)
    made = client.post("/accedi/secondo-fattore")
    looker.show("code to scan", "/accedi/secondo-fattore", made)
    code = pyotp.TOTP(secret_of(made.text)).now()
    looker.show(
        "recovery codes", "/accedi/secondo-fattore/conferma",
        client.post("/accedi/secondo-fattore/conferma", data={"codice": code}),
    )  # fmt: skip
    with writing(state.engine) as session:
        opened = open_session(session, session.get_one(AccountRow, samples.account(Role.COMMUNE)))
    looker.come_in(opened.secret)
    if looker.open("code asked for", "/accedi/codice") == 200:
        found.add("/accedi/codice")
    for _ in range(7):
        paused = walker(samples, Role.PUBLIC, language).post("/accedi", data={"email": "x@y.example", "password": "no"})
    looker.come_in()
    looker.show("paused", "/accedi", paused)
