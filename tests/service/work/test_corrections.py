"""What people correct: criteria, duplicates, tags; served at once, kept through imports, taken back."""

from dataclasses import replace

import pytest

from matcher.strategy import Override
from service.database import reading
from service.imports import import_source
from service.work.feedback import refused_calls
from service.work.merged import kept_id
from service.work.picks import picks_for
from service.work.tags import overrides_of
from tests.service.sources import ListedSource
from tests.service.work.conftest import PRINCIPALS
from tests.world import CICLABILI, CICLABILI_CHIUSO, MISURA_SENZA_DESTINATARI, NIDI, PICCOLI_COMUNI, RHO

NEED = {"title": "Scuola fredda", "text": "La scuola di via Roma è senza cappotto termico."}
AT_NO_TIME = "0001-01-01T00:00:00+14:00"
UP_TO_60_000 = {"criterion": "population", "maximum": 60_000, "quote": "fino a 60.000 abitanti"}


@pytest.fixture
def staff(ask):
    return ask("consultant")


@pytest.fixture
def serve(client):
    """Bring what is served up to date, as its thread does every second."""
    return client.app.state.remix.live.refresh


@pytest.fixture
def imported(engine, tmp_path):
    (tmp_path / "world.csv").write_text("rows of the tests")
    return lambda *rows: import_source(engine, ListedSource(*rows, name="world"), tmp_path / "world.csv")


@pytest.fixture
def say(staff, serve):
    """Say something; it is taken back at the end."""
    made = []

    def run(path, **body):
        answer = staff("POST", path, json=body)
        if answer.status_code == 201:
            made.append(f"{path}/{answer.json()['id']}")
        return answer

    yield run
    for path in made:
        staff("DELETE", path)
    serve()


def criteria(ask, call=PICCOLI_COMUNI, who="public"):
    return ask(who)("GET", f"/calls/{call.id}/criteria").json()


def of_kind(found, criterion):
    return [one for one in found["criteria"] if one["criterion"] == criterion]


def population_key(ask):
    return of_kind(criteria(ask), "population")[0]["key"]


def verdict(ask, call=PICCOLI_COMUNI):
    judged = ask("rho")("GET", f"/calls/{call.id}?commune=015182").json()
    return next(one["verdict"] for one in judged["judged"] if one["criterion"] == "population")


def test_criteria_are_shown_with_the_words_they_were_read_from(ask):
    (population,) = of_kind(criteria(ask), "population")
    assert "5.000 abitanti" in population["quote"]
    assert (population["in_force"], population["review"]) == (True, None)
    assert population["parameters"]["maximum"] == 4999
    assert ask("public")("GET", "/calls/world:none/criteria").status_code == 404


@pytest.mark.parametrize("who", ["rho", "reader", "public"])
def test_only_the_incubator_corrects_criteria(ask, who):
    body = {"call_id": PICCOLI_COMUNI.id, "action": "removed", "rule_key": population_key(ask)}
    assert ask(who)("POST", "/criterion-reviews", json=body).status_code in {401, 403}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"action": "confirmed", "rule_key": "population:nothing"}, "/rule_key"),
        ({"action": "confirmed", "rule": UP_TO_60_000}, "/rule"),
        ({"action": "replaced"}, "/rule"),
        ({"action": "added", "rule_key": "", "rule": UP_TO_60_000}, "/action"),
        ({"action": "replaced", "rule": {"criterion": "territory", "quote": "in Lombardia"}}, "/rule"),
        ({"action": "replaced", "rule": UP_TO_60_000 | {"minimum": 70_000}}, "/rule/maximum"),
        (
            {"action": "replaced", "rule": {"criterion": "dates", "closes": "0001-01-01T00:00:00+14:00", "quote": "x"}},
            "/rule/dates/closes",
        ),
    ],
)
def test_a_review_that_makes_no_sense_is_refused_by_field(ask, say, body, field):
    whole = {"call_id": PICCOLI_COMUNI.id, "rule_key": population_key(ask)} | body
    answer = say("/criterion-reviews", **whole)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_a_corrected_criterion_is_served_and_survives_a_new_edition_of_the_call(ask, say, serve, imported):
    assert verdict(ask) == "not_met"
    key = population_key(ask)
    made = say("/criterion-reviews", call_id=PICCOLI_COMUNI.id, action="replaced", rule_key=key, rule=UP_TO_60_000)
    assert made.status_code == 201
    serve()
    assert verdict(ask) == "met"
    imported(replace(PICCOLI_COMUNI, summary="Opere di arredo urbano.", text=f"Premesse.\n\n{PICCOLI_COMUNI.text}"))
    serve()
    assert verdict(ask) == "met"
    read, written = of_kind(criteria(ask), "population")
    assert (read["in_force"], written["in_force"], written["parameters"]["maximum"]) == (False, True, 60_000)
    assert written["review"]["author"] == {"office": "incubator", "role": "", "name": ""}
    ask("consultant")("DELETE", f"/criterion-reviews/{made.json()['id']}")
    serve()
    assert verdict(ask) == "not_met"
    imported(PICCOLI_COMUNI)
    serve()


