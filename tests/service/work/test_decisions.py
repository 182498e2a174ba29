"""Decisions and recommendations by hand: said once, taken back, said again, and nobody else's business."""

import pytest
from sqlalchemy import select

from service.access.principal import VISITOR
from service.audit.tables import AuditEventRow
from service.database import reading
from service.work.feedback import refused_calls
from service.work.picks import picks_for
from service.work.subjects import ItemRef
from tests.service.work.conftest import PRINCIPALS
from tests.world import CICLABILI, GREZZAGO, NIDI, PICCOLI_COMUNI, RHO, SCUOLE_SICURE

NEED = {"title": "Scuola fredda", "text": "La scuola di via Roma è senza cappotto termico."}


@pytest.fixture
def decide(ask):
    """Decide for Rho; what was decided is taken back at the end."""
    made = []

    def run(call, kind, **fields):
        body = {"commune_istat": RHO.istat, "call_id": call.id, "kind": kind} | fields
        answer = ask("rho")("POST", "/decisions", json=body)
        made.append(answer.json().get("id"))
        return answer

    yield run
    for decision_id in filter(None, made):
        ask("administrator")("DELETE", f"/decisions/{decision_id}")


@pytest.fixture
def pick(ask):
    made = []

    def run(call=NIDI, commune=RHO, **fields):
        body = {"commune_istat": commune.istat, "call_id": call.id, "why": "Fa per voi"} | fields
        answer = ask("consultant")("POST", "/picks", json=body)
        made.append(answer.json().get("id"))
        return answer

    yield run
    for pick_id in filter(None, made):
        ask("consultant")("DELETE", f"/picks/{pick_id}")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "not_for_us"}, "reason"),
        ({"kind": "saved", "reason": "too_late"}, "reason"),
        ({"kind": "saved", "call_id": "world:none"}, "call_id"),
        ({"kind": "saved", "item": {"kind": "needs", "id": "portal:none"}}, "item"),
        ({"kind": "saved", "note": "<b>ciao</b>"}, "note"),
        ({"kind": "loved"}, "kind"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused_by_field(decide, fields, field):
    answer = decide(NIDI, **fields)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, f"/{field}")


def test_a_commune_decides_for_no_other(ask):
    body = {"commune_istat": GREZZAGO.istat, "call_id": NIDI.id, "kind": "saved"}
    assert ask("rho")("POST", "/decisions", json=body).status_code == 404


def test_a_decision_about_another_communes_need_is_refused(ask, decide):
    secret = ask("grezzago")("POST", "/needs", json=NEED).json()["id"]
    answer = decide(NIDI, "saved", item={"kind": "needs", "id": secret})
    assert answer.json()["errors"][0]["field"] == "/item"


def test_the_same_decision_again_is_the_one_that_holds(decide):
    first, again = decide(NIDI, "saved"), decide(NIDI, "saved")
    assert first.json() == again.json()
    assert decide(NIDI, "saved", note="con calma").status_code == 409


@pytest.mark.parametrize(("first", "second"), [("applied", "not_for_us"), ("funded", "rejected")])
def test_decisions_that_contradict_each_other_do_not_hold_together(decide, first, second):
    decide(CICLABILI, first)
    reason = {"reason": "no_staff"} if second == "not_for_us" else {}
    assert decide(CICLABILI, second, **reason).status_code == 409


def test_a_change_of_mind_withdraws_what_was_saved(ask, decide):
    saved = decide(PICCOLI_COMUNI, "saved").json()
    refused = decide(PICCOLI_COMUNI, "not_for_us", reason="wrong_size").json()
    assert (refused["kind"], refused["reason"], refused["call_title"]) == (
        "not_for_us", "wrong_size", PICCOLI_COMUNI.title,
    )  # fmt: skip
    assert ask("rho")("GET", f"/decisions/{saved['id']}").json()["withdrawn_at"]


def test_what_is_not_for_us_is_hidden_for_the_whole_commune_or_for_one_item(ask, decide, engine):
    need = ask("rho")("POST", "/needs", json=NEED).json()["id"]
    decide(NIDI, "not_for_us", reason="not_relevant", item={"kind": "needs", "id": need})
    decide(SCUOLE_SICURE, "not_for_us", reason="already_funded")
    with reading(engine) as session:
        assert refused_calls(session, RHO.istat) == {SCUOLE_SICURE.id}
        assert refused_calls(session, RHO.istat, ItemRef("needs", need)) == {NIDI.id, SCUOLE_SICURE.id}
        assert refused_calls(session, GREZZAGO.istat) == frozenset()


