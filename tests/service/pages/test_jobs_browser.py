"""Uploading in a real browser: a list and a publisher's file, with and without scripts, narrow, under axe's rules."""

import threading
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from service.accounts.tables import Role
from service.initial import init_database
from service.jobs import matching
from service.settings import Settings
from service.web.app import create_app
from tests.fakes import HashingEncoder
from tests.service.pages.chromium import NARROWEST, chromium, overflow, pictures, served, violations, visits
from tests.service.web.clients import BASE_URL

pytestmark = pytest.mark.slow
LIST = "titolo;descrizione;comune;costo\n" + "".join(
    f"Cappotto termico della scuola {number};La scuola è fredda;{place};350.000\n"
    for number, place in enumerate(("Nosate", "Bollate", "Atlantide", "Cinisello Balsamo", "Rho", "Milano"))
)
SLOW_S = 60


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("home"), rate_limit="")
    init_database(settings)[0].dispose()
    app = create_app(settings, HashingEncoder())
    with TestClient(app, base_url=BASE_URL):
        app.state.remix.live.serving()
        app.state.remix.jobs.start()
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


@pytest.fixture
def held(monkeypatch) -> Iterator[threading.Event]:
    """Holds every list after its first few lines, until a test lets it go on."""
    going_on, answered, calls = threading.Event(), matching.answered_each, []

    def waits(*arguments):
        calls.append(arguments)
        if len(calls) > 1:
            going_on.wait(SLOW_S)
        return answered(*arguments)

    monkeypatch.setattr(matching, "answered_each", waits)
    yield going_on
    going_on.set()


def upload(page, content=LIST, name="progetti.csv"):
    page.goto("/elenchi")
    page.set_input_files("#file", {"name": name, "mimeType": "text/csv", "buffer": content.encode()})
    page.get_by_role("button", name="Cerca i bandi").click()
    page.wait_for_url("**/elenchi/*-*")


def test_a_list_fills_by_itself_and_its_results_are_downloaded(page_of, held):
    page = page_of(Role.CONSULTANT)
    upload(page)
    page.wait_for_selector("progress[value='4']")
    assert violations(page) == []
    pictures(page, "elenco-in-corso")
    assert page.locator("article").count() >= 3
    held.set()
    page.wait_for_selector("text=Cercati i bandi per 5 progetti; una riga è rimasta fuori")
    assert page.locator("progress").count() == 0
    assert violations(page) == []
    pictures(page, "elenco-finito")
    with page.expect_download() as waited:
        page.get_by_role("link", name="Scarica per Excel (XLSX)").click()
    assert waited.value.suggested_filename == "bandi-progetti.xlsx"


def test_a_list_is_followed_without_scripts(page_of, held):
    page = page_of(Role.CONSULTANT, java_script_enabled=False)
    upload(page)
    for _ in range(SLOW_S):
        if page.locator("progress").get_attribute("value") == "4":
            break
        page.wait_for_timeout(250)
        page.get_by_role("link", name="Aggiorna", exact=True).click()
    held.set()
    for _ in range(SLOW_S):
        if not page.locator("progress").count():
            break
        page.wait_for_timeout(250)
        page.get_by_role("link", name="Aggiorna", exact=True).click()
    assert "Finito." in page.inner_text("main")
    page.get_by_role("link", name="Tutti i motivi e le prove").first.click()
    assert "Cappotto termico della scuola 0" in page.inner_text("main")


def test_a_list_is_stopped_and_keeps_what_it_has(page_of, held):
    page = page_of(Role.CONSULTANT, java_script_enabled=False)
    upload(page, LIST + LIST.partition("\n")[2])
    page.get_by_role("button", name="Ferma").click()
    assert "Si sta fermando." in page.inner_text("main")
    held.set()
    for _ in range(SLOW_S):
        if "Fermato." in page.inner_text("main"):
            break
        page.wait_for_timeout(250)
        page.get_by_role("link", name="Aggiorna", exact=True).click()
    assert "Fermato." in page.inner_text("main")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_file_of_the_wrong_source_is_told_in_words(page_of, scripts):
    page = page_of(Role.ADMINISTRATOR, java_script_enabled=scripts)
    page.goto("/amministrazione/importazioni")
    page.select_option("#fonte-file", "comuni")
    page.set_input_files("#file", {"name": "x.csv", "mimeType": "text/csv", "buffer": b"a;b\n1;2\n"})
    page.get_by_role("button", name="Importa").click()
    for _ in range(SLOW_S):
        if "Nel file mancano delle colonne" in page.inner_text("main"):
            break
        page.wait_for_timeout(250)
        if not scripts:
            page.reload()
    assert "Niente è stato importato" in page.inner_text("main")
    if scripts:
        assert violations(page) == []
        pictures(page, "importazione-fallita")


@pytest.mark.parametrize("locale", ["it-IT", "en-GB"])
@pytest.mark.parametrize(
    ("role", "place", "name"),
    [
        (Role.CONSULTANT, "/elenchi", "elenchi"),
        (Role.ADMINISTRATOR, "/amministrazione/importazioni", "importazioni"),
        (Role.ADMINISTRATOR, "/amministrazione/indice", "indice"),
        (Role.ADMINISTRATOR, "/amministrazione/registro", "registro"),
    ],
)
def test_every_page_keeps_axes_rules_and_fits_a_narrow_window(page_of, role, place, name, locale):
    page = page_of(role, locale=locale, viewport={"width": NARROWEST, "height": 800})
    page.goto(place)
    assert overflow(page) <= 0
    assert violations(page) == []
    if locale == "it-IT":
        pictures(page, name)
