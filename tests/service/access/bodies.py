"""What to send to each route so that it does its work for a commune; a route with a body that is not here fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from matcher.records import Commune, FrameItem, Project
from service.accounts.tables import Role
from service.database import reading
from service.ids import new_id
from service.moments import now
from service.register.tables import RegisterEntryRow
from tests.service.register.register_world import store
from tests.world import CICLABILI, GREZZAGO, NIDI, PICCOLI_COMUNI, RHO

if TYPE_CHECKING:
    from tests.service.access.samples import Samples

OWN, OTHER = RHO, GREZZAGO
PASSWORD = "otto gatti sul campanile"
MARK = "riservatissimo"
"""Stands in every text that a commune keeps for itself, followed by the commune's code."""


def mark(commune: Commune) -> str:
    """Return the word that only this commune, and the incubator, may ever read."""
    return f"{MARK}{commune.istat}"


def an_item(samples: Samples, commune: Commune) -> dict[str, Any]:
    """Return a need, a project or an asset of a commune."""
    words = mark(commune)
    return {"title": f"Scuola {words}", "text": f"La scuola {words} è fredda.", "commune_istat": commune.istat}


def _unused_call(samples: Samples, commune: Commune, kind: str) -> str:
    """Return a call of which nothing of this kind is said for a commune: what was said before is taken back."""
    staff = samples.client(Role.CONSULTANT)
    for one in staff.get(f"/api/v1/{kind}", params={"limit": 100}).json()["items"]:
        if one["commune_istat"] == commune.istat:
            staff.delete(f"/api/v1/{kind}/{one['id']}", headers={"If-Match": '"1"'})
    return samples.call_id


def a_decision(samples: Samples, commune: Commune) -> dict[str, Any]:
    """Return a refusal of the call."""
    call = _unused_call(samples, commune, "decisions")
    note = mark(commune)
    return {"commune_istat": commune.istat, "call_id": call, "kind": "not_for_us", "reason": "no_staff", "note": note}


def a_pick(samples: Samples, commune: Commune) -> dict[str, Any]:
    """Return a recommendation by hand of the call."""
    call = _unused_call(samples, commune, "picks")
    return {"commune_istat": commune.istat, "call_id": call, "why": f"Perché {mark(commune)}."}


def _partners(samples: Samples, commune: Commune) -> dict[str, Any]:
    return {"text": "Scuola aperta il pomeriggio", "commune": commune.istat, "call_id": samples.call_id}


def an_interest(samples: Samples, commune: Commune) -> dict[str, Any]:
    """Return an interest in the call."""
    call = _unused_call(samples, commune, "interests")
    return {"commune_istat": commune.istat, "call_id": call, "shown_to": "zone", "contact": mark(commune)}


def a_fact(samples: Samples, commune: Commune) -> dict[str, Any]:
    """Return what becomes of a project of the commune."""
    project = samples.made("/api/v1/projects/{item_id}", commune, Role.COMMUNE)
    return {"entry_id": project, "fact": "state", "said_on": "2026-05-04", "state": "under_way", "note": mark(commune)}


def _advice(samples: Samples, commune: Commune) -> dict[str, Any]:
    return {"bando": samples.call_id, "comune": commune.istat, "perche": f"Perché {mark(commune)}."}


def work_for(samples: Samples, commune: Commune) -> dict[str, Any]:
    """Return the call on the worklist for a commune."""
    return {"communes": [commune.istat], "call_id": _unused_call(samples, commune, "work-items")}


def a_review(samples: Samples, _commune: Commune) -> dict[str, Any]:
    """Return a criterion that a person added."""
    _take_back(samples, "criterion-reviews")
    rule = {"criterion": "population", "maximum": 60_000, "quote": "fino a 60.000 abitanti"}
    return {"call_id": NIDI.id, "action": "added", "rule": rule, "note": ""}


def a_merge(samples: Samples, _commune: Commune) -> dict[str, Any]:
    """Return two calls said to be one."""
    _take_back(samples, "merges")
    return {"kind": "calls", "kept_id": PICCOLI_COMUNI.id, "merged_id": CICLABILI.id}


def a_distinction(samples: Samples, _commune: Commune) -> dict[str, Any]:
    """Return two calls said not to be the same."""
    _take_back(samples, "distinctions")
    return {"kind": "calls", "record_id": NIDI.id, "other_ids": [CICLABILI.id]}


def a_placement(samples: Samples, _commune: Commune) -> dict[str, Any]:
    """Return a project to put in a programme."""
    _take_back(samples, "programme-placements")
    return {"project_id": a_public_project(samples, "hand:uno"), "programme": "programme:prova"}


def a_pair(samples: Samples, _commune: Commune) -> dict[str, Any]:
    """Return two projects that go together."""
    _take_back(samples, "project-pairs")
    return {"project_id": a_public_project(samples, "hand:uno"), "other_id": a_public_project(samples, "hand:due")}


