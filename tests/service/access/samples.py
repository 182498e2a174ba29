"""Something to call every route on: for each id in a path a thing of a given commune, for each route a body.

A new route with an id that is not here, or with a body, fails the access test with the name of what is missing.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from matcher.records import Commune
from service.access.principal import STAFF, VISITOR, Principal
from service.accounts.api_keys import create_api_key
from service.accounts.passwords import hash_password
from service.accounts.sessions import open_session
from service.accounts.tables import AccountRow, Role
from service.accounts.tokens import hash_of, public_id
from service.database import reading, writing
from service.ids import new_id
from service.jobs.folders import folder_of
from service.jobs.store import ask_import
from service.messages.inbox import Message, leave
from service.messages.tables import MessageKind
from service.work.acting import Acting
from tests.service.access.bodies import (
    BODIES,
    BODILESS,
    OWN,
    PASSWORD,
    a_decision,
    a_distinction,
    a_fact,
    a_list,
    a_merge,
    a_pair,
    a_pick,
    a_placement,
    a_project_merge,
    a_request,
    a_review,
    a_tag,
    an_event,
    an_interest,
    an_item,
    mark,
    two_projects_apart,
    work_for,
)
from tests.service.web.clients import add_account, as_role, in_session
from tests.world import SCUOLE_SICURE


@dataclass
class Samples:
    """Makes things in a running application, as the people who would make them; remembers the ids of each commune.

    ``call_id``: the call that is decided about, recommended, put on the worklist; one of the small world unless given.
    """

    app: FastAPI
    call_id: str = SCUOLE_SICURE.id
    accounts: dict[tuple[Role, str], str] = field(default_factory=dict)
    private_ids: dict[str, set[str]] = field(default_factory=dict)

    def account(self, role: Role, commune: Commune = OWN) -> str:
        """Return the id of the account of a role, and for communes of this commune."""
        istat = commune.istat if role is Role.COMMUNE else ""
        if (role, istat) not in self.accounts:
            self.accounts[role, istat] = add_account(self.app, role, istat or None, password_hash=a_hash())
        return self.accounts[role, istat]

    def email(self, role: Role) -> str:
        """Return the address with which the account of a role logs in."""
        with reading(self.app.state.remix.engine) as session:
            return session.scalars(select(AccountRow.email).where(AccountRow.id == self.account(role))).one()

    def client(self, role: Role, commune: Commune = OWN) -> TestClient:
        """Return a client in a new session of that account."""
        return as_role(self.app, role) if role is Role.PUBLIC else in_session(self.app, self.account(role, commune))

    def path(self, template: str, commune: Commune, role: Role) -> str:
        """Return a path with the id of a new thing of a commune in each place of its template."""
        path, before = "", ""
        for part in re.split(r"(\{[^}]+\})", template):
            before += part
            path += self.made(before, commune, role) if part.startswith("{") else part
        return path

    def made(self, template: str, commune: Commune, role: Role) -> str:
        """Return the id of a new thing; ``template`` is a path up to and with the place of its id."""
        assert template in MAKERS, f"{template}: say in tests/service/access/samples.py how to make one (MAKERS)"
        id_ = MAKERS[template](self, commune, role)
        if template in PRIVATE:
            self.private_ids.setdefault(commune.istat, set()).add(id_)
        return id_

    def body(self, method: str, template: str, commune: Commune) -> dict[str, Any] | None:
        """Return what to send so that a route does its work for a commune; None where it takes no body."""
        if (method, template) in BODILESS or method in ("GET", "DELETE"):
            return None
        assert (method, template) in BODIES, (
            f"{method} {template}: say in tests/service/access/bodies.py what to send (BODIES, or BODILESS)"
        )
        return BODIES[method, template](self, commune)

    def post(self, role: Role, commune: Commune, path: str, body: dict[str, Any]) -> str:
        """Make a thing as somebody and return its id."""
        answer = self.client(role, commune).post(path, json=body)
        assert answer.status_code in (200, 201), f"{path}: {answer.text}"
        return answer.json()["id"]


@cache
def a_hash() -> str:
    """Return the hash of the password of every account here."""
    return hash_password(PASSWORD)


def _by_commune(path: str, body: Callable[[Samples, Commune], dict[str, Any]]) -> Callable[..., str]:
    return lambda samples, commune, _role: samples.post(Role.COMMUNE, commune, path, body(samples, commune))


def _by_staff(path: str, body: Callable[[Samples, Commune], dict[str, Any]]) -> Callable[..., str]:
    return lambda samples, commune, _role: samples.post(Role.CONSULTANT, commune, path, body(samples, commune))


def _work_item(samples: Samples, commune: Commune, _role: Role) -> str:
    staff = samples.client(Role.CONSULTANT)
    made = staff.post("/api/v1/work-items", json=work_for(samples, commune))
    assert made.status_code in (200, 201), made.text
    id_: str = made.json()["items"][0]["item_id"]
    staff.post(f"/api/v1/work-items/{id_}/notes", json={"text": mark(commune)})
    return id_


def _request(samples: Samples, commune: Commune, role: Role) -> str:
    """Return the id of a request on which the side that will ask for it wrote last."""
    id_ = samples.post(Role.COMMUNE, commune, "/api/v1/service-requests", a_request(samples, commune))
    if role in STAFF:
        said = {"text": mark(commune), "minutes": 30}
        samples.post(role, commune, f"/api/v1/service-requests/{id_}/entries", said)
    return id_


def _commune_request(samples: Samples, commune: Commune, role: Role) -> str:
    id_: str = samples.made("/api/v1/service-requests/{service_request_id}", commune, role)
    return id_


def _answer(samples: Samples, commune: Commune, _role: Role) -> str:
    need = samples.made("/api/v1/needs/{item_id}", commune, Role.COMMUNE)
    asked = {"item": {"kind": "needs", "id": need}, "k": 3}
    answer = samples.client(Role.COMMUNE, commune).post("/api/v1/recommendations", json=asked)
    assert answer.status_code == 200, answer.text
    id_: str = answer.json()["id"]
    return id_


def _job(samples: Samples, commune: Commune, role: Role) -> str:
    """Return the id of a list that whoever will ask for it sent, or the other commune's account; it is done."""
    sender = role if commune is OWN and role in STAFF else Role.COMMUNE
    state = samples.app.state.remix
    state.live.serving()
    # What was sent before may wait still, and nobody may have too much waiting.
    state.jobs.run_waiting()
    id_ = samples.post(sender, commune, "/api/v1/jobs", a_list(samples, commune))
    state.jobs.run_waiting()
    return id_


