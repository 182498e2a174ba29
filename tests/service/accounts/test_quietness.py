"""What a log-in gives away: no more work for one cause than for another, and nothing of it in the log."""

import logging
from urllib.parse import urlsplit

import pytest

from service.accounts import passwords
from service.accounts.tables import AccountState, Role
from service.accounts.vault import Vault
from tests.service.accounts.conftest import PASSWORD, RHO
from tests.service.web.clients import add_account, as_role, visitor


class CountingHasher:
    """Does what the real one does, and counts it."""

    def __init__(self, real):
        self.real, self.compared, self.made = real, 0, 0

    def verify(self, *sent):
        self.compared += 1
        return self.real.verify(*sent)

    def hash(self, password):
        self.made += 1
        return self.real.hash(password)

    def check_needs_rehash(self, kept):
        return self.real.check_needs_rehash(kept)


@pytest.fixture
def hasher(monkeypatch):
    passwords.verify(None, "so that the hash of nobody is there")
    counting = CountingHasher(passwords._hasher)
    monkeypatch.setattr(passwords, "_hasher", counting)
    return counting


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("nobody@rho.example", PASSWORD),
        ("tecnico@rho.example", "wrong password"),
        ("off@rho.example", PASSWORD),
        ("oidc@rho.example", PASSWORD),
        ("tecnico@rho.example", PASSWORD),
    ],
)
def test_the_same_work_is_done_whoever_asks(app, rho, hasher, log_in, password_hash, email, password):
    add_account(app, Role.READER, email="off@rho.example", state=AccountState.DISABLED, password_hash=password_hash)
    add_account(app, Role.READER, email="oidc@rho.example")
    log_in(app, email, password)
    assert (hasher.compared, hasher.made) == (1, 0)


def test_the_log_holds_no_address_password_or_link(mailing_app, letterbox, log_in, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    wanted = {"email": "tecnico@rho.example", "name": "Anna Bianchi", "role": "commune", "commune_istat": RHO}
    as_role(mailing_app, Role.ADMINISTRATOR).post("/api/v1/accounts", json=wanted)
    token = urlsplit(letterbox.link()).path.rpartition("/")[2]
    visitor(mailing_app).post("/api/v1/accepted-invitations", json={"token": token, "password": PASSWORD})
    log_in(mailing_app)
    log_in(mailing_app, password="a wrong password")
    visitor(mailing_app).post("/api/v1/password-resets", json={"email": "tecnico@rho.example"})
    ours = [record for record in caplog.records if not record.name.startswith(("mail.", "asyncio"))]
    logged = "\n".join(record.getMessage() for record in ours) + "".join(capfd.readouterr())
    assert ours
    for word in ("@rho.example", "Anna Bianchi", PASSWORD, "a wrong password", token):
        assert word not in logged


def test_an_unreadable_key_of_the_vault_is_not_shown():
    assert "thirty-two" not in repr(Vault("a secret key of thirty-two characters"))
