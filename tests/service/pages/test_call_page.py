"""One call whole: its conditions with their sentences, what a commune does with it, whom it suits."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.accounts.tables import Role
from service.pages.quotes import anchored
from tests.world import GREZZAGO, MILANO, NIDI, PICCOLI_COMUNI, RHO, SCUOLE_SICURE

PAGE = f"/bandi/{SCUOLE_SICURE.id}"


@pytest.fixture
def rho(as_somebody):
    return as_somebody(Role.COMMUNE, RHO.istat)


def undo_of(page):
    return re.search(r'role="status">.*?action="([^"]+)"', page, re.S)[1]


def test_the_sentence_of_a_condition_is_one_jump_away(browser):
    shown = browser.get(f"/bandi/{PICCOLI_COMUNI.id}").text
    jump = re.search(r'<a href="\?(testo=1)#(frase-\d+)">Leggila nel testo', shown)
    text = browser.get(f"/bandi/{PICCOLI_COMUNI.id}?{jump[1]}").text
    assert re.search(rf'<mark id="{jump[2]}">[^<]*popolazione inferiore a 5\.000', text)
    assert '<details class="remix-details" open>' in text


def test_a_visitor_reads_how_many_communes_a_call_suits_and_which(browser):
    shown = browser.get(f"/bandi/{PICCOLI_COMUNI.id}").text
    assert re.search(r"Dei \d+ comuni della Città metropolitana", shown)
    listed = browser.get(f"/bandi/{PICCOLI_COMUNI.id}/comuni").text
    assert GREZZAGO.name in listed
    assert f">{MILANO.name}<" not in listed


def test_what_a_commune_keeps_for_itself_is_on_no_page_that_others_read(rho, browser, as_somebody):
    need = {"title": "Nido riservatissimo", "text": "Servono posti in più negli asili nido e nelle scuole."}
    made = rho.post(f"/comuni/{RHO.istat}/bisogni", data=need)
    for somebody in (browser, rho, as_somebody(Role.CONSULTANT)):
        assert "riservatissimo" not in somebody.get(f"/bandi/{NIDI.id}/comuni?ovunque=1").text
    rho.post(f"{made.url.path}/archivia")


def test_communes_beyond_the_first_are_a_page_further(browser, monkeypatch):
    monkeypatch.setattr("service.pages.call_page.AT_ONCE", 2)
    address, seen = f"/bandi/{NIDI.id}/comuni?ovunque=1", []
    while address:
        shown = browser.get(address).text
        seen += re.findall(r"comune=(\d{6})#domanda", shown)
        following = re.search(r'href="([^"]+)">Altri comuni', shown)
        address = f"/bandi/{NIDI.id}/comuni{following[1].replace('&amp;', '&')}" if following else ""
    assert len(seen) == len(set(seen)) == 6


def test_a_commune_decides_on_the_page_of_a_call_and_takes_each_step_back(rho):
    shown = rho.get(PAGE).text
    assert "Che cosa ne fate: Rho" in shown
    sent = {"bando": SCUOLE_SICURE.id, "ritorno": f"{PAGE}?comune={RHO.istat}"}
    journey = [("saved", "tra quelli salvati"), ("applied", "avete fatto domanda"), ("funded", "stata finanziata")]
    undos = []
    for kind, told in journey:
        page = rho.post(f"/comuni/{RHO.istat}/decisioni", data=sent | {"che": kind}).text
        assert told in page
        assert f'<h1 id="titolo">{SCUOLE_SICURE.title}' in page
        undos.append(undo_of(page))
    assert 'name="che"' not in page
    for address in reversed(undos):
        page = rho.post(address, data={"ritorno": sent["ritorno"]}).text
        assert "La decisione è ritirata" in page
    assert 'value="saved"' in page


def test_a_call_that_is_not_for_us_can_still_be_saved_after_a_change_of_mind(rho):
    address = f"/comuni/{RHO.istat}/decisioni"
    sent = {"bando": SCUOLE_SICURE.id, "ritorno": PAGE}
    refused = rho.post(
        address, data=sent | {"che": "not_for_us", "motivo": "no_staff", "nota": "Manca il tecnico"}
    ).text
    assert "non fa per noi: non abbiamo chi se ne occupi" in refused
    assert 'value="applied"' not in refused
    saved = rho.post(address, data=sent | {"che": "saved"}).text
    assert "non fa per noi: non abbiamo chi se ne occupi" not in saved
    rho.post(undo_of(saved))


def test_a_visitor_and_another_commune_see_nothing_of_it(rho, browser, as_somebody):
    said = rho.post(f"/comuni/{RHO.istat}/decisioni", data={"bando": SCUOLE_SICURE.id, "che": "saved"})
    for somebody in (browser, as_somebody(Role.COMMUNE, GREZZAGO.istat)):
        page = somebody.get(PAGE, params={"comune": RHO.istat}).text
        assert "Che cosa ne fate" not in page
        assert "salvato" not in page
    staff = as_somebody(Role.CONSULTANT).get(PAGE, params={"comune": RHO.istat}).text
    assert "salvato" in staff
    rho.post(f"/comuni/{RHO.istat}/decisioni/{said.url.params['detto']}/ritiro")


def test_themes_lead_to_the_calls_that_share_them_and_similar_calls_say_when_they_close(browser):
    shown = browser.get(PAGE).text
    similar = re.search(r"Bandi simili</h2>(.*?)</ul>", shown, re.S)[1]
    assert re.search(r"\((aperto|chiuso|non ancora aperto|date non indicate)", similar)
    assert SCUOLE_SICURE.id not in similar


@given(
    st.text(alphabet="ab \n", max_size=60),
    st.lists(st.tuples(st.text(alphabet="ab ", max_size=8), st.integers(0, 60)), max_size=6),
)
def test_marking_quotes_changes_no_word_and_every_anchor_is_there_once(text, quotes):
    paragraphs, anchors = anchored(text, [(quote, f"text:{place}") for quote, place in quotes])
    lines = ["".join(piece.text for piece in paragraph) for paragraph in paragraphs]
    assert [line for line in text.split("\n") if line.strip()] == lines
    there = [piece.anchor for paragraph in paragraphs for piece in paragraph if piece.anchor]
    assert len(there) == len(set(there))
    assert set(anchors.values()) == set(there)
    words = " ".join(text.split())
    assert all(" ".join(quote.split()) in words for quote in anchors)


def test_a_quote_is_found_at_its_own_place_across_the_lines_of_the_text():
    text = "Comuni\nEnti e Comuni\ndella provincia"
    _, anchors = anchored(text, [("Comuni della provincia", "text:10"), ("Comuni", "text:0"), ("Enti", "title")])
    assert anchors == {"Comuni della provincia": "frase-2", "Comuni": "frase-1"}