def _import(samples: Samples, _commune: Commune, _role: Role) -> str:
    """Return the id of an import that an administrator sent; it is over, as its file is none of its source."""
    state, job_id = samples.app.state.remix, new_id()
    folder_of(state.settings, job_id).keep("comuni.csv", io.BytesIO(b"a;b\n1;2\n"))
    principal = Principal(Role.ADMINISTRATOR, samples.account(Role.ADMINISTRATOR))
    with writing(state.engine) as session:
        ask_import(Acting(session, principal), "comuni", "comuni.csv", job_id)
    state.jobs.run_waiting()
    return job_id


def _event(samples: Samples, commune: Commune, _role: Role) -> str:
    return samples.post(Role.CONSULTANT, commune, "/api/v1/events", an_event(samples, commune))


def _registration(samples: Samples, commune: Commune, role: Role) -> str:
    return samples.post(Role.COMMUNE, commune, f"/api/v1/events/{_event(samples, commune, role)}/registrations", {})


def _attended(samples: Samples, commune: Commune, role: Role) -> str:
    """Return the id of an event that somebody of the commune registered for."""
    event = _event(samples, commune, role)
    samples.post(Role.COMMUNE, commune, f"/api/v1/events/{event}/registrations", {})
    return event


def _account(samples: Samples, commune: Commune, _role: Role) -> str:
    return add_account(samples.app, Role.COMMUNE, commune.istat)


