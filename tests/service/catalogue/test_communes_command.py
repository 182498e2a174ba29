"""``remix communes`` lists who may apply for a call, and says why a commune is not in the list."""

import json

import pytest
from typer.testing import CliRunner

from service import cli
from service.errors import UnknownRecordError
from tests.fakes import HashingEncoder


@pytest.fixture
def run(app, world_settings, monkeypatch):
    monkeypatch.setenv("REMIX_HOME", str(world_settings.home))
    monkeypatch.setenv("REMIX_LANGUAGE", "it")
    monkeypatch.setattr("service.recommending.encoder_of", lambda *_: HashingEncoder())

    def invoke(*words):
        result = CliRunner().invoke(cli.app, ["communes", *words, "--on-date", "2025-05-05"])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    return invoke


def test_the_commune_whose_need_is_nearest_stands_first(run):
    first, *_, last = run("world:nidi", "--k", "3").splitlines()
    assert first.startswith("1. Rho (Milano, 015182) · ")
    assert "possono fare domanda; altri" in last


def test_a_call_that_nobody_has_is_said_to_be_none(run):
    with pytest.raises(UnknownRecordError, match="no call has this id"):
        run("world:no-such-call")


def test_a_commune_that_is_too_large_is_told_so_with_the_words_of_the_call(run):
    said, reason, *_ = run("world:piccoli-comuni", "--commune", "Milano").splitlines()
    assert said == "Milano non è in elenco: il bando non lo ammette."
    assert reason.startswith("popolazione: ✘ no — «")


def test_programs_read_the_same_places_as_people(run):
    listed = json.loads(run("world:nidi", "--k", "100", "--json"))
    assert listed["of"] == len(listed["communes"])
    second = listed["communes"][1]
    told = json.loads(run("world:nidi", "--commune", second["istat"], "--json"))
    assert {key: told[key] for key in second} == second
    assert told["criteria"]
