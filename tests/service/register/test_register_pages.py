"""The register on pages: found, followed, spoken of, taken along; nobody sees what another commune keeps."""

import json
import re

import pytest

from service.accounts.tables import Role
from service.database import writing
from service.moments import now
from service.register import exports
from service.register.tables import RegisterEntryRow
from tests.service.register.villages import OWN, bring, nursery, square
from tests.service.web.clients import add_account, as_role, in_session, visitor
from tests.world import GREZZAGO, RHO

NURSERY = f"/progetti/{nursery().id}"
OWN_PAGE = f"/progetti/{OWN}"
TODAY = now().date().isoformat()


@pytest.fixture
def app(registered):
    return registered


def of_commune(app, istat):
    return staying(in_session(app, add_account(app, Role.COMMUNE, istat)))


def consultant(app):
    return staying(as_role(app, Role.CONSULTANT))


def staying(client):
    """A client that does not go where it is led."""
    client.follow_redirects = False
    return client


def said(**fields):
    return {"che": "milestone", "giorno": TODAY, "nome": "Fine lavori"} | fields


def test_the_list_finds_projects_by_the_filters_of_its_address_and_tells_them(app):
    text = visitor(app).get("/progetti", params={"cerca": "asilo", "comune": RHO.istat, "da": "1000000"}).text
    assert "Asilo nido di via Roma" in text
    assert "Piazza del mercato" not in text
    assert all(words in text for words in ("parole: asilo", "Rho", "almeno 1.000.000", "1.250.000,50"))
    assert "/mappa?cerca=asilo" in text


def test_a_filter_that_cannot_be_read_is_told_and_nothing_is_lost(app):
    answer = visitor(app).get("/progetti", params={"anno": "duemila", "cerca": "piazza"})
    assert answer.status_code == 422
    assert "Anno" in answer.text
    assert "Piazza del mercato" in answer.text


def test_a_project_says_what_is_known_and_that_nobody_spoke_of_it_for_long(app):
    text = visitor(app).get(NURSERY).text
    assert all(words in text for words in ("senza notizie", "21 febbraio 2023", "Italia Domani", "J61F22000330006"))
    assert "Scrivi che cosa è successo" not in text


def test_what_the_incubator_writes_is_on_the_page_and_can_be_taken_back_and_put_back(app):
    staff = consultant(app)
    written = staff.post(f"{NURSERY}/osservazioni", data=said(prevista="2024-06-30", dove="Delibera 7"))
    assert written.status_code == 303
    page = staff.get(NURSERY).text
    assert "in ritardo" in page
    assert "Delibera 7" in page
    assert "senza notizie" not in re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    assert "Asilo nido" in visitor(app).get("/progetti?in_ritardo=1").text
    address = re.search(r"/progetti/osservazioni/[\w-]+/annulla", page)[0]
    taken = staff.post(address)
    assert "Rimetti" in staff.get(taken.headers["location"]).text
    assert "Asilo nido" not in visitor(app).get("/progetti?in_ritardo=1").text
    staff.post(address.replace("annulla", "ripristina"))
    assert "Asilo nido" in visitor(app).get("/progetti?in_ritardo=1").text


def test_what_cannot_be_kept_comes_back_with_its_reason_and_its_words(app):
    answer = consultant(app).post(
        f"{NURSERY}/osservazioni",
        data={"che": "amount", "giorno": TODAY, "nome": "spent", "valore": "tanti", "dove": "Atto 9"},
    )
    assert answer.status_code == 422
    assert "Il valore non va bene" in answer.text
    assert "Atto 9" in answer.text


def test_an_amount_is_read_as_italians_write_it_and_drawn_over_time(app):
    staff = consultant(app)
    for day, euros in (("2024-01-31", "100.000"), ("2025-01-31", "250.000,50")):
        data = {"che": "amount", "giorno": day, "nome": "spent", "valore": euros}
        assert staff.post(f"{NURSERY}/osservazioni", data=data).status_code == 303
    text = visitor(app).get(NURSERY).text
    assert "250.000,50" in text
    assert "<polyline" in text


