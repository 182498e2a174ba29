"""Events over HTTP: who makes them, what they may hold, and every step taken back."""

import pytest

from service.events.keeping import Which
from tests.service.events.conftest import SOON, in_days


@pytest.fixture
def staff(ask):
    return ask("consultant")


@pytest.fixture
def made(staff):
    """Make an event over HTTP; returns what is answered."""

    def create(**fields):
        answer = staff("POST", "/events", json=SOON | {"starts_at": in_days(7)} | fields)
        assert answer.status_code == 201, answer.text
        return answer.json()

    return create


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("ends_at", {"ends_at": in_days(6)}),
        ("registration_until", {"registration_until": in_days(8)}),
        ("place", {"place": None}),
        ("zones", {"zones": ["zone:atlantide"]}),
        ("communes", {"communes": ["999999"]}),
    ],
)
def test_what_contradicts_itself_or_names_nothing_is_refused_by_its_field(staff, field, sent):
    answer = staff("POST", "/events", json=SOON | {"starts_at": in_days(7)} | sent)
    assert answer.status_code == 422
    assert field in answer.text


@pytest.mark.parametrize("moment", ["2026-12-03T10:00:00", "0001-01-01T00:00:00+14:00", "ieri"])
def test_a_moment_without_its_zone_or_of_another_age_is_refused(staff, moment):
    assert staff("POST", "/events", json=SOON | {"starts_at": moment}).status_code == 422


def test_title_text_and_beginning_are_never_taken_away(staff, made):
    event = made()
    for field in ("title", "text", "starts_at"):
        assert staff("PATCH", f"/events/{event['id']}", version=1, json={field: None}).status_code == 422


@pytest.mark.parametrize("who", ["rho", "reader", "public"])
def test_only_the_incubator_makes_events(ask, who):
    answer = ask(who)("POST", "/events", json=SOON | {"starts_at": in_days(7)})
    assert answer.status_code in (401, 403)


def test_an_event_is_there_for_everybody_at_once(ask, made):
    event = made(seats=3, themes=["scuole"])
    for who in ("public", "reader", "rho", "consultant"):
        listed = ask(who)("GET", "/events").json()
        assert [one["id"] for one in listed["items"]] == [event["id"]]
        assert listed["total"] == 1


def test_the_next_event_stands_first_and_pages_follow_each_other(ask, made):
    made(title="Dopo", starts_at=in_days(9))
    made(title="Prima", starts_at=in_days(2))
    first = ask("public")("GET", "/events", params={"limit": 1}).json()
    second = ask("public")("GET", "/events", params={"limit": 1, "cursor": first["next_cursor"]}).json()
    assert [page["items"][0]["title"] for page in (first, second)] == ["Prima", "Dopo"]
    assert second["next_cursor"] == ""


def test_an_edit_is_made_on_the_version_that_was_read(staff, made):
    event = made()
    changed = staff("PATCH", f"/events/{event['id']}", version=1, json={"title": "Altro titolo", "seats": 5})
    assert (changed.json()["title"], changed.json()["seats"], changed.json()["version"]) == ("Altro titolo", 5, 2)
    late = staff("PATCH", f"/events/{event['id']}", version=1, json={"title": "Tardi"})
    assert late.status_code == 412
    assert "Altro titolo" in late.text


def test_a_change_is_undone_and_made_again(staff, made):
    event = made(themes=["scuole"], ends_at=in_days(8))
    staff("PATCH", f"/events/{event['id']}", version=1, json={"themes": ["casa"], "ends_at": None, "seats": 9})
    undone = staff("POST", f"/events/{event['id']}/reversals", version=2).json()
    assert undone | {"version": 1} == event
    again = staff("POST", f"/events/{event['id']}/reversals", version=3).json()
    assert (again["themes"], again["ends_at"], again["seats"]) == (["casa"], None, 9)


def test_a_cancelled_event_stays_in_sight_takes_no_change_and_comes_back(staff, ask, made):
    event = made()
    assert staff("DELETE", f"/events/{event['id']}").status_code == 204
    shown = ask("public")("GET", f"/events/{event['id']}").json()
    assert (bool(shown["cancelled_at"]), shown["is_open"]) == (True, False)
    assert staff("PATCH", f"/events/{event['id']}", version=2, json={"seats": 1}).status_code == 409
    listed = ask("public")("GET", "/events", params={"which": Which.CANCELLED.value}).json()
    assert [one["id"] for one in listed["items"]] == [event["id"]]
    assert staff("POST", f"/events/{event['id']}/restorations").json()["cancelled_at"] is None


def test_a_new_event_is_undone_by_cancelling_it_and_that_is_undone(staff, made):
    event = made()
    assert staff("POST", f"/events/{event['id']}/reversals", version=1).json()["cancelled_at"]
    assert staff("POST", f"/events/{event['id']}/reversals", version=2).json()["cancelled_at"] is None


def test_how_many_attend_is_told_to_the_incubator_alone(ask, made):
    event = made()
    assert ask("consultant")("GET", f"/events/{event['id']}").json()["counts"]["places"] == 0
    for who in ("public", "reader", "rho"):
        assert ask(who)("GET", f"/events/{event['id']}").json()["counts"] is None


def test_the_address_online_is_for_who_has_a_place(ask, made):
    event = made(place=None, online_url="https://example.org/stanza", seats=1)
    path = f"/events/{event['id']}"
    assert ask("rho")("GET", path).json()["online_url"] == ""
    ask("rho")("POST", f"{path}/registrations")
    ask("grezzago")("POST", f"{path}/registrations")
    addresses = {who: ask(who)("GET", path).json()["online_url"] for who in ("public", "rho", "grezzago", "consultant")}
    assert addresses == {
        "public": "",
        "rho": "https://example.org/stanza",
        "grezzago": "",
        "consultant": "https://example.org/stanza",
    }