def test_a_review_of_words_that_are_gone_waits_for_somebody_to_look(ask, say, serve, staff, imported):
    key = population_key(ask)
    made = say("/criterion-reviews", call_id=PICCOLI_COMUNI.id, action="confirmed", rule_key=key, note="Sentito").json()
    assert staff("GET", "/stale-criterion-reviews").json()["items"] == []
    imported(replace(PICCOLI_COMUNI, text=PICCOLI_COMUNI.text.replace("5.000", "15.000")))
    serve()
    (stale,) = staff("GET", "/stale-criterion-reviews").json()["items"]
    assert (stale["id"], stale["stale"], stale["note"]) == (made["id"], True, "Sentito")
    assert [(one["id"], one["note"]) for one in criteria(ask)["stale"]] == [(made["id"], "")]
    imported(PICCOLI_COMUNI)
    serve()
    assert staff("GET", "/stale-criterion-reviews").json()["items"] == []


def test_a_criterion_that_was_not_read_can_be_added_once(ask, say, serve):
    body = {"call_id": NIDI.id, "action": "added", "rule": UP_TO_60_000 | {"maximum": 10_000}}
    assert say("/criterion-reviews", **body).status_code == 201
    assert say("/criterion-reviews", **body).status_code == 409
    serve()
    assert verdict(ask, NIDI) == "not_met"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"criterion": "applicant", "admitted": ["school"], "quote": "solo le scuole"}, "not_met"),
        ({"criterion": "territory", "provinces": ["Torino"], "quote": "in provincia di Torino"}, "not_met"),
        ({"criterion": "territory", "communes": ["Rho"], "quote": "nel comune di Rho"}, "met"),
        (
            {"criterion": "dates", "closes": "2020-01-31T12:00:00+01:00", "hours_known": True, "quote": "entro"},
            "not_met",
        ),
    ],
)
def test_every_kind_of_criterion_can_be_written(ask, say, serve, rule, expected):
    (read,) = of_kind(criteria(ask, MISURA_SENZA_DESTINATARI), rule["criterion"]) or [None]
    action = {"action": "replaced", "rule_key": read["key"]} if read else {"action": "added"}
    assert say("/criterion-reviews", call_id=MISURA_SENZA_DESTINATARI.id, rule=rule, **action).status_code == 201
    serve()
    judged = ask("rho")("GET", f"/calls/{MISURA_SENZA_DESTINATARI.id}?commune=015182").json()["judged"]
    found = next(one for one in judged if one["criterion"] == rule["criterion"])
    assert (found["verdict"], bool(found["reviewed_on"])) == (expected, True)


