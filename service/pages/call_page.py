"""One call whole, and the communes that it suits."""

from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from matcher.eligibility.communes import CommuneTable
from matcher.eligibility.table import MET, NOT_MET, UNKNOWN
from matcher.records import Commune, FundingCall
from matcher.strategy import CODES, DRIVER
from matcher.verdicts import Verdict
from service import wording
from service.access.enforcement import CurrentPrincipal
from service.access.principal import VISITOR, Principal
from service.catalogue.detail import call_detail, call_history, last_import
from service.catalogue.overview import SUITS, followed
from service.catalogue.reverse import CommuneMatch, communes_for
from service.catalogue.view import CatalogueView
from service.database import reading
from service.live import Serving
from service.moments import now
from service.pages.commune.saying import choices_after, reasons, said_of
from service.pages.commune.words import driver_name
from service.pages.formats import day
from service.pages.frame_told import told_tags
from service.pages.languages import PageLanguage
from service.pages.names import field_name, level_name, state_name, value_text
from service.pages.quotes import anchored
from service.pages.reasons import amounts, criterion_line, deadline, moment_day
from service.pages.rules_told import rule_line
from service.pages.source_names import source_name
from service.pages.templating import page
from service.web.requests import RequestId
from service.web.state import state_of
from service.web.transactions import ReadSession

router = APIRouter(include_in_schema=False)
AT_ONCE = 50


@router.get("/bandi/{call_id:path}/comuni")
def read_communes(
    request: Request,
    language: PageLanguage,
    call_id: str,
    everywhere: Annotated[str, Query(alias="ovunque", max_length=1)] = "",
    skip: Annotated[int, Query(alias="da", ge=0, le=1_000_000)] = 0,
) -> HTMLResponse:
    """Show the communes that may apply for a call, those first whose published project or building fits it best."""
    state, on = state_of(request), now()
    serving = state.live.serving()
    position = serving.position(call_id)
    near = {one.istat for one in followed(serving.communes)}
    with reading(state.engine) as session:
        # Whoever asks: what communes keep for themselves is shown on their own pages and on the incubator's.
        found = communes_for(session, VISITOR, serving, position, on)
    wanted = [one for one in found if everywhere or one.commune.istat in near]
    following = {"ovunque": everywhere, "da": str(skip + AT_ONCE)} if skip + AT_ONCE < len(wanted) else {}
    shown = {
        "call": serving.view.summary(position, on),
        "lines": [_commune_line(one, language) for one in wanted[skip : skip + AT_ONCE]],
        "total": len(wanted),
        "everywhere": everywhere,
        "elsewhere": len(found) - len(wanted),
        "skip": skip,
        "following": f"?{urlencode({name: value for name, value in following.items() if value})}" if following else "",
    }
    return page(request, "call_communes.html", shown)


@router.get("/bandi/{call_id:path}")
def read_call(
    request: Request,
    session: ReadSession,
    principal: CurrentPrincipal,
    request_id: RequestId,
    language: PageLanguage,
    call_id: str,
    comune: Annotated[str, Query(max_length=100)] = "",
    text: Annotated[str, Query(alias="testo", max_length=1)] = "",
    done: Annotated[str, Query(alias="fatto", max_length=40)] = "",
    said: Annotated[str, Query(alias="detto", max_length=100)] = "",
) -> HTMLResponse:
    """Show a call whole: what it gives, to whom, until when, what was read where, what changed, what is like it."""
    serving, on = state_of(request).live.serving(), now()
    position = serving.position(call_id)
    asked = comune or principal.commune_istat or ""
    commune = serving.finder.find(asked) if asked else None
    detail = call_detail(serving.view, position, on, commune)
    imported = last_import(session, serving.catalogue.calls[position].source)
    shown = {
        "detail": detail,
        "call": detail["call"],
        "commune": commune,
        "communes": followed(serving.communes),
        "versions": [_version(one, language) for one in reversed(call_history(session, call_id))],
        "imported": moment_day(imported.isoformat(), language) if imported else "",
        "source": source_name(detail["call"]["source"], language),
        "counts": _counts(serving, position, on),
        "similar": [_similar(one["call"], language) for one in detail["similar"]],
        "plan_tags": told_tags(session, "calls", call_id, language),
        "shows_text": bool(text),
        "done": done,
        "said": said,
    }
    own = _own(request, principal, request_id, commune, call_id, language)
    return page(request, "call.html", shown | _told(detail, language) | _facts(serving, position, language) | own)


