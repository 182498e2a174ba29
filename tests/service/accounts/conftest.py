"""An application that sends letters to a mail server of the test, and accounts to try things on."""

import os
from email import message_from_bytes, policy
from pathlib import Path
from socket import socket
from tempfile import TemporaryDirectory

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import create_engine, make_url, text

from service.accounts.passwords import hash_password
from service.accounts.tables import Role
from service.initial import init_database
from service.settings import Settings
from tests.service.web.clients import add_account, running, visitor

PASSWORD = "otto gatti sul campanile"
RHO, MILANO = "015182", "015146"


class Letterbox:
    """A mail server's last stop: keeps every letter, or refuses them all."""

    def __init__(self):
        self.letters = []
        self.refuses = False

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.refuses:
            return "451 try again later"
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"

    def link(self):
        """The address in the last letter."""
        words = self.letters[-1].get_content().split()
        return next(word for word in words if word.startswith("http"))


@pytest.fixture(scope="session")
def mail_server():
    box = Letterbox()
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


@pytest.fixture
def letterbox(mail_server):
    box, _ = mail_server
    box.letters.clear()
    box.refuses = False
    return box


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request, tmp_path):
    """Settings of a database of this test alone; on PostgreSQL a copy of one that is filled once."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("copied_database")
    return Settings(home=tmp_path / "home", database_url=url, rate_limit="")


@pytest.fixture(scope="session")
def postgres():
    """A connection to the server of the tests, with the name of a database that holds the embedded corpus."""
    url = os.environ.get("REMIX_TEST_POSTGRES")
    if not url:
        pytest.skip("REMIX_TEST_POSTGRES is not set")
    filled = make_url(url).set(database=f"remix_filled_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection, TemporaryDirectory() as home:
        connection.execute(text(f"DROP DATABASE IF EXISTS {filled.database}"))
        connection.execute(text(f"CREATE DATABASE {filled.database}"))
        init_database(Settings(home=Path(home), database_url=filled.render_as_string(hide_password=False)))[0].dispose()
        yield connection, filled
        connection.execute(text(f"DROP DATABASE {filled.database}"))
    server.dispose()


@pytest.fixture
def copied_database(postgres):
    """The URL of a new copy of the filled database."""
    connection, filled = postgres
    copy = filled.set(database=f"{filled.database}_copy")
    connection.execute(text(f"DROP DATABASE IF EXISTS {copy.database} WITH (FORCE)"))
    connection.execute(text(f"CREATE DATABASE {copy.database} TEMPLATE {filled.database}"))
    yield copy.render_as_string(hide_password=False)
    connection.execute(text(f"DROP DATABASE {copy.database} WITH (FORCE)"))


@pytest.fixture
def app(settings):
    """An application without a mail server."""
    with running(settings) as app:
        yield app


@pytest.fixture
def mailing_app(settings, letterbox, mail_server):
    """An application with a mail server."""
    mail = {"smtp_host": "127.0.0.1", "smtp_port": mail_server[1], "smtp_starttls": False}
    with running(settings.model_copy(update=mail)) as app:
        yield app


@pytest.fixture(scope="session")
def password_hash():
    return hash_password(PASSWORD)


@pytest.fixture
def rho(app, password_hash):
    """The id of an active account of Rho."""
    return add_account(app, Role.COMMUNE, RHO, email="tecnico@rho.example", password_hash=password_hash)


@pytest.fixture
def log_in():
    """Log a client of an application in; returns it with the answer."""

    def go(app, email="tecnico@rho.example", password=PASSWORD):
        client = visitor(app)
        answer = client.post("/api/v1/sessions", json={"email": email, "password": password})
        if answer.status_code == 201:
            client.headers["CSRF-Token"] = answer.json()["csrf_token"]
        return client, answer

    return go
