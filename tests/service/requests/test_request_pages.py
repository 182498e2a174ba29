"""Requests as people see them: asked from a call and from an item, answered in the queue, counted, taken along."""

import csv
import io
import re
from html import unescape
from urllib.parse import quote

import pytest
from openpyxl import load_workbook
from sqlalchemy import delete

from corpora.embedded import load
from matcher.records import FrameItem
from service.accounts.tables import Role
from service.database import writing
from service.pages.request_words import SERVICES
from service.requests.tables import RequestEntryRow, Service, ServiceRequestRow
from tests.service.pages.conftest import app, as_somebody  # noqa: F401 - fixtures
from tests.service.web.clients import as_role
from tests.world import GREZZAGO, NIDI, RHO

OWN = f"/comuni/{RHO.istat}"
QUEUE = "/incubatore/richieste"
TEXT = "Ci serve una mano con il quadro economico."


@pytest.fixture(autouse=True)
def no_requests(app):  # noqa: F811 - a fixture
    """Every test begins without requests."""
    with writing(app.state.remix.engine) as session:
        session.execute(delete(RequestEntryRow))
        session.execute(delete(ServiceRequestRow))


@pytest.fixture
def rho(as_somebody):  # noqa: F811
    return as_somebody(Role.COMMUNE, RHO.istat)


@pytest.fixture
def staff(as_somebody):  # noqa: F811
    return as_somebody(Role.CONSULTANT)


@pytest.fixture
def need(rho):
    """The address of a need of Rho."""
    page = rho.post(f"{OWN}/bisogni", data={"title": "Palestra fredda", "text": "La palestra va scaldata."})
    assert page.status_code == 200, page.text
    return str(page.url.path)


def ask(browser, **sent):
    return browser.post(f"{OWN}/richieste", data={"servizio": "progetti", "testo": TEXT} | sent)


def path_of(page):
    return str(page.url.path)


def version(page):
    return re.findall(r'name="versione" value="(\d+)"', page.text)[-1]


def test_the_form_comes_filled_in_from_a_call_and_an_item(rho, need):
    item = quote(f"needs|{need.rsplit('/', 1)[1]}")
    assert f"{OWN}/richieste/nuova?voce={item.replace('%3A', ':')}" in rho.get(need).text.replace("%3A", ":")
    assert f"{OWN}/richieste/nuova?bando={NIDI.id}" in rho.get(f"/bandi/{NIDI.id}").text.replace("%3A", ":")
    form = rho.get(f"{OWN}/richieste/nuova", params={"bando": NIDI.id, "voce": f"needs|{need.rsplit('/', 1)[1]}"}).text
    assert NIDI.title in unescape(form)
    assert re.search(r'<option value="needs\|[^"]+" selected>Palestra fredda', form)
    assert re.search(r'value="progetti" required checked', form)


def test_a_project_in_the_register_leads_its_commune_to_the_form_and_nobody_else(rho, as_somebody):  # noqa: F811
    made = rho.post(f"{OWN}/progetti", data={"title": "Palestra nuova", "text": "Si rifà la palestra."})
    address = f"/progetti/{str(made.url.path).rsplit('/', 1)[1]}"
    form = f"{OWN}/richieste/nuova?voce=projects%7C"
    assert form in rho.get(address).text
    assert as_somebody(Role.COMMUNE, GREZZAGO.istat).get(address).status_code == 404


def test_a_form_about_what_is_not_there_is_empty(rho):
    form = rho.get(f"{OWN}/richieste/nuova", params={"bando": "world:none", "voce": "needs|none", "servizio": "x"})
    assert form.status_code == 200
    assert 'name="bando"' not in form.text


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"servizio": ""}, "Scegliete quale servizio vi serve"),
        ({"testo": " "}, "Scrivete di che cosa avete bisogno"),
        ({"testo": "<b>ciao</b>"}, "Scrivete di che cosa avete bisogno"),
        ({"voce": "needs|none"}, "Questa voce non c’è più"),
        ({"bando": "world:none"}, "Questo bando non c’è più"),
    ],
)
def test_a_form_that_lacks_something_comes_back_with_what_was_typed(rho, sent, told):
    page = ask(rho, **({"testo": "Il testo che resta"} | sent))
    assert page.status_code == 422
    assert told in page.text
    assert "testo" in sent or "Il testo che resta" in page.text