def _told(detail: dict[str, Any], language: str) -> dict[str, Any]:
    """Return what the page says of a call in words."""
    call = detail["call"]
    paragraphs, anchors = anchored(detail["text"], [(one["quote"], one["origin"]) for one in detail["criteria"]])
    return {
        "deadline": deadline(call, language),
        "amounts": amounts(call, language),
        "state": state_name(call["state"], language),
        "level": level_name(call["level"], language),
        "criteria": [rule_line(one, language) for one in detail["criteria"]],
        "judged": [criterion_line(one, language) for one in detail["judged"]],
        "verdict_words": wording.say(detail["eligibility"], language).partition(" ")[2]
        if detail["eligibility"]
        else "",
        "paragraphs": paragraphs,
        "anchors": anchors,
    }


def _facts(serving: Serving, position: int, language: str) -> dict[str, Any]:
    call: FundingCall = serving.catalogue.calls[position]
    return {
        "opens": day(call.opens.at, language) if call.opens else "",
        "themes": call.themes,
        "drivers": _drivers(serving.view, position),
    }


def _drivers(view: CatalogueView, position: int) -> list[tuple[str, str]]:
    if view.drivers is None:
        return []
    pairs = zip(CODES[DRIVER], view.drivers[position].tolist(), strict=True)
    return [(code, driver_name(code)) for code, serves in pairs if serves]


def _counts(serving: Serving, position: int, on: datetime) -> dict[str, int]:
    """Return how many communes of the metropolitan city may apply, may have to check, may not."""
    near = followed(serving.communes)
    verdicts, _ = CommuneTable.build(near).judge(serving.catalogue.rules[position], on)
    named = ((Verdict.MET, MET), (Verdict.UNKNOWN, UNKNOWN), (Verdict.NOT_MET, NOT_MET))
    return {name.value: int((verdicts == code).sum()) for name, code in named} | {"all": len(near)}


def _own(
    request: Request, principal: Principal, request_id: str, commune: Commune | None, call_id: str, language: str
) -> dict[str, Any]:
    """Return what the commune has said of the call and may say next; nothing for who does not keep one."""
    if commune is None or not principal.keeps(commune.istat):
        return {"keeps": False, "said_before": (), "choices": (), "reasons": ()}
    engine = state_of(request).engine
    before = said_of(engine, principal, request_id, commune.istat, call_id, language)
    return {"keeps": True, "said_before": before, "choices": choices_after(before), "reasons": reasons(language)}


def _similar(call: dict[str, Any], language: str) -> dict[str, Any]:
    return {"call": call, "deadline": deadline(call, language), "state": state_name(call["state"], language)}


def _commune_line(match: CommuneMatch, language: str) -> dict[str, Any]:
    fits = match.item is not None and match.item.similarity >= SUITS
    return {
        "commune": match.commune,
        "verdict": match.verdict.value,
        "verdict_words": wording.say(match.verdict.value, language).partition(" ")[2],
        "item": match.item if fits else None,
    }


def _version(version: dict[str, Any], language: str) -> dict[str, Any]:
    changes = [
        {"field": field_name(name, language), "old": value_text(pair["old"]), "new": value_text(pair["new"])}
        for name, pair in version["changes"].items()
    ]
    return {"number": version["version"], "when": moment_day(version["at"], language), "changes": changes}
