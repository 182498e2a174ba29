"""Real processes: what a power cut leaves half done is taken up by the next process, and done once."""

import json
import time
from datetime import timedelta
from http.client import HTTPConnection

import pytest
from sqlalchemy import func, select

from service.access.policy import RECOMMEND
from service.accounts.api_keys import create_api_key
from service.accounts.tables import AccountRow, AccountState, Role
from service.audit.tables import AnswerRow
from service.database import open_database, reading, writing
from service.imports import import_source
from service.jobs.tables import JobLineRow
from service.moments import now
from tests import world
from tests.service.processes import serving
from tests.service.sources import ListedSource

pytestmark = pytest.mark.slow
LINES = 300
MOST_S = 120.0


@pytest.fixture
def engine(settings):
    settings.home.mkdir(parents=True)
    (settings.home / "world.csv").touch()
    made = open_database(settings, writing=True)
    import_source(made, ListedSource(*world.COMMUNES, *world.CALLS, name="world"), settings.home / "world.csv")
    yield made
    made.dispose()


def api_key(engine):
    person = AccountRow(
        id="a1", email="prova@comune.example", name="Prova", role=Role.CONSULTANT, state=AccountState.ACTIVE,
        created_at=now(), version=1,
    )  # fmt: skip
    with writing(engine) as session:
        session.add(person)
        session.flush()
        return create_api_key(session, person, "prova", (RECOMMEND,), timedelta(days=1))[1]


def ask(server, method, path, key, body=None):
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    connection.request(method, path, json.dumps(body) if body else None, headers)
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return answer


def wait_until(holds):
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < MOST_S
        time.sleep(0.05)


def test_a_list_is_done_once_although_its_process_was_killed_in_the_middle(settings, engine):
    variables = {"REMIX_HOME": str(settings.home), "REMIX_DATABASE_URL": settings.database}
    key = api_key(engine)
    projects = [{"title": f"Asilo nido {number}", "commune": "Rho"} for number in range(LINES)]
    with serving(variables) as server:
        server.wait_ready()
        job_id = ask(server, "POST", "/api/v1/jobs", key, {"projects": projects, "k": 3})["id"]
        wait_until(lambda: ask(server, "GET", f"/api/v1/jobs/{job_id}", key)["done"] > 0)
        server.kill()
    with reading(engine) as session:
        half = session.scalar(select(func.count()).where(JobLineRow.answer_id.is_not(None)))
    assert 0 < half < LINES
    with serving(variables) as server, serving(variables) as other:
        server.wait_ready()
        other.wait_ready()
        wait_until(lambda: ask(server, "GET", f"/api/v1/jobs/{job_id}", key)["state"] == "done")
        assert ask(other, "GET", f"/api/v1/jobs/{job_id}", key)["done"] == LINES
    with reading(engine) as session:
        answers = session.scalar(select(func.count()).select_from(AnswerRow).where(AnswerRow.request_id == job_id))
        lines = session.scalar(select(func.count(func.distinct(JobLineRow.answer_id))))
    assert (answers, lines) == (LINES, LINES)
