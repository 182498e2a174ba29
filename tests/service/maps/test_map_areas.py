"""The map for programs: GeoJSON over HTTP and on the command line, with what is private counted for the incubator."""

import json

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from service.accounts.tables import Role
from service.cli import app as command_line
from service.initial import init_database
from service.settings import Settings
from service.web.app import create_app
from tests.fakes import HashingEncoder
from tests.service.maps.squares import boundary
from tests.service.register.register_world import store
from tests.service.web.clients import BASE_URL, as_role, visitor

RHO = "015182"
AREAS = "/api/v1/map-areas"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("home"), rate_limit="")
    init_database(settings)[0].dispose()
    app = create_app(settings, HashingEncoder())
    with TestClient(app, base_url=BASE_URL):
        store(app.state.remix.engine, boundary(0, 0))
        app.state.remix.live.serving()
        yield app


@pytest.fixture(scope="module")
def consultant(app):
    return as_role(app, Role.CONSULTANT)


def of_rho(answer):
    assert answer.status_code == 200, answer.text
    (found,) = [one for one in answer.json()["features"] if one["id"] == RHO]
    return found["properties"]


def test_every_commune_is_a_feature_with_what_is_counted(app):
    answer = visitor(app).get(AREAS)
    assert answer.headers["Content-Type"] == "application/geo+json"
    assert len(answer.json()["features"]) == 133
    assert {"name": "Rho", "zone": "Nord Ovest"}.items() <= of_rho(answer).items()
    assert {"projects", "money", "assets"} <= of_rho(answer).keys()


def test_needs_are_for_the_incubator_alone(app, consultant):
    asked = {"measure": "needs"}
    for asking in (visitor(app), as_role(app, Role.COMMUNE, RHO)):
        refused = asking.get(AREAS, params=asked)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"].startswith("/measure")
    assert isinstance(consultant.get(AREAS, params=asked).json()["totals"]["needs"], int)


def test_what_a_commune_keeps_is_counted_for_the_incubator_alone(app, consultant):
    rho = as_role(app, Role.COMMUNE, RHO)
    before = of_rho(consultant.get(AREAS))["projects"], of_rho(visitor(app).get(AREAS))["projects"]
    made = rho.post("/api/v1/projects", json={"commune_istat": RHO, "title": "Piscina", "text": "Una piscina nuova."})
    assert made.status_code == 201, made.text
    after = of_rho(consultant.get(AREAS))["projects"], of_rho(visitor(app).get(AREAS))["projects"]
    assert after == (before[0] + 1, before[1])
    assert of_rho(rho.get(AREAS))["projects"] == before[1]


@pytest.mark.parametrize("wrong", [{"zone": "Atlantide"}, {"province": "Atlantide"}, {"year": "x"}, {"measure": "x"}])
def test_what_is_not_known_is_refused_by_name(app, wrong):
    refused = visitor(app).get(AREAS, params=wrong)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"].startswith(f"/{next(iter(wrong))}")


def test_a_zone_and_filters_narrow_it(app):
    found = visitor(app).get(AREAS, params={"zone": "Nord Ovest", "text": "parola che nessuno usa"}).json()
    assert 1 < len(found["features"]) < 133
    assert found["totals"]["projects"] == 0


def test_the_command_line_counts_the_same(app, tmp_path, monkeypatch):
    monkeypatch.setenv("REMIX_HOME", str(app.state.remix.settings.home))
    out = tmp_path / "mappa.geojson"
    for arguments in ([], ["--geojson"], ["--out", str(out), "--zone", "Nord Ovest", "--all"]):
        done = CliRunner().invoke(command_line, ["map", *arguments])
        assert done.exit_code == 0, done.output
    printed = json.loads(CliRunner().invoke(command_line, ["map", "--geojson"]).stdout)
    assert printed["totals"] == visitor(app).get(AREAS).json()["totals"]
    assert len(json.loads(out.read_text())["features"]) < 133


def test_the_command_line_names_what_it_does_not_know(app, monkeypatch):
    monkeypatch.setenv("REMIX_HOME", str(app.state.remix.settings.home))
    for arguments in (["--measure", "x"], ["--zone", "Atlantide"]):
        done = CliRunner().invoke(command_line, ["map", *arguments])
        assert done.exit_code != 0
        assert arguments[1] in str(done.exception)
