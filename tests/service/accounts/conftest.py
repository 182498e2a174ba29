"""An application that sends letters to a mail server of the test, and accounts to try things on."""

from email import message_from_bytes, policy
from socket import socket

import pytest
from aiosmtpd.controller import Controller

from service.accounts.passwords import hash_password
from service.accounts.tables import Role
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