def a_public_project(samples: Samples, key: str) -> str:
    """Return the id of a project that everybody may see, beside a programme to put it in."""
    programme = FrameItem(id="programme:prova", kind="programme", code="Prova", label="Un programma di prova")
    with reading(samples.app.state.remix.engine) as session:
        is_there = session.get(RegisterEntryRow, key) is not None
    if not is_there:
        first = key == "hand:uno"
        store(samples.app.state.remix.engine, *([programme] if first else []), Project(id=key, title=key, text="-"))
    return key


def a_project_merge(samples: Samples, commune: Commune) -> dict[str, Any]:
    """Return two projects of a commune said to be one: they have one CUP, so that they are proposed too."""
    body = an_item(samples, commune) | {"cup": "J61F22000330006", "communes": [commune.istat]}
    made = [samples.post(Role.COMMUNE, commune, "/api/v1/projects", body) for _ in range(2)]
    return {"kept_id": made[0], "merged_id": made[1]}


def two_projects_apart(samples: Samples, commune: Commune) -> dict[str, Any]:
    """Return two projects of a commune said not to be the same."""
    merge = a_project_merge(samples, commune)
    return {"kind": "register", "record_id": merge["kept_id"], "other_ids": [merge["merged_id"]]}


def _take_back(samples: Samples, kind: str) -> None:
    staff = samples.client(Role.CONSULTANT)
    for said in staff.get(f"/api/v1/{kind}", params={"limit": 100}).json()["items"]:
        staff.delete(f"/api/v1/{kind}/{said['id']}")


def a_request(samples: Samples, commune: Commune) -> dict[str, Any]:
    """Return a service to ask the incubator for."""
    words = f"Una mano {mark(commune)}"
    return {"commune_istat": commune.istat, "service": "progetti", "text": words, "call_id": samples.call_id}


def a_list(_samples: Samples, commune: Commune) -> dict[str, Any]:
    """Return a list of one project."""
    return {"projects": [{"title": f"Scuola {mark(commune)}", "commune": commune.istat}], "k": 2}


def an_event(_samples: Samples, _commune: Commune) -> dict[str, Any]:
    """Return an event of next week."""
    starts = (now() + timedelta(days=7)).isoformat()
    return {"title": "Come si rendiconta", "text": "Due ore di esempi.", "starts_at": starts, "place": "Rho"}


def _event_form(_samples: Samples, _commune: Commune) -> dict[str, Any]:
    day = (now() + timedelta(days=7)).date().isoformat()
    return {"titolo": "Incontro", "testo": "Esempi.", "giorno": day, "ora": "10:00", "luogo": "Rho", "versione": "1"}


def a_tag(samples: Samples, commune: Commune) -> dict[str, Any]:
    """Return a driver of a new need."""
    need = samples.made("/api/v1/needs/{item_id}", commune, Role.COMMUNE)
    return {"kind": "needs", "record_id": need, "scheme": "driver", "code": "7", "holds": True}


