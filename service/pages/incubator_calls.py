"""From a call to the communes to ring today: who may apply, what of theirs it fits, when they were last spoken with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from service import reverse_wording, wording
from service.access.enforcement import CurrentPrincipal
from service.api.acting import Writing
from service.catalogue.overview import SUITS, followed
from service.catalogue.reverse import CommuneMatch, communes_for
from service.catalogue.whereabouts import whereabouts
from service.errors import ConflictError, InvalidError, UnknownCommuneError
from service.live import Serving
from service.moments import now
from service.pages.desk import Back, Done, Undo, acting_in, item_kind_name, notice, plain, work_state_name
from service.pages.going import go, own_address
from service.pages.languages import PageLanguage
from service.pages.reasons import amounts, deadline
from service.pages.templating import page
from service.web.requests import PathId, RequestId
from service.web.state import state_of
from service.work.acting import Acting
from service.work.contacts import Standing, standings
from service.work.picks import list_picks, pick, withdraw_pick
from service.work.subjects import ItemRef
from service.work.worklist import MOST_COMMUNES, Outcome, WorkFilters, add_work, list_work

router = APIRouter(include_in_schema=False)
LONGEST_WHY = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """A commune to ring: why (one of its items, or nothing but that it may apply), and where the incubator is with it.

    ``nearness`` is that of its item, 1 for the nearest of the list.
    """

    match: CommuneMatch
    verdict_words: str
    kind: str
    nearness: float
    standing: Standing
    on_list: str
    picked: bool


@router.get("/incubatore/bandi/{call_id:path}")
def read_communes(
    request: Request,
    acting: Writing,
    language: PageLanguage,
    call_id: str,
    tutti: Annotated[str, Query(max_length=5)] = "",
    zona: Annotated[str, Query(max_length=100)] = "",
    dove: Annotated[str, Query(max_length=100)] = "",
    done: Done = "",
    undo: Undo = "",
) -> HTMLResponse:
    """Show the communes for a call, those first of which something fits it; with ``dove``, where one commune stands."""
    asked = {"everyone": bool(tutti), "zone": zona, "where": dove, "notice": notice(done, undo, language)}
    return _communes(request, acting, language, call_id, asked)


@router.post("/incubatore/lista")
def put_on_list(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    language: PageLanguage,
    bando: Annotated[str, Form(max_length=300)] = "",
    comune: Annotated[list[str], Form(max_length=MOST_COMMUNES)] = [],  # noqa: B006 - a form's default
    back: Back = "",
) -> Response:
    """Put a call on the worklist for the communes that were chosen."""
    if not comune:
        with acting_in(request, principal, request_id) as acting:
            return _communes(request, acting, language, bando, {"error": "nobody"}, 422)
    with acting_in(request, principal, request_id) as acting:
        added = add_work(acting, comune, bando, owner_id=acting.account_id)
    new = [one for one in added if one.outcome is Outcome.ADDED]
    undo = f"/incubatore/lista/{new[0].item_id}/annulla?versione=1" if len(added) == len(new) == 1 else ""
    said = "in_lista" if len(new) == len(added) else "in_lista_alcuni"
    return go(own_address(back, "/incubatore/lista"), fatto=said, annulla=undo)


@router.post("/incubatore/consigli")
def recommend(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    language: PageLanguage,
    bando: Annotated[str, Form(max_length=300)] = "",
    comune: Annotated[str, Form(max_length=6)] = "",
    perche: Annotated[str, Form(max_length=LONGEST_WHY)] = "",
    tipo: Annotated[str, Form(max_length=20)] = "",
    voce: Annotated[str, Form(max_length=300)] = "",
    back: Back = "",
) -> Response:
    """Recommend a call to a commune, with the reason that it will read."""
    item = ItemRef(tipo, voce) if tipo and voce else None
    try:
        with acting_in(request, principal, request_id) as acting:
            made = pick(acting, comune, bando, plain("perche", perche), item)
    except (InvalidError, ConflictError) as error:
        code = "picked" if isinstance(error, ConflictError) else error.field
        sent = {"error": code if code in ("picked", "perche") else "unknown", "sent_to": comune, "sent_why": perche}
        with acting_in(request, principal, request_id) as acting:
            return _communes(request, acting, language, bando, sent, 409 if code == "picked" else 422)
    undo = f"/incubatore/consigli/{made.id}/annulla"
    return go(own_address(back, "/incubatore"), fatto="consigliato", annulla=undo)


@router.post("/incubatore/consigli/{pick_id}/annulla")
def take_back(
    request: Request, principal: CurrentPrincipal, request_id: RequestId, pick_id: PathId, back: Back = ""
) -> Response:
    """Take a recommendation back."""
    with acting_in(request, principal, request_id) as acting:
        withdraw_pick(acting, pick_id)
    return go(own_address(back, "/incubatore"), fatto="annullato")


def _communes(
    request: Request, acting: Acting, language: str, call_id: str, asked: Mapping[str, Any], status: int = 200
) -> HTMLResponse:
    serving, on = state_of(request).live.serving(), now()
    position = serving.position(call_id)
    call = serving.view.summary(position, on)
    ours = {commune.istat for commune in followed(serving.communes)}
    found = communes_for(acting.session, acting.principal, serving, position, on)
    near = [match for match in found if match.commune.istat in ours]
    if zone := asked.get("zone", ""):
        near = [match for match in near if match.commune.zone == zone]
    fitting = [match for match in near if match.item is not None and match.item.similarity >= SUITS]
    others = [match for match in near if match not in fitting]
    acting.did("call", "communes_listed", call_id, None, count=len(near))
    shown = {
        "call": call,
        "deadline": deadline(call, language),
        "amounts": amounts(call, language),
        "lines": _lines(acting, fitting, call_id, language),
        "n_fitting": len(fitting),
        "others": _lines(acting, others if asked.get("everyone") else [], call_id, language),
        "n_others": len(others),
        "zones": sorted({one.zone for one in followed(serving.communes) if one.zone}),
        "zone": zone,
        "place": _place(acting, serving, position, asked.get("where", ""), on, language),
        "where": asked.get("where", ""),
        "is_closed": call["state"] == "closed",
        "at": f"/incubatore/bandi/{call_id}",
        "notice": asked.get("notice", {"words": "", "undo": ""}),
        "error": asked.get("error", ""),
        "sent_to": asked.get("sent_to", ""),
        "sent_why": asked.get("sent_why", ""),
    }
    return page(request, "incubator/call.html", shown, status)


def _place(
    acting: Acting, serving: Serving, position: int, name: str, on: datetime, language: str
) -> dict[str, Any] | None:
    """Where the commune that was named stands, and why; None if none was, without a sentence if nobody has the name."""
    if not name.strip():
        return None
    try:
        istat = serving.finder.find(name).istat
    except UnknownCommuneError:
        return {"sentence": "", "reasons": []}
    found = whereabouts(acting.session, acting.principal, serving, position, istat, on)
    return {"sentence": reverse_wording.standing(found, language), "reasons": reverse_wording.reasons(found, language)}


def _lines(acting: Acting, matches: Sequence[CommuneMatch], call_id: str, language: str) -> list[Line]:
    known = standings(acting)
    on_list = {one.commune_istat: one.state for one in list_work(acting, WorkFilters(call_id=call_id), limit=1000)[0]}
    picked = {one.commune_istat for one in list_picks(acting, call_id=call_id, limit=1000)[0]}
    best = max((match.item.similarity for match in matches if match.item), default=1.0)
    return [
        Line(
            match=match,
            verdict_words=wording.verdict(match.verdict, language).partition(" ")[2],
            kind=item_kind_name(match.item.ref.kind, language) if match.item else "",
            nearness=max(0.0, min(1.0, match.item.similarity / best)) if match.item else 0.0,
            standing=known.get(match.commune.istat, Standing()),
            on_list=work_state_name(on_list[match.commune.istat], language) if match.commune.istat in on_list else "",
            picked=match.commune.istat in picked,
        )
        for match in matches
    ]