def test_a_condition_is_written_with_its_figures(ask, say, serve):
    rule = {"criterion": "cofinancing", "covered": "0.8", "quote": "fino all'80%"}
    assert say("/criterion-reviews", call_id=NIDI.id, action="added", rule=rule).status_code == 201
    serve()
    (found,) = of_kind(criteria(ask, NIDI), "cofinancing")
    assert found["parameters"]["facts"] == [["covered", "0.8"]]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kept_id": "world:none"}, "/kept_id"),
        ({"merged_id": "world:none"}, "/merged_id"),
        ({"merged_id": CICLABILI.id}, "/merged_id"),
        ({"kind": "communes"}, "/kind"),
    ],
)
def test_a_merge_that_makes_no_sense_is_refused_by_field(say, body, field):
    whole = {"kind": "calls", "kept_id": CICLABILI.id, "merged_id": CICLABILI_CHIUSO.id} | body
    answer = say("/merges", **whole)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_a_merged_call_is_shown_as_the_other_until_it_is_taken_back(ask, say, serve, staff, imported):
    made = say("/merges", kind="calls", kept_id=CICLABILI.id, merged_id=CICLABILI_CHIUSO.id).json()
    serve()
    imported(replace(CICLABILI_CHIUSO, summary="Piste ciclabili."))
    serve()
    path = f"/calls/{CICLABILI_CHIUSO.id}"
    assert ask("public")("GET", path).status_code == 404
    saved = ask("rho")("POST", "/decisions", json={"call_id": CICLABILI_CHIUSO.id, "kind": "saved"}).json()
    assert saved["call_id"] == CICLABILI.id
    staff("DELETE", f"/merges/{made['id']}")
    serve()
    assert ask("public")("GET", path).status_code == 200
    assert staff("POST", f"/merges/{made['id']}/restorations").json()["withdrawn_at"] is None


def test_what_was_said_about_a_merged_call_is_said_about_the_one_that_is_shown(ask, say, staff, engine):
    about = {"commune_istat": RHO.istat, "call_id": CICLABILI_CHIUSO.id}
    refused = ask("rho")("POST", "/decisions", json=about | {"kind": "not_for_us", "reason": "other"}).json()
    picked = staff("POST", "/picks", json=about | {"why": "Fa per voi"}).json()
    say("/merges", kind="calls", kept_id=CICLABILI.id, merged_id=CICLABILI_CHIUSO.id)
    with reading(engine) as session:
        assert refused_calls(session, RHO.istat) == {CICLABILI.id}
        assert [one.call_id for one in picks_for(session, PRINCIPALS["rho"], RHO.istat)] == [CICLABILI.id]
    staff("DELETE", f"/decisions/{refused['id']}")
    staff("DELETE", f"/picks/{picked['id']}")


def test_merges_form_chains_and_never_circles(say, staff, engine):
    def merge(kept, merged):
        return say("/merges", kind="calls", kept_id=kept.id, merged_id=merged.id)

    first = merge(NIDI, CICLABILI).json()
    assert merge(PICCOLI_COMUNI, NIDI).status_code == 201
    with reading(engine) as session:
        assert kept_id(session, "calls", CICLABILI.id) == PICCOLI_COMUNI.id
    assert merge(CICLABILI, PICCOLI_COMUNI).status_code == 409
    assert merge(PICCOLI_COMUNI, CICLABILI).status_code == 409
    staff("DELETE", f"/merges/{first['id']}")
    assert staff("POST", f"/merges/{first['id']}/restorations").status_code == 409


def test_merged_projects_leave_the_list(ask, say):
    rho = ask("rho")
    kept, twin = (rho("POST", "/projects", json=NEED | {"title": "Doppione"}).json()["id"] for _ in range(2))
    say("/merges", kind="projects", kept_id=kept, merged_id=twin)
    assert [one["id"] for one in rho("GET", "/projects?q=doppione").json()["items"]] == [kept]


def test_calls_that_are_probably_one_are_listed_for_the_incubator(ask, staff, serve, imported):
    twin = replace(NIDI, id="world:nidi-altrove", url="https://altrove.example/nidi")
    imported(twin)
    serve()
    groups = staff("GET", "/duplicates").json()["items"]
    assert [{call["id"] for call in group["calls"]} for group in groups] == [{NIDI.id, twin.id}]
    assert ask("rho")("GET", "/duplicates").status_code == 403
    staff("POST", "/merges", json={"kind": "calls", "kept_id": NIDI.id, "merged_id": twin.id})
    serve()
    assert staff("GET", "/duplicates").json()["items"] == []


