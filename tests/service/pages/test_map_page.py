"""The map as its page: who sees what coloured, the same in the table and in files, links that keep the filters."""

import csv
import io
import json
import re
from html import unescape

import pytest
from openpyxl import load_workbook

from corpora.sources import get_source
from matcher.records import Need, PublicAsset
from service.accounts.tables import Role
from service.database import open_database
from service.imports import import_source
from tests.service.pages.chromium import NARROWEST, chromium, overflow, served, violations, visits
from tests.service.register.register_world import euros, precedent
from tests.service.sources import ListedSource
from tests.world import GREZZAGO, RHO

OPERA = precedent("opera", title="Nuova piazza", communes=(RHO.istat, GREZZAGO.istat), amount=euros("1250000"))
VILLA = PublicAsset(id="prova:villa", title="Villa", text="", commune_istat=RHO.istat, lat=45.53, lon=9.04)
NEED = Need(id="prova:bisogno", commune_istat=GREZZAGO.istat, title="Biblioteca riservatissima", text="")


def take_in(app, source, file, text="{}"):
    path = app.state.remix.settings.home / file
    path.write_text(text)
    engine = open_database(app.state.remix.settings, writing=True)
    import_source(engine, source, path)
    engine.dispose()
    app.state.remix.live.refresh()


@pytest.fixture(scope="module", autouse=True)
def filled(app):
    take_in(app, ListedSource(OPERA, VILLA, NEED, name="pnrr-progetti"), "prova.csv")


@pytest.fixture(scope="module")
def outlined(app):
    """The map once the boundaries of some communes were imported."""
    squares = [(RHO, 9.0), (GREZZAGO, 9.1)]
    features = [
        {
            "type": "Feature",
            "properties": {"istat": one.istat},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[w, 45.6], [w + 0.1, 45.6], [w + 0.1, 45.5], [w, 45.5], [w, 45.6]]],
            },
        }
        for one, w in squares
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    take_in(app, get_source("confini"), "confini.geojson", text)


@pytest.fixture
def consultant(as_somebody):
    return as_somebody(Role.CONSULTANT)


def rows(text):
    """The table under the map: name of the commune → its figure and its share."""
    found = re.findall(r'<tr id="c\d{6}"><th scope="row">(.*?)</th>(.*?)</tr>', text)
    cells = {re.sub("<[^>]+>", "", name): re.findall(r"<td[^>]*>(.*?)</td>", rest) for name, rest in found}
    return {name: tuple(some[2:]) for name, some in cells.items()}


def test_every_commune_is_a_row_with_its_figure(browser):
    found = rows(browser.get("/mappa").text)
    assert found["Rho"] == ("1", "0,02")
    assert found["Nosate"] == ("0", "0,00")
    assert "Torino" not in found
    assert rows(browser.get("/mappa?provincia=Torino").text).keys() == {"Torino"}


def test_money_is_whole_in_each_commune_and_once_in_the_total(browser):
    shown = browser.get("/mappa?misura=importo").text
    assert rows(shown)["Rho"][0] == rows(shown)["Grezzago"][0] == "1.250.000 €"
    assert "In tutto: 1.250.000 €" in shown


def test_needs_are_for_the_incubator(browser, as_somebody, consultant):
    for asking in (browser, as_somebody(Role.COMMUNE, GREZZAGO.istat)):
        shown = asking.get("/mappa?misura=bisogni")
        assert shown.status_code == 422
        assert "Bisogni" not in shown.text
    assert rows(consultant.get("/mappa?misura=bisogni").text)["Grezzago"][0] == "1"


def test_a_project_of_a_commune_is_not_counted_for_others_nor_for_itself_here(browser, as_somebody, consultant):
    rho = as_somebody(Role.COMMUNE, RHO.istat)
    made = rho.post(f"/comuni/{RHO.istat}/progetti", data={"title": "Piscina segreta", "text": "Una piscina nuova."})
    assert made.status_code == 200
    for asking, number in (
        (browser, "1"),
        (as_somebody(Role.COMMUNE, GREZZAGO.istat), "1"),
        (rho, "1"),
        (consultant, "2"),
    ):
        assert rows(asking.get("/mappa").text)["Rho"][0] == number
    assert "tengono per sé" in consultant.get("/mappa").text
    rho.post(f"{made.url.path}/archivia")
    assert rows(consultant.get("/mappa").text)["Rho"][0] == "1"


def test_what_nobody_knows_is_told_apart_from_zero(browser):
    shown = browser.get("/mappa?misura=beni").text
    assert rows(shown)["Rho"][0] == "1"
    assert rows(shown)["Nosate"] == ("non si sa", "non si sa")


def test_calls_that_suit_are_counted_where_something_is_described(browser, consultant):
    assert rows(browser.get("/mappa?misura=bandi").text)["Nosate"][0] == "non si sa"
    assert rows(consultant.get("/mappa?misura=bandi").text)["Grezzago"][0].isdecimal()


@pytest.mark.parametrize("query", ["misura=x", "punti=x", "ordine=x", "provincia=Atlantide", "anno=x", "stato=x"])
def test_a_filter_that_cannot_be_read_is_named_and_left_aside(browser, query):
    shown = browser.get(f"/mappa?{query}")
    assert shown.status_code == 422
    assert f"({query.partition('=')[0]})" in shown.text
    assert rows(shown.text)["Rho"][0] == "1"


