"""``remix user`` and ``remix apikey`` as a person types them."""

import json
from urllib.parse import urlsplit

import pytest
import typer
from fastapi.testclient import TestClient
from sqlalchemy import select
from typer.testing import CliRunner

from service.accounts.tables import Role
from service.audit.tables import AuditEventRow
from service.commands import accounts, apikeys
from service.database import reading
from service.errors import ConflictError, DatabaseError, InvalidError, UnknownRecordError, UsageError
from service.settings import load_settings
from tests.service.accounts.conftest import PASSWORD
from tests.service.web.clients import as_role, running, visitor

BOSS = "capo@incubatore.example"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Settings of an empty folder, for the commands and for a service."""
    monkeypatch.chdir(tmp_path)
    for name in ("REMIX_HOME", "REMIX_DATABASE_URL", "REMIX_LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    return load_settings()


@pytest.fixture
def remix(home):
    """Run a command; an error of ours is raised as it is."""
    app = typer.Typer()
    accounts.register(app)
    apikeys.register(app)

    def run(*words):
        result = CliRunner().invoke(app, list(words))
        if result.exception is not None:
            raise result.exception
        return result.stdout

    return run


@pytest.fixture
def boss(remix):
    return json.loads(remix("user", "invite", "--role", "administrator", BOSS, "Direzione", "--json"))


def listed(remix):
    return {one["email"]: one for one in json.loads(remix("user", "list", "--json"))["accounts"]}


def test_the_first_administrator_is_invited_into_an_empty_place_and_comes_in(home, remix):
    said = remix("user", "invite", "--role", "administrator", BOSS, "Direzione")
    link = next(line for line in said.splitlines() if line.startswith("http"))
    with running(home) as app:
        sent = {"token": urlsplit(link).path.rpartition("/")[2], "password": PASSWORD}
        assert visitor(app).post("/api/v1/accepted-invitations", json=sent).json()["needed"] == "set_up"


def test_a_commune_is_named_as_people_name_it(remix):
    remix("user", "invite", "tecnico@rho.example", "Ufficio tecnico", "--commune", "rho")
    assert listed(remix)["tecnico@rho.example"]["commune_istat"] == "015182"


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("invite", "a@rho.example", "A", "--role", "king"), UsageError),
        (("invite", "a@rho.example", "A", "--role", "public"), UsageError),
        (("invite", "a@rho.example", "A"), InvalidError),
        (("invite", "rho.example", "A", "--role", "reader"), InvalidError),
        (("invite", BOSS, "A", "--role", "reader"), ConflictError),
        (("disable", "nobody@rho.example"), UnknownRecordError),
        (("enable", BOSS), InvalidError),
        (("role", BOSS, "commune"), InvalidError),
    ],
)
def test_what_cannot_be_done_is_said(remix, boss, words, error):
    with pytest.raises(error):
        remix("user", *words)


def test_without_a_database_there_are_no_accounts(remix):
    with pytest.raises(DatabaseError, match="remix init"):
        remix("user", "list")


def test_an_account_is_closed_opened_and_given_another_role(remix, boss):
    remix("user", "invite", "--role", "reader", "lettore@incubatore.example", "Lettore")
    remix("user", "role", "lettore@incubatore.example", "commune", "--commune", "015182")
    assert "chiuso" in remix("user", "disable", "lettore@incubatore.example")
    one = listed(remix)["lettore@incubatore.example"]
    assert (one["role"], one["commune_istat"], one["state"]) == ("commune", "015182", "disabled")
    remix("user", "role", "lettore@incubatore.example", "reader")
    remix("user", "enable", "lettore@incubatore.example")
    one = listed(remix)["lettore@incubatore.example"]
    assert (one["role"], one["commune_istat"], one["state"]) == ("reader", None, "invited")


def test_a_reset_prints_another_link_and_forgets_the_second_factor(remix, boss):
    again = json.loads(remix("user", "reset", BOSS, "--second-factor", "--json"))
    assert again["link"] != boss["link"]
    assert again["account"]["second_factor"] is False


def test_the_list_is_a_table_in_the_language_of_the_reader(remix, boss, monkeypatch):
    assert all(word in remix("user", "list") for word in (BOSS, "amministratore", "invitato"))
    monkeypatch.setenv("REMIX_LANGUAGE", "en")
    assert all(word in remix("user", "list", "--role", "administrator") for word in (BOSS, "invited"))
    assert BOSS not in remix("user", "list", "--role", "reader")


def test_a_key_is_printed_once_works_in_its_scope_and_can_be_revoked(home, remix):
    remix("user", "invite", "--role", "reader", "lettore@incubatore.example", "Lettore")
    with running(home) as app:
        as_role(app, Role.READER)
        (email,) = [one for one in listed(remix) if one.endswith("@comune.example")]
        made = json.loads(remix("apikey", "create", email, "Portale", "--scope", "catalogue:read", "--json"))
        client = TestClient(app, base_url="https://testserver", headers={"Authorization": f"Bearer {made['key']}"})
        assert client.get("/status").status_code == 200
        assert client.get("/api/v1/account").status_code == 403
        assert made["key"].split("_")[2] not in remix("apikey", "list")
        assert made["key"].split("_")[1] in remix("apikey", "list", "--email", email)
        remix("apikey", "revoke", made["key"].rpartition("_")[0])
        assert client.get("/status").status_code == 401
    with pytest.raises(UnknownRecordError):
        remix("apikey", "revoke", "rmx_000000000000")


def test_an_unknown_scope_is_refused_with_the_known_ones(remix, boss):
    with pytest.raises(InvalidError, match="catalogue:read"):
        remix("apikey", "create", BOSS, "Portale", "--scope", "everything")


def test_the_trail_tells_what_was_done_at_the_command_line(home, remix, boss):
    remix("apikey", "create", BOSS, "Portale", "--scope", "catalogue:read")
    with running(home) as app, reading(app.state.remix.engine) as session:
        events = session.scalars(select(AuditEventRow)).all()
    assert {event.account_id for event in events} <= {None}
    assert all(event.request_id.startswith("cli-") for event in events)
