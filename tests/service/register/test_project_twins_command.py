"""``remix projects twins`` as a person types it, and pairs found by an import."""

import json

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from service.cli import app
from service.database import open_database, reading
from service.imports import import_source
from service.register.twin_finding import find_if_stale, is_stale
from service.register.twin_rows import ProjectTwinRow
from service.settings import load_settings
from tests.service.register.villages import nursery
from tests.service.sources import ListedSource
from tests.world import COMMUNES

PNC = "pnc:J61F22000330006:C.1"
FILE_OF_PNC = """\
cup,cod_intervento,programma,titolo,cup_natura,cup_categoria,soggetto_attuatore,finanziamento_pnc,istat_comuni,comuni
J61F22000330006,C.2,Asili,Un nido,LAVORI PUBBLICI,ASILI,COMUNE DI RHO,1000.0,015182,RHO
"""


@pytest.fixture
def remix(tmp_path, monkeypatch):
    """Run ``remix`` on a register in which one project stands twice."""
    monkeypatch.setenv("REMIX_HOME", str(tmp_path))
    engine = open_database(load_settings(), writing=True)
    file = tmp_path / "dati.csv"
    for name, rows in (
        ("comuni", COMMUNES),
        ("pnrr-progetti", [nursery()]),
        ("pnc", [nursery(id=PNC, source="pnc", title="Nido [rosso]")]),
    ):
        file.write_text(name)
        import_source(engine, ListedSource(*rows, name=name), file)
    engine.dispose()
    return lambda *words: run("projects", "twins", *words)


def run(*words):
    return CliRunner().invoke(app, list(words), catch_exceptions=False).stdout


def test_the_pairs_are_listed_with_why_and_how_many_were_compared(remix):
    shown = remix()
    assert "stesso CUP" in shown
    assert "2 voci confrontate: 1 coppie probabili, 0 gare di un solo progetto" in shown


def test_the_pairs_are_told_in_english_and_as_json(remix, monkeypatch):
    monkeypatch.setenv("REMIX_LANGUAGE", "en")
    shown = remix()
    assert "same CUP" in shown
    assert "2 entries compared: 1 probable pairs" in shown
    told = json.loads(remix("--json"))
    assert (told["projects"], {told["twins"][0][side]["id"] for side in ("leading", "other")}) == (
        1,
        {PNC, nursery().id},
    )


def test_an_import_from_the_command_line_looks_for_twins_too(remix, tmp_path):
    remix()
    (tmp_path / "pnc.csv").write_text(FILE_OF_PNC)
    assert "pnc.csv" in run("import", "pnc", str(tmp_path / "pnc.csv"))
    engine = open_database(load_settings())
    with reading(engine) as session:
        assert not is_stale(session)
        # Two rows of one publisher under one CUP: neither is singled out any more.
        assert session.scalars(select(ProjectTwinRow)).all() == []
    engine.dispose()


def test_looking_again_without_need_changes_nothing(remix):
    remix()
    engine = open_database(load_settings())
    with reading(engine) as session:
        assert not is_stale(session)
    find_if_stale(engine)
    engine.dispose()
    assert "1 coppie probabili" in remix("--limit", "1")
