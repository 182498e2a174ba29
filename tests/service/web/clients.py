"""Clients of a running application, logged in as whoever a test needs.

with running(settings) as app:
    as_role(app, Role.COMMUNE, "015182").get("/api/v1/needs")
    visitor(app).get("/status")
"""

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.access.identification import SECURE_COOKIE
from service.accounts.api_keys import create_api_key
from service.accounts.sessions import OpenedSession, open_session
from service.accounts.tables import AccountRow, AccountState, Role
from service.database import is_new, writing
from service.ids import new_id
from service.initial import init_database
from service.moments import now
from service.settings import DATABASE_FILE, Settings
from service.web.app import create_app

BASE_URL = "https://testserver"


@contextmanager
def running(settings: Settings) -> Iterator[FastAPI]:
    """Start an application over the database of the settings; a new one gets the embedded corpus."""
    if settings.database_url:
        if is_new(settings):
            init_database(settings)[0].dispose()
    elif not (settings.home / DATABASE_FILE).exists():
        settings.home.mkdir(parents=True, exist_ok=True)
        copyfile(_filled_file(), settings.home / DATABASE_FILE)
    app = create_app(settings)
    with TestClient(app, base_url=BASE_URL):
        yield app


def visitor(app: FastAPI) -> TestClient:
    """A client that nobody knows."""
    return TestClient(app, base_url=BASE_URL, raise_server_exceptions=False)


def as_role(app: FastAPI, role: Role, commune: str | None = None) -> TestClient:
    """A client in a session of a new account, its second factor given; Role.PUBLIC is a visitor."""
    if role is Role.PUBLIC:
        return visitor(app)
    return in_session(app, add_account(app, role, commune))


def as_program(app: FastAPI, role: Role, *scopes: str, commune: str | None = None) -> TestClient:
    """A client with an API key of a new account."""
    account_id = add_account(app, role, commune)
    with writing(app.state.remix.engine) as session:
        account = session.get_one(AccountRow, account_id)
        _, key = create_api_key(session, account, "prova", scopes, timedelta(days=1))
    client = visitor(app)
    client.headers["Authorization"] = f"Bearer {key}"
    return client


def add_account(app: FastAPI, role: Role, commune: str | None = None, **fields: object) -> str:
    """Add an active account; returns its id."""
    account_id = new_id()
    given = {"email": f"{account_id}@comune.example", "name": f"Prova {role}", "state": AccountState.ACTIVE} | fields
    with writing(app.state.remix.engine) as session:
        session.add(AccountRow(id=account_id, role=role, commune_istat=commune, created_at=now(), version=1, **given))
    return account_id


def in_session(app: FastAPI, account_id: str) -> TestClient:
    """A client in a new session of an account, its second factor given."""
    with writing(app.state.remix.engine) as session:
        opened = open_session(session, session.get_one(AccountRow, account_id), second_factor=True)
    return with_session(visitor(app), opened)


def with_session(client: TestClient, opened: OpenedSession) -> TestClient:
    """Give a client the cookie of a session, and the headers that a browser and its pages send with it."""
    client.headers |= {
        "Cookie": f"{SECURE_COOKIE}={opened.secret}",
        "CSRF-Token": opened.csrf_token,
        "Origin": BASE_URL,
    }
    return client


@cache
def _filled_file() -> Path:
    """Make an SQLite file that holds the embedded corpus, once for all tests of this process."""
    folder = TemporaryDirectory()
    atexit.register(folder.cleanup)
    settings = Settings(home=Path(folder.name), database_url="")
    init_database(settings)[0].dispose()
    return settings.home / DATABASE_FILE
