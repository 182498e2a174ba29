"""The trail and the answers are only ever added to, and name no texts."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from service.access.principal import VISITOR
from service.audit.trail import record
from service.database import writing


@pytest.fixture
def trail(engine):
    with writing(engine) as session:
        record(session, VISITOR, "r1", "calls.read", "calls", "prova:1", fields=["title"], count=3)
        session.execute(
            text(
                "INSERT INTO answers (id, at, surface, request_id, item_kind, item_id, artifact_version, data_version,"
                " asked, answered) VALUES ('a1', '2026-03-03 12:00:00', 'api', 'r1', 'text', '', '', '', '{}', '{}')"
            )
        )
    return engine


@pytest.mark.parametrize("table", ["audit_events", "answers"])
@pytest.mark.parametrize("act", ["UPDATE {} SET request_id = 'r2'", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_what_was_written_down(trail, table, act):
    with pytest.raises(DatabaseError, match="only ever added to"), trail.begin() as connection:
        connection.execute(text(act.format(table)))
    with trail.connect() as connection:
        assert connection.scalar(text(f"SELECT request_id FROM {table}")) == "r1"  # noqa: S608


def test_an_event_is_there_only_if_its_act_was_committed(engine):
    with engine.connect() as connection, Session(connection) as session:
        record(session, VISITOR, "r1", "needs.edited", "needs", "prova:1")
        session.rollback()
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM audit_events")) == 0


@pytest.mark.parametrize("detail", ["a" * 201, "anna@comune.example", ["x", {"to": "a@b.it"}], object()])
def test_a_text_or_an_address_never_gets_into_the_trail(engine, detail):
    with pytest.raises(ValueError, match="details"), writing(engine) as session:
        record(session, VISITOR, "r1", "needs.edited", "needs", "prova:1", detail=detail)
