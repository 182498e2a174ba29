"""Uploading: a list of projects, a publisher's file; what is wrong is said, what is done is seen and taken along."""

import csv
import io
import re
from html import unescape

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from service.accounts.tables import Role
from service.audit.tables import AuditEventRow
from service.database import reading
from service.jobs.folders import safe_name
from service.pages.names_of_jobs import source_words
from tests.world import RHO

LIST = (
    "titolo;descrizione;comune;costo\n"
    "Cappotto termico della scuola;Fredda;Rho;350.000\n"
    "=1+1;Asilo nido;Rho;\n"
    "Pista ciclabile;;Atlantide;\n"
)
COMUNI = "a;b\n1;2\n"


@pytest.fixture
def consultant(as_somebody):
    return as_somebody(Role.CONSULTANT)


@pytest.fixture
def administrator(as_somebody):
    return as_somebody(Role.ADMINISTRATOR)


def send(browser, content=LIST, name="progetti.csv", **fields):
    content = content if isinstance(content, bytes) else content.encode()
    return browser.post("/elenchi", data=fields, files={"file": (name, content)})


def send_file(browser, content=COMUNI, name="comuni.csv", fonte="comuni"):
    files = {"file": (name, content.encode())} if name else None
    return browser.post("/amministrazione/importazioni", data={"fonte": fonte}, files=files)


def run(app):
    app.state.remix.jobs.run_waiting()


def path(answer):
    return answer.url.path


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"%PDF-1.7", "Il file non si può leggere"),
        (b"PK\x03\x04 no workbook", "Il file non si può leggere"),
        ("cap;sindaco\n20017;Rossi\n", "non c’è una colonna «titolo»"),
        ("titolo;comune\n", "Nel file non c’è nessun progetto"),
    ],
)
def test_a_file_that_is_no_list_comes_back_with_the_reason(consultant, content, told):
    answer = send(consultant, content)
    assert (answer.status_code, told in unescape(answer.text)) == (422, True)


def test_a_form_without_a_file_says_so(consultant):
    answer = consultant.post("/elenchi", data={"quanti": "5"})
    assert (answer.status_code, "Scegliete un file." in answer.text) == (422, True)


def test_a_list_shows_how_far_it_is_and_then_its_calls_with_their_reasons(app, consultant):
    shown = send(consultant, quanti="3")
    assert shown.status_code == 200
    assert 'hx-trigger="every 2s"' in shown.text
    assert "<progress" in shown.text
    run(app)
    shown = consultant.get(path(shown))
    assert "hx-trigger" not in shown.text
    assert "Cercati i bandi per 2 progetti; una riga è rimasta fuori" in shown.text
    assert "comune: Atlantide" in shown.text
    first = re.search(r"<article.*?</article>", shown.text, re.S)[0]
    assert first.count('class="remix-verdict ') == 3
    reasons = consultant.get(re.search(r'href="(/raccomandazioni/[^"]+)"', first)[1])
    assert reasons.status_code == 200


