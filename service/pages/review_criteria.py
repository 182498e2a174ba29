"""Conditions that were read with doubt: a person confirms, removes or corrects them, and can take that back."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import TypeAdapter, ValidationError

from matcher.eligibility import Rule, TerritoryRule
from matcher.eligibility.reviews import ReviewAction
from matcher.eligibility.rules import KINDS, rule_data
from service.access.enforcement import CurrentPrincipal
from service.api.acting import Writing
from service.errors import ConflictError, InvalidError
from service.moments import now
from service.pages.desk import Done, Undo, acting_in, notice
from service.pages.going import go
from service.pages.languages import PageLanguage
from service.pages.names import applicant_name
from service.pages.reasons import deadline
from service.pages.rules_told import rule_line
from service.pages.templating import page
from service.pages.translations import marked as _
from service.pages.translations import translations
from service.web.requests import PathId, RequestId
from service.web.state import state_of
from service.work import reviews
from service.work.acting import Acting
from service.work.criteria import WrittenRule
from service.work.uncertain import Doubt, Uncertain, uncertain_criteria

router = APIRouter(include_in_schema=False)
CRITERIA = "/incubatore/revisione/condizioni"
AT_ONCE = 20
ACTIONS = {
    "conferma": (ReviewAction.CONFIRMED, "confermato"),
    "rimuovi": (ReviewAction.REMOVED, "rimosso"),
    "correggi": (ReviewAction.REPLACED, "corretto"),
}
_WRITTEN: TypeAdapter[WrittenRule] = TypeAdapter(WrittenRule)


_DOUBTS = {
    Doubt.NOT_SAID: _("La fonte non dice chi può fare domanda: lo si è stimato da chi è stato finanziato finora."),
    Doubt.COMMUNES_UNCLEAR: _("Dalle parole non si capisce se un comune può fare domanda."),
    Doubt.WHICH_PLACES: _("Vale solo per alcuni comuni del territorio, e non si sa quali."),
    Doubt.OTHER_WAY_IN: _("Le parole lasciano aperta un’altra via a chi è fuori dalla soglia."),
}


@router.get(CRITERIA)
def read_criteria(
    request: Request,
    acting: Writing,
    language: PageLanguage,
    da: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    done: Done = "",
    undo: Undo = "",
) -> HTMLResponse:
    """Show the conditions that nobody has checked, those of the call that closes first first."""
    return _criteria(request, acting, language, da, {"notice": notice(done, undo, language)})


@router.post(CRITERIA)
def review(
    request: Request,
    principal: CurrentPrincipal,
    request_id: RequestId,
    language: PageLanguage,
    bando: Annotated[str, Form(max_length=300)] = "",
    chiave: Annotated[str, Form(max_length=300)] = "",
    azione: Annotated[str, Form(max_length=20)] = "",
    criterio: Annotated[str, Form(max_length=20)] = "",
    frase: Annotated[str, Form(max_length=2_000)] = "",
    ammessi: Annotated[list[str], Form(max_length=len(KINDS))] = [],  # noqa: B006 - a form's default
    minimo: Annotated[str, Form(max_length=12)] = "",
    massimo: Annotated[str, Form(max_length=12)] = "",
    province: Annotated[str, Form(max_length=5_000)] = "",
    comuni: Annotated[str, Form(max_length=5_000)] = "",
) -> Response:
    """Keep what a person says about one condition; it is judged so from now on."""
    rules_of = state_of(request).live.serving().rules_as_read
    sent = {
        "criterion": criterio,
        "quote": frase,
        "admitted": ammessi,
        "minimum": minimo,
        "maximum": massimo,
        "provinces": province,
        "communes": comuni,
    }
    try:
        if azione not in ACTIONS:
            raise InvalidError("azione", "choose one")
        action, said = ACTIONS[azione]
        rule = _written(sent) if action is ReviewAction.REPLACED else None
        with acting_in(request, principal, request_id) as acting:
            made = reviews.review_criterion(acting, rules_of, bando, action, key=chiave, rule=rule)
    except (InvalidError, ConflictError) as error:
        conflict = isinstance(error, ConflictError)
        told = {"error": "there" if conflict else "rule", "sent_key": f"{bando} {chiave}"}
        with acting_in(request, principal, request_id) as acting:
            return _criteria(request, acting, language, 0, told, 409 if conflict else 422)
    return go(CRITERIA, fatto=said, annulla=f"{CRITERIA}/{made.id}/annulla")


@router.post(f"{CRITERIA}/{{review_id}}/annulla")
def take_back(request: Request, principal: CurrentPrincipal, request_id: RequestId, review_id: PathId) -> Response:
    """Take a review back: the condition is judged as it was read."""
    with acting_in(request, principal, request_id) as acting:
        reviews.withdraw_review(acting, review_id)
    return go(CRITERIA, fatto="annullato")


def _criteria(
    request: Request, acting: Acting, language: str, skip: int, told: dict[str, Any], status: int = 200
) -> HTMLResponse:
    serving, on = state_of(request).live.serving(), now()
    found, total = uncertain_criteria(acting.session, serving, on, skip=skip, limit=AT_ONCE)
    made, _last = reviews.list_reviews(acting, limit=AT_ONCE)
    shown = {
        "lines": [
            _line(one, serving.view.summary(serving.position(one.call_id), on), language)
            for one in found
            if serving.has(one.call_id)
        ],
        "total": total,
        "skip": skip,
        "following": f"{CRITERIA}?da={skip + AT_ONCE}" if skip + AT_ONCE < total else "",
        "kinds": [(kind.value, applicant_name(kind.value, language)) for kind in KINDS],
        "reviews": made,
        "stale": reviews.list_stale(acting, serving.rules_as_read),
        "notice": {"words": "", "undo": ""},
        "error": "",
        "sent_key": "",
    }
    return page(request, "incubator/criteria.html", shown | told, status)


def _line(one: Uncertain, call: dict[str, Any], language: str) -> dict[str, Any]:
    data = rule_data(one.rule)
    chances = zip(KINDS, data.get("chances", ()), strict=False)
    return {
        "call": call,
        "deadline": deadline(call, language),
        "key": one.key,
        "criterion": data["criterion"],
        "rule": rule_line(data | {"read": data}, language) | {"places": _places(one.rule)},
        "doubt": translations(language).gettext(_DOUBTS[one.doubt]),
        "admitted": [kind.value for kind, chance in chances if chance >= 1],
        "minimum": data.get("minimum"),
        "maximum": data.get("maximum"),
        "quote": one.rule.quote[:400],
    }


def _places(rule: Rule) -> dict[str, str]:
    if not isinstance(rule, TerritoryRule):
        return {"provinces": "", "communes": ""}
    return {name: ", ".join(sorted(getattr(rule, name))) for name in ("provinces", "communes")}


def _written(sent: dict[str, Any]) -> Rule:
    """Return the rule that a form describes; raises InvalidError for one that cannot be."""
    names = {
        "applicant": ("admitted",),
        "population": ("minimum", "maximum"),
        "territory": ("provinces", "communes"),
    }.get(sent["criterion"])
    if names is None:
        raise InvalidError("criterio", "this one is corrected by the interface for programs only")
    listed = {
        name: [word for part in sent[name].split(",") if (word := part.strip())] for name in ("provinces", "communes")
    }
    counted = {name: sent[name].replace(".", "").strip() or None for name in ("minimum", "maximum")}
    values = sent | listed | counted
    try:
        written = _WRITTEN.validate_python({name: values[name] for name in ("criterion", "quote", *names)})
    except ValidationError as error:
        raise InvalidError(str(error.errors()[0]["loc"][-1]), error.errors()[0]["msg"]) from error
    return written.rule()
