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
from tests.service.web.clients import add_account, as_role, in_session
from tests.world import CICLABILI, GREZZAGO, NIDI, PICCOLI_COMUNI, RHO, SCUOLE_SICURE

OWN, OTHER = RHO, GREZZAGO
PASSWORD = "otto gatti sul campanile"
MARK = "riservatissimo"
"""Stands in every text that a commune keeps for itself, followed by the commune's code."""


def mark(commune: Commune) -> str:
    """Return the word that only this commune, and the incubator, may ever read."""
    return f"{MARK}{commune.istat}"


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
            f"{method} {template}: say in tests/service/access/samples.py what to send (BODIES, or BODILESS)"
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


def _item(samples: Samples, commune: Commune) -> dict[str, Any]:
    words = mark(commune)
    return {"title": f"Scuola {words}", "text": f"La scuola {words} è fredda.", "commune_istat": commune.istat}


def _unused_call(samples: Samples, commune: Commune, kind: str) -> str:
    """Return a call of which nothing of this kind is said for a commune: what was said before is taken back."""
    staff = samples.client(Role.CONSULTANT)
    for one in staff.get(f"/api/v1/{kind}", params={"limit": 100}).json()["items"]:
        if one["commune_istat"] == commune.istat:
            staff.delete(f"/api/v1/{kind}/{one['id']}", headers={"If-Match": '"1"'})
    return samples.call_id


def _decision(samples: Samples, commune: Commune) -> dict[str, Any]:
    call = _unused_call(samples, commune, "decisions")
    note = mark(commune)
    return {"commune_istat": commune.istat, "call_id": call, "kind": "not_for_us", "reason": "no_staff", "note": note}


def _pick(samples: Samples, commune: Commune) -> dict[str, Any]:
    call = _unused_call(samples, commune, "picks")
    return {"commune_istat": commune.istat, "call_id": call, "why": f"Perché {mark(commune)}."}


def _partners(samples: Samples, commune: Commune) -> dict[str, Any]:
    return {"text": "Scuola aperta il pomeriggio", "commune": commune.istat, "call_id": samples.call_id}


def _interest(samples: Samples, commune: Commune) -> dict[str, Any]:
    call = _unused_call(samples, commune, "interests")
    return {"commune_istat": commune.istat, "call_id": call, "shown_to": "zone", "contact": mark(commune)}


def _advice(samples: Samples, commune: Commune) -> dict[str, Any]:
    return {"bando": samples.call_id, "comune": commune.istat, "perche": f"Perché {mark(commune)}."}


def _work(samples: Samples, commune: Commune) -> dict[str, Any]:
    return {"communes": [commune.istat], "call_id": _unused_call(samples, commune, "work-items")}


def _work_item(samples: Samples, commune: Commune, _role: Role) -> str:
    staff = samples.client(Role.CONSULTANT)
    made = staff.post("/api/v1/work-items", json=_work(samples, commune))
    assert made.status_code in (200, 201), made.text
    id_: str = made.json()["items"][0]["item_id"]
    staff.post(f"/api/v1/work-items/{id_}/notes", json={"text": mark(commune)})
    return id_


def _review(samples: Samples, _commune: Commune) -> dict[str, Any]:
    _take_back(samples, "criterion-reviews")
    rule = {"criterion": "population", "maximum": 60_000, "quote": "fino a 60.000 abitanti"}
    return {"call_id": NIDI.id, "action": "added", "rule": rule, "note": ""}


def _merge(samples: Samples, _commune: Commune) -> dict[str, Any]:
    _take_back(samples, "merges")
    return {"kind": "calls", "kept_id": PICCOLI_COMUNI.id, "merged_id": CICLABILI.id}


def _distinction(samples: Samples, _commune: Commune) -> dict[str, Any]:
    _take_back(samples, "distinctions")
    return {"kind": "calls", "record_id": NIDI.id, "other_ids": [CICLABILI.id]}