def _tag_form(samples: Samples, commune: Commune) -> dict[str, Any]:
    """Return the form that says the same."""
    said = a_tag(samples, commune)
    return {"tipo": said["kind"], "scheda": said["record_id"], "schema": "driver", "codice": "7", "vale": "si"}


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
    ("POST", "/api/v1/jobs"): a_list,
    ("POST", "/api/v1/service-requests"): a_request,
    ("PATCH", "/api/v1/service-requests/{service_request_id}"): lambda *_: {"state": "withdrawn"},
    ("POST", "/api/v1/service-requests/{service_request_id}/entries"): lambda _, commune: {"text": mark(commune)},
    ("POST", "/comuni/{istat}/richieste"): lambda _, commune: {"servizio": "progetti", "testo": mark(commune)},
    ("POST", "/comuni/{istat}/richieste/{request_id}/risposte"): lambda _, commune: {"testo": mark(commune)},
    ("POST", "/incubatore/richieste/{request_id}"): lambda *_: {"stato": "closed"},
    ("POST", "/incubatore/richieste/{request_id}/risposte"): lambda _, commune: {"testo": mark(commune), "ore": "0,5"},
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
    ("POST", "/api/v1/needs"): an_item,
    ("POST", "/api/v1/projects"): an_item,
    ("POST", "/api/v1/assets"): an_item,
    ("PATCH", "/api/v1/needs/{item_id}"): lambda *_: {"title": "Un altro titolo"},
    ("PATCH", "/api/v1/projects/{item_id}"): lambda *_: {"title": "Un altro titolo"},
    ("PATCH", "/api/v1/assets/{item_id}"): lambda *_: {"title": "Un altro titolo"},
    ("PATCH", "/api/v1/communes/{istat}"): lambda *_: {"population": 51_000},
    ("POST", "/api/v1/decisions"): a_decision,
    ("POST", "/api/v1/interests"): an_interest,
    ("POST", "/api/v1/observations"): a_fact,
    ("POST", "/progetti/{record_id:path}/programma"): lambda samples, commune: {
        "programma": a_placement(samples, commune)["programme"]
    },
    ("POST", "/progetti/{record_id:path}/coppia"): lambda samples, _: {"altro": a_public_project(samples, "hand:uno")},
    ("POST", "/progetti/{record_id:path}/osservazioni"): lambda _, commune: {
        "che": "milestone",
        "giorno": "2026-05-04",
        "nome": "Gara",
        "nota": mark(commune),
    },
    ("POST", "/api/v1/partners"): lambda samples, commune: _partners(samples, commune) | {"k": 3},
    ("POST", "/api/v1/consortium-proposals"): lambda samples, commune: _partners(samples, commune),
    ("POST", "/api/v1/consortium-verdicts"): lambda samples, commune: {
        "call_id": samples.call_id,
        "members": [f"comuni:{commune.istat}"],
    },
    ("POST", "/api/v1/picks"): a_pick,
    ("POST", "/api/v1/criterion-reviews"): a_review,
    ("POST", "/api/v1/merges"): a_merge,
    ("POST", "/api/v1/project-merges"): a_project_merge,
    ("POST", "/api/v1/programme-placements"): a_placement,
    ("POST", "/api/v1/project-pairs"): a_pair,
    ("POST", "/api/v1/distinctions"): a_distinction,
    ("POST", "/api/v1/tag-overrides"): a_tag,
    ("POST", "/quadro/etichette"): _tag_form,
    ("POST", "/api/v1/events"): an_event,
    ("PATCH", "/api/v1/events/{event_id}"): lambda *_: {"seats": 12},
    ("PUT", "/api/v1/event-registrations/{registration_id}/attendance"): lambda *_: {"attended": True},
    ("POST", "/incubatore/eventi"): _event_form,
    ("POST", "/incubatore/eventi/{event_id}/modifica"): _event_form,
    ("POST", "/incubatore/eventi/{event_id}/presenze"): lambda *_: {"iscrizione": "none", "presente": "si"},
    ("POST", "/api/v1/work-items"): work_for,
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
    ("POST", "/incubatore/doppioni-progetti"): lambda samples, commune: dict(
        zip(("tiene", "unisce"), a_project_merge(samples, commune).values(), strict=True)
    ),
    ("POST", "/incubatore/doppioni-progetti/diversi"): lambda samples, commune: dict(
        zip(("progetto", "altro"), a_project_merge(samples, commune).values(), strict=True)
    ),
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
        ("POST", "/comuni/{istat}/richieste/{request_id}/ritiro"),
        ("POST", "/comuni/{istat}/richieste/{request_id}/riapertura"),
        ("POST", "/comuni/{istat}/richieste/{request_id}/annulla"),
        ("POST", "/incubatore/richieste/{request_id}/presa"),
        ("POST", "/incubatore/richieste/{request_id}/annulla"),
        ("POST", "/api/v1/service-requests/{service_request_id}/reversals"),
        ("POST", "/esci"),
        ("POST", "/comuni/{istat}/decisioni/{decision_id}/ritiro"),
        ("POST", "/comuni/{istat}/decisioni/{decision_id}/ripristino"),
        ("POST", "/api/v1/observations/{observation_id}/restorations"),
        ("POST", "/progetti/programmi/{placement_id}/annulla"),
        ("POST", "/progetti/programmi/{placement_id}/ripristina"),
        ("POST", "/progetti/coppie/{pair_id}/annulla"),
        ("POST", "/progetti/coppie/{pair_id}/ripristina"),
        ("POST", "/progetti/osservazioni/{observation_id}/annulla"),
        ("POST", "/quadro/etichette/{override_id}/annulla"),
        ("POST", "/progetti/osservazioni/{observation_id}/ripristina"),
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
        ("POST", "/api/v1/events/{event_id}/restorations"),
        ("POST", "/api/v1/events/{event_id}/reversals"),
        ("POST", "/api/v1/events/{event_id}/registrations"),
        ("POST", "/eventi/{event_id}/iscrizione"),
        ("POST", "/eventi/{event_id}/disdetta"),
        ("POST", "/incubatore/eventi/{event_id}/annullamento"),
        ("POST", "/incubatore/eventi/{event_id}/ripristino"),
        ("POST", "/incubatore/eventi/{event_id}/annulla"),
        ("POST", "/incubatore/eventi/{event_id}/iscritti/{registration_id}/disdetta"),
        ("POST", "/api/v1/decisions/{decision_id}/restorations"),
        ("POST", "/api/v1/interests/{interest_id}/restorations"),
        ("POST", "/api/v1/picks/{pick_id}/restorations"),
        ("POST", "/api/v1/criterion-reviews/{review_id}/restorations"),
        ("POST", "/api/v1/merges/{merge_id}/restorations"),
        ("POST", "/api/v1/project-merges/{merge_id}/restorations"),
        ("POST", "/incubatore/doppioni-progetti/cerca"),
        ("POST", "/incubatore/doppioni-progetti/{merge_id}/annulla"),
        ("POST", "/incubatore/doppioni-progetti/diversi/{distinction_id}/annulla"),
        ("POST", "/api/v1/programme-placements/{placement_id}/restorations"),
        ("POST", "/api/v1/project-pairs/{pair_id}/restorations"),
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
