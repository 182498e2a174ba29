"""``remix assets`` as a person types it, over the embedded corpus."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli import app
from service.errors import ImportFailedError, UnknownCommuneError, UnknownRecordError, UsageError

SCHOOL = "embedded:asset-cinisello-scuola"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("assets")


@pytest.fixture
def assets(home: Path, default_encoder_folder: Path, monkeypatch: pytest.MonkeyPatch):
    """Run ``remix assets``; the error that ends it is the one that a person sees."""
    monkeypatch.setenv("REMIX_HOME", str(home))
    monkeypatch.setenv("REMIX_CACHE", str(default_encoder_folder.parent.parent))

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, ["assets", *words])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.stdout

    return run


@pytest.mark.parametrize(
    ("words", "error", "told"),
    [
        (("list", "--kind", "palace"), UsageError, "school"),
        (("list", "--area", "centro"), UsageError, "nord-milano"),
        (("list", "--path", "gift"), UsageError, "concession"),
        (("list", "--commune", "Atlantide"), UnknownCommuneError, "Atlantide"),
        (("list", "--out", "beni.doc"), UsageError, ".xlsx"),
        (("import", "nowhere.csv"), ImportFailedError, "nowhere.csv"),
    ],
)
def test_what_cannot_be_done_is_told_with_the_value(assets, words, error, told):
    with pytest.raises(error, match=told):
        assets(*words)


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", [("show", "embedded:x"), ("show", SCHOOL, "--need", "embedded:x"), ("near", "embedded:x")]
)
def test_what_is_not_there_is_told_with_its_id(assets, words):
    with pytest.raises(UnknownRecordError, match="embedded:x"):
        assets(*words)


def test_the_pilot_areas_are_filters(assets):
    found = json.loads(assets("list", "--area", "sud-est", "--json"))
    assert {one["commune_name"] for one in found["items"]} >= {"Melegnano", "Paullo"}
    assert {one["pilot_area"] for one in found["items"]} == {"sud-est"}


def test_the_register_is_taken_along_in_the_form_that_the_name_says(assets, tmp_path):
    for form in ("csv", "xlsx", "json"):
        assets("list", "--out", str(tmp_path / f"beni.{form}"))
    assert (tmp_path / "beni.xlsx").read_bytes().startswith(b"PK")
    assert json.loads((tmp_path / "beni.json").read_text())["total"] >= 24
    assert "Denominazione" in (tmp_path / "beni.csv").read_text("utf-8-sig")


@pytest.mark.slow
def test_an_asset_is_told_whole(assets):
    found = json.loads(assets("show", SCHOOL, "--need", "embedded:need-cinisello-studenti", "--json"))
    assert found["needs"][0]["need_id"] == "embedded:need-cinisello-studenti"
    assert found["calls"][0]["call"]["id"] == "embedded:pnrr-alloggi-studenti"
    assert {one["criterion"] for one in found["path"]["criteria"]} >= {"public", "social_use", "partners"}
    assert "un suggerimento, non una certezza" in assets("show", SCHOOL)


@pytest.mark.slow
def test_a_need_is_told_the_places_near_by(assets):
    found = json.loads(assets("near", "embedded:need-corsico-cinema", "--json"))
    assert found["items"][0]["asset_id"] == "embedded:asset-corsico-cinema"


def test_a_communes_own_list_is_imported_and_its_bad_row_set_apart(assets, tmp_path):
    file = tmp_path / "beni.csv"
    file.write_text("Denominazione;Comune;Superficie (mq)\nEx filanda;Rho;1.200\nEx asilo;Rho;tanti\n", "utf-8")
    shown = json.loads(assets("import", str(file), "--json"))
    assert (shown["new"], shown["quarantined"]) == (1, 1)
    assert "Ex filanda" in assets("list", "--commune", "Rho")