def _take_back(samples: Samples, kind: str) -> None:
    staff = samples.client(Role.CONSULTANT)
    for said in staff.get(f"/api/v1/{kind}", params={"limit": 100}).json()["items"]:
        staff.delete(f"/api/v1/{kind}/{said['id']}")


def _answer(samples: Samples, commune: Commune, _role: Role) -> str:
    need = samples.made("/api/v1/needs/{item_id}", commune, Role.COMMUNE)
    asked = {"item": {"kind": "needs", "id": need}, "k": 3}
    answer = samples.client(Role.COMMUNE, commune).post("/api/v1/recommendations", json=asked)
    assert answer.status_code == 200, answer.text
    id_: str = answer.json()["id"]
    return id_


def _job_body(_samples: Samples, commune: Commune) -> dict[str, Any]:
    return {"projects": [{"title": f"Scuola {mark(commune)}", "commune": commune.istat}], "k": 2}


def _job(samples: Samples, commune: Commune, role: Role) -> str:
    """Return the id of a list that whoever will ask for it sent, or the other commune's account; it is done."""
    sender = role if commune is OWN and role in STAFF else Role.COMMUNE
    state = samples.app.state.remix
    state.live.serving()
    # What was sent before may wait still, and nobody may have too much waiting.
    state.jobs.run_waiting()
    id_ = samples.post(sender, commune, "/api/v1/jobs", _job_body(samples, commune))
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


def _tag(samples: Samples, commune: Commune) -> dict[str, Any]:
    need = samples.made("/api/v1/needs/{item_id}", commune, Role.COMMUNE)
    return {"kind": "needs", "record_id": need, "scheme": "driver", "code": "7", "holds": True}


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
    "/api/v1/needs/{item_id}": _by_commune("/api/v1/needs", _item),
    "/api/v1/projects/{item_id}": _by_commune("/api/v1/projects", _item),
    "/api/v1/assets/{item_id}": _by_commune("/api/v1/assets", _item),
    "/api/v1/decisions/{decision_id}": _by_commune("/api/v1/decisions", _decision),
    "/api/v1/interests/{interest_id}": _by_commune("/api/v1/interests", _interest),
    "/api/v1/picks/{pick_id}": _by_staff("/api/v1/picks", _pick),
    "/api/v1/criterion-reviews/{review_id}": _by_staff("/api/v1/criterion-reviews", _review),
    "/api/v1/merges/{merge_id}": _by_staff("/api/v1/merges", _merge),
    "/api/v1/distinctions/{distinction_id}": _by_staff("/api/v1/distinctions", _distinction),
    "/api/v1/tag-overrides/{override_id}": _by_commune("/api/v1/tag-overrides", _tag),
    "/api/v1/work-items/{work_item_id}": _work_item,
    "/api/v1/communes/{istat}": lambda _samples, commune, _role: commune.istat,
    "/api/v1/calls/{call_id}/communes/{istat}": lambda _samples, commune, _role: commune.istat,
    "/api/v1/calls/{call_id}": _call,
    "/bandi/{call_id:path}": _call,
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
    "/incubatore/consigli/{pick_id}": _by_staff("/api/v1/picks", _pick),
    "/amministrazione/accessi/{account_id}": _account,
    "/amministrazione/chiavi/{api_key_id}": _api_key,
    "/amministrazione/messaggi/{message_id}": _message,
    "/incubatore/revisione/doppioni/{merge_id}": _by_staff("/api/v1/merges", _merge),
    "/incubatore/revisione/doppioni/diversi/{distinction_id}": _by_staff("/api/v1/distinctions", _distinction),
    "/incubatore/revisione/condizioni/{review_id}": _by_staff("/api/v1/criterion-reviews", _review),
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
        "assets/{item_id}",
        "decisions/{decision_id}",
        "interests/{interest_id}",
        "picks/{pick_id}",
        "tag-overrides/{override_id}",
        "work-items/{work_item_id}",
        "answers/{answer_id}",
        "jobs/{job_id}",
        "account/sessions/{session_id}",
        "account/api-keys/{api_key_id}",
    )
)
"""Things of which another commune may not even see the id."""

