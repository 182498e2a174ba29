"""A POST with a key is done once: repeated, it gets the first answer; changed, it is refused."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine

from service.accounts.tables import Role
from service.moments import now
from tests.service.web.clients import as_program, as_role, running, visitor

KEY = {"Idempotency-Key": "0a7c"}
ITEM = {"text": "cappotto termico"}


@pytest.fixture
def client(app, probe):
    return as_role(app, Role.CONSULTANT)


def test_the_same_request_is_done_once_and_answered_twice(client, probe):
    first, second = (client.post("/probe/echo", json=ITEM, headers=KEY) for _ in range(2))
    assert (first.status_code, first.json()) == (201, ITEM)
    assert (second.status_code, second.json()) == (201, ITEM)
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(probe) == 1


def test_another_request_with_the_same_key_is_refused(client, probe):
    client.post("/probe/echo", json=ITEM, headers=KEY)
    assert client.post("/probe/echo", json={"text": "pista ciclabile"}, headers=KEY).status_code == 422
    assert client.post("/probe/echo?urgent=1", json=ITEM, headers=KEY).status_code == 422
    assert len(probe) == 1


def test_a_request_that_was_refused_may_be_mended_under_the_same_key(client, probe):
    assert client.post("/probe/echo", json={}, headers=KEY).status_code == 422
    assert client.post("/probe/echo", json=ITEM, headers=KEY).status_code == 201


def test_accounts_do_not_share_keys(app, client, probe):
    client.post("/probe/echo", json=ITEM, headers=KEY)
    other = as_role(app, Role.CONSULTANT)
    assert "Idempotency-Replayed" not in other.post("/probe/echo", json=ITEM, headers=KEY).headers
    assert len(probe) == 2


def test_of_many_at_the_same_moment_one_is_done(app, probe):
    client = as_program(app, Role.CONSULTANT, "items:write")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.post("/probe/echo", json=ITEM, headers=KEY), range(8)))
    assert len(probe) == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert any(answer.status_code == 201 for answer in answers)


def test_a_need_sent_eight_times_at_once_is_kept_once_on_either_database(settings):
    need = {"title": "Palestra fredda", "text": "Infissi del 1970.", "commune_istat": "015182"}
    with running(settings) as app, ThreadPoolExecutor(8) as pool:
        client = as_program(app, Role.CONSULTANT, "items:write", "items:read")
        answers = list(pool.map(lambda _: client.post("/api/v1/needs", json=need, headers=KEY), range(8)))
        kept = client.get("/api/v1/needs", params={"commune": "015182", "q": "Palestra fredda"}).json()["items"]
        again = client.post("/api/v1/needs", json=need, headers=KEY)
    assert [one["id"] for one in kept] == [again.json()["id"]]
    assert again.headers["Location"].endswith(kept[0]["id"])
    assert {answer.status_code for answer in answers} <= {201, 409}


def test_an_answer_with_a_secret_is_not_kept_and_nothing_is_done_twice(client, probe):
    assert client.post("/probe/secret", json=ITEM, headers=KEY).status_code == 200
    assert client.post("/probe/secret", json=ITEM, headers=KEY).status_code == 409
    assert len(probe) == 1


def test_after_a_day_a_key_is_free_again(client, probe):
    with time_machine.travel(now() - timedelta(hours=25)):
        program = client.post("/probe/echo", json=ITEM, headers=KEY)
    assert program.status_code == 201
    assert "Idempotency-Replayed" not in client.post("/probe/echo", json=ITEM, headers=KEY).headers


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 201])
def test_a_key_that_is_none_is_refused(client, probe, key):
    assert client.post("/probe/echo", json=ITEM, headers={"Idempotency-Key": key}).status_code == 422
    assert probe == []


def test_a_visitor_is_answered_anew_each_time(app, probe):
    for _ in range(2):
        assert visitor(app).post("/probe/echo", json=ITEM, headers=KEY).status_code == 201
    assert len(probe) == 2
