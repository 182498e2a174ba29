"""The pages of the strategic frame: who sees which numbers, where they lead, what a person corrects."""

import csv
import io
import re

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from matcher.records import Need, Project
from matcher.strategy import CODES, DRIVER
from service.accounts.tables import Role
from service.database import open_database
from service.frame.matrix import DRIVERS, MISSIONS
from service.initial import init_database
from service.settings import Settings
from service.web.app import create_app
from tests.fakes import HashingEncoder
from tests.service.pages.conftest import open_calls
from tests.service.register.villages import bring, nursery
from tests.service.web.clients import BASE_URL, as_role, visitor
from tests.world import GREZZAGO, RHO

PIAZZA, NIDO, NURSERY = "prova:piazza", "prova:nido", nursery().id
FORMULA = '=HYPERLINK("x")'


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("frame"), rate_limit="")
    init_database(settings)[0].dispose()
    engine = open_database(settings, writing=True)
    square = Project(
        id=PIAZZA, title="Piazza", text="", communes=(GREZZAGO.istat,), drivers=("driver:9",), state="funded"
    )
    need = Need(id=NIDO, commune_istat=RHO.istat, title=FORMULA, text="Zxq wvy.", drivers=("driver:7",))
    bring(engine, settings.home, square, need, *open_calls(), name="prova")
    bring(engine, settings.home, nursery())
    engine.dispose()
    app = create_app(settings, HashingEncoder())
    with TestClient(app, base_url=BASE_URL):
        app.state.remix.live.serving()
        yield app


@pytest.fixture(scope="module")
def staff(app):
    return as_role(app, Role.CONSULTANT)


@pytest.fixture(scope="module")
def anybody(app):
    return visitor(app)


def cells(client, **asked):
    answer = client.get("/api/v1/frame-coverage", params=asked)
    assert answer.status_code == 200, answer.text
    return {(one["driver"], one["mission"]): one for one in answer.json()["items"]}


def test_every_cell_of_a_zone_is_told_the_empty_ones_too(anybody):
    found = cells(anybody, zone=RHO.zone)
    assert set(found) == {(driver, mission) for driver in DRIVERS for mission in MISSIONS}
    assert found["", "M4"]["projects"] == 1
    assert found["", "M4"]["amount"] == "1250000.5"
    assert found["4", "M6"]["projects"] == 0


def test_a_zone_or_a_filter_that_nobody_knows_is_refused(anybody):
    assert anybody.get("/api/v1/frame-coverage", params={"zone": "Atlantide"}).status_code == 422
    assert anybody.get("/api/v1/frame-coverage", params={"state": "finito"}).status_code == 422
    assert anybody.get("/quadro", params={"anno": "ieri"}).status_code == 422


def test_needs_are_counted_for_the_incubator_alone(anybody, staff, app):
    assert all(one["needs"] is None for one in cells(anybody).values())
    assert all(one["needs"] is None for one in cells(as_role(app, Role.COMMUNE, RHO.istat)).values())
    assert cells(staff, zone=RHO.zone)["7", ""]["needs"] == 1


def test_the_page_shows_every_driver_and_leads_to_the_projects_behind_a_number(anybody):
    page = anybody.get("/quadro", params={"zona": GREZZAGO.zone, "stato": "funded"})
    assert page.status_code == 200
    assert all(f">{code}. " in page.text for code in CODES[DRIVER])
    assert "/progetti?linea=9&amp;zona=Adda+Martesana&amp;stato=funded" in page.text


def test_the_calls_of_a_number_are_listed_behind_it(anybody, staff):
    page = anybody.get("/quadro/casella", params={"zona": RHO.zone})
    assert "/bandi/world%3A" in page.text
    assert FORMULA not in page.text
    assert "prova%3Anido" in staff.get("/quadro/casella", params={"linea": "7", "zona": RHO.zone}).text
    assert "prova%3Anido" not in staff.get("/quadro/casella", params={"linea": "1", "zona": RHO.zone}).text


def test_the_gaps_name_needs_for_the_incubator_alone(anybody, staff, app):
    assert "prova%3Anido" in staff.get("/quadro/lacune").text
    assert "prova%3Anido" not in anybody.get("/quadro/lacune").text
    assert "prova%3Anido" not in as_role(app, Role.COMMUNE, RHO.istat).get("/quadro/lacune").text
    assert "prova%3Anido" not in anybody.get("/quadro/lacune/esporta", params={"quali": "bisogni"}).text


