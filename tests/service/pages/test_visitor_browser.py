"""A visitor in a real browser: without scripts, by keys alone, in every state that has no address of its own."""

import pytest
from icalendar import Calendar

from service.accounts.tables import Role
from tests.service.pages.chromium import NARROWEST, chromium, overflow, pictures, served, tab_to, violations
from tests.service.pages.conftest import PASSWORD
from tests.service.web.clients import add_account
from tests.world import NIDI, PICCOLI_COMUNI, RHO

pytestmark = pytest.mark.slow
NEED = "La scuola di via Roma ha bisogno di cappotto termico e nuovi impianti."


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def address(app, password_hash):
    add_account(app, Role.COMMUNE, RHO.istat, email="rho@comune.example", password_hash=password_hash)
    with served(app) as address:
        yield address


def test_a_visitor_finds_a_call_reads_why_and_takes_its_deadline_along_without_scripts(browser, address):
    page = browser.new_context(java_script_enabled=False, locale="it-IT", accept_downloads=True).new_page()
    page.goto(address)
    page.fill("#testo", NEED)
    page.fill("#comune", f"{RHO.name} ({RHO.istat})")
    page.get_by_role("button", name="Trova i bandi").click()
    page.locator("article h3 a").first.click()
    page.fill("#comune", RHO.name)
    page.get_by_role("button", name="Controlla").click()
    page.get_by_text(f"{RHO.name}:").wait_for()
    with page.expect_download() as download:
        page.get_by_role("link", name="Metti la scadenza in calendario").click()
    content = download.value.path().read_bytes()
    assert len(Calendar.from_ical(content).walk("VEVENT")) == 1
    page.get_by_role("link", name="Quali sono").click()
    page.get_by_role("link", name=RHO.name).click()
    page.get_by_role("link", name="Scrivici").click()
    page.fill("#testo", "La scadenza non è questa.")
    page.get_by_role("button", name="Invia").click()
    page.get_by_text("Grazie, il messaggio è arrivato").wait_for()
    page.get_by_role("link", name="Torna alla pagina").click()
    assert "/bandi/" in page.url


def test_a_sentence_is_reached_in_the_text_and_stands_in_sight_without_scripts(browser, address):
    page = browser.new_context(java_script_enabled=False, locale="it-IT").new_page()
    page.goto(f"{address}/bandi/{PICCOLI_COMUNI.id}")
    page.get_by_role("link", name="Leggila nel testo").first.click()
    marked = page.locator("mark").first
    marked.wait_for()
    assert "5.000 abitanti" in marked.inner_text()


def test_keys_alone_search_filter_and_take_a_filter_away(browser, address):
    page = browser.new_context(locale="it-IT", viewport={"width": 1280, "height": 800}).new_page()
    page.goto(f"{address}/bandi")
    everything = page.locator("article").count()
    tab_to(page, "#q")
    page.keyboard.type("asili")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=asili**")
    assert 0 < page.locator("article").count() < everything
    tab_to(page, "input[name=level][value=national], summary")
    tab_to(page, ".remix-chips a")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}/bandi")
    assert page.locator("article").count() == everything


def test_on_a_wide_window_the_filters_are_open_and_on_a_phone_one_press_away(browser, address):
    page = browser.new_context(locale="it-IT", viewport={"width": 1280, "height": 800}).new_page()
    page.goto(f"{address}/bandi")
    assert page.get_by_text("Livello", exact=True).first.is_visible()
    page.set_viewport_size({"width": 360, "height": 800})
    assert not page.get_by_text("Livello", exact=True).first.is_visible()
    page.locator(".remix-filter-box > summary").click()
    assert page.get_by_text("Livello", exact=True).first.is_visible()


@pytest.mark.parametrize("locale", ["it-IT", "en-GB"])
def test_axe_finds_nothing_in_any_state_and_nothing_overflows(browser, address, locale):
    page = browser.new_context(locale=locale, viewport={"width": NARROWEST, "height": 640}).new_page()
    wrong = {}

    def look(name):
        if (found := violations(page)) or overflow(page):
            wrong[name] = (found, overflow(page))
        pictures(page, f"{name}-{locale[:2]}")
        page.set_viewport_size({"width": NARROWEST, "height": 640})

    for name, path in (
        ("filtri", "/bandi?q=scuola&level=national&sort=amount"),
        ("nessuno", "/bandi?q=scuola&least_amount=900000000000"),
        ("filtro-sbagliato", "/bandi?level=x"),
        ("testo", f"/bandi/{PICCOLI_COMUNI.id}?testo=1"),
        ("per-un-comune", f"/bandi/{PICCOLI_COMUNI.id}?comune={RHO.istat}"),
        ("comuni", f"/bandi/{NIDI.id}/comuni?ovunque=1"),
        ("grazie", "/scrivici?fatto=inviato&pagina=/bandi"),
    ):
        page.goto(f"{address}{path}")
        look(name)
    page.goto(f"{address}/scrivici?pagina=/bandi")
    page.fill("#testo", "x")
    page.evaluate("document.querySelector('#email').type = 'text'")
    page.fill("#email", "nessuno")
    page.click("main form button")
    page.wait_for_load_state()
    look("scrivici-sbagliato")
    page.goto(f"{address}/accedi")
    page.fill("#email", "rho@comune.example")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"{address}/comuni/**")
    for name, path in (
        ("esclusi", f"/comuni/{RHO.istat}/requisiti?gruppo=no-applicant"),
        ("gruppo-vuoto", f"/comuni/{RHO.istat}/requisiti?gruppo=zone"),
        ("bando-del-comune", f"/bandi/{NIDI.id}"),
    ):
        page.goto(f"{address}{path}")
        look(name)
    page.goto(f"{address}/comuni/{RHO.istat}/progetti/nuovo")
    page.fill("#title", "Nido")
    page.fill("#text", "Un nido nuovo.")
    page.fill("#amount", "molto")
    page.locator("main form button").last.click()
    page.wait_for_load_state()
    look("progetto-sbagliato")
    assert wrong == {}
