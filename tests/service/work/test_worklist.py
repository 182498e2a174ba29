"""The incubator's worklist: filled in one go, followed, changed by two people without loss, undone."""

import pytest

from tests.world import CICLABILI, GREZZAGO, NIDI, NOSATE, RHO

COMMUNES = [RHO.istat, GREZZAGO.istat, NOSATE.istat]


def add(staff, *communes, call=NIDI, **fields):
    return staff("POST", "/work-items", json={"communes": list(communes), "call_id": call.id} | fields)


@pytest.fixture
def item(staff):
    item_id = add(staff, RHO.istat).json()["items"][0]["item_id"]
    return staff("GET", f"/work-items/{item_id}").json()


@pytest.mark.parametrize("who", ["rho", "reader", "public"])
def test_nobody_else_sees_the_worklist(ask, item, who):
    for method, path in (("GET", ""), ("GET", f"/{item['id']}"), ("GET", f"/{item['id']}/notes")):
        assert ask(who)(method, f"/work-items{path}").status_code in {401, 403}
    assert add(ask(who), RHO.istat).status_code in {401, 403}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"communes": ["015182", "Rho"]}, "/communes/1"),
        ({"communes": []}, "/communes"),
        ({"call_id": "world:none"}, "/call_id"),
        ({"owner_id": "rho"}, "/owner_id"),
        ({"owner_id": "nobody"}, "/owner_id"),
    ],
)
def test_work_that_makes_no_sense_is_refused_by_field_and_nothing_is_added(staff, fields, field):
    answer = staff("POST", "/work-items", json={"communes": COMMUNES, "call_id": NIDI.id} | fields)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert staff("GET", "/work-items").json()["total"] == 0


def test_a_call_is_put_on_the_list_for_many_communes_each_with_its_outcome(staff, item):
    staff("PATCH", f"/work-items/{item['id']}", version=1, json={"state": "interested"})
    taken_off = add(staff, GREZZAGO.istat).json()["items"][0]["item_id"]
    staff("DELETE", f"/work-items/{taken_off}")
    added = add(staff, "999999", *COMMUNES, COMMUNES[1]).json()["items"]
    assert [(one["commune_istat"], one["outcome"]) for one in added] == [
        ("999999", "unknown_commune"),
        (RHO.istat, "there_already"),
        (GREZZAGO.istat, "restored"),
        (NOSATE.istat, "added"),
    ]
    assert [one["item_id"] for one in added[:3]] == ["", item["id"], taken_off]
    assert staff("GET", f"/work-items/{item['id']}").json()["state"] == "interested"


def test_an_item_names_its_commune_its_call_and_whoever_follows_it(staff, item):
    changed = staff("PATCH", f"/work-items/{item['id']}", version=1, json={"owner_id": "administrator"}).json()
    assert (changed["commune_name"], changed["call_title"], changed["owner_name"]) == (
        RHO.name, NIDI.title, "Administrator",
    )  # fmt: skip
    cleared = staff("PATCH", f"/work-items/{item['id']}", version=2, json={"owner_id": None}).json()
    assert (cleared["owner_id"], cleared["owner_name"], cleared["version"]) == (None, "", 3)
    assert staff("PATCH", f"/work-items/{item['id']}", version=3, json={"state": None}).status_code == 422


def test_the_second_of_two_editors_gets_the_difference(ask, staff, item):
    path = f"/work-items/{item['id']}"
    assert staff("PATCH", path, json={"state": "called"}).status_code == 428
    staff("PATCH", path, version=1, json={"state": "called", "remind_on": "2026-03-01"})
    answer = ask("administrator")("PATCH", path, version=1, json={"state": "declined", "remind_on": "2026-03-01"})
    assert (answer.status_code, answer.json()["difference"]) == (412, {"state": ["called", "declined"]})
    assert staff("GET", path).json()["state"] == "called"


def test_a_change_is_undone_and_made_again(staff, item):
    path = f"/work-items/{item['id']}"
    staff("PATCH", path, version=1, json={"state": "called", "remind_on": "2026-03-01"})
    undone = staff("POST", f"{path}/reversals", version=2).json()
    assert (undone["state"], undone["remind_on"]) == ("to_call", None)
    again = staff("POST", f"{path}/reversals", version=3).json()
    assert (again["state"], again["remind_on"]) == ("called", "2026-03-01")


def test_what_is_taken_off_the_list_is_kept_and_comes_back(staff, item):
    path = f"/work-items/{item['id']}"
    assert staff("DELETE", path).status_code == 204
    assert staff("GET", "/work-items").json()["total"] == 0
    assert staff("GET", "/work-items?archived=true").json()["total"] == 1
    assert staff("POST", f"{path}/reversals", version=2).json()["archived_at"] is None


def test_undo_of_what_was_just_added_takes_it_off(staff, item):
    assert staff("POST", f"/work-items/{item['id']}/reversals", version=1).json()["archived_at"]


def test_the_list_is_filtered_and_begins_with_the_next_reminder(staff):
    add(staff, RHO.istat, remind_on="2026-03-02", owner_id="consultant")
    add(staff, GREZZAGO.istat, remind_on="2026-03-01", state="called")
    add(staff, NOSATE.istat)
    add(staff, RHO.istat, call=CICLABILI)

    def listed(query=""):
        return [(one["commune_istat"], one["call_id"]) for one in staff("GET", f"/work-items?{query}").json()["items"]]

    assert listed()[:2] == [(GREZZAGO.istat, NIDI.id), (RHO.istat, NIDI.id)]
    assert listed("due_by=2026-03-01") == [(GREZZAGO.istat, NIDI.id)]
    assert listed("owner=consultant") == [(RHO.istat, NIDI.id)]
    assert listed("state=called") == [(GREZZAGO.istat, NIDI.id)]
    assert listed(f"call={CICLABILI.id}&commune={RHO.istat}") == [(RHO.istat, CICLABILI.id)]


def test_the_list_comes_in_pages(staff):
    add(staff, *COMMUNES)
    add(staff, RHO.istat, call=CICLABILI, remind_on="2026-03-02")
    found, cursor = [], ""
    for _ in range(4):
        page = staff("GET", f"/work-items?limit=1&cursor={cursor}").json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert (len(set(found)), cursor, page["total"]) == (4, "", 4)


def test_notes_are_kept_in_order_with_their_authors(ask, staff, item):
    path = f"/work-items/{item['id']}/notes"
    staff("POST", path, json={"text": "Il segretario richiama lunedì."})
    ask("administrator")("POST", path, json={"text": "Ha richiamato."})
    notes = staff("GET", path).json()["items"]
    assert [(note["author_name"], note["text"]) for note in notes] == [
        ("Consultant", "Il segretario richiama lunedì."), ("Administrator", "Ha richiamato."),
    ]  # fmt: skip
    assert staff("GET", "/work-items/nothing/notes").status_code == 404
    assert staff("POST", path, json={"text": "  "}).status_code == 422