def test_a_commune_speaks_of_its_own_project_and_for_others_it_is_not_there(app):
    rho = of_commune(app, RHO.istat)
    assert rho.post(f"{OWN_PAGE}/osservazioni", data=said(nota="segreto")).status_code == 303
    assert "segreto" in rho.get(OWN_PAGE).text
    assert "Nido aziendale" in rho.get("/progetti").text
    for other in (of_commune(app, GREZZAGO.istat), visitor(app), as_role(app, Role.READER)):
        assert other.get(OWN_PAGE).status_code == 404
        assert other.post(f"{OWN_PAGE}/osservazioni", data=said()).status_code in (401, 403, 404)
        assert "Nido aziendale" not in other.get("/progetti").text
        files = [other.get(f"/progetti/esporta?formato=json&che={what}").text for what in ("progetti", "osservazioni")]
        assert OWN not in "".join(files)
    assert rho.post(f"{NURSERY}/osservazioni", data=said()).status_code == 404


def test_the_list_is_taken_along_with_its_filters(app):
    client = visitor(app)
    answer = client.get("/progetti/esporta", params={"fonte": "prova", "formato": "json"})
    assert [item["id"] for item in json.loads(answer.text)["items"]] == [square().id]
    assert 'filename="progetti.json"' in answer.headers["content-disposition"]
    assert client.get("/progetti/esporta?formato=xlsx").content.startswith(b"PK")


def test_too_many_rows_for_a_workbook_are_offered_as_csv(app, monkeypatch):
    monkeypatch.setattr(exports, "MOST_IN_A_WORKBOOK", 1)
    answer = visitor(app).get("/progetti/esporta?formato=xlsx")
    assert answer.status_code == 422
    assert "/progetti/esporta?formato=csv" in answer.text
    assert visitor(app).get("/api/v1/register-export?format=xlsx").status_code == 422


def test_a_project_that_is_shown_as_another_leads_there(app):
    with writing(app.state.remix.engine) as session:
        session.get_one(RegisterEntryRow, square().id).merged_into = nursery().id
    answer = staying(visitor(app)).get(f"/progetti/{square().id}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/progetti/{nursery().id}")


def test_programmes_are_shown_with_what_they_come_to(app, tmp_path):
    bring(app.state.remix.engine, tmp_path, nursery(id="pnrr-progetti:2", title="Scuola", amount=None))
    client = visitor(app)
    assert "programme%3Apnrr" in client.get("/programmi").text or "programme:pnrr" in client.get("/programmi").text
    text = client.get("/programmi/programme:pnrr").text
    assert "progetti con un importo: 1" in text
    assert "stato non indicato" in text
    assert client.get("/programmi/programme:inventato").status_code == 404
    items = json.loads(client.get("/programmi/esporta?formato=json").text)["items"]
    assert next(item for item in items if item["id"] == "programme:pnrr")["projects"] == 2


def test_the_same_over_http_for_programs(app):
    staff = consultant(app)
    fact = {"entry_id": nursery().id, "fact": "indicator", "said_on": TODAY, "name": "posti", "value": "60"}
    made = staff.post("/api/v1/observations", json=fact)
    assert made.status_code == 201
    address = made.headers["location"]
    assert visitor(app).get(address).json()["value"] == "60"
    assert visitor(app).post("/api/v1/observations", json=fact).status_code in (401, 403)
    assert staff.post("/api/v1/observations", json=fact | {"value": None}).status_code == 422
    assert staff.delete(address).status_code == 204
    assert visitor(app).get("/api/v1/observations", params={"entry": nursery().id}).json()["items"] == []
    assert staff.post(f"{address}/restorations", json={}).json()["withdrawn_at"] is None
    listed = visitor(app).get("/api/v1/register-export", params={"what": "observations", "format": "json"}).json()
    assert [item["name"] for item in listed["items"]] == ["posti"]
