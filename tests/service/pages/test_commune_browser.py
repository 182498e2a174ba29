"""A commune's day in a real browser: with and without scripts, by keys alone, in narrow windows, under axe's rules."""

import pytest

from service.accounts.tables import Role
from tests.service.pages.chromium import NARROWEST, chromium, overflow, pictures, served, tab_to, violations
from tests.service.pages.conftest import PASSWORD
from tests.service.web.clients import add_account
from tests.world import GREZZAGO, NOSATE, RHO

pytestmark = pytest.mark.slow
HOME = f"/comuni/{RHO.istat}"
NEED = "La scuola di via Roma ha bisogno di cappotto termico e nuovi impianti."


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def address(app, password_hash):
    for commune in (RHO, GREZZAGO, NOSATE):
        email = f"{commune.istat}@comune.example"
        add_account(app, Role.COMMUNE, commune.istat, email=email, password_hash=password_hash)
    with served(app) as address:
        yield address


def come_in(page, address, commune):
    page.goto(f"{address}/accedi")
    page.fill("#email", f"{commune.istat}@comune.example")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"{address}/comuni/**")


def write_need(page, address, commune):
    page.goto(f"{address}/comuni/{commune.istat}/bisogni/nuovo?esempio=scuola")
    page.fill("#text", NEED)
    page.click("main button:has-text('Salva'), main button:has-text('Save')")
    page.wait_for_url("**/bisogni/*fatto=creato")


@pytest.mark.parametrize("locale", ["it-IT", "en-GB"])
def test_axe_finds_nothing_and_nothing_overflows_in_a_narrow_window(browser, address, locale):
    page = browser.new_context(locale=locale, viewport={"width": NARROWEST, "height": 640}).new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    wrong = {}

    def look(name):
        if (found := violations(page)) or overflow(page):
            wrong[name] = (found, overflow(page))
        pictures(page, f"{name}-{locale[:2]}")
        page.set_viewport_size({"width": NARROWEST, "height": 640})

    for name in ("accedi", "password-dimenticata"):
        page.goto(f"{address}/{name}")
        look(name)
    come_in(page, address, NOSATE)
    look("primo-giorno")
    come_out_and_in(page, address, RHO)
    # The language of the account is the reader's until another one is chosen.
    if locale == "en-GB":
        page.click("button[name=lingua]")
    write_need(page, address, RHO)
    look("voce")
    page.click("summary:has-text('fa per noi'), summary:has-text('Not for us')")
    look("non-fa-per-noi")
    page.click("button[name=che][value=saved]")
    page.wait_for_url("**fatto=saved**")
    look("salvato")
    page.goto(f"{page.url.partition('?')[0]}/modifica")
    look("modifica")
    for name in ("", "/bandi", "/bisogni", "/progetti", "/beni", "/beni/nuovo", "/scadenze", "/decisioni", "/dati"):
        page.goto(f"{address}{HOME}{name}")
        look(f"comune{name.replace('/', '-')}")
    page.goto(f"{address}/account")
    for summary in page.locator("main summary").all():
        summary.click()
    look("account")
    page.goto(f"{address}/accedi/secondo-fattore")
    page.click("main button")
    page.wait_for_load_state()
    look("secondo-fattore")
    assert wrong == {}
    assert said == []


def come_out_and_in(page, address, commune):
    page.click("form[action='/esci'] button")
    page.wait_for_url("**/accedi**")
    come_in(page, address, commune)


def test_keys_alone_log_in_write_a_need_and_save_a_call(browser, address):
    page = browser.new_context(locale="it-IT").new_page()
    page.goto(f"{address}/accedi")
    tab_to(page, "#email")
    page.keyboard.type(f"{GREZZAGO.istat}@comune.example")
    tab_to(page, "#password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/comuni/**")
    tab_to(page, "a[href$='/bisogni/nuovo']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/nuovo")
    tab_to(page, "#title")
    page.keyboard.type("Scuola fredda")
    tab_to(page, "#text")
    page.keyboard.type(NEED)
    tab_to(page, "main button")
    page.keyboard.press("Enter")
    page.wait_for_url("**fatto=creato")
    tab_to(page, "button[value=saved]")
    page.keyboard.press("Enter")
    page.get_by_text("Il bando è tra quelli salvati").wait_for()
    tab_to(page, ".remix-notice button")
    page.keyboard.press("Enter")
    page.get_by_text("La decisione è ritirata").wait_for()
    assert page.get_by_role("button", name="Rimettila").is_visible()
    assert page.locator("button[value=saved]").count() == page.locator(".remix-decisions").count()


def test_all_of_it_works_without_scripts(browser, address):
    page = browser.new_context(java_script_enabled=False, locale="it-IT").new_page()
    come_in(page, address, RHO)
    write_need(page, address, RHO)
    first = page.locator("article h3").first.inner_text()
    page.locator("summary", has_text="Non fa per noi").first.click()
    page.locator("select[name=motivo]").first.select_option("no_staff")
    page.get_by_role("button", name="Non consigliarlo più").first.click()
    page.get_by_text("Il bando non viene più consigliato").wait_for()
    assert first not in page.locator("article h3").all_inner_texts()
    page.get_by_role("button", name="Annulla", exact=True).click()
    page.get_by_text("La decisione è ritirata").wait_for()
    assert first in page.locator("article h3").all_inner_texts()
    page.get_by_role("button", name="Archivia").click()
    page.get_by_text("È nell’archivio").wait_for()
    page.get_by_role("button", name="Esci").click()
    page.get_by_text("Sei uscito").wait_for()
