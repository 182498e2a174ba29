"""``remix why`` tells what was shown and makes it again."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from service import cli
from service.accounts.tables import Role
from service.errors import UnknownRecordError, UsageError
from tests.fakes import HashingEncoder
from tests.service.web.clients import as_role


@pytest.fixture(scope="module")
def shown(app):
    asked = {"text": "Servono asili nido", "commune": "Rho", "on": "2025-05-05", "k": 3}
    return as_role(app, Role.CONSULTANT).post("/api/v1/recommendations", json=asked).json()


@pytest.fixture
def why(app, world_settings, monkeypatch):
    monkeypatch.setenv("REMIX_HOME", str(world_settings.home))
    monkeypatch.setattr("service.recommending.encoder_of", lambda *_: HashingEncoder())

    def run(*words, fails=False):
        result = CliRunner().invoke(cli.app, ["why", *words])
        if fails:
            return result.exception
        assert result.exit_code == 0, result.output
        return result.output

    return run


def test_an_answer_is_told_with_its_reasons_and_comes_out_again(why, shown):
    told = why(shown["id"])
    assert "Servono asili nido" in told
    assert "1. Nuovi asili nido e poli per l'infanzia · world:nidi" in told
    assert "stesso elenco" in told


def test_the_day_the_commune_and_the_call_find_the_answer(why, shown):
    day = shown["at"][:10]
    told = json.loads(why("--call", "world:nidi", "--commune", "Rho", "--on", day, "--json"))
    mine = next(answer for answer in told["answers"] if answer["id"] == shown["id"])
    assert [found["call"]["id"] for found in mine["answered"]["recommendations"]] == ["world:nidi"]
    assert mine["repetition"] == {"possible": True, "agrees": True, "differences": []}


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ((), UsageError),
        (("--call", "world:nidi", "--on", "3 marzo"), UsageError),
        (("no-answer",), UnknownRecordError),
        (("--call", "world:nidi", "--commune", "Torino"), UnknownRecordError),
        (("--call", "world:nidi", "--on", "2020-03-03"), UnknownRecordError),
    ],
)
def test_what_was_never_shown_is_said_to_be_so(why, words, error):
    assert isinstance(why(*words, fails=True), error)


def test_an_index_that_is_no_longer_kept_leaves_what_was_written_down(why, shown, world_settings):
    folder = world_settings.home / "artifacts" / shown["artifact"]
    kept = folder.with_name(f".{folder.name}")
    shutil.move(folder, kept)
    told = why(shown["id"])
    shutil.move(kept, folder)
    assert "world:nidi" in told
    assert "non è più conservato" in told


def test_an_index_that_would_answer_otherwise_is_told_place_by_place(why, shown, monkeypatch):
    monkeypatch.setattr("service.audit.repeating.TOLERANCE", -1.0)
    told = json.loads(why(shown["id"], "--json"))["answers"][0]["repetition"]
    assert told["agrees"] is False
    assert [one["rank"] for one in told["differences"]] == [1, 2, 3]
