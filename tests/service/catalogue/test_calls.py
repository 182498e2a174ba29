"""The catalogue over HTTP: what filters find, how pages follow each other, what one call tells."""

import pytest
import time_machine

from service.accounts.tables import Role
from service.api.shapes_calls import CallPage, CallShape, CommunePage, FacetCounts, TagPage
from service.imports import import_source
from tests import world
from tests.service.sources import ListedSource
from tests.service.web.clients import as_role

EVERY = {call.id for call in world.CALLS}


@pytest.fixture(autouse=True)
def today():
    """Let it be noon of 5 May 2025, as in the small world."""
    with time_machine.travel(world.TODAY, tick=False):
        yield


def found(client, **asked):
    answer = client.get("/api/v1/calls", params=asked)
    assert answer.status_code == 200, answer.text
    CallPage.model_validate(answer.json())
    return [call["id"].removeprefix("world:") for call in answer.json()["items"]]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"q": "asili nido"}, ["nidi"]),
        ({"state": "closed"}, ["ciclabili-2024"]),
        ({"state": "upcoming"}, []),
        ({"level": "foundation"}, ["rigenerazione-pagina-nove"]),
        ({"level": ["foundation", "metropolitan"]}, ["rigenerazione-pagina-nove"]),
        ({"applicant": "university"}, ["dottorati", "misura-rigenerazione"]),
        ({"source": "altrove"}, []),
        ({"programme": "M5C2I2.01.00"}, ["misura-rigenerazione"]),
        ({"least_amount": 1_000_000}, ["nidi"]),
        ({"closes_from": "2025-05-30", "closes_to": "2025-06-06"}, ["ciclabili", "fotovoltaico-lombardia"]),
    ],
)
def test_a_filter_finds_exactly_these_calls(client, asked, expected):
    ids = found(client, **asked)
    assert set(expected) <= set(ids)
    if "q" not in asked and "closes_to" not in asked and "applicant" not in asked:
        assert ids == expected


def test_what_closes_soonest_stands_first_and_what_is_closed_last(client):
    ids = found(client)
    assert ids[:3] == ["ciclabili", "fotovoltaico-lombardia", "fotovoltaico-piemonte"]
    assert ids[-1] == "ciclabili-2024"