def test_the_matrix_as_a_file_says_what_the_interface_says(staff):
    answer = staff.get("/quadro/esporta", params={"formato": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    here = {(row["Linea"], row["Missione"]): row for row in rows if row["Zona"] == RHO.zone}
    for key, cell in cells(staff, zone=RHO.zone).items():
        told = (int(here[key]["Progetti"]), int(here[key]["Bandi aperti"]), int(here[key]["Bisogni"]))
        assert told == (cell["projects"], cell["calls"], cell["needs"]), key
    assert here["", "M4"]["Importo (euro)"] == "1250000,5"


def test_the_workbook_holds_the_same_and_an_imported_text_is_no_formula(staff):
    book = load_workbook(io.BytesIO(staff.get("/quadro/esporta", params={"formato": "xlsx"}).content))
    rows = [tuple(cell.value for cell in row) for row in book.active.iter_rows(min_row=2)]
    found = next(row for row in rows if row[0] == RHO.zone and row[1] is None and row[3] == "M4")
    assert (found[5], found[6]) == (1, 1250000.5)
    sent = staff.get("/quadro/lacune/esporta", params={"quali": "bisogni", "formato": "xlsx"})
    titles = [row[1].value for row in load_workbook(io.BytesIO(sent.content)).active.iter_rows(min_row=2)]
    assert f"'{FORMULA}" in titles
    assert FORMULA not in titles


def test_a_person_corrects_a_tag_and_takes_the_word_back(app, staff):
    address, before = "/quadro/etichette", cells(staff, zone=GREZZAGO.zone)["9", ""]["projects"]
    asked = {"tipo": "projects", "scheda": PIAZZA}
    said = {**asked, "schema": "driver", "codice": "9", "vale": "no"}
    assert staff.post(address, data=said, follow_redirects=False).status_code == 303
    assert cells(staff, zone=GREZZAGO.zone)["9", ""]["projects"] == before - 1
    page = staff.get(address, params=asked).text
    (undo,) = re.findall(r'action="(/quadro/etichette/[^"]+/annulla)"', page)
    assert staff.post(undo, follow_redirects=False).status_code == 303
    assert cells(staff, zone=GREZZAGO.zone)["9", ""]["projects"] == before


def test_the_incubator_corrects_an_official_project_and_nobody_else_does(app, staff):
    said = {"tipo": "precedents", "scheda": NURSERY, "voce": "driver|7", "vale": "si"}
    assert as_role(app, Role.COMMUNE, RHO.istat).post("/quadro/etichette", data=said).status_code == 422
    assert visitor(app).post("/quadro/etichette", data=said, follow_redirects=False).status_code in (303, 401, 403)
    assert staff.post("/quadro/etichette", data=said, follow_redirects=False).status_code == 303
    assert cells(staff, zone=RHO.zone)["7", "M4"]["projects"] == 1


def test_a_code_that_the_frame_does_not_have_is_told_and_changes_nothing(staff):
    sent = {"tipo": "projects", "scheda": PIAZZA, "voce": "driver|99", "vale": "si"}
    answer = staff.post("/quadro/etichette", data=sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_what_no_database_keeps_is_refused(anybody, staff):
    assert anybody.get("/quadro/etichette", params={"tipo": "calls", "scheda": "a\0b"}).status_code == 422
    assert staff.post("/quadro/etichette", data={"tipo": "calls", "scheda": "a\0b"}).status_code == 422


def test_another_communes_need_does_not_exist_for_a_commune(app):
    other = as_role(app, Role.COMMUNE, GREZZAGO.istat)
    assert other.get("/quadro/etichette", params={"tipo": "needs", "scheda": NIDO}).status_code == 404
    assert visitor(app).get("/quadro/etichette", params={"tipo": "needs", "scheda": NIDO}).status_code == 404
    said = {"tipo": "needs", "scheda": NIDO, "voce": "driver|7", "vale": "no"}
    assert other.post("/quadro/etichette", data=said).status_code == 404


def test_every_record_says_where_it_stands_in_the_plan_and_why(app, staff, anybody):
    anybody.get("/quadro")
    for address in (f"/progetti/{PIAZZA}", f"/comuni/{RHO.istat}/bisogni/{NIDO}"):
        page = staff.get(address).text
        assert 'id="piano"' in page, address
        assert "/quadro/etichette?tipo=" in page
    assert "«M4C1I1.01.00», lo dice la scheda" in anybody.get(f"/progetti/{NURSERY}").text
    why = anybody.get("/quadro/etichette", params={"tipo": "projects", "scheda": PIAZZA}).text
    assert "dall’agenda del piano per" in why
