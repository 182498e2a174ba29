"""The register of assets and each asset's page, for a visitor, a commune and the incubator."""

import io
import json

import pytest
from openpyxl import load_workbook

from matcher.records import Need, Precedent, PublicAsset
from service.accounts.tables import Role
from service.database import open_database
from service.imports import import_source
from tests.service.pages.chromium import NARROWEST, chromium, overflow, pictures, served, violations, visits
from tests.service.pages.conftest import hidden
from tests.service.sources import ListedSource
from tests.world import GREZZAGO, RHO

HOME = f"/comuni/{RHO.istat}"
VILLA = PublicAsset(
    id="prova:villa", title="Villa con parco", text="Associazioni pronte a gestire la caffetteria.",
    commune_istat=RHO.istat, owner="Comune di Rho", kind="villa storica", surface_m2=1100.0, state="in abbandono",
    constraints=("vincolo culturale",), path="concession",
)  # fmt: skip
FIELD = PublicAsset(
    id="prova:campo", title="Campo incolto", text="", commune_istat=GREZZAGO.istat, kind="terreno agricolo",
    contamination=False, heritage=False,
)  # fmt: skip
ARMED = PublicAsset(id="prova:formula", title='=HYPERLINK("x")', text="", commune_istat=GREZZAGO.istat, kind="area")
FUNDED = Precedent(
    id="prova:recupero", source="prova", title="Recupero della villa storica come biblioteca", measure="M5C2I2.01.00",
    communes=(GREZZAGO.istat,), commune_names=("Grezzago",),
)  # fmt: skip
THEIRS = Need(id="prova:bisogno", commune_istat=GREZZAGO.istat, title="Biblioteca riservatissima", text="")


@pytest.fixture(scope="module", autouse=True)
def filled(app):
    settings = app.state.remix.settings
    file = settings.home / "beni.csv"
    file.write_text("beni")
    engine = open_database(settings, writing=True)
    import_source(engine, ListedSource(VILLA, FIELD, ARMED, FUNDED, THEIRS, name="prova"), file)
    engine.dispose()
    app.state.remix.live.refresh()


@pytest.fixture
def rho(as_somebody):
    return as_somebody(Role.COMMUNE, RHO.istat)


@pytest.fixture
def need(rho):
    made = rho.post(f"{HOME}/bisogni", data={"title": "Sala per mostre", "text": "Serve uno spazio per un museo."})
    yield made.url.path.rpartition("/")[2]
    rho.post(f"{made.url.path}/archivia")


def test_a_visitor_looks_through_the_public_assets(browser):
    shown = browser.get("/beni").text
    assert VILLA.title in shown
    assert "3 beni" in shown


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("q=caffetteria", {VILLA.title}),
        ("kind=farmland", {FIELD.title}),
        ("heritage=met", {FIELD.title}),
        ("heritage=not_met", {VILLA.title}),
        ("contamination=met", {FIELD.title}),
        ("path=concession", {VILLA.title}),
        ("least_m2=1000", {VILLA.title}),
        ("most_m2=1000", set()),
        (f"commune={RHO.istat}", {VILLA.title}),
        ("area=sud-est", set()),
        ("unused=met", {VILLA.title, FIELD.title}),
    ],
)
def test_each_filter_leaves_what_passes_it(browser, query, titles):
    shown = browser.get(f"/beni?{query}").text
    assert {one.title for one in (VILLA, FIELD) if f">{one.title}</a>" in shown} == titles


def test_a_filter_that_cannot_be_read_is_told_and_everything_is_shown(browser):
    answer = browser.get("/beni?least_m2=tanti")
    assert answer.status_code == 422
    assert "least_m2" in answer.text
    assert VILLA.title in answer.text


def test_an_asset_that_is_not_there_is_not_found(browser):
    assert browser.get("/beni/prova:nessuno").status_code == 404


def test_a_visitor_sees_calls_path_and_places_like_it_and_no_need(browser, need):
    shown = browser.get(f"/beni/{VILLA.id}").text
    assert "Sala per mostre" not in shown
    assert "I bisogni dei comuni sono riservati" in shown
    assert FUNDED.title in shown
    assert "concessione, con usi sociali e di mercato insieme" in shown
    assert "ibridazione di funzioni sociali e di mercato" in shown
    assert "bandi confrontati" in shown


def test_its_commune_sees_its_need_and_asks_for_calls_for_both(rho, need):
    shown = rho.get(f"/beni/{VILLA.id}").text
    assert "Sala per mostre" in shown
    both = rho.get(f"/beni/{VILLA.id}", params={"fabbisogno": need}).text
    assert "Bandi per mettere questo bene al servizio di: Sala per mostre" in both


def test_another_communes_need_is_neither_shown_nor_usable(rho, browser):
    for one in (rho, browser):
        assert THEIRS.title not in one.get(f"/beni/{FIELD.id}").text
        assert THEIRS.title not in one.get(f"/beni/{VILLA.id}", params={"fabbisogno": THEIRS.id}).text
    assert rho.get(f"{HOME}/beni-vicini/{THEIRS.id}").status_code == 404


