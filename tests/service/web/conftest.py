"""One application over the embedded corpus, for what every route shares; it has a fake encoder."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from pydantic import BaseModel

from service.access.policy import POLICY, Rule
from service.accounts.tables import Role
from service.initial import init_database
from service.settings import Settings
from service.web.app import create_app
from tests.fakes import HashingEncoder
from tests.service.web.clients import BASE_URL


class Echo(BaseModel):
    text: str


@pytest.fixture(scope="session")
def filled_home(tmp_path_factory):
    """The home of a database that holds the embedded corpus."""
    home = tmp_path_factory.mktemp("home")
    init_database(Settings(home=home))[0].dispose()
    return home


@pytest.fixture(scope="module")
def app(filled_home) -> Iterator[FastAPI]:
    """The application, running."""
    app = create_app(Settings(home=filled_home, upload_limit_kb=4, rate_limit=""), HashingEncoder())
    with TestClient(app, base_url=BASE_URL):
        app.state.remix.live.serving()
        yield app


@pytest.fixture
def probe(app, monkeypatch):
    """Add routes that fail, count and repeat what they get; they are open to everybody while the test runs."""
    rules = {
        ("GET", "/probe/failure"): Rule(frozenset(Role), "catalogue:read"),
        ("POST", "/probe/echo"): Rule(frozenset(Role), "items:write"),
        ("POST", "/probe/secret"): Rule(frozenset(Role)),
    }
    monkeypatch.setattr("service.access.enforcement.POLICY", {**POLICY, **rules})
    monkeypatch.setattr("service.web.idempotency.POLICY", {**POLICY, **rules})
    done: list[str] = []

    def fail() -> None:
        raise RuntimeError("Maria Rossi <maria@comune.example> wrote this")

    def echo(sent: Echo, request: Request) -> Echo:
        done.append(request.url.path)
        return sent

    before = list(app.router.routes)
    app.add_api_route("/probe/failure", fail, methods=["GET"])
    app.add_api_route("/probe/echo", echo, methods=["POST"], status_code=201)
    app.add_api_route("/probe/secret", echo, methods=["POST"])
    yield done
    app.router.routes[:] = before
