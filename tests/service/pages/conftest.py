"""The small world behind the pages, and browsers without scripts that are logged in as whoever a test needs."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from service.accounts.passwords import hash_password
from service.accounts.tables import AccountRow, Role
from service.database import open_database, writing
from service.imports import import_source
from service.moments import now
from service.settings import Settings
from service.web.app import create_app
from tests.fakes import HashingEncoder
from tests.service.pages.browsers import BROWSER as WITHOUT_ORIGIN
from tests.service.pages.browsers import as_browser
from tests.service.sources import ListedSource
from tests.service.web.clients import BASE_URL, add_account, as_role
from tests.world import CALLS, COMMUNES, TODAY

BROWSER = WITHOUT_ORIGIN | {"Origin": BASE_URL}
PASSWORD = "otto gatti sul campanile"


def open_calls():
    """The calls of the small world, as many days from now as they were from its own today."""
    later = timedelta(days=(now().date() - TODAY.date()).days)

    def moved(moment):
        return moment and replace(moment, at=moment.at + later)

    return [replace(call, opens=moved(call.opens), closes=moved(call.closes)) for call in CALLS]


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """The application over the small world."""
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home=home, rate_limit="")
    engine = open_database(settings, writing=True)
    (home / "world.csv").write_text("the small world")
    import_source(engine, ListedSource(*COMMUNES, *open_calls(), name="world"), home / "world.csv")
    engine.dispose()
    app = create_app(settings, HashingEncoder())
    with TestClient(app, base_url=BASE_URL):
        app.state.remix.live.serving()
        yield app


@pytest.fixture(scope="session")
def password_hash():
    return hash_password(PASSWORD)


@pytest.fixture
def browser(app):
    """A browser that nobody knows; it keeps cookies and follows where it is led."""
    return TestClient(app, base_url=BASE_URL, headers=BROWSER)


@pytest.fixture
def as_somebody(app):
    """A browser of a new account of a role, and for communes of a commune."""

    def logged_in(role: Role, commune: str | None = None) -> TestClient:
        return as_browser(as_role(app, role, commune))

    return logged_in


@pytest.fixture
def account(app, password_hash):
    """Add an account with a password; returns its e-mail address."""

    def added(role: Role = Role.COMMUNE, commune: str | None = None) -> str:
        email = f"{len(made)}-{role}@comune.example"
        made.append(add_account(app, role, commune, email=email, password_hash=password_hash))
        return email

    made: list[str] = []
    yield added
    with writing(app.state.remix.engine) as session:
        for number, account_id in enumerate(made):
            session.get_one(AccountRow, account_id).email = f"over-{account_id}-{number}@comune.example"


def hidden(page: str, name: str) -> str:
    """Return what a form's hidden field holds."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return found[1]
