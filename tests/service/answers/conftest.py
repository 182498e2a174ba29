"""One running application over the small world: its calls and communes, and some items of two communes."""

import pytest
from fastapi.testclient import TestClient

from matcher.records import Need, Project
from service.database import open_database
from service.imports import import_source
from service.settings import Settings
from service.web.app import create_app
from tests import world
from tests.fakes import HashingEncoder
from tests.service.sources import ListedSource
from tests.service.web.clients import BASE_URL

NEED_OF_RHO = Need(id="world:n1", commune_istat="015182", title="Asili nido", text="Mancano posti negli asili nido.")
NEED_OF_MILANO = Need(id="world:n2", commune_istat="015146", title="Piste ciclabili", text="Un segreto di Milano.")
PROJECT = Project(
    id="world:p1", title="Fotovoltaico sulla scuola", text="Pannelli fotovoltaici.", state="idea", communes=("015182",)
)


@pytest.fixture(scope="module")
def world_settings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    return Settings(home=folder / "home", cache=folder / "cache", database_url="")


@pytest.fixture(scope="module")
def app(world_settings):
    engine = open_database(world_settings, writing=True)
    file = world_settings.home / "world.csv"
    file.touch()
    records = (*world.COMMUNES, *world.CALLS, NEED_OF_RHO, NEED_OF_MILANO, PROJECT)
    import_source(engine, ListedSource(*records, name="world"), file)
    engine.dispose()
    app = create_app(world_settings, HashingEncoder())
    with TestClient(app, base_url=BASE_URL):
        app.state.remix.live.serving()
        yield app
