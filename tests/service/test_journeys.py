"""What people do with the service, from the first invitation to the restored copy, over HTTP and as every role.

Everybody comes in by a link of their own, once for all tests of a database; each test makes what it needs.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pyotp import TOTP

from matcher.records import Commune
from service.access.principal import COMMAND_LINE
from service.accounts.configuration import post_of
from service.accounts.invitations import NewAccount, invite
from service.accounts.tables import Role
from service.copies.backup import back_up
from service.copies.restoring import restore
from service.database import open_database
from service.imports import import_source
from service.settings import Settings
from service.web.app import create_app
from tests.fakes import HashingEncoder
from tests.service.conftest import _empty_schema
from tests.service.sources import ListedSource
from tests.service.web.clients import BASE_URL, visitor
from tests.world import CALLS, CICLABILI, COMMUNES, GREZZAGO, NIDI, PICCOLI_COMUNI, RHO, SCUOLE_SICURE

PASSWORD = "otto gatti sul campanile"
TODAY = "2025-05-05"
PROMISED_S = 5
"""Seconds after which what changed is in the results."""
OTHERS = {
    "consultant": {"role": "consultant"},
    "reader": {"role": "reader"},
    "rho": {"role": "commune", "commune_istat": RHO.istat},
    "grezzago": {"role": "commune", "commune_istat": GREZZAGO.istat},
}
TEXT = "Nuovi asili nido e poli per l'infanzia: mancano posti"


@dataclass
class Journey:
    """A running service and the people in it; ``answer`` is the last list of recommendations."""

    app: FastAPI
    settings: Settings
    people: dict[str, TestClient] = field(default_factory=dict)
    answer: dict[str, Any] = field(default_factory=dict)

    def __call__(self, who: str, method: str, path: str, status: int, *, version: int | None = None, **sent):
        """Ask as somebody and return the answer, whose status must be this one."""
        headers = {"If-Match": f'"{version}"'} if version is not None else {}
        answer = self.people[who].request(method, f"/api/v1{path}", headers=headers, **sent)
        assert answer.status_code == status, f"{who} {method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def recommended(self, who: str, **question) -> list[str]:
        """Ask for recommendations and return the ids of the calls, best first."""
        answer = self(who, "POST", "/recommendations", 200, json={"on": TODAY, "k": 10} | question)
        self.answer = answer
        return [one["call"]["id"] for one in answer["recommendations"]]

    def need(self, who: str, commune: Commune) -> str:
        """Let a commune write a need down; returns its id."""
        sent = {"title": "Nido", "text": TEXT, "commune_istat": commune.istat}
        id_: str = self(who, "POST", "/needs", 201, json=sent)["id"]
        return id_

    def accept(self, who: str, link: str) -> None:
        """Come in by an invitation: a password, and a second factor where the role asks for one."""
        client = self.people[who] = visitor(self.app)
        client.headers["Origin"] = BASE_URL
        token = link.rpartition("/")[2]
        opened = self(who, "POST", "/accepted-invitations", 201, json={"token": token, "password": PASSWORD})
        client.headers["CSRF-Token"] = opened["csrf_token"]
        if opened["needed"] == "set_up":
            secret = self(who, "POST", "/account/second-factor", 201)["secret"]
            code = {"code": TOTP(secret).now()}
            confirmed = self(who, "POST", "/account/second-factor/confirmations", 201, json=code)
            client.headers["CSRF-Token"] = confirmed["csrf_token"]


def new_world(settings, *records):
    """Import records as a source would; returns nothing, the service has to notice by itself."""
    settings.home.mkdir(parents=True, exist_ok=True)
    file = settings.home / "world.csv"
    file.write_text("the small world")
    engine = open_database(settings, writing=True)
    import_source(engine, ListedSource(*records, name="world"), file)
    engine.dispose()


def soon(holds: Callable[[], bool]) -> None:
    """Wait until something holds, which it must within the time that the service promises."""
    until = time.monotonic() + PROMISED_S
    while not holds():
        assert time.monotonic() < until, f"not in the results after {PROMISED_S} s"
        time.sleep(0.02)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def journey(request, tmp_path_factory):
    url = "" if request.param == "sqlite" else _empty_schema()
    settings = Settings(home=tmp_path_factory.mktemp("home"), database_url=url, rate_limit="")
    new_world(settings, *COMMUNES, *CALLS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("service.live.POLL_S", 0.05)
        app = create_app(settings, HashingEncoder())
        with TestClient(app, base_url=BASE_URL):
            app.state.remix.live.serving()
            journey = Journey(app, settings)
            journey.people["visitor"] = visitor(app)
            invite_everybody(journey)
            yield journey


def invite_everybody(journey: Journey) -> None:
    """Invite the first administrator from the command line, and let that one invite the others."""
    boss = NewAccount("capo@incubatore.example", "Direzione", Role.ADMINISTRATOR, None, "it")
    engine = journey.app.state.remix.engine
    made = invite(engine, post_of(journey.settings), COMMAND_LINE, "cli-1", boss)
    journey.accept("administrator", made.address)
    for who, fields in OTHERS.items():
        body = {"email": f"{who}@esempio.example", "name": who.title()} | fields
        journey.accept(who, journey("administrator", "POST", "/accounts", 201, json=body)["link"])


def test_everybody_who_was_invited_is_in_with_the_factors_of_their_role(journey):
    accounts = journey("administrator", "GET", "/accounts", 200)["items"]
    assert {one["state"] for one in accounts} == {"active"}
    staff = {one["role"] for one in accounts if one["second_factor"]}
    assert staff == {"administrator", "consultant"}
    assert journey("rho", "GET", "/account", 200)["commune_istat"] == RHO.istat


def test_a_link_that_was_used_and_somebody_who_was_not_invited_stay_outside(journey):
    wrong = {"email": "rho@esempio.example", "password": "sbagliata del tutto"}
    unknown = {"email": "nessuno@esempio.example", "password": PASSWORD}
    answers = [journey("visitor", "POST", "/sessions", 401, json=body) for body in (wrong, unknown)]
    assert answers[0]["detail"] == answers[1]["detail"]
    for path in ("/needs", "/decisions", "/work-items", "/audit-events", "/accounts", "/account"):
        journey("visitor", "GET", path, 401)


def test_a_visitor_reads_the_catalogue_and_asks_for_recommendations(journey):
    found = journey("visitor", "GET", "/calls?q=asili+nido", 200)
    assert NIDI.id in [one["id"] for one in found["items"]]
    read = journey("visitor", "GET", f"/calls/{NIDI.id}", 200)
    assert read["call"]["title"] == NIDI.title
    criteria = journey("visitor", "GET", f"/calls/{NIDI.id}/criteria", 200)["criteria"]
    assert "Comuni" in " ".join(one["quote"] for one in criteria)
    assert journey.recommended("visitor", text=TEXT, commune=RHO.istat)[0] == NIDI.id
    assert all(one["criteria"] for one in journey.answer["recommendations"])


def test_a_commune_keeps_a_need_and_of_two_editors_nobody_loses_anything(journey):
    need = journey.need("rho", RHO)
    path = f"/needs/{need}"
    journey("rho", "PATCH", path, 428, json={"title": "Nido Centro"})
    journey("rho", "PATCH", path, 200, version=1, json={"title": "Nido Centro"})
    refused = journey("consultant", "PATCH", path, 412, version=1, json={"title": "Nido Nord"})
    assert refused["difference"] == {"title": ["Nido Centro", "Nido Nord"]}
    assert journey("rho", "POST", f"{path}/reversals", 200, version=2)["title"] == "Nido"
    journey("rho", "DELETE", path, 204, version=3)
    assert need not in [one["id"] for one in journey("rho", "GET", "/needs", 200)["items"]]
    assert journey("rho", "POST", f"{path}/restorations", 200, version=4)["archived_at"] is None
    changes = journey("rho", "GET", f"{path}/versions", 200)["items"]
    assert [one["version"] for one in changes] == [1, 2, 3, 4, 5]


def test_another_commune_knows_nothing_of_it(journey):
    need = journey.need("rho", RHO)
    path, made_up = f"/needs/{need}", "/needs/portal:00000000-0000-4000-8000-000000000000"
    assert journey("grezzago", "GET", "/needs", 200)["items"] == []
    hidden, absent = (journey("grezzago", "GET", one, 404) for one in (path, made_up))
    assert hidden["title"] == absent["title"]
    journey("grezzago", "PATCH", path, 404, version=1, json={"title": "Mio"})
    journey("grezzago", "DELETE", path, 404, version=1)
    item = {"kind": "needs", "id": journey.need("rho", RHO)}
    journey("grezzago", "POST", "/recommendations", 404, json={"item": item})
    journey("reader", "GET", path, 403)


def test_a_commune_asks_for_its_need_and_for_itself(journey):
    item = {"kind": "needs", "id": journey.need("rho", RHO)}
    assert journey.recommended("rho", item=item)[0] == NIDI.id
    assert NIDI.id in journey.recommended("rho", commune=RHO.istat)
    of_the_commune = next(one for one in journey.answer["recommendations"] if one["call"]["id"] == NIDI.id)
    kept = [{"kind": "needs", "id": one["id"]} for one in journey("rho", "GET", "/needs", 200)["items"]]
    assert of_the_commune["item"] in kept


def test_what_is_not_for_us_is_hidden_at_once_and_comes_back_when_it_is_taken_back(journey):
    refusal = {"call_id": NIDI.id, "kind": "not_for_us", "reason": "no_staff", "note": "Siamo in due."}
    decision = journey("rho", "POST", "/decisions", 201, json=refusal)["id"]
    item = {"kind": "needs", "id": journey.need("rho", RHO)}
    assert NIDI.id not in journey.recommended("rho", item=item)
    assert journey.answer["hidden"] == 1
    assert journey.recommended("grezzago", text=TEXT, commune=GREZZAGO.istat)[0] == NIDI.id
    journey("grezzago", "GET", f"/decisions/{decision}", 404)
    assert journey("grezzago", "GET", "/decisions", 200)["items"] == []
    journey("rho", "DELETE", f"/decisions/{decision}", 204)
    assert journey.recommended("rho", item=item)[0] == NIDI.id


def test_saved_applied_and_funded_follow_each_other(journey):
    for kind in ("saved", "applied", "funded"):
        journey("rho", "POST", "/decisions", 201, json={"call_id": SCUOLE_SICURE.id, "kind": kind})
    held = journey("rho", "GET", f"/decisions?call={SCUOLE_SICURE.id}", 200)["items"]
    assert "funded" in [one["kind"] for one in held]


def test_a_consultant_recommends_a_call_by_hand_and_it_stands_above_the_ranking(journey):
    pick = {"commune_istat": RHO.istat, "call_id": CICLABILI.id, "why": "Ne abbiamo parlato al telefono."}
    journey("rho", "POST", "/picks", 403, json=pick)
    journey("consultant", "POST", "/picks", 201, json=pick)
    journey.recommended("rho", text=TEXT, commune=RHO.istat)
    shown = journey.answer["picks"]
    assert [one["call"]["id"] for one in shown] == [CICLABILI.id]
    assert shown[0]["author"]["office"] == "incubator"
    journey.recommended("grezzago", text=TEXT, commune=GREZZAGO.istat)
    assert journey.answer["picks"] == []


def test_the_incubator_follows_a_call_for_several_communes(journey):
    work = {"communes": [RHO.istat, GREZZAGO.istat], "call_id": NIDI.id, "remind_on": "2026-12-01"}
    added = journey("consultant", "POST", "/work-items", 201, json=work)["items"]
    assert [one["outcome"] for one in added] == ["added", "added"]
    path = f"/work-items/{added[0]['item_id']}"
    me = journey("consultant", "GET", "/account", 200)["id"]
    journey("consultant", "PATCH", path, 200, version=1, json={"state": "called", "owner_id": me})
    journey("administrator", "PATCH", path, 412, version=1, json={"state": "interested"})
    journey("consultant", "POST", f"{path}/notes", 201, json={"text": "Richiama il segretario lunedì."})
    assert journey("consultant", "GET", "/work-items?state=called", 200)["total"] == 1
    assert journey("administrator", "GET", f"{path}/notes", 200)["items"][0]["author_name"] == "Consultant"
    assert journey("consultant", "POST", f"{path}/reversals", 200, version=2)["state"] == "to_call"
    for who, status in (("rho", 403), ("reader", 403), ("visitor", 401)):
        journey(who, "GET", path, status)


def test_a_corrected_criterion_is_in_force_at_once_and_survives_the_next_import(journey):
    rule = {"criterion": "population", "maximum": 10_000, "quote": "fino a 10.000 abitanti"}
    review = {"call_id": NIDI.id, "action": "added", "rule": rule}
    journey("rho", "POST", "/criterion-reviews", 403, json=review)
    said = journey("consultant", "POST", "/criterion-reviews", 201, json=review)
    soon(lambda: NIDI.id not in journey.recommended("rho", text=TEXT, commune=RHO.istat))
    changed = f"{NIDI.summary} Aggiornato."
    new_world(journey.settings, replace(NIDI, summary=changed))
    soon(lambda: journey("visitor", "GET", f"/calls/{NIDI.id}", 200)["call"]["summary"] == changed)
    assert NIDI.id not in journey.recommended("rho", text=TEXT, commune=RHO.istat)
    assert NIDI.id in journey.recommended("grezzago", text=TEXT, commune=GREZZAGO.istat)
    journey("consultant", "DELETE", f"/criterion-reviews/{said['id']}", 204)
    soon(lambda: NIDI.id in journey.recommended("rho", text=TEXT, commune=RHO.istat))


def test_a_duplicate_that_was_merged_is_no_longer_listed(journey):
    merge = {"kind": "calls", "kept_id": PICCOLI_COMUNI.id, "merged_id": CICLABILI.id}
    said = journey("consultant", "POST", "/merges", 201, json=merge)
    soon(lambda: CICLABILI.id not in listed(journey))
    new_world(journey.settings, replace(CICLABILI, summary="Cambiato dalla fonte."))
    assert CICLABILI.id not in listed(journey)
    assert PICCOLI_COMUNI.id in listed(journey)
    journey("consultant", "DELETE", f"/merges/{said['id']}", 204)
    soon(lambda: CICLABILI.id in listed(journey))


def listed(journey: Journey) -> list[str]:
    """Return the ids of the calls of the catalogue."""
    return [one["id"] for one in journey("visitor", "GET", "/calls?limit=100", 200)["items"]]


def test_a_program_comes_in_with_a_key_that_may_only_do_what_it_is_for(journey):
    wish = {"name": "Portale", "scopes": ["items:read"]}
    made = journey("rho", "POST", "/account/api-keys", 201, json=wish)
    program = journey.people["program"] = visitor(journey.app)
    program.headers["Authorization"] = f"Bearer {made['key']}"
    need = journey.need("rho", RHO)
    assert need in [one["id"] for one in journey("program", "GET", "/needs", 200)["items"]]
    journey("program", "POST", "/needs", 403, json={"title": "x", "text": "y", "commune_istat": RHO.istat})
    journey("rho", "DELETE", f"/account/api-keys/{made['id']}", 204)
    journey("program", "GET", "/needs", 401)


def test_what_was_shown_is_kept_with_its_reasons_for_those_it_was_shown_to(journey):
    journey.recommended("rho", item={"kind": "needs", "id": journey.need("rho", RHO)})
    path = f"/answers/{journey.answer['id']}"
    kept = journey("rho", "GET", path, 200)
    assert kept["answered"]["recommendations"][0]["call"]["id"] == NIDI.id
    assert journey("administrator", "GET", path, 200) == kept
    assert journey("rho", "GET", f"{path}/repetition", 200) == {"possible": True, "agrees": True, "differences": []}
    journey("grezzago", "GET", path, 404)


def test_the_trail_says_who_did_what_and_holds_no_texts(journey):
    need = journey.need("rho", RHO)
    journey("rho", "PATCH", f"/needs/{need}", 200, version=1, json={"text": f"{TEXT}: siamo in due."})
    events = journey("administrator", "GET", f"/audit-events?object_id={need}", 200)["items"]
    rho = journey("rho", "GET", "/account", 200)["id"]
    assert {(one["account_id"], one["commune_istat"]) for one in events} == {(rho, RHO.istat)}
    assert {"needs.created", "needs.edited"} <= {one["action"] for one in events}
    assert not [one for one in events if "siamo" in str(one) or "@" in str(one)]
    for who, status in (("consultant", 403), ("rho", 403), ("reader", 403), ("visitor", 401)):
        journey(who, "GET", "/audit-events", status)


ODD_TEXTS = ("a\\u0000", "a\\ud800", "a\\u202e", "<b>a</b>", " ")
ODD_DAYS = ("0001-01-01", "9999-12-31", "2026-02-30", "tomorrow")
WRITTEN = [
    ("visitor", "/sessions", '{"email": "%s@rho.example", "password": "%s"}'),
    ("visitor", "/password-resets", '{"email": "%s@rho.example"}'),
    ("visitor", "/recommendations", '{"text": "%s", "commune": "%s"}'),
    ("rho", "/needs", '{"title": "%s", "text": "%s", "commune_istat": "015182"}'),
    ("rho", "/account/api-keys", '{"name": "%s", "scopes": ["items:read"]}'),
    ("consultant", "/picks", '{"commune_istat": "015182", "call_id": "%s", "why": "%s"}'),
    ("administrator", "/accounts", '{"email": "%s@rho.example", "name": "%s", "role": "reader"}'),
]


@pytest.mark.parametrize(("who", "path", "body"), WRITTEN, ids=[one[1] for one in WRITTEN])
def test_no_text_that_is_sent_is_an_error_of_ours(journey, who, path, body):
    for odd in ODD_TEXTS:
        sent = body.replace("%s", odd).encode()
        answer = journey.people[who].post(f"/api/v1{path}", content=sent, headers={"Content-Type": "application/json"})
        assert answer.status_code < 500, f"{odd}: {answer.text}"


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("administrator", "/answers?on="),
        ("administrator", "/audit-events?first="),
        ("administrator", "/audit-events?last="),
        ("visitor", "/calls?closes_from="),
        ("visitor", "/calls?closes_to="),
        ("consultant", "/work-items?due_by="),
    ],
)
def test_no_day_that_is_sent_is_an_error_of_ours(journey, who, path):
    for odd in ODD_DAYS:
        answer = journey.people[who].get(f"/api/v1{path}{odd}")
        assert answer.status_code < 500, f"{odd}: {answer.text}"


def test_a_copy_restored_elsewhere_serves_the_same_people_with_the_same_things(journey, tmp_path):
    need = journey.need("rho", RHO)
    shown = journey.recommended("rho", item={"kind": "needs", "id": need})
    answer = f"/answers/{journey.answer['id']}"
    back_up(journey.app.state.remix.engine, tmp_path / "copia.tar.gz", lambda *_: None)
    elsewhere = Settings(home=tmp_path / "elsewhere", database_url="", rate_limit="")
    assert all(one.same for one in restore(elsewhere, tmp_path / "copia.tar.gz", lambda *_: None).comparisons)
    app = create_app(elsewhere, HashingEncoder())
    with TestClient(app, base_url=BASE_URL):
        there = Journey(app, elsewhere)
        for who in ("rho", "grezzago", "administrator"):
            client = there.people[who] = visitor(app)
            client.headers |= dict(journey.people[who].headers)
            client.cookies = journey.people[who].cookies
            for path in ("/needs", "/decisions", "/account"):
                assert there(who, "GET", path, 200) == journey(who, "GET", path, 200)
        assert there("rho", "GET", answer, 200) == journey("rho", "GET", answer, 200)
        assert there.recommended("rho", item={"kind": "needs", "id": need}) == shown
        there("grezzago", "GET", f"/needs/{need}", 404)
