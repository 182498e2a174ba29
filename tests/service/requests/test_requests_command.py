"""``remix requests`` as a person types it."""

import csv
import io
import json

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from service.cli import app as commands
from service.errors import UsageError
from tests.world import GREZZAGO, RHO


@pytest.fixture
def remix(world, monkeypatch):
    """Run ``remix requests``; the error that ends it is the one that a person sees."""
    monkeypatch.setenv("REMIX_HOME", str(world.home))
    monkeypatch.setenv("REMIX_DATABASE_URL", world.database_url)

    def run(*words):
        done = CliRunner().invoke(commands, ["requests", *map(str, words)])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.stdout

    return run


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("list", "--service", "idraulica"), "finanziamenti"),
        (("list", "--state", "aperta"), "received"),
        (("export", "--out", "richieste.doc"), ".xlsx"),
        (("export", "--out", "richieste.csv", "--counts", "--late"), "--counts"),
    ],
)
def test_what_cannot_be_done_is_told_with_the_value(remix, words, told):
    with pytest.raises(UsageError, match=told):
        remix(*words)


def test_requests_are_listed_filtered_and_shown_as_data(remix, ask, asking):
    asking(service="tecnologia", call_id=None)
    asking(who=ask("grezzago"), commune_istat=GREZZAGO.istat)
    assert "Tecnologia" in remix("list")
    found = json.loads(remix("list", "--commune", RHO.istat, "--json"))
    assert (found["total"], found["items"][0]["commune"]["name"]) == (1, RHO.name)
    assert json.loads(remix("list", "--late", "--json"))["items"] == []


def test_what_is_exported_is_read_back_with_no_formula_in_it(remix, ask, staff, asking, tmp_path):
    request_id = asking(text="=1+1")["id"]
    asking(who=ask("grezzago"), commune_istat=GREZZAGO.istat)
    staff("POST", f"/service-requests/{request_id}/entries", json={"text": "Ecco.", "minutes": 45})
    assert "2 righe" in remix("export", "--out", tmp_path / "r.xlsx")
    rows = list(load_workbook(tmp_path / "r.xlsx").active.iter_rows(values_only=True))
    by_id = {row[0]: row for row in rows[1:]}
    assert by_id[request_id][13] == "'=1+1"
    assert len(by_id) == 2
    remix("export", "--out", tmp_path / "n.csv", "--counts", "--commune", RHO.istat)
    lines = list(csv.reader(io.StringIO((tmp_path / "n.csv").read_text("utf-8-sig")), delimiter=";"))
    assert [line[1:] for line in lines[1:]] == [
        [RHO.istat, RHO.name, "Definizione e sviluppo dei progetti", "1", "1", "1", "0", "0", "0", "0,75"]
    ]
