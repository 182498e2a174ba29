"""Real processes: two that serve one database agree, and one that is killed has lost nothing that it acknowledged."""

import json
import threading
import time
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPConnection, HTTPException

import pytest
from sqlalchemy import func, select

from service.access.policy import ITEMS_WRITE, RECOMMEND
from service.accounts.api_keys import create_api_key
from service.accounts.tables import AccountRow, AccountState, Role
from service.audit.tables import AnswerRow, AuditEventRow
from service.database import reading, writing
from service.imports import import_source
from service.moments import now
from service.tables import NeedRow
from tests import world
from tests.service.processes import serving
from tests.service.sources import ListedSource

pytestmark = pytest.mark.slow


@pytest.fixture
def variables(settings, engine, tmp_path):
    """The variables of a server over a database that holds the small world."""
    imported(engine, tmp_path, *world.COMMUNES, *world.CALLS)
    settings.home.mkdir(exist_ok=True)
    return {"REMIX_HOME": str(settings.home), "REMIX_DATABASE_URL": settings.database}


def imported(engine, folder, *records):
    (folder / "world.csv").touch()
    import_source(engine, ListedSource(*records, name="world"), folder / "world.csv")


def api_key(engine):
    """The key of a consultant's program."""
    person = AccountRow(
        id="a1", email="prova@comune.example", name="Prova", role=Role.CONSULTANT, state=AccountState.ACTIVE,
        created_at=now(), version=1,
    )  # fmt: skip
    with writing(engine) as session:
        session.add(person)
        session.flush()
        return create_api_key(session, person, "prova", (ITEMS_WRITE, RECOMMEND), timedelta(days=1))[1]


def post(port, path, body, key):
    """Send JSON; returns status and answer, (0, None) if the server went away before it had answered."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    try:
        connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    except (OSError, HTTPException, ValueError):
        return 0, None
    finally:
        connection.close()


def seconds_until(holds, most=20.0):
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < most
        time.sleep(0.05)
    return time.monotonic() - began


def test_two_processes_over_one_database_agree_on_a_changed_call(variables, engine, tmp_path):
    other = variables | ({"REMIX_HOME": str(tmp_path)} if engine.dialect.name == "postgresql" else {})
    changed = replace(world.NIDI, title="Asili nido, anche la sera")
    with serving(variables) as one, serving(other) as two:
        for server in (one, two):
            server.wait_ready()
        imported(engine, tmp_path, changed)
        for server in (one, two):
            seconds_until(
                lambda: json.loads(server.get(f"/api/v1/calls/{changed.id}")[1])["call"]["title"] == changed.title  # noqa: B023
            )
        assert one.get("/api/v1/calls?q=sera")[1] == two.get("/api/v1/calls?q=sera")[1]


def test_a_killed_server_has_lost_nothing_that_it_acknowledged(variables, engine):
    key, acknowledged, answers = api_key(engine), set(), set()
    with serving(variables) as server:
        server.wait_ready()
        writers = [
            threading.Thread(target=write_until_gone, args=(server.port, key, acknowledged, answers)) for _ in range(4)
        ]
        for writer in writers:
            writer.start()
        seconds_until(lambda: len(acknowledged) >= 20 and len(answers) >= 20, most=60)
        server.kill()
        for writer in writers:
            writer.join()
    with serving(variables) as server:
        server.wait_ready()
        assert post(server.port, "/api/v1/needs", need(), key)[0] == 201
    with reading(engine) as session:
        needs = set(session.scalars(select(NeedRow.id)))
        kept = set(session.scalars(select(AnswerRow.id)))
        events = dict(session.execute(select(AuditEventRow.object_id, AuditEventRow.action)).all())
        first, last, count = session.execute(
            select(func.min(AuditEventRow.id), func.max(AuditEventRow.id), func.count(AuditEventRow.id))
        ).one()
    assert acknowledged <= needs
    assert answers <= kept
    assert {id_ for id_, action in events.items() if action == "needs.created"} == needs
    assert {id_ for id_, action in events.items() if action == "answer.shown"} == kept
    if engine.dialect.name == "sqlite":
        # A sequence of PostgreSQL leaves gaps where a transaction was undone; SQLite's numbers do not.
        assert count == last - first + 1


def need():
    return {"commune_istat": "015182", "title": "Asili nido", "text": "Mancano posti negli asili nido."}


def write_until_gone(port, key, acknowledged, answers):
    """Write as long as the server answers, and remember what it has acknowledged."""
    while True:
        status, kept = post(port, "/api/v1/needs", need(), key)
        if status == 0:
            return
        assert status == 201, kept
        acknowledged.add(kept["id"])
        status, shown = post(port, "/api/v1/recommendations", {"text": "Nidi", "commune": "015182"}, key)
        if status == 0:
            return
        assert status == 200, shown
        answers.add(shown["id"])
