"""Log lines tell what happened and never what people wrote, who they are or what they know."""

import io
import json
import logging

import pytest

from service.accounts.tables import Role
from service.logs import configure_logs
from service.settings import Settings
from tests.service.web.clients import as_program, as_role, visitor


@pytest.fixture
def log(monkeypatch):
    """The lines that a process in production would write, as dicts."""
    root = logging.getLogger()
    before, level = root.handlers, root.level
    stream = io.StringIO()
    configure_logs(Settings(log_format="json", log_level="info"), stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers = before
    root.setLevel(level)


def test_every_request_is_one_line_with_its_route_and_not_its_address(app, log):
    visitor(app).get("/api/v1/communes/015182?q=la+signora+Rossi", headers={"Request-Id": "x"})
    (line,) = [line for line in log() if line["event"] == "request"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/api/v1/communes/{istat}", 200)
    assert (line["role"], line["level"], line["logger"]) == ("public", "info", "remix.requests")
    assert line["ms"] > 0
    assert len(line["request_id"]) == 32
    assert "Rossi" not in json.dumps(line)
    assert "015182" not in json.dumps(line)


def test_a_line_says_the_role_of_who_asked(app, log):
    as_role(app, Role.CONSULTANT).get("/api/v1/communes")
    assert log()[-1]["role"] == "consultant"


def test_what_machines_ask_every_second_fills_no_log(app, log):
    visitor(app).get("/readiness")
    assert log() == []


def test_a_request_that_no_route_fits_is_a_line_without_its_path(app, log):
    visitor(app).get("/reset/very-secret-token")
    assert (log()[-1]["route"], log()[-1]["status"]) == ("", 404)
    assert "very-secret-token" not in json.dumps(log())


def test_an_error_is_logged_with_its_kind_and_place_and_without_its_words(app, probe, log):
    answer = visitor(app).get("/probe/failure")
    (line,) = [line for line in log() if line["level"] == "error"]
    assert line["error"] == "RuntimeError"
    assert any(place.endswith(" fail") for place in line["at"])
    assert line["request_id"] == answer.json()["instance"]
    assert "Rossi" not in json.dumps(log())


def test_the_causes_of_an_error_are_named():
    stream = io.StringIO()
    root = logging.getLogger()
    before = root.handlers
    configure_logs(Settings(log_format="json"), stream)
    try:
        try:
            raise ValueError("a") from KeyError("b")
        except ValueError:
            logging.getLogger("any").exception("it failed")
    finally:
        root.handlers = before
    assert json.loads(stream.getvalue())["error"] == "ValueError < KeyError"


def test_keys_cookies_and_tokens_are_in_no_line(app, probe, log):
    session, program = as_role(app, Role.CONSULTANT), as_program(app, Role.CONSULTANT, "items:write")
    for client in (session, program):
        client.post("/probe/echo", json={"text": "segreto"})
    written = json.dumps(log())
    secrets = [session.headers["Cookie"].partition("=")[2], session.headers["CSRF-Token"]]
    secrets.append(program.headers["Authorization"].removeprefix("Bearer "))
    assert [secret for secret in [*secrets, "segreto"] if secret in written] == []


def test_an_address_that_slips_into_a_line_is_hidden(log):
    logging.getLogger("any").info("wrote to %s", "maria.rossi@comune.example", extra={"to": "a@b.example"})
    assert log()[-1]["event"] == "wrote to (e-mail)"
    assert log()[-1]["to"] == "(e-mail)"


def test_people_get_lines_that_they_can_read():
    stream = io.StringIO()
    root = logging.getLogger()
    before = root.handlers
    configure_logs(Settings(log_format="text"), stream)
    logging.getLogger("any").warning("slow", extra={"ms": 900})
    root.handlers = before
    assert "slow" in stream.getvalue()
    assert "ms=900" in stream.getvalue()