def test_the_incubator_sees_every_need(as_somebody):
    assert THEIRS.title in as_somebody(Role.CONSULTANT).get(f"/beni/{FIELD.id}").text


def test_a_need_finds_the_assets_of_its_commune(rho, need):
    shown = rho.get(f"{HOME}/beni-vicini/{need}").text
    assert VILLA.title in shown
    assert FIELD.title not in shown


def test_the_page_is_in_english_for_who_wants_it(browser):
    shown = browser.get(f"/beni/{VILLA.id}", headers={"Accept-Language": "en"}).text
    assert "concession, with social and market uses together" in shown


@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_what_is_taken_along_holds_no_formula(browser, form):
    answer = browser.get(f"/beni/esporta?format={form}")
    assert "attachment" in answer.headers["Content-Disposition"]
    if form == "json":
        titles = [one["title"] for one in json.loads(answer.content)["items"]]
        assert ARMED.title in titles
    elif form == "csv":
        assert ";'=HYPERLINK" in answer.content.decode("utf-8-sig").replace('"', "")
    else:
        cells = [row[1].value for row in load_workbook(io.BytesIO(answer.content)).active.iter_rows()]
        assert f"'{ARMED.title}" in cells


def upload(client, content, name="beni.csv"):
    return client.post(f"{HOME}/elenco-beni", files={"file": (name, content)})


def test_a_list_keeps_the_good_rows_and_tells_the_bad_ones(rho, browser):
    rows = "Denominazione;Tipologia;Superficie (mq);Bonifica\nEx filanda;capannone;1.200;no\nEx asilo;asilo;tanti;\n"
    shown = upload(rho, rows.encode()).text
    assert "1 beni nuovi" in shown
    assert "1 righe da correggere" in shown
    assert "tanti" in shown
    again = upload(rho, rows.encode()).text
    assert "0 beni nuovi, 0 cambiati, 1 già uguali" in again
    changed = upload(rho, rows.replace("1.200", "1.300").encode()).text
    assert "1 cambiati" in changed
    assert "Ex filanda" in rho.get(f"{HOME}/beni").text
    assert "Ex filanda" in rho.get("/beni").text
    assert "Ex filanda" not in browser.get("/beni").text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "non si può leggere"),
        (b"PK\x03\x04broken", "non si può leggere"),
        (b"a;b\n1;2\n", "Denominazione"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(rho, content, words):
    answer = upload(rho, content)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_file_must_be_chosen(rho):
    assert "Scegliete un file" in rho.post(f"{HOME}/elenco-beni", data={"che": "niente"}).text


def test_a_list_of_another_commune_is_not_taken(rho):
    assert rho.post(f"/comuni/{GREZZAGO.istat}/elenco-beni", files={"file": ("b.csv", b"x")}).status_code == 404


def test_the_example_can_be_sent_back(rho):
    example = rho.get(f"{HOME}/elenco-beni/esempio.csv").content
    assert "2 beni nuovi" in upload(rho, example).text


def test_what_was_exported_can_be_read_in_again(rho):
    exported = rho.get(f"/beni/esporta?format=csv&commune={RHO.istat}").content
    assert "0 righe da correggere" in upload(rho, exported).text


def test_yes_no_and_not_said_are_three_answers_in_the_form(rho):
    made = rho.post(f"{HOME}/beni", data={"title": "Torre", "text": "Vuota.", "heritage": "yes", "contamination": "no"})
    address = made.url.path
    asset = f"/beni/{address.rpartition('/')[2]}"
    assert "È senza vincoli culturali?</strong> ✘" in rho.get(asset).text
    assert "È senza bonifiche da fare?</strong> ✔" in rho.get(asset).text
    version = hidden(rho.get(f"{address}/modifica").text, "versione")
    rho.post(f"{address}/modifica", data={"versione": version, "title": "Torre", "text": "Vuota.", "heritage": ""})
    assert "È senza vincoli culturali?</strong> ?" in rho.get(asset).text
    rho.post(f"{address}/archivia")


@pytest.mark.slow
def test_axe_finds_nothing_without_scripts_in_a_narrow_window_and_nothing_overflows(app, need):
    pages = ("/beni", "/beni?kind=villa", f"/beni/{VILLA.id}", f"/beni/{VILLA.id}?fabbisogno={need}")
    own = (f"{HOME}/elenco-beni", f"{HOME}/beni-vicini/{need}")
    wrong = {}
    with served(app) as address, chromium() as started, visits(app, started, address) as opened:
        for javascript in (True, False):
            page = opened(Role.CONSULTANT, viewport={"width": NARROWEST, "height": 640}, java_script_enabled=javascript)
            for path in (*pages, *own):
                page.goto(path)
                pictures(page, path.strip("/").replace("/", "-").split("?")[0])
                page.set_viewport_size({"width": NARROWEST, "height": 640})
                if overflow(page) or (javascript and violations(page)):
                    wrong[path, javascript] = overflow(page), violations(page) if javascript else []
    assert wrong == {}
