"""The catalogue to look through: every filter works, is seen, and can be taken away by itself."""

import re
from html import unescape

import pytest

from tests.world import NIDI, PICCOLI_COMUNI, SCUOLE_SICURE


def titles(page):
    return {unescape(title) for title in re.findall(r'<h2 class="h5"><a [^>]+>([^<]+)<', page)}


def chip_addresses(page):
    part = re.search(r'<ul class="remix-chips".*?</ul>', page, re.S)
    return [unescape(address) for address in re.findall(r'href="([^"]+)"><span', part[0])] if part else []


@pytest.mark.parametrize(
    ("asked", "there", "not_there"),
    [
        ({"q": "cappotto"}, SCUOLE_SICURE, NIDI),
        ({"state": "open"}, NIDI, None),
        ({"level": "national"}, NIDI, None),
        ({"applicant": "firm"}, None, NIDI),
        ({"source": "world"}, NIDI, None),
        ({"least_amount": "1000000"}, NIDI, PICCOLI_COMUNI),
        ({"most_amount": "1"}, None, NIDI),
        ({"closes_from": "2000-01-01"}, NIDI, None),
        ({"closes_to": "2000-01-01"}, None, NIDI),
        ({"theme": "nessuno"}, None, NIDI),
        ({"programme": "nessuna"}, None, NIDI),
        ({"driver": "3"}, None, NIDI),
    ],
)
def test_each_filter_works_and_its_chip_takes_it_away(browser, asked, there, not_there):
    shown = browser.get("/bandi", params=asked)
    assert shown.status_code == 200
    assert there is None or there.title in titles(shown.text)
    assert not_there is None or not_there.title not in titles(shown.text)
    (address,) = chip_addresses(shown.text)
    assert address == "/bandi"


def test_of_two_filters_each_chip_leaves_the_other(browser):
    asked = {"q": "scuola", "level": "national", "sort": "amount"}
    shown = browser.get("/bandi", params=asked).text
    addresses = chip_addresses(shown)
    assert addresses == ["/bandi?level=national&sort=amount", "/bandi?q=scuola&sort=amount"]
    assert 'href="/bandi">Togli tutti i filtri' in shown
    assert chip_addresses(browser.get(addresses[0]).text) == ["/bandi?sort=amount"]


def test_values_of_one_filter_add_up_and_each_is_still_offered(browser):
    shown = browser.get("/bandi", params={"level": "national"}).text
    assert re.search(r'value="regional" id="level-\d+"', shown)
    both = browser.get("/bandi", params={"level": ["national", "regional"]}).text
    assert titles(both) > titles(shown)
    assert len(chip_addresses(both)) == 2


def test_an_empty_list_says_which_filter_to_leave_out(browser):
    shown = browser.get("/bandi", params={"q": "asili", "least_amount": "900000000000"}).text
    assert "Nessun bando con questi filtri" in shown
    assert re.search(r"Senza «almeno 900\.000\.000\.000\s€»</a>: (un bando|\d+ bandi)", shown)
    assert "Senza «parole: asili»</a>: nessun bando" in shown


def test_the_list_is_sorted_as_asked_and_keeps_its_filters(browser):
    shown = browser.get("/bandi", params={"sort": "amount", "level": "national"}).text
    assert '<option value="amount" selected>' in shown
    assert '<input type="hidden" name="level" value="national">' in shown
    assert "più vicini alle parole" not in shown
    assert "più vicini alle parole" in browser.get("/bandi", params={"q": "scuola"}).text


@pytest.mark.parametrize(
    ("asked", "told"),
    [({"closes_from": "ieri"}, "Scadenza dal giorno"), ({"level": "comico"}, "Livello"), ({"driver": "99"}, "Linea")],
)
def test_a_filter_that_cannot_be_read_is_named_in_words(browser, asked, told):
    answer = browser.get("/bandi", params=asked)
    assert answer.status_code == 422
    assert re.search(rf'role="alert">[^<]*{told}', answer.text)
    assert chip_addresses(answer.text) == []


def test_a_day_in_another_notation_is_shown_as_it_was_understood(browser):
    assert browser.get("/bandi", params={"closes_from": "946684800"}).status_code in (200, 422)


def test_sources_have_names(browser):
    shown = browser.get("/fonti").text
    assert 'scope="row">world<' in shown
