"""The page as a browser without scripts meets it: forms, refusals, languages, and who may send what."""

import re
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from corpora.judged import load_judgments, load_queries
from evaluation.labelling.desk import Desk
from evaluation.labelling.journal import Journal
from evaluation.labelling.pages import create_app
from evaluation.labelling.queue import disagreeing, unjudged
from evaluation.labelling.reading import GUIDE
from evaluation.labelling.sheets import read_sheets
from evaluation.labelling.words import words
from matcher.records import Commune
from tests.evaluation.labels import DAY, PAIRS, labels_folder, reading, sheets_file

ADDRESS = "http://127.0.0.1:8765"
MILANO = Commune(istat="015146", name="Milano", province="Milano", region="Lombardia", population=1354196)
FIRST = [reading(pair, 2, "model-reading-1") for pair in PAIRS]
SECOND = [reading(PAIRS[1], 0, "model-reading-2", "unknown")]


def client_of(desk: Desk) -> TestClient:
    return TestClient(create_app(desk, {MILANO.istat: MILANO}), base_url=ADDRESS, headers={"origin": ADDRESS})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return labels_folder(tmp_path / "labels")


@pytest.fixture
def client(tmp_path: Path, folder: Path) -> TestClient:
    sheets = read_sheets(sheets_file(tmp_path / "sheets.jsonl"), load_queries(folder))
    return client_of(Desk(unjudged(sheets), Journal(folder), "reviewer", lambda: DAY))


@pytest.fixture
def settling(tmp_path: Path) -> TestClient:
    folder = labels_folder(tmp_path / "labels", FIRST, SECOND)
    sheets = read_sheets(sheets_file(tmp_path / "sheets.jsonl"), load_queries(folder))
    return client_of(Desk(disagreeing(sheets, FIRST, SECOND, "reviewer"), Journal(folder), "reviewer", lambda: DAY))


def asked(page: str) -> tuple[str, str]:
    """The pair that the form of a page carries."""
    query, call = (re.search(f'name="{name}" value="([^"]*)"', page) for name in ("query_id", "call_id"))
    assert query
    assert call
    return query[1], call[1]


def answer(pair: tuple[str, str], purpose: str = "3", may_apply: str = "yes", why: str = "") -> dict[str, str]:
    return {"query_id": pair[0], "call_id": pair[1], "purpose": purpose, "may_apply": may_apply, "why": why}


def test_a_reader_judges_skips_undoes_and_finishes(client, folder):
    assert asked(client.get("/").text) == PAIRS[0]
    assert asked(client.post("/judge", data=answer(PAIRS[0], "2", "unknown", "only the roof")).text) == PAIRS[1]
    assert asked(client.post("/skip", data=answer(PAIRS[1])).text) == PAIRS[2]
    undone = client.post("/undo").text
    assert asked(undone) == PAIRS[0]
    assert load_judgments(folder) == []
    assert 'value="only the roof"' in undone
    assert len(re.findall(r"\bchecked>", undone.partition('id="shortcuts"')[0])) == 2
    for pair in (PAIRS[0], PAIRS[2], PAIRS[3]):
        page = client.post("/judge", data=answer(pair)).text
    assert words("it")["only_skipped"] in page
    assert asked(client.post("/skipped").text) == PAIRS[1]
    assert words("it")["finished"] in client.post("/judge", data=answer(PAIRS[1])).text
    assert {row.pair for row in load_judgments(folder)} == set(PAIRS)


def test_the_page_shows_both_texts_the_commune_and_the_nearest_passages(client):
    page = unescape(client.get("/").text)
    assert "Mancano posti al nido." in page
    assert "Milano, Lombardia, 1.354.196 abitanti" in page
    assert "<mark>Si finanziano posti nei nidi.</mark>" in page
    assert "<mark>Ammessi i nidi comunali.</mark>" in page
    assert "coppia 1 di 3" in page
    assert "Giudicate: 0 · da fare: 4" in page


def test_words_of_a_call_are_never_read_as_html(client):
    page = client.get("/").text
    assert "Bando A &lt;nuovo&gt;" in page
    assert "<nuovo>" not in page


def test_a_disagreement_shows_both_readings_and_the_new_row_settles_it(settling, tmp_path):
    page = settling.get("/").text
    assert asked(page) == PAIRS[1]
    for row in (FIRST[1], SECOND[0]):
        assert row.judge in page
        assert row.why in page
    assert words("it")["finished"] in settling.post("/judge", data=answer(PAIRS[1], "1", "yes", "works only")).text
    last = load_judgments(tmp_path / "labels")[-1]
    assert (last.pair, last.purpose, last.judge) == (PAIRS[1], 1, "reviewer")


