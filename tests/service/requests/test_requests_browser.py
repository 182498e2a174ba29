"""From a call to the incubator’s answer and back, in a real browser without scripts, in a narrow window."""

import pytest

from service.accounts.tables import Role
from tests.service.pages.chromium import NARROWEST, chromium, overflow, pictures, served, visits
from tests.service.pages.conftest import app  # noqa: F401 - a fixture
from tests.service.web.clients import add_account
from tests.world import NIDI, RHO

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def no_requests():
    """The one journey begins in a world of its own."""


@pytest.fixture(scope="module")
def open_as(app):  # noqa: F811
    """Open a window of a role that runs no scripts, as narrow as they come."""
    with chromium() as browser, served(app) as address, visits(app, browser, address) as opened:

        def window(role, account_id):
            narrow = {"width": NARROWEST, "height": 640}
            return opened(role, account_id, java_script_enabled=False, viewport=narrow)

        yield window


def looked_at(page, name):
    """Hold a page to its window; pictures of it where they are asked for. Every page is put to axe elsewhere."""
    assert overflow(page) == 0, name
    pictures(page, f"richieste-{name}")
    page.set_viewport_size({"width": NARROWEST, "height": 640})


def test_a_commune_asks_is_asked_back_replies_and_reads_the_answer(app, open_as):  # noqa: F811
    own, staff = add_account(app, Role.COMMUNE, RHO.istat), add_account(app, Role.CONSULTANT)
    rho, desk = open_as(Role.COMMUNE, own), open_as(Role.CONSULTANT, staff)
    rho.goto(f"/bandi/{NIDI.id}")
    rho.click("text=Chiedi aiuto all’incubatore")
    looked_at(rho, "modulo")
    assert rho.is_checked("input[value=finanziamenti]")
    rho.fill("#testo", "Non sappiamo se il nostro asilo può chiedere il contributo: ci aiutate a leggere il bando?")
    rho.click("text=Invia la richiesta")
    assert "L’incubatore vi risponde entro il" in rho.inner_text("[role=status]")
    looked_at(rho, "inviata")
    asked = rho.url

    desk.goto("/incubatore/richieste")
    looked_at(desk, "coda")
    desk.click(".remix-line a")
    desk.click("text=Prendi in carico")
    desk.check("input[value=domanda]")
    desk.fill("#testo", "Quanti posti ha l’asilo, e di che anno è l’edificio?")
    desk.fill("#ore", "0,5")
    desk.click("form[action$=risposte] button")
    assert "il termine non corre" in desk.inner_text("[role=status]")
    looked_at(desk, "scheda")

    rho.goto(asked)
    looked_at(rho, "domanda")
    rho.fill("#testo", "Quaranta posti, 1974.")
    rho.click("text=Invia")
    desk.reload()
    desk.goto(desk.url.split("?")[0])
    desk.check("input[value=risposta]")
    desk.fill("#testo", "Sì: il bando paga anche gli edifici prima del 1980. Vi chiamiamo giovedì.")
    desk.fill("#ore", "1,25")
    desk.click("form[action$=risposte] button")
    rho.goto(f"/comuni/{RHO.istat}/richieste")
    looked_at(rho, "elenco")
    rho.click(".remix-line a")
    assert "Sì: il bando paga anche" in rho.content()
    assert "1,25" not in rho.content()
    desk.goto("/incubatore/richieste/conteggi")
    assert "1,75" in desk.content()
    looked_at(desk, "conteggi")
