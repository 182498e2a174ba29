"""``remix partners`` and ``remix consortium``, over a small valley."""

import json

import pytest
from typer.testing import CliRunner

from service.cli import app
from service.commands import partners as command


@pytest.fixture
def remix(monkeypatch, tmp_path):
    """Run a command over a small valley, without building an index."""
    from contextlib import contextmanager

    from service.database import open_database
    from service.imports import import_source
    from service.live import serving_once
    from service.partners.bodies import Bodies
    from service.settings import Settings
    from tests.fakes import HashingEncoder
    from tests.matcher.partners.village import BRIDGE, COMMUNES, FLATS, ORGANISATIONS
    from tests.service.partners.conftest import VALLEY_CALL
    from tests.service.sources import ListedSource

    settings = Settings(home=tmp_path, database_url="")
    engine = open_database(settings, writing=True)
    (tmp_path / "valley.csv").write_text("the valley")
    rows = (*COMMUNES, *ORGANISATIONS, FLATS, BRIDGE, VALLEY_CALL)
    import_source(engine, ListedSource(*rows, name="world"), tmp_path / "valley.csv")
    serving = serving_once(settings, engine, HashingEncoder)

    @contextmanager
    def opened():
        yield engine, serving, Bodies().finder(engine), "it"

    monkeypatch.setattr(command, "_opened", opened)

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, list(words), catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    yield run
    engine.dispose()


def test_partners_are_listed_with_role_reasons_and_how_sure_it_is(remix):
    told = remix("partners", "Case per disabili", "--commune", "Gorgonzola", "--wanted", "chi aiuta i disabili")
    assert "ANFFAS MARTESANA" in told
    assert "persone con disabilità" in told
    assert "Che cosa fa lo dice solo il nome" in told


def test_programs_get_partners_as_json(remix):
    told = json.loads(remix("partners", "Case per adulti", "--commune", "Gorgonzola", "--k", "2", "--json"))
    assert [one["rank"] for one in told["items"]] == [1, 2]
    assert told["commune"]["name"] == "Gorgonzola"


def test_a_partnership_is_told_with_the_verdict_of_each_rule(remix):
    told = remix("consortium", "world:valle", "Case per adulti", "--commune", "Gorgonzola")
    assert "✔ sì · Quanti partner: almeno 3, comuni" in told
    assert "ciascuno deve dirlo" in told


def test_whoever_takes_part_already_stays_in_every_proposal(remix):
    asked = ("consortium", "world:valle", "Case per adulti", "--commune", "Gorgonzola", "--member", "comuni:015106")
    found = json.loads(remix(*asked, "--json"))
    assert found["rules"]
    assert all("comuni:015106" in [m["id"] for m in one["members"]] for one in found["proposals"])
