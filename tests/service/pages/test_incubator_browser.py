"""The incubator's and an administrator's day in a real browser: without scripts, by keys, narrow, under axe's rules."""

import pytest
from fastapi.testclient import TestClient

from service.accounts.tables import Role
from service.initial import init_database
from service.settings import Settings
from service.web.app import create_app
from tests.fakes import HashingEncoder
from tests.service.pages.chromium import NARROWEST, chromium, overflow, pictures, served, tab_to, violations, visits
from tests.service.web.clients import BASE_URL

pytestmark = pytest.mark.slow
INCUBATOR = {
    "comuni": "/incubatore",
    "comune": "/incubatore?comune=015146",
    "lista": "/incubatore/lista",
    "righe": "/incubatore/revisione",
    "doppioni": "/incubatore/revisione/doppioni",
    "condizioni": "/incubatore/revisione/condizioni",
}
ADMINISTRATION = {
    "accessi": "/amministrazione",
    "chiavi": "/amministrazione/chiavi",
    "importazioni": "/amministrazione/importazioni",
    "indice": "/amministrazione/indice",
    "registro": "/amministrazione/registro",
}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """The application over the included corpus, whose communes have something that calls can fit."""
    settings = Settings(home=tmp_path_factory.mktemp("home"), rate_limit="")
    init_database(settings)[0].dispose()
    app = create_app(settings, HashingEncoder())
    with TestClient(app, base_url=BASE_URL):
        app.state.remix.live.serving()
        yield app


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def address(app):
    with served(app) as address:
        yield address


@pytest.fixture
def page_of(app, browser, address):
    """Open a page in the session of a new account of a role, its second factor given."""
    with visits(app, browser, address) as opened:
        yield opened


def put_on_list(page, place):
    """From the overview to the call at a place, and its first commune onto the list; returns the commune's name."""
    page.goto("/incubatore")
    page.click(f"section[aria-labelledby=da-portare] li a >> nth={place}")
    page.check(".remix-choice input >> nth=0")
    name = page.locator(".remix-choice label").first.inner_text()
    page.click("text=Metti in lista i comuni scelti")
    page.wait_for_url("**fatto=in_lista**")
    return name


@pytest.mark.parametrize("locale", ["it-IT", "en-GB"])
def test_axe_finds_nothing_and_nothing_overflows_in_a_narrow_window(page_of, locale):
    page = page_of(Role.ADMINISTRATOR, locale=locale, viewport={"width": NARROWEST, "height": 640})
    said, wrong = [], {}
    page.on("console", lambda message: said.append(message.text))
    page.goto("/incubatore")
    call = page.get_attribute("section[aria-labelledby=da-portare] li a >> nth=0", "href")
    for name, path in (INCUBATOR | ADMINISTRATION | {"bando": call, "tutti": f"{call}?tutti=si"}).items():
        page.goto(path)
        page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
        if (found := violations(page)) or overflow(page):
            wrong[name] = (found, overflow(page))
        pictures(page, f"incubatore-{name}-{locale[:2]}")
        page.set_viewport_size({"width": NARROWEST, "height": 640})
    assert wrong == {}
    assert said == []


def test_a_call_goes_from_the_overview_over_the_list_to_a_note_without_scripts(page_of):
    page = page_of(Role.CONSULTANT, java_script_enabled=False)
    name = put_on_list(page, 0)
    page.goto("/incubatore/lista")
    card = page.locator("article", has_text=name)
    card.locator("select").select_option("interested")
    card.locator("button").click()
    assert page.locator("section[aria-labelledby=colonna-interested] article", has_text=name).count() == 1
    page.click("[role=status] button:has-text('Annulla')")
    assert page.locator("section[aria-labelledby=colonna-to_call] article", has_text=name).count() == 1
    page.click(f"article a:has-text('{name}')")
    page.fill("#testo", "Richiamano lunedì.")
    page.click("text=Aggiungi la nota")
    assert page.locator("text=Richiamano lunedì.").count() == 1


def test_an_item_of_the_list_shows_nothing_wrong_to_axe(page_of):
    page = page_of(Role.CONSULTANT)
    name = put_on_list(page, 1)
    assert violations(page) == []
    page.goto("/incubatore/lista")
    assert violations(page) == []
    page.click(f"article a:has-text('{name}') >> nth=0")
    assert violations(page) == []


def test_the_review_desk_is_worked_through_by_keys_alone(page_of):
    page = page_of(Role.CONSULTANT)
    page.goto("/incubatore/revisione/condizioni")
    rows = page.locator("[data-row]")
    count, first = rows.count(), rows.first.locator("h2").inner_text()
    tab_to(page, "[data-row]")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.querySelector('h2').innerText") == first
    page.keyboard.press("Enter")
    page.wait_for_url("**fatto=confermato**")
    assert rows.count() == count - 1
    # The first of those that are left has the focus, so that the next key does the next one.
    page.keyboard.press("u")
    page.wait_for_url("**fatto=annullato**")
    assert rows.count() == count


def test_somebody_is_invited_and_the_link_is_shown_without_scripts(page_of):
    page = page_of(Role.ADMINISTRATOR, java_script_enabled=False)
    page.goto("/amministrazione")
    page.click("summary:has-text('Invita qualcuno')")
    page.fill("#email", "sindaco@bollate.example")
    page.fill("#nome", "Il Sindaco")
    page.fill("#comune", "Bollate")
    page.click("button:has-text('Invita')")
    link = page.locator("code.remix-secret").inner_text()
    assert "/inviti/" in link
    page.goto("/amministrazione")
    assert link not in page.content()