@pytest.mark.parametrize("sort", ["relevance", "closing", "newest", "amount", "id"])
@pytest.mark.parametrize("words", ["", "piste ciclabili e scuole"])
def test_pages_follow_each_other_without_gap_or_repetition(client, sort, words):
    asked = {"sort": sort, "limit": 3} | ({"q": words} if words else {})
    whole, cursor = [], ""
    while True:
        page = client.get("/api/v1/calls", params=asked | {"cursor": cursor}).json()
        whole += [call["id"].removeprefix("world:") for call in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert whole == found(client, **asked | {"limit": 100})
    assert len(whole) == len(set(whole)) == page["total"]


@pytest.mark.parametrize("cursor", ["§", "bm8gY3Vyc29y"])
def test_a_cursor_that_is_none_of_ours_is_refused(client, cursor):
    assert client.get("/api/v1/calls", params={"cursor": cursor}).status_code == 422


def test_facets_count_what_the_filters_leave(client):
    counts = client.get("/api/v1/call-facets", params={"level": "regional"}).json()
    FacetCounts.model_validate(counts)
    assert counts["levels"] == {"regional": 5}
    assert counts["states"] == {"open": 4, "upcoming": 0, "closed": 1, "unknown": 0}


def test_a_call_tells_its_criteria_with_the_words_they_were_read_from(client):
    call = client.get("/api/v1/calls/world:piccoli-comuni").json()
    CallShape.model_validate(call)
    population = next(c for c in call["criteria"] if c["criterion"] == "population")
    assert "inferiore a 5.000 abitanti" in population["quote"]
    assert population["read"]["maximum"] == 4999
    assert call["eligibility"] is None


@pytest.mark.parametrize(("commune", "verdict"), [("Nosate", "met"), ("Milano", "not_met")])
def test_a_call_is_judged_for_the_commune_asked_about(client, commune, verdict):
    call = client.get("/api/v1/calls/world:piccoli-comuni", params={"commune": commune}).json()
    assert call["eligibility"] == verdict
    assert {result["criterion"] for result in call["judged"]} >= {"population", "dates"}


def test_editions_are_variants_and_never_similar_calls(client):
    call = client.get("/api/v1/calls/world:ciclabili").json()
    assert [(v["kind"], v["call"]["id"]) for v in call["variants"]] == [("edition", "world:ciclabili-2024")]
    assert "world:ciclabili-2024" not in [s["call"]["id"] for s in call["similar"]]
    assert len(call["similar"]) == 5


@pytest.mark.parametrize("path", ["/api/v1/calls/world:none", "/api/v1/calls/x%2Fy"])
def test_a_call_that_is_not_there_is_a_problem(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("path", ["/api/v1/calls?limit=2", "/api/v1/call-facets", "/api/v1/calls/world:nidi"])
def test_who_has_the_answer_already_is_told_so_until_a_deadline_passes(client, path):
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    with time_machine.travel("2025-05-30T12:01:00+02:00", tick=False):
        later = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert later.status_code == 200
    assert later.content != first.content


def test_a_changed_call_shows_what_it_was(client, app, world_settings):
    from dataclasses import replace

    changed = replace(world.DOTTORATI, issuer="Ministero dell'università")
    import_source(app.state.remix.engine, ListedSource(changed, name="world"), world_settings.home / "world.csv")
    app.state.remix.live.refresh()
    call = client.get(f"/api/v1/calls/{changed.id}").json()
    assert call["call"]["version"] == 2
    assert call["history"][-1]["changes"] == {
        "issuer": {"old": world.DOTTORATI.issuer, "new": "Ministero dell'università"}
    }


def communes(client, call, **asked):
    answer = client.get(f"/api/v1/calls/world:{call}/communes", params=asked)
    assert answer.status_code == 200, answer.text
    CommunePage.model_validate(answer.json())
    return answer.json()["items"]


def test_a_call_finds_the_communes_that_may_apply(client):
    assert {m["commune"]["name"] for m in communes(client, "fotovoltaico-piemonte")} == {"Torino"}
    small = {m["commune"]["name"]: m["eligibility"] for m in communes(client, "piccoli-comuni", ruled_out=True)}
    assert small["Nosate"] == "met"
    assert small["Milano"] == "not_met"


def test_the_commune_whose_item_fits_best_stands_first_for_those_who_may_see_it(app, client):
    staff, own = as_role(app, Role.CONSULTANT), as_role(app, Role.COMMUNE, "015146")
    first = communes(staff, "nidi")[0]
    assert (first["commune"]["name"], first["item"]) == ("Rho", {"kind": "needs", "id": "world:n1"})
    for who, seen in ((client, {"world:p1"}), (own, {"world:p1", "world:n2"})):
        assert {m["item"]["id"] for m in communes(who, "nidi") if m["item"]} == seen


def whereabouts(client, call, istat):
    answer = client.get(f"/api/v1/calls/world:{call}/communes/{istat}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_why_a_commune_is_not_in_the_list_is_told_with_the_words_of_the_call(client):
    listed = communes(client, "piccoli-comuni", ruled_out=True, limit=100)
    out = next(m["commune"]["istat"] for m in listed if m["eligibility"] == "not_met")
    told = whereabouts(client, "piccoli-comuni", out)
    assert (told["standing"], told["rank"]) == ("ruled_out", None)
    assert [c["criterion"] for c in told["criteria"] if c["verdict"] == "not_met"]
    assert all(c["quote"] for c in told["criteria"] if c["verdict"] == "not_met")


def test_each_commune_of_the_list_is_told_the_rank_at_which_it_stands_there(app, client):
    for who in (client, as_role(app, Role.CONSULTANT)):
        listed = [m["commune"]["istat"] for m in communes(who, "nidi", limit=100)]
        told = [whereabouts(who, "nidi", istat) for istat in listed]
        assert [one["rank"] for one in told] == list(range(1, len(listed) + 1))
        assert {one["of"] for one in told} == {len(listed)}


def test_what_a_commune_described_moves_its_place_only_for_who_may_see_it(app, client):
    staff = as_role(app, Role.CONSULTANT)
    first = communes(staff, "nidi")[0]
    istat = first["commune"]["istat"]
    assert whereabouts(staff, "nidi", istat)["match"]["item_title"] == first["item_title"]
    assert whereabouts(client, "nidi", istat)["match"]["item_title"] != first["item_title"]


def test_a_commune_that_does_not_exist_is_not_found(client):
    assert client.get("/api/v1/calls/world:nidi/communes/999999").status_code == 404


def test_pages_of_communes_follow_each_other(client):
    whole = [m["commune"]["istat"] for m in communes(client, "nidi", limit=100)]
    first = client.get("/api/v1/calls/world:nidi/communes", params={"limit": 4}).json()
    rest = client.get("/api/v1/calls/world:nidi/communes", params={"limit": 4, "cursor": first["next_cursor"]}).json()
    assert [m["commune"]["istat"] for m in first["items"] + rest["items"]] == whole
    assert (first["total"], rest["next_cursor"]) == (6, "")


def test_a_call_has_the_tags_that_people_gave_it(app, client):
    staff = as_role(app, Role.CONSULTANT)
    before = client.get("/api/v1/calls/world:nidi/tags")
    sent = {"kind": "calls", "record_id": "world:nidi", "scheme": "driver", "code": "3", "holds": True}
    assert staff.post("/api/v1/tag-overrides", json=sent).status_code == 201
    app.state.remix.live.refresh()
    after = client.get("/api/v1/calls/world:nidi/tags", headers={"If-None-Match": before.headers["ETag"]})
    TagPage.model_validate(after.json())
    assert before.json()["items"] == []
    assert [(t["scheme"], t["code"], t["decided_by"]) for t in after.json()["items"]] == [("driver", "3", "person")]