def test_no_reading_is_shown_where_none_is_asked_for(client, folder):
    Journal(folder).append(reading(PAIRS[1], 2, "model-reading-1"))
    client.post("/judge", data=answer(PAIRS[0]))
    assert "model-reading-1" not in client.get("/").text


def test_a_judgment_sent_twice_is_refused_and_written_once(client, folder):
    client.post("/judge", data=answer(PAIRS[0]))
    again = client.post("/judge", data=answer(PAIRS[0], "0"))
    assert again.status_code == 409
    assert words("it")["not_left"] in again.text
    assert [row.purpose for row in load_judgments(folder)] == [3]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"purpose": ""}, "bad_purpose"),
        ({"purpose": "7"}, "bad_purpose"),
        ({"may_apply": ""}, "bad_may_apply"),
        ({"why": "x" * 121}, "why_long"),
    ],
)
def test_an_incomplete_judgment_is_refused_in_the_readers_words(client, folder, changes, says):
    refused = client.post("/judge", data=answer(PAIRS[0]) | changes)
    assert refused.status_code == 422
    assert words("it")[says] in unescape(refused.text)
    assert load_judgments(folder) == []


def test_labels_that_somebody_breaks_meanwhile_are_named_with_the_line(client, folder):
    with (folder / "judgments.tsv").open("a") as file:
        file.write("half a row\n")
    page = client.get("/")
    assert page.status_code == 500
    assert "judgments.tsv, line 2" in page.text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", "[::1]:8765", ""])
def test_another_host_name_is_refused(client, host):
    assert client.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("path", ["/judge", "/skip", "/skipped", "/undo"])
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "", "https://127.0.0.1:8765", "http://127.0.0.1:80"])
def test_a_form_of_another_origin_changes_nothing(client, folder, path, origin):
    before = (folder / "judgments.tsv").read_bytes()
    assert client.post(path, data=answer(PAIRS[0]), headers={"origin": origin}).status_code == 403
    assert (folder / "judgments.tsv").read_bytes() == before
    assert asked(client.get("/").text) == PAIRS[0]


def test_a_form_that_does_not_say_where_it_comes_from_is_refused(tmp_path, client):
    del client.headers["origin"]
    assert client.post("/undo").status_code == 403


def test_the_page_answers_to_localhost_too(client):
    headers = {"host": "localhost:8765", "origin": "http://localhost:8765"}
    assert client.post("/judge", data=answer(PAIRS[0]), headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/", "/guide", "/static/keys.js", "/nowhere"])
def test_every_answer_forbids_what_is_not_our_own(client, path):
    answered = client.get(path)
    assert answered.headers["content-security-policy"].startswith("default-src 'self';")
    assert answered.headers["x-content-type-options"] == "nosniff"
    assert "unsafe" not in answered.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/", "/guide"])
def test_no_page_carries_styles_or_scripts_inside(client, path):
    page = client.get(path).text
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?! src=\"/static/)", page)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


@pytest.mark.parametrize("asked_for", ["en", "en-GB,en;q=0.9,it;q=0.8"])
def test_english_is_spoken_to_those_who_ask_for_it_first(client, asked_for):
    page = client.get("/", headers={"accept-language": asked_for}).text
    assert '<html lang="en">' in page
    assert "1,354,196 inhabitants" in page


@pytest.mark.parametrize("asked_for", ["", "it-IT,it;q=0.9,en;q=0.8", "fr"])
def test_italian_is_spoken_to_everybody_else(client, asked_for):
    assert '<html lang="it">' in client.get("/", headers={"accept-language": asked_for}).text


def test_each_key_stands_for_one_control(client):
    page = client.get("/").text
    controls = dict(re.findall(r'value="(\w+)" data-keys="([^"]*)"', page))
    assert controls == {"3": "3", "2": "2", "1": "1", "0": "0", "yes": "y s", "no": "n", "unknown": "u"}
    keys = " ".join(re.findall(r'data-keys="([^"]*)"', client.post("/judge", data=answer(PAIRS[0])).text)).split()
    assert sorted(keys) == sorted({*"0123ysnuwkz", "enter"})


def test_the_grades_shown_are_those_of_the_guide(client):
    guide = GUIDE.read_text(encoding="utf-8")
    for grade in range(4):
        assert f"| {grade} | {words('en')[f'grade_{grade}']} |" in guide


def test_the_whole_guide_is_one_click_away(client):
    assert 'href="/guide"' in client.get("/").text
    page = client.get("/guide").text
    assert "<h1>How matches are labelled</h1>" in page
    assert "<td>unrelated</td>" in page