def _session(samples: Samples, commune: Commune, role: Role) -> str:
    """Return the public id of a session of whoever asks, or of the other commune's account."""
    owner = samples.account(role if commune is OWN and role is not Role.PUBLIC else Role.COMMUNE, commune)
    with writing(samples.app.state.remix.engine) as session:
        opened = open_session(session, session.get_one(AccountRow, owner), second_factor=True)
    return public_id(hash_of(opened.secret))


def _message(samples: Samples, _commune: Commune, _role: Role) -> str:
    written = Message(kind=MessageKind.OTHER, text="Una prova")
    with writing(samples.app.state.remix.engine) as session:
        return leave(session, VISITOR, "", written, new_id()).id


def _api_key(samples: Samples, commune: Commune, role: Role) -> str:
    owner = samples.account(role if commune is OWN and role is not Role.PUBLIC else Role.COMMUNE, commune)
    with writing(samples.app.state.remix.engine) as session:
        account = session.get_one(AccountRow, owner)
        return create_api_key(session, account, f"Prova {mark(commune)}", ["items:read"], timedelta(days=1))[0].id


def _call(samples: Samples, _commune: Commune, _role: Role) -> str:
    return samples.call_id


MAKERS: dict[str, Callable[[Samples, Commune, Role], str]] = {
    "/api/v1/needs/{item_id}": _by_commune("/api/v1/needs", an_item),
    "/api/v1/projects/{item_id}": _by_commune("/api/v1/projects", an_item),
    "/api/v1/assets/{item_id}": _by_commune("/api/v1/assets", an_item),
    "/api/v1/decisions/{decision_id}": _by_commune("/api/v1/decisions", a_decision),
    "/api/v1/interests/{interest_id}": _by_commune("/api/v1/interests", an_interest),
    "/api/v1/picks/{pick_id}": _by_staff("/api/v1/picks", a_pick),
    "/api/v1/criterion-reviews/{review_id}": _by_staff("/api/v1/criterion-reviews", a_review),
    "/api/v1/merges/{merge_id}": _by_staff("/api/v1/merges", a_merge),
    "/api/v1/project-merges/{merge_id}": _by_staff("/api/v1/project-merges", a_project_merge),
    "/incubatore/doppioni-progetti/{merge_id}": _by_staff("/api/v1/project-merges", a_project_merge),
    "/incubatore/doppioni-progetti/diversi/{distinction_id}": _by_staff("/api/v1/distinctions", two_projects_apart),
    "/api/v1/distinctions/{distinction_id}": _by_staff("/api/v1/distinctions", a_distinction),
    "/api/v1/programme-placements/{placement_id}": _by_staff("/api/v1/programme-placements", a_placement),
    "/api/v1/project-pairs/{pair_id}": _by_staff("/api/v1/project-pairs", a_pair),
    "/api/v1/register-projects/{record_id:path}": _by_commune("/api/v1/projects", an_item),
    # The same, as the contract writes it.
    "/api/v1/register-projects/{record_id}": _by_commune("/api/v1/projects", an_item),
    "/api/v1/programmes/{programme_id}": lambda samples, *_: a_placement(samples, OWN)["programme"],
    "/api/v1/tag-overrides/{override_id}": _by_commune("/api/v1/tag-overrides", a_tag),
    "/quadro/etichette/{override_id}": _by_commune("/api/v1/tag-overrides", a_tag),
    "/api/v1/work-items/{work_item_id}": _work_item,
    "/api/v1/service-requests/{service_request_id}": _request,
    "/comuni/{istat}/richieste/{request_id}": _commune_request,
    "/incubatore/richieste/{request_id}": _request,
    "/api/v1/communes/{istat}": lambda _samples, commune, _role: commune.istat,
    "/api/v1/calls/{call_id}/communes/{istat}": lambda _samples, commune, _role: commune.istat,
    "/api/v1/calls/{call_id}": _call,
    "/bandi/{call_id:path}": _call,
    "/api/v1/observations/{observation_id}": _by_commune("/api/v1/observations", a_fact),
    "/progetti/{record_id:path}": lambda samples, commune, role: samples.made(
        "/api/v1/projects/{item_id}", commune, role
    ),
    "/progetti/osservazioni/{observation_id}": _by_commune("/api/v1/observations", a_fact),
    "/progetti/programmi/{placement_id}": _by_staff("/api/v1/programme-placements", a_placement),
    "/progetti/coppie/{pair_id}": _by_staff("/api/v1/project-pairs", a_pair),
    "/programmi/{programme_id:path}": lambda *_: "programme:pon-metro-milano",
    "/beni/{item_id:path}": lambda samples, commune, role: samples.made("/api/v1/assets/{item_id}", commune, role),
    "/comuni/{istat}/beni-vicini/{item_id:path}": lambda samples, commune, role: samples.made(
        "/api/v1/needs/{item_id}", commune, role
    ),
    "/account/sessioni/{session_id}": _session,
    "/account/chiavi/{api_key_id}": _api_key,
    "/inviti/{token}": lambda *_: "made-up",
    "/nuova-password/{token}": lambda *_: "made-up",
    "/dalla-posta/{token}": lambda *_: "made-up",
    "/disiscrizione/{token}": lambda *_: "made-up",
    "/comuni/{istat}": lambda _samples, commune, _role: commune.istat,
    "/comuni/{istat}/{kind}": lambda *_: "bisogni",
    "/comuni/{istat}/{kind}/{item_id}": lambda samples, commune, role: samples.made(
        "/api/v1/needs/{item_id}", commune, role
    ),
    "/comuni/{istat}/decisioni/{decision_id}": lambda samples, commune, role: samples.made(
        "/api/v1/decisions/{decision_id}", commune, role
    ),
    "/comuni/{istat}/interesse/{interest_id}": lambda samples, commune, role: samples.made(
        "/api/v1/interests/{interest_id}", commune, role
    ),
    "/static/{name:path}": lambda *_: "remix.css",
    "/raccomandazioni/{answer_id}": _answer,
    "/incubatore/bandi/{call_id:path}": _call,
    "/incubatore/lista/{work_item_id}": _work_item,
    "/incubatore/consigli/{pick_id}": _by_staff("/api/v1/picks", a_pick),
    "/amministrazione/accessi/{account_id}": _account,
    "/amministrazione/chiavi/{api_key_id}": _api_key,
    "/amministrazione/messaggi/{message_id}": _message,
    "/incubatore/revisione/doppioni/{merge_id}": _by_staff("/api/v1/merges", a_merge),
    "/incubatore/revisione/doppioni/diversi/{distinction_id}": _by_staff("/api/v1/distinctions", a_distinction),
    "/incubatore/revisione/condizioni/{review_id}": _by_staff("/api/v1/criterion-reviews", a_review),
    "/api/v1/events/{event_id}": _event,
    "/eventi/{event_id}": _event,
    "/incubatore/eventi/{event_id}": _attended,
    "/incubatore/eventi/{event_id}/iscritti/{registration_id}": _registration,
    "/incubatore/eventi/{event_id}/iscritti.{form}": lambda *_: "csv",
    "/api/v1/event-registrations/{registration_id}": _registration,
    "/api/v1/answers/{answer_id}": _answer,
    "/api/v1/jobs/{job_id}": _job,
    "/elenchi/{job_id}": _job,
    "/amministrazione/importazioni/{job_id}": _import,
    "/api/v1/accounts/{account_id}": _account,
    "/api/v1/account/sessions/{session_id}": _session,
    "/api/v1/account/api-keys/{api_key_id}": _api_key,
}
"""How a new thing of a commune is made; the role is that of whoever will ask for it."""

PRIVATE = frozenset(
    f"/api/v1/{name}"
    for name in (
        "needs/{item_id}",
        "projects/{item_id}",
        "register-projects/{record_id:path}",
        "assets/{item_id}",
        "decisions/{decision_id}",
        "interests/{interest_id}",
        "observations/{observation_id}",
        "picks/{pick_id}",
        "tag-overrides/{override_id}",
        "work-items/{work_item_id}",
        "service-requests/{service_request_id}",
        "answers/{answer_id}",
        "event-registrations/{registration_id}",
        "jobs/{job_id}",
        "account/sessions/{session_id}",
        "account/api-keys/{api_key_id}",
    )
)
"""Things of which another commune may not even see the id."""
