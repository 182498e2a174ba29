"""One running application over the small world on each database; jobs run when a test says so, not by themselves."""

import io
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from service.access.principal import Principal
from service.accounts.tables import Role
from service.database import open_database, reading, writing
from service.ids import new_id
from service.imports import import_source
from service.jobs import store
from service.jobs.folders import folder_of
from service.jobs.lists import Line
from service.jobs.runner import Runner, Tools
from service.jobs.states import LineProblem
from service.jobs.tables import JobKind
from service.settings import Settings
from service.web.app import create_app
from service.work.acting import Acting
from tests.fakes import HashingEncoder
from tests.service.conftest import _empty_schema
from tests.service.sources import ListedSource
from tests.service.web.clients import BASE_URL, add_account
from tests.world import CALLS, COMMUNES, RHO


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def app(request, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    url = "" if request.param == "sqlite" else _empty_schema()
    settings = Settings(home=home, database_url=url, rate_limit="")
    (home / "world.csv").write_text("the small world")
    engine = open_database(settings, writing=True)
    import_source(engine, ListedSource(*COMMUNES, *CALLS, name="world"), home / "world.csv")
    engine.dispose()
    app = create_app(settings, HashingEncoder())
    with TestClient(app, base_url=BASE_URL):
        app.state.remix.live.serving()
        yield app


@pytest.fixture
def desk(app):
    return Desk(app)


class Desk:
    """Asks for jobs as one account of each role, runs them, and looks at them."""

    def __init__(self, app):
        self.app = app
        state = app.state.remix
        self.settings, self.engine, self.live = state.settings, state.engine, state.live
        self.accounts: dict[Role, Principal] = {}

    def principal(self, role=Role.CONSULTANT) -> Principal:
        if role not in self.accounts:
            istat = RHO.istat if role is Role.COMMUNE else None
            self.accounts[role] = Principal(role, add_account(self.app, role, istat), istat)
        return self.accounts[role]

    def ask_match(self, lines, role=Role.CONSULTANT, k=3):
        with writing(self.engine) as session:
            return store.ask_match(Acting(session, self.principal(role)), "progetti.csv", lines, k)

    def ask_import(self, source="prova", content=b"id\n1\n"):
        job_id = new_id()
        folder_of(self.settings, job_id).keep("bandi.csv", io.BytesIO(content))
        with writing(self.engine) as session:
            acting = Acting(session, self.principal(Role.ADMINISTRATOR))
            return store.ask_import(acting, source, "bandi.csv", job_id)

    def runner(self, source=None):
        """A worker of its own, as another process would have it."""
        tools = Tools(self.settings, self.engine, self.live)
        return Runner(replace(tools, source_of=lambda _name: source) if source else tools)

    def job(self, job_id, role=None):
        with reading(self.engine) as session:
            found = session.get(store.JobRow, job_id)
            staff = Role.ADMINISTRATOR if found is not None and found.kind is JobKind.IMPORT else Role.CONSULTANT
            return store.read_job(Acting(session, self.principal(role or staff)), self.settings, job_id)

    def lines(self, job_id, role=Role.CONSULTANT):
        with reading(self.engine) as session:
            acting = Acting(session, self.principal(role))
            return store.read_lines(acting, self.job(job_id, role), limit=None)[0]

    def stop(self, job_id, role=Role.CONSULTANT):
        store.stop(self.engine, self.settings, self.principal(role), "", job_id)


def line(number, title="Cappotto termico della scuola", **fields):
    return Line(number, title=title, **{"commune_istat": RHO.istat, **fields})


def bad_line(number):
    return Line(number, title="x", problem=LineProblem.UNKNOWN_COMMUNE, field="comune", value="Atlantide")
