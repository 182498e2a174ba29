"""``remix serve``: it prepares what it needs, refuses unsafe settings, and ends without losing a request."""

import signal
import threading
import time
from http.client import HTTPConnection

import pytest
import uvicorn
from typer.testing import CliRunner

from service.cli import app as command_line
from service.database import open_database
from service.errors import SettingsError
from service.settings import Settings
from service.web import serving as factory
from tests.service.processes import serving


@pytest.fixture
def asked(monkeypatch):
    """What the server would be started with."""
    asked = {}
    monkeypatch.setattr(uvicorn, "run", lambda target, **options: asked.update(options, target=target))
    monkeypatch.setattr("service.logs.configure_logs", lambda _settings: None)
    return asked


def serve(*words: str):
    return CliRunner().invoke(command_line, ["serve", *words])


def test_it_makes_a_database_that_knows_something_before_it_serves(tmp_path, monkeypatch, asked):
    monkeypatch.setenv("REMIX_HOME", str(tmp_path / "home"))
    assert serve("--port", "8123").exit_code == 0
    open_database(Settings(home=tmp_path / "home")).dispose()
    assert (asked["host"], asked["port"], asked["workers"]) == ("127.0.0.1", 8123, 1)


def test_it_believes_only_the_proxies_that_were_named(tmp_path, monkeypatch, asked):
    monkeypatch.setenv("REMIX_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("REMIX_TRUSTED_PROXIES", "10.0.0.7")
    serve()
    assert (asked["proxy_headers"], asked["forwarded_allow_ips"]) == (True, "10.0.0.7")


def test_it_does_not_start_in_production_with_a_secret_that_everybody_knows(tmp_path, monkeypatch, asked):
    monkeypatch.setenv("REMIX_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("REMIX_MODE", "production")
    monkeypatch.setenv("REMIX_PUBLIC_URL", "https://remix.example")
    refused = serve()
    assert isinstance(refused.exception, SettingsError)
    assert "REMIX_SECRET_KEY" in str(refused.exception)
    assert asked == {}


def test_what_it_tells_the_server_to_import_is_there(asked, tmp_path, monkeypatch):
    monkeypatch.setenv("REMIX_HOME", str(tmp_path / "home"))
    serve()
    module, _, name = asked["target"].partition(":")
    assert (module, callable(getattr(factory, name))) == (factory.__name__, True)


@pytest.mark.slow
def test_told_to_stop_it_answers_what_it_has_begun_and_ends_well(tmp_path, default_encoder_folder):
    cache = default_encoder_folder.parent.parent
    statuses: list[int] = []

    def ask() -> None:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        body = '{"text": "pista ciclabile verso la stazione", "commune": "015182"}'
        connection.request("POST", "/api/v1/recommendations", body, {"Content-Type": "application/json"})
        statuses.append(connection.getresponse().status)
        connection.close()

    with serving({"REMIX_HOME": str(tmp_path), "REMIX_CACHE": str(cache)}) as server:
        server.wait_ready()
        askers = [threading.Thread(target=ask) for _ in range(8)]
        for asker in askers:
            asker.start()
        time.sleep(0.2)
        server.process.send_signal(signal.SIGTERM)
        for asker in askers:
            asker.join()
        # uvicorn ends by the signal that it was sent, when its work is done.
        assert server.process.wait(60) in (0, -signal.SIGTERM)
    assert statuses == [200] * 8
