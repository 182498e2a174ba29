"""The application answers, refuses what nobody classified, and turns errors into problems."""

import pytest
from fastapi.testclient import TestClient

from service.initial import init_database
from service.settings import Settings
from service.web.app import create_app


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    init_database(settings)[0].dispose()
    with TestClient(create_app(settings), base_url="https://testserver") as client:
        yield client


def test_the_service_says_that_it_is_up(client):
    assert client.get("/status").json() == {"status": "ok"}
    assert client.get("/readiness").status_code == 200


def test_what_is_not_there_is_a_problem_in_one_shape(client):
    answer = client.get("/nothing")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["title"] == "Not Found"


def test_a_route_that_nobody_classified_is_refused(client):
    client.app.add_api_route("/unclassified", dict, methods=["GET"])
    assert client.get("/unclassified").status_code == 403