def test_calls_that_were_told_apart_are_not_proposed_again_and_stand_by_themselves(ask, staff, serve, imported):
    gyms = replace(NIDI, id="world:palestre", title="Nuove palestre nei quartieri")
    twin = replace(gyms, id="world:palestre-altrove", url="https://altrove.example/palestre")
    imported(gyms, twin)
    serve()

    def proposed():
        groups = staff("GET", "/duplicates").json()["items"]
        return [{call["id"] for call in group["calls"]} for group in groups]

    def beneath(call):
        return {one["call"]["id"] for one in ask("public")("GET", f"/calls/{call.id}").json()["variants"]}

    pair = {gyms.id, twin.id}
    assert any(pair <= group for group in proposed())
    assert twin.id in beneath(gyms)
    others = sorted({id_ for group in proposed() if pair & group for id_ in group} - {twin.id})
    said = staff("POST", "/distinctions", json={"kind": "calls", "record_id": twin.id, "other_ids": others}).json()
    serve()
    imported(gyms, replace(twin, summary="Palestre di quartiere, per tutti."))
    serve()
    assert not any(twin.id in group for group in proposed())
    assert twin.id not in beneath(gyms)
    merge = {"kind": "calls", "kept_id": gyms.id, "merged_id": twin.id}
    assert staff("POST", "/merges", json=merge).status_code == 409
    staff("DELETE", f"/distinctions/{said['id']}")
    serve()
    assert any(pair <= group for group in proposed())
    merged = staff("POST", "/merges", json=merge).json()
    assert staff("POST", f"/distinctions/{said['id']}/restorations").status_code == 409
    staff("DELETE", f"/merges/{merged['id']}")
    assert staff("POST", f"/distinctions/{said['id']}/restorations").json()["other_ids"] == others


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"record_id": "world:none"}, "/record_id"),
        ({"other_ids": ["world:none"]}, "/other_ids"),
        ({"other_ids": []}, "/other_ids"),
        ({"other_ids": [NIDI.id]}, "/other_ids"),
        ({"kind": "communes"}, "/kind"),
    ],
)
def test_what_cannot_be_told_apart_is_refused_by_field(say, body, field):
    answer = say("/distinctions", **({"kind": "calls", "record_id": NIDI.id, "other_ids": [CICLABILI.id]} | body))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_only_the_incubator_tells_apart(ask):
    body = {"kind": "calls", "record_id": NIDI.id, "other_ids": [CICLABILI.id]}
    assert ask("rho")("POST", "/distinctions", json=body).status_code == 403
    assert ask("rho")("GET", "/distinctions").status_code == 403


@pytest.mark.parametrize(
    ("body", "field"), [({"code": "11"}, "/code"), ({"scheme": "sttm"}, "/code"), ({"record_id": "x"}, "/record_id")]
)
def test_a_tag_that_there_is_not_is_refused_by_field(say, body, field):
    whole = {"kind": "calls", "record_id": NIDI.id, "scheme": "driver", "code": "7", "holds": True} | body
    answer = say("/tag-overrides", **whole)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_the_last_word_on_a_tag_counts_until_it_is_taken_back(ask, staff, engine):
    need = ask("rho")("POST", "/needs", json=NEED).json()["id"]
    tag = {"kind": "needs", "record_id": need, "scheme": "driver", "code": "7"}

    def said():
        with reading(engine) as session:
            return overrides_of(session, "needs", [need])

    ask("rho")("POST", "/tag-overrides", json=tag | {"holds": True})
    assert said() == {need: [Override("driver", "7", True)]}
    last = staff("POST", "/tag-overrides", json=tag | {"holds": False}).json()
    assert said() == {need: [Override("driver", "7", False)]}
    ask("rho")("DELETE", f"/tag-overrides/{last['id']}")
    assert said() == {}


def test_a_commune_tags_its_own_items_and_sees_no_others(ask):
    need = ask("rho")("POST", "/needs", json=NEED).json()["id"]
    tag = {"kind": "needs", "record_id": need, "scheme": "driver", "code": "7", "holds": True}
    made = ask("rho")("POST", "/tag-overrides", json=tag).json()
    other = ask("grezzago")
    assert other("POST", "/tag-overrides", json=tag).status_code == 422
    assert other("GET", f"/tag-overrides?kind=needs&record={need}").json()["items"] == []
    assert other("GET", f"/tag-overrides/{made['id']}").status_code == 404
    on_a_call = tag | {"kind": "calls", "record_id": NIDI.id}
    assert ask("rho")("POST", "/tag-overrides", json=on_a_call).status_code == 422
