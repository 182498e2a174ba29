"""What the incubator looks over: rows not read, probable duplicates, conditions read with doubt; each step undone."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from corpora.rows import Quarantined
from service.accounts.tables import Role
from service.database import open_database, writing
from service.imports import import_source
from service.initial import init_database
from service.moments import now
from service.quarantine import keep_quarantined
from service.settings import Settings
from service.tables import ImportRow
from service.web.app import create_app
from tests.fakes import HashingEncoder
from tests.service.pages.browsers import as_browser
from tests.service.sources import ListedSource
from tests.service.web.clients import BASE_URL, as_role
from tests.world import CALLS, COMMUNES

DESK = "/incubatore/revisione"


@pytest.fixture(scope="module")
def app(tmp_path_factory) -> Iterator[FastAPI]:
    """The included corpus, of which 25 rows could not be read."""
    settings = Settings(home=tmp_path_factory.mktemp("home"), rate_limit="")
    engine, _ = init_database(settings)
    with writing(engine) as session:
        last = session.query(ImportRow).order_by(ImportRow.id.desc()).first()
        rows = [
            Quarantined("bandi.csv", line, "scadenza", "31/02/2026", "il giorno non esiste") for line in range(2, 27)
        ]
        keep_quarantined(session.connection(), rows, last.id, now())
    engine.dispose()
    app = create_app(settings, HashingEncoder())
    with TestClient(app, base_url=BASE_URL):
        yield app


@pytest.fixture(scope="module")
def consultant(app) -> TestClient:
    return as_browser(as_role(app, Role.CONSULTANT))


@pytest.fixture(scope="module")
def program(app) -> TestClient:
    return as_role(app, Role.CONSULTANT)


def undo_of(answer):
    return unescape(re.search(r'role="status">.*?action="([^"]+)"', answer.text, re.S)[1])


def hidden(form, name):
    return unescape(re.search(rf'name="{name}" value="([^"]*)"', form)[1])


def first_condition(consultant, criterion=""):
    """The correction form of the first condition on the page, as what it would send."""
    for form in re.findall(r"<summary>Correggi.*?</form>", consultant.get(f"{DESK}/condizioni").text, re.S):
        if criterion in ("", hidden(form, "criterio")):
            return {name: hidden(form, name) for name in ("bando", "chiave", "criterio")}
    raise AssertionError("no condition is uncertain")


def test_every_row_that_was_not_read_is_listed_once_over_the_pages(consultant):
    seen, address = [], DESK
    while address:
        shown = consultant.get(address).text
        seen += re.findall(r"bandi\.csv, riga (\d+)", shown)
        following = re.search(r'href="([^"]+)">Le voci seguenti', shown)
        address = unescape(following[1]) if following else ""
    assert sorted(map(int, seen)) == list(range(2, 27))
    assert "il giorno non esiste" in shown


@pytest.mark.parametrize("cursor", ["x", "WzEsIDJd", "WyJhIiwgImIiLCAiYyIsICJkIl0"])
def test_a_cursor_that_we_did_not_make_is_refused_by_a_page(consultant, cursor):
    assert consultant.get(DESK, params={"cursor": cursor}).status_code == 422


def test_a_condition_is_confirmed_leaves_the_list_and_comes_back_when_that_is_undone(consultant):
    sent = first_condition(consultant)

    def count():
        return consultant.get(f"{DESK}/condizioni").text.count("<summary>Correggi")

    before = count()
    made = consultant.post(f"{DESK}/condizioni", data=sent | {"azione": "conferma"})
    assert "Condizione confermata." in made.text
    assert count() == before - 1
    consultant.post(undo_of(made))
    assert count() == before


def test_a_condition_is_corrected_with_the_sentence_that_says_so(consultant, program):
    sent = first_condition(consultant, "applicant")
    words = {"azione": "correggi", "frase": "Possono presentare domanda i comuni.", "ammessi": ["commune", "union"]}
    made = consultant.post(f"{DESK}/condizioni", data=sent | words)
    assert "Condizione corretta." in made.text
    review = program.get("/api/v1/criterion-reviews", params={"call": sent["bando"]}).json()["items"][0]
    assert (review["action"], review["rule"]["quote"]) == ("replaced", "Possono presentare domanda i comuni.")
    consultant.post(undo_of(made))
    assert program.get("/api/v1/criterion-reviews", params={"call": sent["bando"]}).json()["items"] == []


@pytest.mark.parametrize(
    "words",
    [
        {"azione": "correggi", "frase": "", "ammessi": ["commune"]},
        {"azione": "correggi", "frase": "I comuni."},
        {"azione": "correggi", "frase": "I comuni.", "ammessi": ["marziani"]},
        {"azione": "inventa"},
    ],
)
def test_a_correction_that_cannot_be_is_told_and_nothing_changes(consultant, program, words):
    answer = consultant.post(f"{DESK}/condizioni", data=first_condition(consultant, "applicant") | words)
    assert (answer.status_code, "non si può registrare così" in answer.text) == (422, True)
    assert program.get("/api/v1/criterion-reviews").json()["items"] == []


def test_two_calls_are_merged_seen_as_one_and_parted_again(consultant, program):
    one, other = (call["id"] for call in program.get("/api/v1/calls", params={"limit": 2}).json()["items"])
    made = consultant.post(f"{DESK}/doppioni", data={"tiene": one, "unisce": other})
    assert "da ora si vede una sola voce" in made.text
    assert consultant.post(f"{DESK}/doppioni", data={"tiene": one, "unisce": other}).status_code == 409
    consultant.post(undo_of(made))
    assert program.get("/api/v1/merges").json()["items"] == []


def test_a_call_is_not_merged_with_itself(consultant, program):
    one = program.get("/api/v1/calls", params={"limit": 1}).json()["items"][0]["id"]
    assert consultant.post(f"{DESK}/doppioni", data={"tiene": one, "unisce": one}).status_code == 422


def test_two_calls_are_told_apart_with_one_button_and_that_is_undone(consultant, program):
    one, other = (call["id"] for call in program.get("/api/v1/calls", params={"limit": 2}).json()["items"])
    made = consultant.post(f"{DESK}/doppioni/diversi", data={"bando": one, "altri": [other]})
    assert "sono bandi diversi" in made.text
    assert "Detti diversi di recente" in made.text
    assert consultant.post(f"{DESK}/doppioni/diversi", data={"bando": one, "altri": [other]}).status_code == 409
    assert consultant.post(f"{DESK}/doppioni/diversi", data={"bando": one}).status_code == 422
    consultant.post(undo_of(made))
    assert program.get("/api/v1/distinctions").json()["items"] == []


def test_probable_duplicates_offer_to_keep_either(tmp_path):
    settings = Settings(home=tmp_path, rate_limit="")
    engine = open_database(settings, writing=True)
    (tmp_path / "world.csv").write_text("the small world")
    for name in ("world", "elsewhere"):
        import_source(engine, ListedSource(*COMMUNES, *_under(name), name=name), tmp_path / "world.csv")
    engine.dispose()
    with TestClient(create_app(settings, HashingEncoder()), base_url=BASE_URL) as client:
        consultant = as_browser(as_role(client.app, Role.CONSULTANT))
        shown = consultant.get(f"{DESK}/doppioni").text
        first = re.search(r"data-row.*?</li>", shown, re.S)[0]
        kept, merged = hidden(first, "tiene"), hidden(first, "unisce")
        assert kept.partition(":")[2] == merged.partition(":")[2]
        apart = consultant.post(f"{DESK}/doppioni/diversi", data={"bando": hidden(first, "bando"), "altri": merged})
        assert f'name="tiene" value="{kept}"' not in apart.text
        consultant.post(undo_of(apart))
        consultant.post(f"{DESK}/doppioni", data={"tiene": kept, "unisce": merged})
        assert f'name="tiene" value="{kept}"' not in consultant.get(f"{DESK}/doppioni").text


def _under(source):
    from dataclasses import replace

    return [replace(call, id=f"{source}:{call.id.partition(':')[2]}", source=source) for call in CALLS]


def test_nobody_else_sees_the_desk(app):
    for role, status in ((Role.PUBLIC, 401), (Role.READER, 403)):
        for address in (DESK, f"{DESK}/doppioni", f"{DESK}/condizioni"):
            assert as_role(app, role).get(address, headers={"Accept": "text/html"}).status_code == status
