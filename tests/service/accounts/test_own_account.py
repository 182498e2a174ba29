"""What people do with their own account, and what programs may do with its keys."""

from datetime import timedelta

import pytest
import time_machine
from argon2 import PasswordHasher
from sqlalchemy import select

from service.accounts.passwords import needs_rehash
from service.accounts.sightings import EVERY
from service.accounts.tables import AccountRow, AccountState, ApiKeyRow, Role
from service.database import reading, writing
from service.moments import now
from tests.service.accounts.conftest import PASSWORD, RHO
from tests.service.web.clients import as_program, as_role, in_session, visitor

WANTED = "nove gatti sul campanile"
KEYS = "/api/v1/account/api-keys"


def new_password(client, present=PASSWORD, wanted=WANTED):
    return client.post("/api/v1/account/password", json={"present": present, "wanted": wanted})


def new_key(client, **fields):
    return client.post(KEYS, json={"name": "Portale", "scopes": ["catalogue:read", "items:read"]} | fields)


def program(app, key):
    client = visitor(app)
    client.headers["Authorization"] = f"Bearer {key}"
    return client


def only_key(app):
    with reading(app.state.remix.engine) as session:
        return session.scalars(select(ApiKeyRow)).one()


def test_a_new_password_ends_the_other_sessions_and_renews_this_one(app, rho, log_in):
    client, _ = log_in(app)
    other, before = in_session(app, rho), dict(client.cookies)
    assert new_password(client).status_code == 201
    assert dict(client.cookies) != before
    assert client.get("/api/v1/account").status_code == 200
    assert other.get("/api/v1/account").status_code == 401
    assert log_in(app)[1].status_code == 401
    assert log_in(app, password=WANTED)[1].status_code == 201


@pytest.mark.parametrize(("present", "wanted", "field"), [("wrong", WANTED, "/present"), (PASSWORD, "x", "/wanted")])
def test_a_password_is_not_changed_by_whoever_does_not_know_it_nor_to_a_bad_one(app, rho, present, wanted, field):
    answer = new_password(in_session(app, rho), present, wanted)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_the_present_password_cannot_be_tried_through(app, rho):
    client = in_session(app, rho)
    assert [new_password(client, "wrong").status_code for _ in range(6)] == [422] * 5 + [429]


def test_an_old_hash_is_renewed_when_its_owner_comes_in(app, rho, log_in):
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with writing(app.state.remix.engine) as session:
        session.get_one(AccountRow, rho).password_hash = weak
    assert log_in(app)[1].status_code == 201
    with reading(app.state.remix.engine) as session:
        assert not needs_rehash(session.get_one(AccountRow, rho).password_hash)


def test_people_change_their_name_and_not_their_rights(app, rho):
    client = in_session(app, rho)
    headers = {"If-Match": '"1"'}
    assert client.patch("/api/v1/account", json={"role": "administrator"}, headers=headers).status_code == 422
    assert client.patch("/api/v1/account", json={"name": "Anna", "language": "en"}, headers=headers).status_code == 200
    assert client.patch("/api/v1/account", json={"name": "Bruno"}, headers=headers).status_code == 412


def test_sessions_are_listed_and_ended_one_by_one_or_all(app, rho):
    here, there = in_session(app, rho), in_session(app, rho)
    listed = here.get("/api/v1/account/sessions").json()["items"]
    (other,) = [one["id"] for one in listed if not one["current"]]
    assert here.delete(f"/api/v1/account/sessions/{other}").status_code == 204
    assert there.get("/api/v1/account").status_code == 401
    assert here.delete(f"/api/v1/account/sessions/{other}").status_code == 404
    assert here.delete("/api/v1/account/sessions").status_code == 204
    assert here.get("/api/v1/account").status_code == 401


def test_a_key_does_what_its_scopes_say_within_its_accounts_rights(app, rho):
    key = new_key(in_session(app, rho)).json()["key"]
    client = program(app, key)
    assert client.get("/api/v1/needs").status_code == 200
    assert client.post("/api/v1/needs", json={"title": "x", "text": "y"}).status_code == 403
    assert client.get("/api/v1/accounts").status_code == 403
    assert new_key(client).status_code == 403
    assert client.get("/api/v1/account").status_code == 403


def test_a_scope_gives_nothing_that_the_account_has_not(app):
    client = as_program(app, Role.READER, "items:read", "work:write")
    assert client.get("/api/v1/needs").status_code == 403


def test_a_key_expires_and_can_be_revoked(app, rho):
    owner = in_session(app, rho)
    made = new_key(owner, days=2).json()
    client = program(app, made["key"])
    with time_machine.travel(now() + timedelta(days=2)):
        assert client.get("/status").status_code == 401
    assert client.get("/status").status_code == 200
    assert in_session(app, rho).delete(f"{KEYS}/{made['id']}").status_code == 204
    assert client.get("/status").status_code == 401


def test_the_key_of_a_disabled_account_opens_nothing(app, rho):
    client = program(app, new_key(in_session(app, rho)).json()["key"])
    with writing(app.state.remix.engine) as session:
        session.get_one(AccountRow, rho).state = AccountState.DISABLED
    assert client.get("/status").status_code == 401


def test_nobody_revokes_the_key_of_somebody_else(app, rho):
    made = new_key(in_session(app, rho)).json()
    assert as_role(app, Role.COMMUNE, RHO).delete(f"{KEYS}/{made['id']}").status_code == 404
    assert program(app, made["key"]).get("/status").status_code == 200


def test_the_text_of_a_key_is_shown_once_and_kept_nowhere(app, rho):
    owner = in_session(app, rho)
    secret = new_key(owner).json()["key"].split("_", 2)[2]
    assert secret not in owner.get(KEYS).text
    assert secret not in str(only_key(app).__dict__)


@pytest.mark.parametrize(
    "fields", [{"scopes": []}, {"scopes": ["everything"]}, {"name": ""}, {"name": "  "}, {"days": 0}, {"days": 400}]
)
def test_a_key_that_cannot_be_is_refused(app, rho, fields):
    assert new_key(in_session(app, rho), **fields).status_code == 422


def test_the_last_use_is_written_once_a_minute(app, rho):
    client = program(app, new_key(in_session(app, rho)).json()["key"])
    seen = []
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(3):
            client.get("/status")
            seen.append(only_key(app).last_used_at)
            clock.shift(EVERY / 2)
    assert seen[0] is not None
    assert seen[0] == seen[1] < seen[2]