def test_the_filters_of_the_address_narrow_what_is_counted_and_go_along_to_the_list(browser):
    assert rows(browser.get("/mappa?cerca=torre").text)["Rho"][0] == "0"
    shown = unescape(browser.get("/mappa?cerca=piazza&da=1000&zona=Nord+Ovest").text)
    assert rows(shown) == {"Rho": ("1", "0,02")}
    assert f'href="/progetti?cerca=piazza&comune={RHO.istat}&da=1000"' in shown
    assert 'href="/progetti?cerca=piazza&zona=Nord+Ovest&da=1000"' in shown
    assert '/mappa/esporta?cerca=piazza&zona=Nord+Ovest&da=1000&formato=csv"' in shown


def test_a_filter_that_the_form_does_not_offer_is_kept_when_it_is_sent(browser):
    shown = browser.get(f"/mappa?fonte=pnrr-progetti&comune={RHO.istat}").text
    assert '<input type="hidden" name="fonte" value="pnrr-progetti">' in shown
    assert f'<input type="hidden" name="comune" value="{RHO.istat}">' in shown
    assert 'type="hidden" name="misura"' not in shown


def test_the_table_is_sorted_as_its_headings_say(browser):
    shown = browser.get("/mappa?ordine=nome").text
    assert list(rows(shown)) == sorted(rows(shown))
    assert re.findall(r'aria-sort="(\w+)"', shown) == ["ascending"]
    by_share = list(rows(browser.get("/mappa?ordine=quota").text))
    assert by_share[:2] == ["Grezzago", "Rho"]
    assert next(iter(rows(browser.get("/mappa?misura=beni").text))) == "Rho"


def test_the_files_hold_what_the_table_shows(browser):
    sent = browser.get("/mappa/esporta?misura=beni&punti=progetti&formato=csv")
    lines = list(csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig")), delimiter=";"))
    assert {line["Comune"]: line["Beni pubblici"] for line in lines}["Nosate"] == ""
    assert lines[0] | {"Beni pubblici": "1", "Progetti, punti": "1", "Codice ISTAT": RHO.istat} == lines[0]
    sheet = load_workbook(io.BytesIO(browser.get("/mappa/esporta?misura=beni&formato=xlsx").content)).active
    table = list(sheet.iter_rows(values_only=True))
    assert table[0][4:] == ("Beni pubblici", "Beni pubblici, per 1.000 abitanti")
    assert table[1][:2] == (RHO.istat, "Rho")
    assert table[1][4] == 1


def test_without_boundaries_and_places_the_table_stands_alone(browser):
    shown = browser.get("/mappa?provincia=Torino").text
    assert "<svg viewBox" not in shown[shown.index("<h1>") :].partition("<table")[0].replace('class="remix-icon"', "")
    assert "non si sa il luogo" in shown


@pytest.mark.usefixtures("outlined")
class TestOutlined:
    def test_communes_are_links_with_names_and_say_their_figures(self, browser):
        shown = unescape(browser.get("/mappa").text)
        assert re.search(rf'<a href="/progetti\?comune={RHO.istat}" aria-label="Rho: Progetti 1">', shown)
        assert shown.count('<path class="remix-area') == 2
        assert "style=" not in shown

    def test_the_legend_needs_no_colour(self, browser):
        shown = browser.get("/mappa").text
        legend = shown[shown.index("remix-map-legend") :].partition("</ul>")[0]
        assert re.findall(r'fill="url\(#livello-(\w+)\)"', legend) == ["3"]
        assert "2 comuni" in legend
        of_assets = browser.get("/mappa?misura=beni").text
        assert re.findall(r'fill="url\(#livello-(\w+)\)"', of_assets[of_assets.index("remix-map-legend") :]) == [
            "unknown",
            "3",
        ]

    def test_few_communes_are_named_on_the_map_itself(self, browser):
        shown = browser.get("/mappa").text
        assert set(re.findall(r'<text class="remix-zone-name"[^>]*>([^<]+)', shown)) == {"Rho", "Grezzago"}

    def test_points_are_drawn_with_their_number_of_things(self, browser):
        shown = browser.get("/mappa?punti=beni").text
        assert re.search(r"<title>Rho: 1</title><circle class=\"remix-spot\"", shown)

    def test_the_incubator_has_the_outlines_under_its_points(self, consultant):
        shown = consultant.get("/incubatore").text
        assert f'<a href="/incubatore?comune={RHO.istat}#comune" aria-label="Rho: ' in shown

    @pytest.mark.slow
    def test_a_keyboard_reaches_every_commune_and_the_map_fits_small_screens(self, app):
        with served(app) as address, chromium() as started, visits(app, started, address) as opened:
            page = opened(Role.CONSULTANT, viewport={"width": NARROWEST, "height": 640})
            for path in ("/incubatore", "/mappa?misura=importo&per_abitante=1", "/mappa?punti=beni"):
                page.goto(path)
                page.set_viewport_size({"width": NARROWEST, "height": 640})
                assert not overflow(page), path
                assert violations(page) == [], path
            page.focus(f'a[href="/progetti?comune={RHO.istat}"] >> nth=0')
            assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Rho: Progetti 1"
