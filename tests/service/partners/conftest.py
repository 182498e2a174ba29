"""A valley of bodies in a real database, with a call that wants a partnership, and browsers of whoever asks."""

import pytest
from fastapi.testclient import TestClient

from matcher.records import CallStatus, FundingCall
from service.accounts.tables import Role
from service.database import open_database
from service.imports import import_source
from service.settings import Settings
from service.web.app import create_app
from tests.fakes import HashingEncoder
from tests.matcher.partners.village import BRIDGE, COMMUNES, FLATS, ORGANISATIONS
from tests.service.pages.browsers import BROWSER, as_browser
from tests.service.sources import ListedSource
from tests.service.web.clients import BASE_URL, as_role
from tests.world import RHO, TORINO

VALLEY_CALL = FundingCall(
    id="world:valle",
    source="world",
    title="Case condivise nelle valli",
    issuer="Regione",
    summary="Appartamenti e servizi per persone con disabilità, di più comuni insieme.",
    text="Il partenariato è composto da almeno tre comuni. Ogni partner può far parte di un solo partenariato.",
    applicants_text="Comuni",
    territory_text="Lombardia",
    status=CallStatus.OPEN,
)
"""At least three communes, each in one partnership only."""


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home=home, rate_limit="")
    engine = open_database(settings, writing=True)
    (home / "valley.csv").write_text("the valley")
    records = (*COMMUNES, RHO, TORINO, *ORGANISATIONS, FLATS, BRIDGE, VALLEY_CALL)
    import_source(engine, ListedSource(*records, name="world"), home / "valley.csv")
    engine.dispose()
    app = create_app(settings, HashingEncoder())
    with TestClient(app, base_url=BASE_URL):
        app.state.remix.live.serving()
        yield app


@pytest.fixture
def browser(app):
    return TestClient(app, base_url=BASE_URL, headers=BROWSER | {"Origin": BASE_URL})


@pytest.fixture
def as_commune(app):
    return lambda istat: as_role(app, Role.COMMUNE, istat)


@pytest.fixture
def browser_of(app):
    return lambda istat: as_browser(as_role(app, Role.COMMUNE, istat))


@pytest.fixture
def staff(app):
    return as_role(app, Role.CONSULTANT)
