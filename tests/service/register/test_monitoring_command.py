"""``remix projects export`` and ``observe``: the same as the pages, from the command line."""

import json

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from service.cli import app
from service.errors import ServiceError
from tests.service.register.villages import OWN, nursery, square


@pytest.fixture
def run(register, tmp_path, monkeypatch):
    monkeypatch.setenv("REMIX_HOME", str(tmp_path / "home"))
    return lambda *words: CliRunner().invoke(app, ["projects", *words], catch_exceptions=False)


def test_what_an_account_says_is_kept_and_taken_along(run, tmp_path):
    said = run(
        "observe", square().id, "milestone", "--by", "consultant@example.org", "--on", "2026-01-31", "--name", "Gara",
        "--planned", "2026-03-01", "--reference", "Delibera 7",
    )  # fmt: skip
    assert said.exit_code == 0, said.output
    out = tmp_path / "detto.json"
    assert run("export", str(out), "--what", "observations").exit_code == 0
    (item,) = json.loads(out.read_text(encoding="utf-8"))["items"]
    assert (item["name"], item["planned_on"], item["reference"]) == ("Gara", "2026-03-01", "Delibera 7")
    assert run("export", str(out), "--late").exit_code == 0
    assert [one["id"] for one in json.loads(out.read_text(encoding="utf-8"))["items"]] == [square().id]


def test_all_projects_go_into_a_workbook_those_of_communes_too(run, tmp_path):
    out = tmp_path / "progetti.xlsx"
    assert run("export", str(out)).exit_code == 0
    codes = {row[0] for row in load_workbook(out).active.iter_rows(min_row=2, values_only=True)}
    assert codes == {nursery().id, square().id, OWN}


def test_programmes_are_written_with_their_totals(run, tmp_path):
    out = tmp_path / "programmi.json"
    assert run("export", str(out), "--what", "programmes").exit_code == 0
    items = {one["id"]: one for one in json.loads(out.read_text(encoding="utf-8"))["items"]}
    assert (items["programme:pnrr"]["projects"], items["programme:pnrr"]["amount"]) == (1, "1250000.50")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("export", "progetti.pdf"), ".csv, .xlsx"),
        (("export", "progetti.csv", "--what", "tutto"), "--what tutto"),
        (("observe", "x", "rumour", "--by", "consultant@example.org"), "rumour"),
        (("observe", "x", "state", "--by", "consultant@example.org", "--state", "fatto"), "--state fatto"),
        (("observe", "x", "state", "--by", "consultant@example.org", "--on", "ieri"), "--on ieri"),
        (("observe", "x", "amount", "--by", "consultant@example.org", "--value", "tanti"), "--value tanti"),
        (("observe", "x", "state", "--by", "nessuno@example.org", "--state", "funded"), "nessuno@example.org"),
        (("observe", "x", "state", "--by", "consultant@example.org", "--state", "funded"), "x: no project"),
    ],
)
def test_what_cannot_be_done_says_why(run, words, told):
    with pytest.raises(ServiceError) as refused:
        run(*words)
    assert told in str(refused.value)
