"""What a visitor can do on the pages without logging in, as a browser without scripts would."""

import re

import pytest
from fastapi.testclient import TestClient

from service.initial import init_database
from service.settings import Settings
from service.web.app import create_app
from tests.fakes import HashingEncoder

BROWSER = {"Accept": "text/html,application/xhtml+xml", "Accept-Language": "it-IT,it"}
NEED = "Il tetto della scuola elementare perde e d'inverno le aule sono fredde: serve un cappotto termico"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("home"), rate_limit="")
    init_database(settings)[0].dispose()
    app = create_app(settings, HashingEncoder())
    with TestClient(app, base_url="https://testserver", headers=BROWSER) as client:
        yield client


def ask(client, text=NEED, commune="Bollate (015027)"):
    return client.post("/raccomandazioni", data={"testo": text, "comune": commune, "tipo": "need"})


def test_a_description_leads_to_calls_that_are_kept_at_an_address_of_their_own(client):
    answer = ask(client)
    assert answer.status_code == 200
    assert re.search(r"/raccomandazioni/[0-9a-f-]{36}$", str(answer.url))
    assert "Bandi per Bollate" in answer.text
    assert client.get(answer.url).text == answer.text


def test_each_call_says_whether_the_commune_may_apply_in_words_and_with_the_words_it_was_read_from(client):
    shown = ask(client).text
    assert re.search(r"remix-verdict-(met|unknown)", shown)
    assert "Mostra le prove" in shown
    assert "remix-quote" in shown


def test_a_score_is_never_shown_as_a_number(client):
    assert "score" not in ask(client).text


@pytest.mark.parametrize(
    ("text", "commune", "told"),
    [
        ("", "Bollate", "Descrivi in una frase che cosa serve."),
        (NEED, "", "Scegli il comune che farebbe domanda."),
        (NEED, "Atlantide", "Questo comune non si trova"),
        ("x" * 20_001, "Bollate", "Il testo è troppo lungo"),
    ],
)
def test_a_form_that_cannot_be_answered_comes_back_filled_in_and_says_what_is_missing(client, text, commune, told):
    answer = ask(client, text, commune)
    assert answer.status_code == 422
    assert told in answer.text
    assert commune in answer.text


def test_what_is_typed_comes_back_as_text_and_never_as_markup(client):
    assert "<script>alert" not in ask(client, "<script>alert(1)</script> scuola").text


def test_a_call_has_a_page_with_its_conditions_its_source_and_its_history(client):
    first = re.search(r'href="(/bandi/[^"]+)"', ask(client).text)
    shown = client.get(first[1]).text
    for heading in ("Chi può fare domanda", "Bandi simili", "Da dove viene e che cosa è cambiato", "prima lettura"):
        assert heading in shown


def test_a_call_can_be_checked_for_a_commune(client):
    first = re.search(r'href="(/bandi/[^"]+)"', ask(client).text)
    assert "Bollate:" in client.get(first[1], params={"comune": "Bollate"}).text


def test_the_catalogue_is_searched_and_filtered_by_its_address(client):
    everything = client.get("/bandi").text
    some = client.get("/bandi", params={"q": "scuola", "level": "regional"}).text
    assert everything.count('<article class="remix-call">') == 20
    assert 0 < some.count('<article class="remix-call">') <= 20
    assert 'value="scuola"' in some


def test_the_pages_of_the_catalogue_together_hold_every_call_once(client):
    seen, address = [], "/bandi"
    while address:
        shown = client.get(address).text
        seen += re.findall(r'<h2 class="h5"><a href="(/bandi/[^"]+)"', shown)
        following = re.search(r'href="(/bandi\?[^"]+)">Altri bandi', shown)
        address = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 103


def test_a_filter_that_cannot_be_read_is_named_and_nothing_breaks(client):
    answer = client.get("/bandi", params={"closes_from": "ieri"})
    assert answer.status_code == 422
    assert "closes_from" in answer.text


def test_the_language_is_the_readers_choice_and_stays(client):
    try:
        shown = client.post("/lingua", data={"lingua": "en", "ritorno": "/bandi"})
        assert (shown.url.path, "All calls" in shown.text) == ("/bandi", True)
        assert 'lang="en"' in client.get("/").text
    finally:
        client.cookies.clear()


@pytest.mark.parametrize("away", ["https://example.org/", "//example.org", "/\\example.org"])
def test_the_choice_of_a_language_never_leads_to_another_site(client, away):
    answer = client.post("/lingua", data={"lingua": "it", "ritorno": away}, follow_redirects=False)
    assert answer.headers["location"] == "/"


def test_a_browser_is_told_of_an_error_by_a_page_and_a_program_by_a_problem(client):
    assert "Pagina non trovata" in client.get("/bandi/non-esiste").text
    assert client.get("/bandi/non-esiste").status_code == 404
    assert client.get("/bandi/x", headers={"Accept": "application/json"}).json()["status"] == 404


def test_every_file_that_a_page_loads_is_there_and_kept_for_ever(client):
    shown = client.get("/").text
    files = re.findall(r'(?:href|src)="(/static/[^"#]+)', shown)
    assert len(files) >= 6
    for address in files:
        answer = client.get(address)
        assert (answer.status_code, "immutable" in answer.headers["cache-control"]) == (200, True), address


def test_no_page_loads_anything_from_elsewhere(client):
    for address in ("/", "/bandi", "/fonti", "/come-funziona", "/privacy", "/note-legali"):
        shown = client.get(address)
        assert shown.status_code == 200, address
        assert not re.findall(r'(?:src|href)="(?:https?:)?//', re.sub(r"<a [^>]*>", "", shown.text)), address
        assert "style=" not in shown.text, address


def test_links_of_the_menu_and_the_footer_lead_somewhere(client):
    for address in set(re.findall(r'<a href="(/[^"#]*)"', client.get("/").text)):
        assert client.get(address).status_code == 200, address
