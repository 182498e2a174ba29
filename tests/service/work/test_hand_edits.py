"""What a person set stays through every import, is told apart, and can be given back to the imports."""

from dataclasses import replace

import pytest

from matcher.records import Project
from service.database import reading
from service.history import history
from service.imports import import_source
from service.reports import history_data, report_lines
from tests.service.sources import ListedSource
from tests.world import GREZZAGO, NOSATE, PICCOLI_COMUNI

IDEA = Project(id="prova:p1", title="Nuovo parco", text="Un parco lungo il fiume", state="idea", lead="Milano")


@pytest.fixture
def imported(engine, tmp_path):
    """Import rows as a file of the source that brought the communes."""
    (tmp_path / "prova.csv").write_text("rows of the tests")
    return lambda *rows: import_source(engine, ListedSource(*rows, name="world"), tmp_path / "prova.csv")


def commune(ask, who="consultant"):
    return ask(who)("GET", f"/communes/{NOSATE.istat}").json()


def correct(ask, version, who="consultant", **fields):
    return ask(who)("PATCH", f"/communes/{NOSATE.istat}", version=version, json=fields)


def test_a_corrected_population_survives_the_next_census_until_it_is_undone(ask, imported):
    version = commune(ask)["version"]
    assert correct(ask, version, population=650).json()["hand_fields"] == ["population"]
    report = imported(replace(NOSATE, population=640, area_km2=4.9))
    assert (report.changed, report.kept_by_hand) == (1, 1)
    assert "Schede in cui resta ciò che ha scritto una persona: 1" in report_lines(report)
    kept = commune(ask)
    assert (kept["population"], kept["area_km2"], kept["source"]) == (650, 4.9, "world")
    assert imported(replace(NOSATE, population=640, area_km2=4.9)).unchanged == 1
    undone = ask("consultant")("POST", f"/communes/{NOSATE.istat}/reversals", version=kept["version"]).json()
    assert (undone["population"], undone["hand_fields"]) == (NOSATE.population, [])
    assert imported(replace(NOSATE, population=640, area_km2=4.9)).kept_by_hand == 0
    assert commune(ask)["population"] == 640


def test_a_fact_taken_away_by_hand_does_not_come_back(ask, imported):
    imported(replace(NOSATE, lat=45.5, lon=8.7))
    correct(ask, commune(ask)["version"], lat=None, lon=None)
    imported(replace(NOSATE, lat=45.6, lon=8.7))
    assert (commune(ask)["lat"], commune(ask)["lon"]) == (None, None)


def test_a_zone_set_by_hand_is_trusted_and_its_change_is_in_the_history(ask, engine):
    changed = correct(ask, commune(ask)["version"], zone="Nord Ovest").json()
    with reading(engine) as session:
        last = history(session, NOSATE.istat)[-1]
    assert (last.number, last.source, last.account_id) == (changed["version"], "portal", "consultant")
    assert history_data(NOSATE.istat, [last])["versions"][0]["source"] == "portal"
    assert last.changes["zone"] == ["Alto Milanese", "Nord Ovest"]
    assert last.changes["zone_verified"] == [None, True]


@pytest.mark.parametrize("who", ["rho", "reader", "public"])
def test_nobody_corrects_the_facts_of_another_commune(ask, who):
    before = commune(ask)
    assert correct(ask, before["version"], who=who, population=1).status_code in {401, 403, 404}
    assert commune(ask) == before


def test_a_commune_corrects_its_own_facts(ask):
    own = ask("rho")("GET", "/communes/015182").json()
    answer = ask("rho")("PATCH", "/communes/015182", version=own["version"], json={"population": 50_905})
    assert answer.json()["population"] == 50_905
    refused = ask("rho")("PATCH", "/communes/015182", version=own["version"] + 1, json={"name": "Rhò"})
    assert refused.status_code == 422


def test_communes_are_found_by_name(ask):
    page = ask("public")("GET", "/communes?q=cinisello").json()
    assert [item["name"] for item in page["items"]] == ["Cinisello Balsamo"]
    names, cursor = [], ""
    for _ in range(3):
        page = ask("public")("GET", f"/communes?limit=2&cursor={cursor}").json()
        names += [item["name"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert (names, page["total"], cursor) == (sorted(names), len(names), "")


def test_an_imported_project_is_public_and_only_the_incubator_changes_it(ask, imported):
    imported(IDEA)
    path = f"/projects/{IDEA.id}"
    seen = ask("public")("GET", path).json()
    assert ask("rho")("PATCH", path, version=seen["version"], json={"lead": "Rho"}).status_code == 404
    changed = ask("consultant")("PATCH", path, version=seen["version"], json={"state": "defined"}).json()
    imported(replace(IDEA, lead="Città metropolitana", state="funded"))
    after = ask("public")("GET", path).json()
    assert (after["state"], after["lead"], after["owner_istat"]) == ("defined", "Città metropolitana", None)
    assert after["version"] == changed["version"] + 1


def test_what_was_archived_by_hand_stays_archived(ask, imported):
    imported(IDEA)
    path = f"/projects/{IDEA.id}"
    ask("administrator")("DELETE", path)
    imported(replace(IDEA, lead="Qualcun altro"))
    assert ask("public")("GET", path).json()["archived_at"]
    ask("administrator")("POST", f"{path}/restorations")


def test_undo_after_an_import_changed_the_same_field_is_refused(ask, imported):
    imported(replace(IDEA, id="prova:p2"))
    path = "/projects/prova:p2"
    ask("consultant")("PATCH", path, version=1, json={"state": "defined"})
    ask("consultant")("POST", f"{path}/reversals", version=2)
    imported(replace(IDEA, id="prova:p2", state="completed"))
    answer = ask("consultant")("POST", f"{path}/reversals", version=4)
    assert (answer.status_code, "state" in answer.json()["detail"]) == (409, True)


def test_what_no_person_changed_has_nothing_to_undo(ask, imported):
    imported(replace(IDEA, id="prova:p3"))
    assert ask("consultant")("POST", "/projects/prova:p3/reversals", version=1).status_code == 409


def test_a_corrected_population_counts_for_eligibility_without_a_restart(ask, client):
    def verdict():
        client.app.state.remix.live.refresh()
        judged = ask("public")("GET", f"/calls/{PICCOLI_COMUNI.id}?commune={GREZZAGO.istat}").json()["judged"]
        return next(one["verdict"] for one in judged if one["criterion"] == "population")

    path = f"/communes/{GREZZAGO.istat}"
    assert verdict() == "met"
    version = ask("grezzago")("GET", path).json()["version"]
    ask("grezzago")("PATCH", path, version=version, json={"population": 7_000})
    assert verdict() == "not_met"
    ask("grezzago")("POST", f"{path}/reversals", version=version + 1)
    assert verdict() == "met"
