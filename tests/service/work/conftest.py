"""A small world in a real database, and clients that ask as anybody in it.

Rho and Grezzago have an account each; the incubator has a consultant and an administrator.
"""

from pathlib import Path

import pytest
from fastapi import Request
from fastapi.testclient import TestClient
from sqlalchemy import delete, insert

from service.access.identification import identify
from service.access.principal import VISITOR, Principal
from service.accounts.tables import AccountRow, AccountState, Role
from service.database import open_database, writing
from service.imports import import_source
from service.moments import now
from service.settings import Settings
from service.tables import RecordChangeRow
from service.web.app import create_app
from service.work.tables import WorkItemRow, WorkNoteRow
from tests.fakes import HashingEncoder
from tests.service.conftest import _empty_schema
from tests.service.sources import ListedSource
from tests.world import CALLS, COMMUNES, GREZZAGO, RHO

PRINCIPALS = {
    "public": VISITOR,
    "reader": Principal(Role.READER, "reader"),
    "rho": Principal(Role.COMMUNE, "rho", RHO.istat),
    "grezzago": Principal(Role.COMMUNE, "grezzago", GREZZAGO.istat),
    "consultant": Principal(Role.CONSULTANT, "consultant"),
    "administrator": Principal(Role.ADMINISTRATOR, "administrator"),
}


class Asking:
    """A client whose every request comes from one principal."""

    def __init__(self, client: TestClient, who: str) -> None:
        self.client = client
        self.headers = {"Test-As": who}

    def __call__(self, method, path, *, version=None, **options):
        headers = self.headers | options.pop("headers", {})
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self.client.request(method, f"/api/v1{path}", headers=headers, **options)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def world(request, tmp_path_factory):
    """Settings of a database that knows the small world and its accounts."""
    home = tmp_path_factory.mktemp("home")
    url = "" if request.param == "sqlite" else _empty_schema()
    settings = Settings(home=home, database_url=url, rate_limit="")
    engine = open_database(settings, writing=True)
    fill(engine, home)
    engine.dispose()
    return settings


@pytest.fixture(scope="module")
def client(world):
    app = create_app(world, HashingEncoder())
    app.dependency_overrides[identify] = lambda request: PRINCIPALS[request.headers["Test-As"]]
    app.dependency_overrides[identify].__annotations__["request"] = Request
    with TestClient(app, base_url="https://testserver") as client:
        yield client


@pytest.fixture(scope="module")
def ask(client):
    """Ask as somebody: ``ask("rho")("GET", "/needs")``."""
    return lambda who: Asking(client, who)


@pytest.fixture
def engine(world):
    engine = open_database(world, writing=True)
    yield engine
    engine.dispose()


def fill(engine, folder: Path) -> None:
    (folder / "world.csv").write_text("the small world")
    import_source(engine, ListedSource(*COMMUNES, *CALLS, name="world"), folder / "world.csv")
    with writing(engine) as session:
        accounts = [
            {"id": name, "email": f"{name}@example.org", "name": name.title(), "role": who.role, "language": "it",
             "commune_istat": who.commune_istat, "state": AccountState.ACTIVE, "created_at": now(), "version": 1}
            for name, who in PRINCIPALS.items() if who is not VISITOR
        ]  # fmt: skip
        session.execute(insert(AccountRow), accounts)


@pytest.fixture
def staff(ask, engine):
    """Ask as the incubator; what it put on the worklist is gone afterwards."""
    yield ask("consultant")
    with writing(engine) as session:
        session.execute(delete(WorkNoteRow))
        session.execute(delete(WorkItemRow))
        session.execute(delete(RecordChangeRow).where(RecordChangeRow.kind == "work_items"))
