"""``remix frame`` as a person types it, over the included corpus: on a terminal, as JSON and as a file."""

import csv
import json

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from service.cli import app
from service.errors import UsageError


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("command")


@pytest.fixture
def frame(home, default_encoder_folder, monkeypatch):
    """Run ``remix frame``; the error that ends it is the one that a person sees."""
    monkeypatch.setenv("REMIX_HOME", str(home))
    monkeypatch.setenv("REMIX_CACHE", str(default_encoder_folder.parent.parent))

    def run(*words):
        done = CliRunner().invoke(app, ["frame", *words])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.stdout

    return run


@pytest.mark.parametrize(("words", "told"), [(("--gaps", "everything"), "needs"), (("--out", "quadro.pdf"), ".xlsx")])
def test_what_cannot_be_done_is_told_before_anything_is_counted(frame, words, told):
    with pytest.raises(UsageError, match=told):
        frame(*words)


@pytest.mark.slow
def test_the_frame_of_the_founding_documents_is_printed_written_and_given_to_programs(frame, tmp_path):
    with pytest.raises(UsageError, match="Nord Ovest"):
        frame("--zone", "Atlantide")
    found = json.loads(frame("--json"))["items"]
    housing = next(one for one in found if (one["Linea"], one["Missione"]) == ("9", "M5"))
    assert housing["Progetti"] >= 30
    assert housing["Bisogni"] >= 5
    frame("--out", str(tmp_path / "quadro.csv"))
    with (tmp_path / "quadro.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    row = next(
        one for one in rows if one["Zona"].startswith("Tutta") and (one["Linea"], one["Missione"]) == ("9", "M5")
    )
    assert int(row["Progetti"]) == housing["Progetti"]
    frame("--gaps", "lines", "--out", str(tmp_path / "linee.xlsx"))
    book = load_workbook(tmp_path / "linee.xlsx").active
    assert [cell.value for cell in book[1]] == ["Linea", "Nome della linea", "Zona", "Bisogni"]
    assert book.max_row > 1
    assert "Ri-generation Housing" in frame("--zone", "Nord Ovest")
