"""``remix projects`` and ``remix programmes`` as a person types them, over the embedded corpus."""

import json

import pytest
from typer.testing import CliRunner

from service.cli import app
from service.errors import UnknownCommuneError, UnknownRecordError, UsageError


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("projects")


@pytest.fixture
def remix(home, monkeypatch):
    """Run a command; the error that ends it is the one that a person sees."""
    monkeypatch.setenv("REMIX_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words):
        done = CliRunner().invoke(app, words)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.stdout

    return run


@pytest.mark.parametrize(
    ("words", "error", "told"),
    [
        (("projects", "list", "--state", "boh"), UsageError, "boh"),
        (("projects", "list", "--year", "12"), UsageError, "12"),
        (("projects", "list", "--commune", "Atlantide"), UnknownCommuneError, "Atlantide"),
        (("projects", "show", "embedded:x"), UnknownRecordError, "embedded:x"),
        (("programmes", "programme:x"), UnknownRecordError, "programme:x"),
    ],
)
def test_what_cannot_be_done_is_told_with_the_value(remix, words, error, told):
    with pytest.raises(error, match=told):
        remix(*words)


def test_the_postponed_project_of_pon_metro_is_found_by_its_state(remix):
    found = json.loads(remix("projects", "list", "--state", "postponed", "--json"))
    assert [one["id"] for one in found["items"]] == ["embedded:pon-recupero-erp"]
    assert "rinviato a un programma successivo" in remix("projects", "show", "embedded:pon-recupero-erp")


def test_a_project_is_told_with_its_programme_and_its_pair(remix):
    told = remix("projects", "show", "embedded:pon-borgo-lavori")
    assert "Programma: PON Metro Milano 2014-2020 › Asse 4" in told
    assert "embedded:pon-borgo-accompagnamento" in told


def test_a_programme_is_told_with_its_parts_and_what_is_not_known_of_it(remix):
    assert "programme:pon-metro-milano" in remix("programmes")
    assert "13 dei 31" in remix("programmes", "programme:bando-periferie")
    metro = json.loads(remix("programmes", "programme:pon-metro-milano", "--json"))
    assert metro["totals"]["paired"] == 14
    assert {part["kind"] for part in metro["parts"]} == {"axis"}