BODIES: dict[tuple[str, str], Callable[[Samples, Commune], dict[str, Any]]] = {
    ("POST", "/api/v1/sessions"): lambda samples, _: {"email": samples.email(Role.COMMUNE), "password": PASSWORD},
    ("POST", "/api/v1/sessions/current/second-factor"): lambda *_: {"code": "123456"},
    ("POST", "/api/v1/account/second-factor/confirmations"): lambda *_: {"code": "123456"},
    ("POST", "/api/v1/account/second-factor/removals"): lambda *_: {"code": "123456"},
    ("POST", "/api/v1/account/recovery-codes"): lambda *_: {"code": "123456"},
    ("POST", "/api/v1/accepted-invitations"): lambda *_: {"token": "made-up", "password": PASSWORD},
    ("POST", "/api/v1/password-resets"): lambda *_: {"email": f"{new_id()}@rho.example"},
    ("POST", "/api/v1/completed-password-resets"): lambda *_: {"token": "made-up", "password": PASSWORD},
    ("PUT", "/api/v1/account/weekly-email"): lambda _, commune: {"follows": [{"kind": "commune", "id": commune.istat}]},
    ("PATCH", "/api/v1/account"): lambda *_: {"name": "Un altro nome"},
    ("POST", "/api/v1/account/password"): lambda *_: {"present": PASSWORD, "wanted": PASSWORD},
    ("POST", "/api/v1/account/api-keys"): lambda *_: {"name": "Prova", "scopes": ["items:read"]},
    ("POST", "/api/v1/accounts"): lambda *_: {"email": f"{new_id()}@rho.example", "name": "Prova", "role": "reader"},
    ("PATCH", "/api/v1/accounts/{account_id}"): lambda *_: {"name": "Un altro nome"},
    ("POST", "/api/v1/recommendations"): lambda _, commune: {"text": "Scuola fredda", "commune": commune.istat, "k": 3},
    ("POST", "/api/v1/jobs"): _job_body,
    ("POST", "/elenchi"): lambda *_: {"quanti": "3"},
    ("POST", "/comuni/{istat}/elenco-beni"): lambda *_: {"che": "prova"},
    ("POST", "/amministrazione/importazioni"): lambda *_: {"fonte": "comuni"},
    ("POST", "/raccomandazioni"): lambda _, commune: {"testo": "Scuola fredda", "comune": commune.istat},
    ("POST", "/accedi"): lambda samples, _: {"email": samples.email(Role.COMMUNE), "password": PASSWORD},
    ("POST", "/accedi/codice"): lambda *_: {"codice": "123456"},
    ("POST", "/accedi/secondo-fattore/conferma"): lambda *_: {"codice": "123456"},
    ("POST", "/inviti/{token}"): lambda *_: {"password": PASSWORD},
    ("POST", "/nuova-password/{token}"): lambda *_: {"password": PASSWORD},
    ("POST", "/password-dimenticata"): lambda *_: {"email": f"{new_id()}@rho.example"},
    ("POST", "/dalla-posta/{token}"): lambda *_: {"che": "fai"},
    ("POST", "/disiscrizione/{token}"): lambda *_: {"che": "fai"},
    ("POST", "/posta-settimanale"): lambda _, commune: {"email": f"{new_id()}@rho.example", "comune": commune.istat},
    ("POST", "/account/posta"): lambda _, commune: {"segui": [f"commune|{commune.istat}"], "lingua": "it"},
    ("POST", "/account/profilo"): lambda *_: {"versione": "1", "nome": "Un altro nome", "lingua": "it"},
    ("POST", "/account/password"): lambda *_: {"attuale": PASSWORD, "nuova": PASSWORD},
    ("POST", "/account/codici"): lambda *_: {"codice": "123456"},
    ("POST", "/account/secondo-fattore/rimozione"): lambda *_: {"codice": "123456"},
    ("POST", "/account/chiavi"): lambda *_: {"nome": "Prova", "permessi": ["items:read"]},
    ("POST", "/comuni/{istat}/dati"): lambda *_: {"versione": "1", "population": "51000"},
    ("POST", "/comuni/{istat}/dati/annulla"): lambda *_: {"versione": "1"},
    ("POST", "/comuni/{istat}/decisioni"): lambda samples, commune: {
        "bando": _unused_call(samples, commune, "decisions"),
        "che": "saved",
    },
    ("POST", "/comuni/{istat}/interesse"): lambda samples, _: {"bando": samples.call_id, "a_chi": "nobody"},
    ("POST", "/comuni/{istat}/{kind}"): lambda _, commune: {"title": "Scuola", "text": f"Fredda. {mark(commune)}"},
    ("POST", "/comuni/{istat}/{kind}/{item_id}/modifica"): lambda *_: {"versione": "1", "title": "Un altro titolo"},
    ("POST", "/comuni/{istat}/{kind}/{item_id}/annulla"): lambda *_: {"versione": "1"},
    ("POST", "/scrivici"): lambda *_: {"testo": "Una prova", "che": "other"},
    ("POST", "/lingua"): lambda *_: {"lingua": "en"},
    ("POST", "/api/v1/needs"): _item,
    ("POST", "/api/v1/projects"): _item,
    ("POST", "/api/v1/assets"): _item,
    ("PATCH", "/api/v1/needs/{item_id}"): lambda *_: {"title": "Un altro titolo"},
    ("PATCH", "/api/v1/projects/{item_id}"): lambda *_: {"title": "Un altro titolo"},
    ("PATCH", "/api/v1/assets/{item_id}"): lambda *_: {"title": "Un altro titolo"},
    ("PATCH", "/api/v1/communes/{istat}"): lambda *_: {"population": 51_000},
    ("POST", "/api/v1/decisions"): _decision,
    ("POST", "/api/v1/interests"): _interest,
    ("POST", "/api/v1/partners"): lambda samples, commune: _partners(samples, commune) | {"k": 3},
    ("POST", "/api/v1/consortium-proposals"): lambda samples, commune: _partners(samples, commune),
    ("POST", "/api/v1/consortium-verdicts"): lambda samples, commune: {
        "call_id": samples.call_id,
        "members": [f"comuni:{commune.istat}"],
    },
    ("POST", "/api/v1/picks"): _pick,
    ("POST", "/api/v1/criterion-reviews"): _review,
    ("POST", "/api/v1/merges"): _merge,
    ("POST", "/api/v1/distinctions"): _distinction,
    ("POST", "/api/v1/tag-overrides"): _tag,
    ("POST", "/api/v1/work-items"): _work,
    ("POST", "/incubatore/lista"): lambda samples, commune: {"bando": samples.call_id, "comune": commune.istat},
    ("POST", "/incubatore/consigli"): _advice,
    ("POST", "/incubatore/lista/{work_item_id}"): lambda *_: {"versione": 1, "stato": "called", "solo_stato": "si"},
    ("POST", "/amministrazione/inviti"): lambda *_: {
        "email": f"{new_id()}@rho.example",
        "nome": "P",
        "ruolo": "reader",
    },
    ("POST", "/amministrazione/accessi/{account_id}/stato"): lambda *_: {"stato": "disabled", "versione": 1},
    ("POST", "/amministrazione/accessi/{account_id}/ruolo"): lambda *_: {"ruolo": "reader", "versione": 1},
    ("POST", "/incubatore/revisione/doppioni"): lambda *_: {"tiene": PICCOLI_COMUNI.id, "unisce": CICLABILI.id},
    ("POST", "/incubatore/revisione/doppioni/diversi"): lambda *_: {"bando": NIDI.id, "altri": [CICLABILI.id]},
    ("POST", "/incubatore/revisione/condizioni"): lambda *_: {"bando": NIDI.id, "azione": "conferma"},
    ("POST", "/incubatore/lista/{work_item_id}/note"): lambda _, commune: {"testo": mark(commune)},
    ("PATCH", "/api/v1/work-items/{work_item_id}"): lambda *_: {"state": "called"},
    ("POST", "/api/v1/work-items/{work_item_id}/notes"): lambda _, commune: {"text": mark(commune)},
}
"""What to send to a route so that it does its work for a commune."""