def test_the_confirmation_says_until_when_an_answer_comes_and_can_be_undone(rho):
    page = ask(rho, bando=NIDI.id)
    promised = re.search(r"L’incubatore vi risponde entro il ([^.]+)\.", page.text)[1]
    assert f"risposta entro il {promised}" in page.text
    undone = rho.post(f"{path_of(page)}/annulla", data={"versione": version(page)})
    assert "Ritirata dal comune" in undone.text


def test_the_whole_way_of_a_request(rho, staff):
    asked = path_of(ask(rho))
    request_id = asked.rsplit("/", 1)[1]
    assert "nessuno la segue" in staff.get(QUEUE).text
    taken = staff.post(f"{QUEUE}/{request_id}/presa", data={"versione": "1"})
    assert "Presa in carico" in taken.text
    questioned = staff.post(f"{QUEUE}/{request_id}/risposte", data={"che": "domanda", "testo": "Quanti alunni?"})
    assert "Domanda inviata" in questioned.text
    assert "L’incubatore aspetta una vostra risposta" in rho.get(asked).text
    assert "Centoventi" in rho.post(f"{asked}/risposte", data={"testo": "Centoventi."}).text
    staff.post(f"{QUEUE}/{request_id}/risposte", data={"che": "nota", "testo": "Sentire il revisore", "ore": "0,5"})
    answered = staff.post(f"{QUEUE}/{request_id}/risposte", data={"che": "risposta", "testo": "Ecco.", "ore": "1,5"})
    assert "Risposta inviata" in answered.text
    assert re.search(r"Ore dell’incubatore</dt><dd>2</dd>", answered.text)
    seen = rho.get(asked).text
    assert "Ecco." in seen
    assert "Sentire il revisore" not in seen
    assert "ore: 1,5" in answered.text
    assert "ore: 1,5" not in seen
    closed = staff.post(f"{QUEUE}/{request_id}", data={"versione": version(answered), "stato": "closed", "chi": ""})
    assert "Modifica salvata" in closed.text
    assert "Nessuna richiesta in corso" in staff.get(QUEUE).text
    reopened = rho.post(f"{asked}/riapertura", data={"versione": version(rho.get(asked))})
    assert "La richiesta è di nuovo aperta" in reopened.text
    withdrawn = rho.post(f"{asked}/ritiro", data={"versione": version(reopened)})
    assert "La richiesta è ritirata" in withdrawn.text
    refused = staff.post(f"{QUEUE}/{request_id}/risposte", data={"che": "risposta", "testo": "Ecco."})
    assert refused.status_code == 422


def test_what_was_done_in_the_queue_is_undone_from_its_notice(rho, staff):
    request_id = path_of(ask(rho)).rsplit("/", 1)[1]
    page = staff.post(f"{QUEUE}/{request_id}/risposte", data={"che": "risposta", "testo": "Sbagliata."})
    undo = re.search(r'role="status">.*?action="([^"]+)"', page.text, re.S)[1]
    assert "Sbagliata." not in staff.post(undo).text
    assert "Sbagliata." not in rho.get(f"{OWN}/richieste/{request_id}").text


def test_a_form_sent_as_it_came_leaves_the_new_term_of_what_is_taken_up_again(app, rho, staff):  # noqa: F811
    request_id = path_of(ask(rho)).rsplit("/", 1)[1]
    staff.post(f"{QUEUE}/{request_id}/risposte", data={"che": "risposta", "testo": "Ecco."})
    with writing(app.state.remix.engine) as session:
        row = session.get_one(ServiceRequestRow, request_id)
        promised, row.due_on = row.due_on, row.asked_at.date()
        sent = {"versione": row.version, "stato": "taken", "chi": row.owner_id, "entro": row.due_on.isoformat()}
    assert "Modifica salvata" in staff.post(f"{QUEUE}/{request_id}", data=sent).text
    with writing(app.state.remix.engine) as session:
        assert session.get_one(ServiceRequestRow, request_id).due_on == promised


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"testo": " "}, "Scrivete qualcosa"),
        ({"ore": "due"}, "Le ore si scrivono come numero"),
        ({"ore": "-1"}, "Le ore si scrivono come numero"),
        ({"ore": "nan"}, "Le ore si scrivono come numero"),
        ({"ore": "1e999999"}, "Le ore si scrivono come numero"),
    ],
)
def test_an_answer_that_cannot_be_kept_comes_back_with_what_was_typed(rho, staff, sent, told):
    request_id = path_of(ask(rho)).rsplit("/", 1)[1]
    page = staff.post(f"{QUEUE}/{request_id}/risposte", data={"testo": "Resta scritto", "che": "domanda"} | sent)
    assert page.status_code == 422
    assert told in page.text
    assert 'value="domanda" checked' in page.text


