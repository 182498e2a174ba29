"""``remix tags`` as a person types it, with the real encoder and the embedded corpus."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from matcher.records import Project
from matcher.strategy import DecidedBy, Override
from service.cli import app
from service.errors import UnknownRecordError, UsageError
from service.tagging import tags_of_records

SCHOOL = "La scuola elementare è fredda: cappotto termico e fotovoltaico sul tetto"


@pytest.fixture
def tags(tmp_path: Path, default_encoder_folder: Path, monkeypatch: pytest.MonkeyPatch):
    """Run ``remix tags``; the error that ends it is the one that a person sees."""
    monkeypatch.setenv("REMIX_HOME", str(tmp_path))
    monkeypatch.setenv("REMIX_CACHE", str(default_encoder_folder.parent.parent))

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, ["tags", *words])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.stdout

    return run


@pytest.mark.parametrize("words", [(), (SCHOOL, "--record", "embedded:need-ozzero-casa"), ("  ",)])
def test_one_of_text_and_record_is_asked_for(tags, words):
    with pytest.raises(UsageError, match="either a text or --record"):
        tags(*words)


def test_a_record_that_is_not_there_is_named(tags):
    with pytest.raises(UnknownRecordError, match="'embedded:nothing'"):
        tags("--record", "embedded:nothing")


def test_a_text_is_tagged_in_italian_with_confidence_and_evidence(tags):
    shown = tags(SCHOOL)
    assert "Driver del piano strategico\n  ✔ 3 Sustain-Ability (modello, " in shown
    assert "✔ M2 Rivoluzione verde e transizione ecologica" in shown
    assert "«" in shown
    assert "cappotto termico" in shown


def test_a_text_that_says_nothing_gets_no_tag_and_is_told_so(tags):
    assert tags("qwrt zxcv") == "Nessun tag: il testo non basta per assegnarne.\n"


def test_an_english_reader_is_told_in_english(tags, monkeypatch):
    monkeypatch.setenv("REMIX_LANGUAGE", "en")
    assert "Drivers of the strategic plan\n  ✔ 3 Sustain-Ability (model, " in tags(SCHOOL)


def test_a_program_gets_every_tag_with_its_name_probability_and_evidence(tags):
    found = json.loads(tags(SCHOOL, "--json"))["tags"]
    driver = next(tag for tag in found if (tag["scheme"], tag["code"]) == ("driver", "3"))
    assert (driver["label"], driver["decided_by"], driver["certain"]) == ("Sustain-Ability", "model", True)
    assert driver["evidence"] in SCHOOL
    assert 0.5 < driver["probability"] <= 1


def test_a_measure_in_the_record_decides_its_mission(tags):
    found = json.loads(tags("--record", "embedded:pnrr-asili-nido", "--json"))["tags"]
    decided = {(tag["scheme"], tag["code"]): tag["decided_by"] for tag in found}
    assert decided["mission", "M4"] == decided["component", "M4C1"] == "source"
    assert decided["driver", "7"] == "model"


def test_what_people_said_stands_above_model_and_record(default_encoder):
    project = Project(id="p", title="Scuola fredda", text="Cappotto termico e infissi.", drivers=("driver:3",))
    said = {"p": [Override("driver", "3", present=False), Override("driver", "9", present=True)]}
    first, other = tags_of_records([project, replace(project, id="q")], said, default_encoder)
    assert {tag.code: tag.decided_by for tag in first if tag.scheme == "driver"} == {"9": DecidedBy.PERSON}
    assert {tag.code: tag.decided_by for tag in other if tag.scheme == "driver"} == {"3": DecidedBy.SOURCE}