QUERIES: dict[tuple[str, str], Callable[[Samples, Commune], dict[str, str]]] = {
    ("GET", "/api/v1/tag-overrides"): lambda samples, commune: {
        "kind": "needs",
        "record": samples.made("/api/v1/needs/{item_id}", commune, Role.COMMUNE),
    },
}
"""What a route must be asked with in its query."""

BODILESS = frozenset(
    {
        ("POST", "/esci"),
        ("POST", "/comuni/{istat}/decisioni/{decision_id}/ritiro"),
        ("POST", "/comuni/{istat}/decisioni/{decision_id}/ripristino"),
        ("POST", "/comuni/{istat}/interesse/{interest_id}/ritiro"),
        ("POST", "/comuni/{istat}/interesse/{interest_id}/ripristino"),
        ("POST", "/comuni/{istat}/{kind}/{item_id}/archivia"),
        ("POST", "/comuni/{istat}/{kind}/{item_id}/ripristina"),
        ("POST", "/account/sessioni"),
        ("POST", "/account/sessioni/{session_id}"),
        ("POST", "/account/chiavi/{api_key_id}"),
        ("POST", "/accedi/secondo-fattore"),
        ("POST", "/api/v1/account/second-factor"),
        ("POST", "/api/v1/accounts/{account_id}/links"),
        ("POST", "/api/v1/jobs/{job_id}/stops"),
        ("POST", "/elenchi/{job_id}/ferma"),
        ("POST", "/amministrazione/importazioni/{job_id}/ferma"),
        *(("POST", f"/api/v1/{kind}/{{item_id}}/reversals") for kind in ("needs", "projects", "assets")),
        *(("POST", f"/api/v1/{kind}/{{item_id}}/restorations") for kind in ("needs", "projects", "assets")),
        ("POST", "/api/v1/communes/{istat}/reversals"),
        ("POST", "/api/v1/decisions/{decision_id}/restorations"),
        ("POST", "/api/v1/interests/{interest_id}/restorations"),
        ("POST", "/api/v1/picks/{pick_id}/restorations"),
        ("POST", "/api/v1/criterion-reviews/{review_id}/restorations"),
        ("POST", "/api/v1/merges/{merge_id}/restorations"),
        ("POST", "/api/v1/distinctions/{distinction_id}/restorations"),
        ("POST", "/api/v1/tag-overrides/{override_id}/restorations"),
        ("POST", "/api/v1/work-items/{work_item_id}/reversals"),
        ("POST", "/incubatore/lista/{work_item_id}/annulla"),
        ("POST", "/incubatore/lista/{work_item_id}/togli"),
        ("POST", "/incubatore/consigli/{pick_id}/annulla"),
        ("POST", "/incubatore/revisione/doppioni/{merge_id}/annulla"),
        ("POST", "/incubatore/revisione/doppioni/diversi/{distinction_id}/annulla"),
        ("POST", "/amministrazione/accessi/{account_id}/link"),
        ("POST", "/amministrazione/accessi/{account_id}/secondo-fattore"),
        ("POST", "/amministrazione/chiavi/{api_key_id}/revoca"),
        ("POST", "/amministrazione/messaggi/{message_id}/fatto"),
        ("POST", "/amministrazione/messaggi/{message_id}/riapri"),
        ("POST", "/incubatore/revisione/condizioni/{review_id}/annulla"),
    }
)
"""Routes that take no body."""
