"""Who asks too often waits; what another site's page sends in somebody's name is refused."""

import pytest
from fastapi.testclient import TestClient

from service.accounts.tables import Role
from service.settings import Settings
from service.web.app import create_app
from tests.fakes import HashingEncoder
from tests.service.web.clients import BASE_URL, as_program, as_role, visitor

ITEM = {"text": "cappotto termico"}


class TestForgery:
    @pytest.fixture
    def client(self, app, probe):
        return as_role(app, Role.CONSULTANT)

    def test_a_request_of_our_own_page_passes(self, client):
        assert client.post("/probe/echo", json=ITEM, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 201

    def test_a_session_without_its_token_is_refused(self, client):
        del client.headers["CSRF-Token"]
        assert client.post("/api/v1/picks", json=ITEM).status_code == 403

    def test_a_form_of_our_own_page_needs_no_token(self, client):
        del client.headers["CSRF-Token"]
        assert client.post("/lingua", data={"lingua": "it"}, follow_redirects=False).status_code == 303

    def test_a_form_that_does_not_say_where_it_comes_from_is_refused(self, client):
        del client.headers["CSRF-Token"]
        del client.headers["Origin"]
        assert client.post("/lingua", data={"lingua": "it"}, follow_redirects=False).status_code == 403

    def test_a_wrong_token_is_refused(self, client):
        assert client.post("/api/v1/picks", json=ITEM, headers={"CSRF-Token": "è un'altra".encode()}).status_code == 403

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    def test_what_another_site_sent_is_refused_even_with_the_token(self, client, site):
        assert client.post("/probe/echo", json=ITEM, headers={"Sec-Fetch-Site": site}).status_code == 403

    @pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "http://testserver"])
    def test_another_origin_is_refused(self, client, origin):
        assert client.post("/probe/echo", json=ITEM, headers={"Origin": origin}).status_code == 403

    def test_nobody_can_be_logged_in_by_another_site(self, app):
        sent = {"email": "a@comune.example", "password": "una parola lunga"}
        answer = visitor(app).post("/api/v1/sessions", json=sent, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403

    def test_reading_needs_no_token(self, client):
        del client.headers["CSRF-Token"]
        assert client.get("/status", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200

    def test_a_program_with_a_key_needs_no_token(self, app, probe):
        assert as_program(app, Role.CONSULTANT, "items:write").post("/probe/echo", json=ITEM).status_code == 201


class TestRate:
    @pytest.fixture
    def app(self, filled_home):
        app = create_app(Settings(home=filled_home, rate_limit="3/hour"), HashingEncoder())
        with TestClient(app, base_url=BASE_URL):
            yield app

    def test_every_answer_says_how_many_requests_are_left(self, app):
        headers = visitor(app).get("/status").headers
        assert (headers["RateLimit-Limit"], headers["RateLimit-Remaining"]) == ("3", "2")
        assert 0 < int(headers["RateLimit-Reset"]) <= 3600

    def test_one_request_too_many_is_told_when_to_come_back(self, app):
        client = visitor(app)
        statuses = [client.get("/status").status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        refused = client.get("/status")
        assert refused.headers["Content-Type"] == "application/problem+json"
        assert 0 < int(refused.headers["Retry-After"]) <= 3600

    def test_accounts_at_one_address_do_not_take_each_others_requests(self, app):
        first, second = as_role(app, Role.READER), as_role(app, Role.READER)
        assert [first.get("/status").status_code for _ in range(4)][-1] == 429
        assert second.get("/status").status_code == 200

    def test_keys_cannot_be_tried_without_end(self, app):
        client = visitor(app)
        answers = [client.get("/status", headers={"Authorization": f"Bearer rmx_a_{n}"}) for n in range(4)]
        assert [answer.status_code for answer in answers] == [401, 401, 401, 429]

    def test_whoever_has_a_whole_network_counts_once(self, app):
        for last in (1, 2, 3):
            assert TestClient(app, BASE_URL, client=(f"2001:db8::{last}", 1)).get("/status").status_code == 200
        assert TestClient(app, BASE_URL, client=("2001:db8::ffff", 1)).get("/status").status_code == 429
        assert TestClient(app, BASE_URL, client=("2001:db8:1::1", 1)).get("/status").status_code == 200
