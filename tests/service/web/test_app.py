"""The application answers, says whether it can, refuses what nobody classified, and turns errors into problems."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine

from service.settings import Settings
from service.web.app import create_app
from tests.fakes import HashingEncoder
from tests.service.web.clients import BASE_URL, visitor


@pytest.fixture
def client(app):
    return visitor(app)


def assert_problem(answer, status):
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    body = answer.json()
    assert body["status"] == status
    assert body["instance"] == answer.headers["Request-Id"]
    return body


def test_the_service_says_that_it_is_up(client):
    answer = client.get("/status")
    assert answer.json()["status"] == "ok"
    assert answer.headers["Content-Type"] == "application/json"


def test_a_service_without_its_database_says_that_it_is_down(client, monkeypatch, tmp_path):
    gone = create_engine(f"sqlite:///{tmp_path / 'gone' / 'remix.sqlite'}")
    monkeypatch.setattr(client.app.state.remix, "engine", gone)
    answer = client.get("/status")
    assert_problem(answer, 503)
    assert int(answer.headers["Retry-After"]) > 0
    assert "gone" not in answer.text


def test_the_service_says_what_it_answers_from_as_soon_as_it_can(client):
    answer = client.get("/readiness").json()
    assert answer["calls"] > 10
    assert answer["artifact"]


def test_a_service_that_is_not_ready_says_when_to_ask_again(filled_home):
    app = create_app(Settings(home=filled_home), HashingEncoder())
    with TestClient(app, base_url=BASE_URL) as client:
        app.state.remix.live.start = lambda: None
        answer = client.get("/readiness")
    assert_problem(answer, 503)
    assert int(answer.headers["Retry-After"]) > 0


def test_what_is_not_there_is_a_problem_in_one_shape(client):
    assert assert_problem(client.get("/nothing"), 404)["title"] == "Not Found"


def test_a_method_that_is_not_there_is_a_problem_that_names_the_others(client):
    answer = client.delete("/status")
    assert_problem(answer, 405)
    assert answer.headers["Allow"] == "GET"


def test_a_route_that_nobody_classified_is_refused(client):
    def unclassified() -> None:
        return None

    client.app.add_api_route("/unclassified", unclassified, methods=["GET"])
    assert client.get("/unclassified").status_code == 403


def test_an_error_that_nobody_foresaw_is_a_problem_without_its_words(client, probe):
    answer = client.get("/probe/failure")
    body = assert_problem(answer, 500)
    assert "Maria" not in answer.text
    assert "log" in body["detail"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_head_answers_as_get_without_the_body(client):
    asked, read = client.head("/status"), client.get("/status")
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["Content-Length"] == read.headers["Content-Length"]


@pytest.mark.parametrize("host", ["[", "[::1", "a]b"])
def test_a_host_that_can_be_none_is_a_bad_request(client, host):
    assert_problem(client.get("/status", headers={"Host": host}), 400)


def test_a_body_that_is_too_large_is_refused_whether_it_says_its_size_or_not(client, probe):
    large = b'{"text": "' + 5000 * b"a" + b'"}'
    assert_problem(client.post("/probe/echo", content=large, headers={"Content-Type": "application/json"}), 413)
    pieces = (large[at : at + 500] for at in range(0, len(large), 500))
    assert_problem(client.post("/probe/echo", content=pieces, headers={"Content-Type": "application/json"}), 413)
    assert probe == []


def test_every_answer_says_what_a_browser_may_do_with_it(client):
    headers = client.get("/nothing").headers
    assert "'unsafe-inline'" not in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers


def test_a_trace_that_the_caller_began_is_carried_on(client):
    trace = "0af7651916cd43dd8448eb211c80319c"
    answer = client.get("/status", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"})
    assert answer.headers["Request-Id"] == trace


@pytest.mark.parametrize("sent", ["", "00-zz-11-01", f"00-{32 * '0'}-b7ad6b7169203331-01", "x" * 1000])
def test_a_trace_that_is_none_gets_an_id_of_ours(client, sent):
    answer = client.get("/status", headers={"traceparent": sent})
    assert len(answer.headers["Request-Id"]) == 32
    assert answer.headers["Request-Id"] != 32 * "0"


class TestProduction:
    @pytest.fixture
    def client(self, filled_home):
        settings = Settings(
            home=filled_home,
            mode="production",
            public_url="https://remix.example",
            secret_key="0123456789abcdefghijklmnopqrstuvwxyz",
        )
        app = create_app(settings, HashingEncoder())
        with TestClient(app, base_url="https://remix.example", raise_server_exceptions=False) as client:
            yield client

    def test_browsers_are_told_to_stay_on_https(self, client):
        assert "max-age=31536000" in client.get("/status").headers["Strict-Transport-Security"]

    def test_another_host_name_is_refused(self, client):
        assert_problem(client.get("/status", headers={"Host": "elsewhere.example"}), 400)
        assert client.get("/status", headers={"Host": "REMIX.example:443"}).status_code == 200