def test_results_are_taken_along_in_files_in_which_nothing_acts_as_a_formula(app, consultant):
    address = path(send(consultant))
    run(app)
    plain = consultant.get(f"{address}/risultato.csv")
    rows = list(csv.DictReader(io.StringIO(plain.content.decode("utf-8-sig")), delimiter=";"))
    assert plain.headers["content-disposition"] == 'attachment; filename="bandi-progetti.csv"'
    assert {row["Riga"] for row in rows} == {"2", "3", "4"}
    assert {row["Titolo"] for row in rows} == {"Cappotto termico della scuola", "'=1+1", "Pista ciclabile"}
    assert rows[0]["Costo"] == "350000"
    assert rows[0]["Si può fare domanda?"]
    assert rows[-1]["Che cosa non va"].startswith("Il comune non si trova")
    book = load_workbook(io.BytesIO(consultant.get(f"{address}/risultato.xlsx").content)).active
    cells = [cell for row in book.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert book.max_row == 1 + len(rows)


def test_an_english_reader_gets_an_english_file(app, consultant):
    address = path(send(consultant))
    run(app)
    consultant.cookies.set("remix-language", "en")
    assert b"May" in consultant.get(f"{address}/risultato.csv").content
    assert "Calls for a list of projects" in consultant.get("/elenchi").text


def test_a_list_is_stopped_by_a_button(app, consultant):
    address = path(send(consultant))
    stopped = consultant.post(f"{address}/ferma")
    assert (path(stopped), "Fermato." in stopped.text) == (address, True)


def test_a_commune_asks_for_itself(app, as_somebody):
    commune = as_somebody(Role.COMMUNE, RHO.istat)
    assert "(se manca, Rho)" in commune.get("/elenchi").text
    address = path(send(commune, "titolo\nAsilo nido\n"))
    run(app)
    assert "· Rho</p>" in commune.get(address).text
    assert "Elenchi di progetti" in commune.get(f"/comuni/{RHO.istat}").text


def test_somebody_elses_list_is_a_page_that_is_not_there(app, consultant, as_somebody):
    address = path(send(consultant))
    run(app)
    for other in (as_somebody(Role.CONSULTANT), as_somebody(Role.COMMUNE, RHO.istat)):
        for tail in ("", "/risultato.csv", "/risultato.xlsx"):
            assert other.get(address + tail).status_code == 404
        assert other.post(f"{address}/ferma").status_code == 404


def test_the_sample_is_there_in_both_forms(consultant):
    assert consultant.get("/elenchi/esempio.csv").content.startswith("\ufeffcodice;titolo".encode())
    sheet = load_workbook(io.BytesIO(consultant.get("/elenchi/esempio.xlsx").content)).active
    assert [cell.value for cell in sheet[1]][:2] == ["codice", "titolo"]


def test_a_list_larger_than_a_body_may_be_is_refused_by_a_page(consultant):
    answer = send(consultant, b"titolo\n" + b"x" * (3 << 20))
    assert (answer.status_code, "Troppo grande" in answer.text) == (413, True)


@pytest.mark.parametrize(
    ("fonte", "name", "content", "told"),
    [
        ("", "comuni.csv", COMUNI, "Scegliete la fonte del file."),
        ("no-source", "comuni.csv", COMUNI, "Scegliete la fonte del file."),
        ("comuni", "", "", "Scegliete un file."),
        ("comuni", "comuni.csv", "", "Il file è vuoto"),
    ],
)
def test_an_upload_that_cannot_be_comes_back_with_the_reason(administrator, fonte, name, content, told):
    answer = send_file(administrator, content, name, fonte)
    assert (answer.status_code, told in unescape(answer.text)) == (422, True)


def test_a_file_of_another_source_says_what_it_lacks_and_changes_nothing(app, administrator):
    address = path(send_file(administrator))
    run(app)
    shown = administrator.get(address).text
    assert "Nel file mancano delle colonne" in shown
    assert "Niente è stato importato" in shown
    assert str(app.state.remix.settings.home) not in shown


def test_an_official_file_is_imported_and_reported(app, administrator, shared_data):
    content = (shared_data / "padigitale_avvisi.csv").read_bytes()
    sent = administrator.post(
        "/amministrazione/importazioni",
        data={"fonte": "padigitale"},
        files={"file": ("../../avvisi (1).csv", content)},
    )
    run(app)
    shown = administrator.get(path(sent)).text
    assert "Finito." in shown
    assert "Importazione di avvisi (1).csv" in shown
    counts = [int(one.replace(".", "")) for one in re.findall(r"<dd>([\d.]+)</dd>", shown)]
    assert counts[0] == sum(counts[1:5]) > 0
    assert "avvisi (1).csv" in administrator.get("/amministrazione/importazioni").text


def test_a_large_file_may_be_sent_there_and_nowhere_else(app, administrator):
    large = COMUNI + "1;2\n" * (1 << 20)
    assert send_file(administrator, large).status_code == 200
    run(app)
    assert send(administrator, large).status_code == 413


def test_an_import_that_waits_is_stopped(app, administrator):
    address = path(send_file(administrator))
    assert "Fermato." in administrator.post(f"{address}/ferma").text


@pytest.mark.parametrize("role", [Role.CONSULTANT, Role.COMMUNE, Role.READER])
def test_nobody_else_sends_files_of_sources(as_somebody, role):
    answer = send_file(as_somebody(role, RHO.istat if role is Role.COMMUNE else None))
    assert answer.status_code == 403


def test_what_is_sent_and_taken_along_is_in_the_trail(app, consultant, administrator):
    address = path(send(consultant))
    run(app)
    consultant.get(f"{address}/risultato.csv")
    with reading(app.state.remix.engine) as session:
        job = address.rpartition("/")[2]
        actions = session.scalars(select(AuditEventRow.action).where(AuditEventRow.object_id == job)).all()
    assert {"jobs.match_asked", "jobs.downloaded"} <= set(actions)
    shown = administrator.get("/amministrazione/registro", params={"azione": "jobs", "oggetto": job}).text
    assert "elenco o importazione: elenco caricato" in shown


def test_the_trail_is_taken_along_as_it_was_searched(administrator):
    for _ in range(3):
        administrator.get("/incubatore/lista")
    asked = {"azione": "work_items", "comune": ""}
    table = administrator.get("/amministrazione/registro/tabella.csv", params=asked).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table), delimiter=";"))
    assert len(rows) >= 3
    assert {row["Azione"].partition(":")[0] for row in rows} == {"lista di lavoro"}


def test_the_trail_is_searched_by_the_name_of_a_commune(administrator, as_somebody):
    as_somebody(Role.COMMUNE, RHO.istat).get(f"/comuni/{RHO.istat}")
    for words in ("Rho", RHO.istat, "rho"):
        shown = administrator.get("/amministrazione/registro", params={"comune": words}).text
        assert "<td>Rho</td>" in shown
    assert "Nessun fatto" in administrator.get("/amministrazione/registro", params={"comune": "Atlantide"}).text


def test_the_page_of_the_index_says_how_well_it_finds_in_words(administrator):
    shown = administrator.get("/amministrazione/indice").text
    assert "Almeno un bando adatto tra i primi cinque" in shown
    assert "nDCG@10" in shown
    assert re.search(r"<strong>\d+,\d%</strong>", shown)
    # The fake encoder of the tests is not the one that was measured.
    assert "qui ne sono in uso altri" in shown


def test_every_source_is_described():
    from corpora.sources import NAMES

    assert [name for name in NAMES if not source_words(name, "it")] == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Documenti\\elenco è.csv", "elenco è.csv"),
        ("a\x00b\x1b[31m.csv", "a_b_31m.csv"),
        ("...", "file"),
        ("x" * 300 + ".csv.gz", "x" * 113 + ".csv.gz"),
    ],
)
def test_a_name_that_somebody_sent_harms_no_path_and_no_terminal(sent, kept):
    assert safe_name(sent) == kept