def test_somebody_who_was_slower_is_shown_the_difference(rho, staff):
    request_id = path_of(ask(rho)).rsplit("/", 1)[1]
    staff.post(f"{QUEUE}/{request_id}/presa", data={"versione": "1"})
    page = staff.post(f"{QUEUE}/{request_id}", data={"versione": "1", "stato": "closed", "chi": ""})
    assert page.status_code == 412
    assert "ora è «presa in carico», voi avevate scelto «chiusa»" in page.text
    assert rho.post(f"{OWN}/richieste/{request_id}/ritiro", data={"versione": "1"}).status_code == 412


def test_a_request_is_under_its_own_commune_only(rho, staff, as_somebody):  # noqa: F811
    request_id = path_of(ask(rho)).rsplit("/", 1)[1]
    assert staff.get(f"/comuni/{GREZZAGO.istat}/richieste/{request_id}").status_code == 404
    other = as_somebody(Role.COMMUNE, GREZZAGO.istat)
    assert other.get(f"/comuni/{GREZZAGO.istat}/richieste/{request_id}").status_code == 404
    assert other.get(f"{OWN}/richieste").status_code == 404


def test_the_queue_is_filtered_and_tells_what_nobody_follows(rho, staff):
    ask(rho)
    ask(rho, servizio="tecnologia", testo="Una mappa.")
    assert "Una mappa." not in staff.get(QUEUE, params={"servizio": "progetti"}).text
    assert "Una mappa." in staff.get(QUEUE, params={"comune": RHO.istat, "chi": "-"}).text
    assert "Nessuna richiesta con questi filtri" in staff.get(QUEUE, params={"in_ritardo": "1"}).text
    assert "Nessuna richiesta con questi filtri" in staff.get(QUEUE, params={"stato": "closed"}).text
    assert "2 richieste" in staff.get(QUEUE, params={"stato": "tutte"}).text


def test_counts_are_read_back_from_the_files_as_the_page_shows_them(rho, staff):
    request_id = path_of(ask(rho)).rsplit("/", 1)[1]
    ask(rho, servizio="tecnologia", testo="Una mappa.")
    staff.post(f"{QUEUE}/{request_id}/risposte", data={"che": "risposta", "testo": "Ecco.", "ore": "1,25"})
    page = staff.get(f"{QUEUE}/conteggi").text
    assert re.search(r"In tutto</th>\s*<td>2</td><td>1</td><td>1 \(100%\)</td><td>0</td><td>0</td><td>1,25</td>", page)
    book = load_workbook(io.BytesIO(staff.get(f"{QUEUE}/esporta", params={"formato": "xlsx"}).content))
    rows = list(book.active.iter_rows(values_only=True))
    assert [(row[1:2] + row[3:7] + row[10:]) for row in rows[1:]] == [
        (RHO.istat, "Tecnologia", 1, 0, 0, 0),
        (RHO.istat, "Definizione e sviluppo dei progetti", 1, 1, 1, 1.25),
    ]
    text = staff.get(f"{QUEUE}/esporta", params={"formato": "csv", "servizio": "progetti"}).content.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert len(lines) == 2
    assert lines[1][-1] == "1,25"
    assert staff.get(f"{QUEUE}/conteggi", params={"da": "domani"}).status_code == 422
    assert "Nessuna richiesta in questo periodo" in staff.get(f"{QUEUE}/conteggi", params={"a": "2001-01-01"}).text


def test_a_program_that_sends_twice_asks_once(app):  # noqa: F811
    client = as_role(app, Role.COMMUNE, RHO.istat)
    body = {"commune_istat": RHO.istat, "service": "progetti", "text": TEXT}
    sent = [client.post("/api/v1/service-requests", json=body, headers={"Idempotency-Key": "una"}) for _ in range(2)]
    assert sent[0].status_code == sent[1].status_code == 201
    assert sent[0].json()["id"] == sent[1].json()["id"]
    assert client.get("/api/v1/service-requests").json()["total"] == 1
    assert client.get(sent[0].headers["Location"]).headers["ETag"] == '"1"'


def test_the_services_are_those_of_the_strategic_frame():
    frame = {one.code: one.label for one in load() if isinstance(one, FrameItem) and one.kind == "service"}
    assert frame == {service.value: SERVICES[service] for service in Service}
