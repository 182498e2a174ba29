"""Answers are found again, by those who may see them, and come out the same."""

import pytest

from service.accounts.tables import Role
from service.api.audit import KeptAnswerShape
from tests.service.web.clients import as_role, visitor

DAY = "2025-05-05"


@pytest.fixture(scope="module")
def own(app):
    return as_role(app, Role.COMMUNE, "015182")


@pytest.fixture(scope="module")
def shown(own):
    answer = own.post("/api/v1/recommendations", json={"commune": "Rho", "on": DAY, "excluded": 2})
    assert answer.status_code == 200
    return answer.json()


def test_an_answer_is_read_as_it_was_shown(own, shown):
    kept = own.get(f"/api/v1/answers/{shown['id']}").json()
    KeptAnswerShape.model_validate(kept)
    assert kept["answered"] == shown
    assert [query["id"] for query in kept["asked"]["queries"]] == ["world:n1", "world:p1"]


def test_an_answer_comes_out_again(own, shown):
    again = own.get(f"/api/v1/answers/{shown['id']}/repetition").json()
    assert again == {"possible": True, "agrees": True, "differences": []}


@pytest.mark.parametrize(
    ("role", "commune", "status"),
    [
        (Role.PUBLIC, None, 401),
        (Role.READER, None, 404),
        (Role.COMMUNE, "015146", 404),
        (Role.COMMUNE, "015182", 200),
        (Role.CONSULTANT, None, 200),
    ],
)
@pytest.mark.parametrize("path", ["", "/repetition"])
def test_an_answer_is_there_for_its_commune_and_the_incubator_only(app, shown, role, commune, status, path):
    assert as_role(app, role, commune).get(f"/api/v1/answers/{shown['id']}{path}").status_code == status


def test_who_was_shown_a_call_on_a_day_is_found(app, own, shown):
    staff, other = as_role(app, Role.CONSULTANT), as_role(app, Role.COMMUNE, "015146")
    asked = {"call_id": "world:nidi", "commune": "015182", "on": shown["at"][:10]}
    for client, expected in ((staff, True), (own, True), (other, False)):
        found = client.get("/api/v1/answers", params=asked).json()["items"]
        assert (shown["id"] in [one["id"] for one in found]) is expected
    assert staff.get("/api/v1/answers", params=asked | {"on": "2020-01-01"}).json()["items"] == []


def test_lists_of_answers_follow_each_other(app, shown):
    staff = as_role(app, Role.CONSULTANT)
    for _ in range(3):
        visitor(app).post("/api/v1/recommendations", json={"text": "Nidi", "commune": "Rho"})
    whole = [one["id"] for one in staff.get("/api/v1/answers", params={"limit": 100}).json()["items"]]
    seen, cursor = [], ""
    while True:
        page = staff.get("/api/v1/answers", params={"limit": 2, "cursor": cursor}).json()
        seen += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert seen == whole


@pytest.mark.parametrize("path", ["answers", "audit-events", "imports", "quarantine"])
def test_a_cursor_that_is_none_of_ours_is_refused(app, path):
    client = as_role(app, Role.ADMINISTRATOR)
    assert client.get(f"/api/v1/{path}", params={"cursor": "bm8gY3Vyc29y"}).status_code == 422


def test_the_trail_shows_the_administrator_who_saw_an_answer(app, own, shown):
    own.get(f"/api/v1/answers/{shown['id']}")
    administrator = as_role(app, Role.ADMINISTRATOR)
    events = administrator.get("/api/v1/audit-events", params={"object_id": shown["id"], "action": "answer"}).json()
    assert {"answer.shown", "answer.read"} <= {event["action"] for event in events["items"]}
    assert as_role(app, Role.CONSULTANT).get("/api/v1/audit-events").status_code == 403


def test_sources_say_how_fresh_they_are(app):
    source = visitor(app).get("/api/v1/sources").json()["items"][0]
    assert (source["name"], source["calls"], source["age_days"]) == ("world", 12, 0)
    imports = as_role(app, Role.CONSULTANT).get("/api/v1/imports").json()["items"]
    assert imports[0]["rows_in"] == source["rows_in"] == 21