def test_a_decision_taken_back_can_be_restored_unless_another_holds(ask, decide):
    made = decide(NIDI, "saved").json()
    path = f"/decisions/{made['id']}"
    assert ask("rho")("DELETE", path).status_code == 204
    assert ask("rho")("POST", f"{path}/restorations").json()["withdrawn_at"] is None
    ask("rho")("DELETE", path)
    decide(NIDI, "saved")
    assert ask("rho")("POST", f"{path}/restorations").status_code == 409


def test_decisions_are_listed_to_those_who_keep_them(ask, decide):
    made = decide(NIDI, "applied").json()
    assert made["id"] in {d["id"] for d in ask("rho")("GET", "/decisions").json()["items"]}
    assert ask("grezzago")("GET", f"/decisions?commune={RHO.istat}").json()["items"] == []
    assert ask("grezzago")("GET", f"/decisions/{made['id']}").status_code == 404
    assert ask("grezzago")("DELETE", f"/decisions/{made['id']}").status_code == 404
    by_call = ask("administrator")("GET", f"/decisions?call={NIDI.id}&kind=applied").json()["items"]
    assert [d["id"] for d in by_call] == [made["id"]]


def test_decisions_are_listed_in_pages_newest_first(ask, decide):
    made = [decide(call, "saved").json()["id"] for call in (NIDI, CICLABILI, PICCOLI_COMUNI)]
    found, cursor = [], ""
    for _ in range(3):
        page = ask("rho")("GET", f"/decisions?limit=1&kind=saved&cursor={cursor}").json()
        found += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert (found, cursor) == (made[::-1], "")


def test_a_cursor_of_another_list_is_refused(ask):
    assert ask("rho")("GET", "/decisions?cursor=cXVhbGNvc2E").status_code == 422


def test_a_decision_on_behalf_of_a_commune_names_the_incubator(ask):
    body = {"commune_istat": GREZZAGO.istat, "call_id": NIDI.id, "kind": "saved"}
    made = ask("consultant")("POST", "/decisions", json=body).json()
    seen = ask("grezzago")("GET", f"/decisions/{made['id']}").json()["author"]
    assert (made["author"]["name"], seen) == ("Consultant", {"office": "incubator", "role": "", "name": ""})


def test_the_audit_trail_tells_what_was_decided_and_not_the_note(ask, decide, engine):
    made = decide(CICLABILI, "not_for_us", reason="other", note="Il sindaco non vuole").json()
    with reading(engine) as session:
        event = session.scalars(select(AuditEventRow).where(AuditEventRow.object_id == made["id"])).first()
        assert event.details == {"call_id": CICLABILI.id, "kind": "not_for_us", "reason": "other"}
        assert (event.action, event.commune_istat) == ("decisions.created", RHO.istat)


@pytest.mark.parametrize("who", ["rho", "reader", "public"])
def test_only_the_incubator_recommends_by_hand(ask, who):
    body = {"commune_istat": RHO.istat, "call_id": NIDI.id, "why": "Mi piace"}
    assert ask(who)("POST", "/picks", json=body).status_code in {401, 403}


def test_a_pick_is_seen_by_its_commune_with_the_office_behind_it(ask, pick):
    made = pick().json()
    seen = ask("rho")("GET", f"/picks/{made['id']}").json()
    assert (seen["why"], seen["author"]["office"], seen["author"]["name"]) == ("Fa per voi", "incubator", "")
    assert ask("grezzago")("GET", f"/picks/{made['id']}").status_code == 404
    assert ask("grezzago")("GET", f"/picks?commune={RHO.istat}").json()["items"] == []
    assert ask("rho")("DELETE", f"/picks/{made['id']}").status_code in {403, 404}


def test_a_call_is_picked_once_at_a_time(ask, pick):
    made = pick().json()
    assert pick(why="Ancora").status_code == 409
    ask("consultant")("DELETE", f"/picks/{made['id']}")
    pick(why="Ancora")
    assert ask("consultant")("POST", f"/picks/{made['id']}/restorations").status_code == 409


def test_picks_for_an_item_come_with_those_for_the_whole_commune(ask, pick, engine):
    need = ask("rho")("POST", "/needs", json=NEED).json()["id"]
    pick(NIDI)
    pick(CICLABILI, item={"kind": "needs", "id": need})
    pick(PICCOLI_COMUNI, commune=GREZZAGO)
    rho = PRINCIPALS["rho"]
    with reading(engine) as session:
        assert [one.call_id for one in picks_for(session, rho, RHO.istat)] == [NIDI.id]
        of_item = picks_for(session, rho, RHO.istat, ItemRef("needs", need))
        assert [one.call_id for one in of_item] == [CICLABILI.id, NIDI.id]
        for stranger in (PRINCIPALS["grezzago"], PRINCIPALS["reader"], VISITOR):
            assert picks_for(session, stranger, RHO.istat) == []
