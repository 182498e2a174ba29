"""``remix backup`` and ``remix restore`` as a person types them."""

import json

import pytest
import typer
from typer.testing import CliRunner

from service.commands import backup
from service.database import open_database
from service.errors import CopyError, DatabaseError
from service.settings import Settings
from tests.service.copies.places import ROWS, contents


@pytest.fixture
def remix(tmp_path, monkeypatch):
    """Run a command in a home; an error of ours is raised as it is."""
    app = typer.Typer()
    backup.register(app)
    monkeypatch.chdir(tmp_path)
    for name in ("REMIX_DATABASE_URL", "REMIX_LANGUAGE"):
        monkeypatch.delenv(name, raising=False)

    def run(home, *words):
        monkeypatch.setenv("REMIX_HOME", str(tmp_path / home))
        result = CliRunner().invoke(app, list(words))
        if result.exception is not None:
            raise result.exception
        return result.stdout

    return run


def test_a_copy_is_made_and_put_back_and_every_table_compared(full, remix, tmp_path):
    said = remix("full", "backup", "copia.tar.gz")
    assert f"copia.tar.gz: copia di {len(ROWS) + 1} righe in {len(ROWS)} tabelle" in said
    assert "dati personali" in said
    fingerprint = next(line.split()[1] for line in said.splitlines() if line.startswith("SHA-256"))
    told = remix("other", "restore", "copia.tar.gz", "--sha256", fingerprint)
    assert all(name in told for name in ROWS)
    assert told.count("✔") == len(ROWS)
    assert f"Ripristinate {len(ROWS) + 1} righe, tutte uguali" in told
    engine = open_database(Settings(home=tmp_path / "other", database_url=""))
    assert contents(engine) == contents(full)
    engine.dispose()


def test_programs_get_json(full, remix):
    made = json.loads(remix("full", "backup", "copia.tar.gz", "--json"))
    put_back = json.loads(remix("other", "restore", "copia.tar.gz", "--json"))
    assert len(made["sha256"]) == 64
    assert put_back["copy"] == {key: made[key] for key in put_back["copy"]}
    assert {"table": "imports", "copied": 1, "restored": 1, "same": True} in put_back["tables"]


def test_english_is_spoken_where_it_is_asked_for(full, remix, monkeypatch):
    monkeypatch.setenv("REMIX_LANGUAGE", "en")
    assert f"a copy of {len(ROWS) + 1} rows in {len(ROWS)} tables" in remix("full", "backup", "copia.tar.gz")
    assert f"{len(ROWS) + 1} rows put back, all the same" in remix("other", "restore", "copia.tar.gz")


def test_what_cannot_be_done_is_said_in_one_error(full, remix):
    remix("full", "backup", "copia.tar.gz")
    with pytest.raises(CopyError, match="exists already"):
        remix("full", "backup", "copia.tar.gz")
    with pytest.raises(CopyError, match="holds something already"):
        remix("full", "restore", "copia.tar.gz")
    with pytest.raises(DatabaseError, match="there is no database yet"):
        remix("nowhere", "backup", "other.tar.gz")
