"""Every route × every role × own and other commune: nobody gets more than the policy says, and nobody guesses more."""

import json
import re
from dataclasses import dataclass

import pytest
from fastapi.testclient import TestClient
from pyotp import TOTP

from service.access.policy import POLICY, STAFF
from service.accounts.tables import Role
from service.database import open_database
from service.imports import import_source
from service.settings import Settings
from service.web.app import create_app
from tests.fakes import HashingEncoder
from tests.service.access.bodies import OTHER, OWN, PASSWORD, QUERIES, mark
from tests.service.access.matrix import FILE, IN_SESSION, routes, table
from tests.service.access.samples import MAKERS, PRIVATE, Samples, a_hash
from tests.service.conftest import _empty_schema
from tests.service.sources import ListedSource
from tests.service.web.clients import BASE_URL, add_account, in_session
from tests.world import CALLS, COMMUNES, SCUOLE_SICURE

ROUTES = sorted(routes(create_app(Settings())), key=lambda route: (route[1], route[0]))
OF_COMMUNES = [
    route for route in ROUTES if route in POLICY and POLICY[route].own and Role.COMMUNE in POLICY[route].roles
]
MADE_UP = {OTHER.istat: "000000"}
MERGE_PATCH = "application/merge-patch+json"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def samples(request, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    url = "" if request.param == "sqlite" else _empty_schema()
    settings = Settings(home=home, database_url=url, rate_limit="")
    (home / "world.csv").write_text("the small world")
    engine = open_database(settings, writing=True)
    import_source(engine, ListedSource(*COMMUNES, *CALLS, name="world"), home / "world.csv")
    engine.dispose()
    app = create_app(settings, HashingEncoder())
    with TestClient(app, base_url=BASE_URL):
        yield Samples(app)


@dataclass(frozen=True)
class Request:
    """A request on things of a commune; ``sent`` is all that it says, so that an answer may repeat it."""

    method: str
    path: str
    query: dict
    body: dict | None

    @property
    def sent(self):
        return f"{self.path} {self.query} {json.dumps(self.body)}"


def request(samples, route, role, commune=OWN):
    method, template = route
    query = QUERIES[route](samples, commune) if route in QUERIES else {}
    return Request(method, samples.path(template, commune, role), query, samples.body(method, template, commune))


def ask(samples, role, asked):
    """Send a request as a role of the own commune."""
    headers = {"If-Match": '"1"'} | ({"Content-Type": MERGE_PATCH} if asked.method == "PATCH" else {})
    # What is sent to a page comes from a form.
    sent = {"json" if asked.path.startswith("/api/") else "data": asked.body} if asked.body else {}
    return samples.client(role).request(
        asked.method, asked.path, params=asked.query, headers=headers, follow_redirects=False, **sent
    )


@pytest.fixture(scope="module", autouse=True)
def other_communes_things(samples):
    """The other commune keeps one of everything."""
    for template in sorted(PRIVATE):
        samples.made(template, OTHER, Role.COMMUNE)


def test_every_route_is_classified_and_every_rule_has_its_route():
    assert set(ROUTES) == set(POLICY)


def test_the_page_of_the_matrix_is_true():
    assert FILE.read_text(encoding="utf-8") == table(create_app(Settings())), (
        "docs/access.md is out of date: write it again with `python -m tests.service.access.matrix`"
    )


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_a_role_may_call_what_its_rule_says_and_nothing_else(samples, route):
    rule = POLICY[route]
    for role in Role:
        status = ask(samples, role, request(samples, route, role)).status_code
        if role not in rule.roles or (role is Role.PUBLIC and route in IN_SESSION):
            assert status == (401 if role is Role.PUBLIC else 403), f"{role}: {status}"
        elif rule.own and role in (Role.PUBLIC, Role.READER):
            assert status in (200, 404), f"{role}: {status}"
        else:
            assert status < 500, f"{role}: {status}"
            assert status not in (401, 403, *((404,) if rule.own else ())), f"{role}: {status}"


@pytest.mark.parametrize("route", OF_COMMUNES, ids=" ".join)
def test_what_another_commune_keeps_does_not_exist(samples, route):
    asked = request(samples, route, Role.COMMUNE, OTHER)
    answer = ask(samples, Role.COMMUNE, asked)
    if route[0] == "GET" and "{" not in route[1]:
        assert (answer.status_code, answer.json()["items"] if asked.query else []) == (200, [])
    else:
        assert answer.status_code == 404 or "/record_id" in answer.text, answer.text


@pytest.mark.parametrize("route", OF_COMMUNES, ids=" ".join)
def test_an_id_of_another_commune_is_not_told_from_one_made_up(samples, route):
    asked = request(samples, route, Role.COMMUNE, OTHER)
    there = ask(samples, Role.COMMUNE, asked)
    ids = [id_ for id_ in samples.private_ids[OTHER.istat] if id_ in asked.sent] or [OTHER.istat]
    told = json.dumps({**asked.__dict__})
    for id_ in ids:
        told = told.replace(id_, MADE_UP.get(id_, "portal:00000000-0000-4000-8000-000000000000"))
    not_there = ask(samples, Role.COMMUNE, Request(**json.loads(told)))
    assert _told(there) == _told(not_there)


@pytest.mark.parametrize("route", ROUTES, ids=" ".join)
def test_nobody_but_its_own_account_and_the_incubator_reads_what_a_commune_keeps(samples, route):
    # Whom the rule does not admit is told so, and nothing else: the test above sees to that.
    for role in POLICY[route].roles - STAFF:
        for commune in (OWN, OTHER):
            asked = request(samples, route, role, commune)
            said = ask(samples, role, asked).text
            read = [id_ for id_ in samples.private_ids[OTHER.istat] if id_ in said and id_ not in asked.sent]
            assert mark(OTHER) not in said or mark(OTHER) in asked.sent, f"{role} read a text of {OTHER.name}"
            assert not read, f"{role} read an id of {OTHER.name}"


@pytest.mark.parametrize("path", ["needs", "projects", "register-projects", "assets", "decisions", "picks", "answers"])
def test_what_another_commune_keeps_is_not_counted(samples, path):
    def count():
        found = samples.client(Role.COMMUNE).get(f"/api/v1/{path}", params={"limit": 100}).json()
        return found.get("total"), len(found["items"])

    before = count()
    samples.made(next(place for place in MAKERS if place.startswith(f"/api/v1/{path}/")), OTHER, Role.COMMUNE)
    assert count() == before


@pytest.mark.parametrize("word", ["needs", "projects", "assets"])
def test_an_item_of_another_commune_is_no_question_that_one_may_ask(samples, word):
    item = {"kind": word, "id": samples.made(f"/api/v1/{word}/{{item_id}}", OTHER, Role.COMMUNE)}
    for role in (Role.PUBLIC, Role.READER, Role.COMMUNE):
        answer = samples.client(role).post("/api/v1/recommendations", json={"item": item, "commune": OWN.istat})
        assert answer.status_code == 404, answer.text


def test_a_decision_about_an_item_of_another_commune_is_not_told_from_one_about_nothing(samples):
    def decide(item):
        sent = {"call_id": SCUOLE_SICURE.id, "kind": "applied", "item": {"kind": "needs", "id": item}}
        return samples.client(Role.COMMUNE).post("/api/v1/decisions", json=sent)

    there = decide(samples.made("/api/v1/needs/{item_id}", OTHER, Role.COMMUNE))
    assert there.status_code in (404, 422)
    assert _told(there) == _told(decide("portal:00000000-0000-4000-8000-000000000000"))


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.PUBLIC}))
def test_a_real_log_in_opens_what_its_role_may_and_nothing_before_the_second_factor(samples, role):
    def opened(client):
        reads = [path for method, path in ROUTES if method == "GET" and path.startswith("/api/") and "{" not in path]
        return {path: client.get(path).status_code for path in reads}

    email = f"{role}@incubatore.example"
    fresh = add_account(
        samples.app, role, OWN.istat if role is Role.COMMUNE else None, email=email, password_hash=a_hash()
    )
    # From an address at which no other test has tried anything.
    client = TestClient(samples.app, base_url=BASE_URL, client=("192.0.2.9", 1))
    before = opened(client)
    logged_in = client.post("/api/v1/sessions", json={"email": email, "password": PASSWORD}).json()
    if role in STAFF:
        assert opened(client) == before | {"/api/v1/sessions/current": 200}
        client.headers["CSRF-Token"] = logged_in["csrf_token"]
        secret = client.post("/api/v1/account/second-factor").json()["secret"]
        code = {"code": TOTP(secret).now()}
        assert client.post("/api/v1/account/second-factor/confirmations", json=code).status_code == 201
    assert opened(client) == opened(in_session(samples.app, fresh))


@pytest.mark.parametrize("path", ["needs", "projects", "assets", "decisions", "picks"])
@pytest.mark.parametrize("name", ["commune", "commune_istat", "owner", "text", "words", "archived"])
def test_no_filter_widens_what_a_commune_sees(samples, path, name):
    value = {"text": mark(OTHER), "words": mark(OTHER), "archived": "true"}.get(name, OTHER.istat)
    answer = samples.client(Role.COMMUNE).get(f"/api/v1/{path}", params={name: value, "limit": 100})
    assert mark(OTHER) not in answer.text
    assert not [id_ for id_ in samples.private_ids[OTHER.istat] if id_ in answer.text]


def _told(answer):
    """What an answer tells, whatever was asked for: its status, its words without ids, its version."""
    words = re.sub(r'"instance":"[^"]*"', "", answer.text)
    return answer.status_code, re.sub(r"(portal:)?[0-9a-f-]{36}|\b[0-9]{6}\b", "ID", words), answer.headers.get("ETag")
