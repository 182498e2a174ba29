"""Lists of projects over the API: created once, looked at, read, stopped."""

import csv
import io

import pytest

from service.access.policy import CATALOGUE_READ, RECOMMEND
from service.accounts.tables import Role
from service.jobs import store
from tests.service.web.clients import as_program, as_role, visitor
from tests.world import GREZZAGO, RHO

PROJECTS = [
    {"code": "P1", "title": "Cappotto termico della scuola", "commune": "Rho", "cost": "350000"},
    {"code": "P2", "title": "Asilo nido", "commune": "Atlantide"},
    {"code": "P3", "text": "Pista ciclabile", "commune": GREZZAGO.istat},
]


@pytest.fixture
def program(app):
    return as_program(app, Role.CONSULTANT, RECOMMEND)


def run(app):
    app.state.remix.jobs.run_waiting()


def test_projects_are_matched_and_what_cannot_be_asked_says_why(app, program):
    made = program.post("/api/v1/jobs", json={"projects": PROJECTS, "k": 2})
    assert (made.status_code, made.json()["state"], made.json()["total"]) == (201, "waiting", 2)
    run(app)
    job = program.get(made.headers["Location"]).json()
    assert (job["state"], job["done"], job["apart"]) == ("done", 2, 1)
    first, second, third = program.get(f"{made.headers['Location']}/lines").json()["items"]
    assert (first["code"], len(first["calls"]), first["problem"]) == ("P1", 2, "")
    assert (second["problem"], second["field"], second["value"]) == ("unknown_commune", "commune", "Atlantide")
    assert third["commune_istat"] == GREZZAGO.istat
    answer = program.get(f"/api/v1/answers/{first['answer_id']}").json()["answered"]
    assert [one["call"]["id"] for one in answer["recommendations"]] == [one["call_id"] for one in first["calls"]]


def test_a_list_sent_twice_with_one_key_is_one_job(app, program):
    sent = {"json": {"projects": PROJECTS}, "headers": {"Idempotency-Key": "list-1"}}
    first, second = program.post("/api/v1/jobs", **sent), program.post("/api/v1/jobs", **sent)
    assert (first.json()["id"], second.headers["Idempotency-Replayed"]) == (second.json()["id"], "true")
    assert len(program.get("/api/v1/jobs").json()["items"]) == 1
    run(app)


def test_lines_are_leafed_through(app, program):
    address = program.post("/api/v1/jobs", json={"projects": PROJECTS}).headers["Location"]
    page = program.get(f"{address}/lines", params={"limit": 2}).json()
    rest = program.get(f"{address}/lines", params={"limit": 2, "cursor": page["next_cursor"]}).json()
    assert [one["line"] for one in page["items"] + rest["items"]] == [1, 2, 3]
    assert rest["next_cursor"] == ""
    run(app)


def test_a_list_is_stopped_and_cannot_be_stopped_once_it_is_over(app, program):
    address = program.post("/api/v1/jobs", json={"projects": PROJECTS}).headers["Location"]
    assert program.post(f"{address}/stops").json()["state"] == "stopped"
    address = program.post("/api/v1/jobs", json={"projects": PROJECTS}).headers["Location"]
    run(app)
    assert program.post(f"{address}/stops").status_code == 409


def test_too_many_at_once_are_refused(app, program):
    for _ in range(store.MOST_UNFINISHED):
        assert program.post("/api/v1/jobs", json={"projects": PROJECTS}).status_code == 201
    assert program.post("/api/v1/jobs", json={"projects": PROJECTS}).status_code == 409
    run(app)


@pytest.mark.parametrize("sent", [{"projects": []}, {"projects": [{"name": "x"}]}, {"projects": [{}], "k": 11}, {}])
def test_what_is_no_list_is_refused(program, sent):
    assert program.post("/api/v1/jobs", json=sent).status_code == 422


def test_somebody_elses_job_is_not_told_from_none(app, program):
    address = program.post("/api/v1/jobs", json={"projects": PROJECTS}).headers["Location"]
    other = as_program(app, Role.ADMINISTRATOR, RECOMMEND)
    for path in ("", "/lines"):
        assert other.get(address + path).status_code == 404
    assert other.post(f"{address}/stops").status_code == 404
    assert other.get("/api/v1/jobs").json()["items"] == []
    run(app)


def test_a_key_that_may_only_read_the_catalogue_sends_no_list(app):
    assert as_program(app, Role.CONSULTANT, CATALOGUE_READ).post("/api/v1/jobs", json={}).status_code == 403
    assert visitor(app).post("/api/v1/jobs", json={}).status_code == 401


def test_a_commune_that_sends_projects_of_another_is_told_line_by_line(app):
    commune = as_role(app, Role.COMMUNE, RHO.istat)
    address = commune.post("/api/v1/jobs", json={"projects": PROJECTS}).headers["Location"]
    run(app)
    problems = [one["problem"] for one in commune.get(f"{address}/lines").json()["items"]]
    assert problems == ["", "another_commune", "another_commune"]


def test_what_a_program_sent_shows_on_pages_too(app):
    commune = as_role(app, Role.COMMUNE, RHO.istat)
    armed = [{"code": "=1+1", "title": "@SUM(A1) asilo nido", "text": "+39", "commune": "Rho"}]
    job = commune.post("/api/v1/jobs", json={"projects": armed}).json()["id"]
    run(app)
    rows = commune.get(f"/elenchi/{job}/risultato.csv").content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(rows), delimiter=";") for cell in row]
    assert "'=1+1" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))]
