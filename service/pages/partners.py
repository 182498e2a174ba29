"""With whom: partners for a project, partnerships for a call; all that a page shows stands in its address."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from matcher.consortium import Consortium, Member, Proposal, RuleResult, check
from matcher.partners import (
    ROLES,
    PartnerBody,
    PartnerFinder,
    PartnerRecommendation,
    RoleSort,
    asked_roles,
    roles_of,
)
from matcher.partners.bodies import COMMUNES
from matcher.records import ApplicantKind
from matcher.verdicts import Verdict
from service import partner_wording, wording
from service.access.enforcement import CurrentPrincipal
from service.access.principal import Principal
from service.catalogue.overview import followed
from service.database import reading
from service.errors import InvalidError, UnknownCommuneError
from service.live import Serving
from service.pages.languages import PageLanguage
from service.pages.templating import page
from service.partners.interests import own_interest
from service.partners.suggesting import (
    MOST_MEMBERS,
    PartnerAsked,
    Suggested,
    Understood,
    body_named,
    consortium_of,
    interests_of,
    proposals,
    suggest,
    understood,
)
from service.partners.tables import Audience
from service.precedent_wording import precedent
from service.web.state import state_of
from service.work.subjects import ItemRef

router = APIRouter(include_in_schema=False)
AT_ONCE = 12
INSTEAD = 8
"""Bodies offered in the place of one."""
LONGEST_TEXT, LONGEST_WANTED = 6_000, 2_000
"""Characters of what stands in an address: browsers and servers take some 8,000."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What the address of the page asks; ``members`` are the partners beside the commune that leads."""

    text: str
    item: str
    commune: str
    call_id: str
    wanted: str
    members: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked yet."""
        return not (self.text.strip() or self.item)

    def asked(self, k: int = AT_ONCE) -> PartnerAsked:
        """Return the question; raises InvalidError for an item that is named in no way of ours."""
        kind, _, item_id = self.item.partition("|")
        if self.item and kind not in ("needs", "projects", "assets"):
            raise InvalidError("voce", f"{self.item}: not an item")
        return PartnerAsked(
            text="" if self.item else self.text,
            item=ItemRef(kind, item_id) if self.item else None,
            commune=self.commune,
            call_id=self.call_id,
            wanted=self.wanted,
            present=self.members,
            k=k,
        )

    def address(self, path: str, members: Sequence[str] | None = None) -> str:
        """Return the address of a page that asks the same, with these partners."""
        pairs = [("testo", self.text), ("voce", self.item), ("comune", self.commune), ("bando", self.call_id)]
        pairs += [("cercate", self.wanted), *(("con", one) for one in (self.members if members is None else members))]
        return f"{path}?{urlencode([(name, value) for name, value in pairs if value])}"


def _sent(
    text: Annotated[str, Query(alias="testo", max_length=LONGEST_TEXT)] = "",
    item: Annotated[str, Query(alias="voce", max_length=300)] = "",
    commune: Annotated[str, Query(alias="comune", max_length=200)] = "",
    call_id: Annotated[str, Query(alias="bando", max_length=300)] = "",
    wanted: Annotated[str, Query(alias="cercate", max_length=LONGEST_WANTED)] = "",
    members: Annotated[list[str] | None, Query(alias="con", max_length=MOST_MEMBERS)] = None,
    out: Annotated[str, Query(alias="togli", max_length=300)] = "",
    instead: Annotated[str, Query(alias="metti", max_length=300)] = "",
) -> Sent:
    kept = [one for one in dict.fromkeys(members or []) if one]
    # One form swaps: what is taken out and what is put in its place come together, in one address.
    swapped = [instead if one == out and instead else one for one in kept if one != out or instead]
    if instead and not out:
        swapped.append(instead)
    return Sent(text, item, commune, call_id, wanted, tuple(dict.fromkeys(swapped)))


Asking = Annotated[Sent, Depends(_sent)]


@dataclass(frozen=True, slots=True)
class Done:
    """What was done just before, and to what."""

    done: str
    said: str


def _done(
    done: Annotated[str, Query(max_length=40)] = "", said: Annotated[str, Query(alias="detto", max_length=100)] = ""
) -> Done:
    return Done(done, said)


Told = Annotated[Done, Depends(_done)]


@router.get("/partner")
def read_partners(
    request: Request, principal: CurrentPrincipal, language: PageLanguage, sent: Asking, told: Told
) -> HTMLResponse:
    """Show the bodies that complement a project, with the role that each would fill."""
    state = state_of(request)
    serving = state.live.serving()
    common = _common(request, serving, sent)
    if sent.is_empty:
        return page(request, "partners/partners.html", common | {"found": None, "interest": None})
    finder = state.bodies.finder(state.engine)
    try:
        with reading(state.engine) as session:
            found = suggest(session, principal, serving, finder, sent.asked())
            mine = principal.commune_istat if principal.keeps(principal.commune_istat) else None
            interest = own_interest(session, mine, sent.call_id) if mine and sent.call_id else None
    except (InvalidError, UnknownCommuneError) as error:
        return _refused(request, "partners/partners.html", common | {"found": None, "interest": None}, error)
    shown = {
        "found": found.found,
        "lead": found.asked.lead,
        "has_rules": bool(found.asked.rules),
        "lines": [_line(one, found, sent, language) for one in found.found.items],
        "besides": [_line(one, found, sent, language) for one in found.found.besides],
        "unfilled": [partner_wording.role(code, language) for code in found.found.unfilled],
        "interest": interest,
        "audiences": list(Audience),
        "keeper": mine,
        "done": told.done,
        "said": told.said,
    }
    return page(request, "partners/partners.html", common | shown)


@router.get("/partenariato")
def read_consortium(
    request: Request, principal: CurrentPrincipal, language: PageLanguage, sent: Asking
) -> HTMLResponse:
    """Show a partnership judged rule by rule, whom to swap for whom, and whole proposals."""
    state = state_of(request)
    serving = state.live.serving()
    common = _common(request, serving, sent)
    if sent.is_empty or not sent.call_id:
        return page(request, "partners/consortium.html", common | {"lead": None})
    finder = state.bodies.finder(state.engine)
    try:
        shown = _consortium(request, principal, serving, finder, sent, language)
    except (InvalidError, UnknownCommuneError) as error:
        return _refused(request, "partners/consortium.html", common | {"lead": None}, error)
    return page(request, "partners/consortium.html", common | shown)


def _consortium(
    request: Request, principal: Principal, serving: Serving, finder: PartnerFinder, sent: Sent, language: str
) -> dict[str, Any]:
    with reading(state_of(request).engine) as session:
        question = understood(session, principal, serving, sent.asked())
        seen = interests_of(session, principal, serving, sent.call_id)
    ids = [f"{COMMUNES}:{question.lead.istat}", *sent.members]
    chosen = consortium_of(finder, ids)
    verdict = check(question.rules, chosen)
    others = finder.recommend(question.query, INSTEAD * 2, None, seen).items
    names = {member.id: member.name for member in chosen.members} | {one.body.id: one.body.name for one in others}
    return {
        "lead": question.lead,
        "rules": [_result(one, names, language) for one in verdict.results],
        "verdict_code": verdict.verdict.value,
        "verdict_words": _words(verdict.verdict, language),
        "members": [_member(member, finder, sent, language) for member in chosen.members],
        "others": [(one.body.id, f"{one.body.name} ({one.body.seat.name})") for one in others],
        "asked_roles": _role_lines(question, finder, chosen, language),
        "proposals": [_proposal(one, sent, language) for one in proposals(finder, _alone(question), seen)],
    }


def _alone(question: Understood) -> Understood:
    """The same question as if nobody took part yet: proposals stay the same while one is put together."""
    return replace(question, query=replace(question.query, present=frozenset()))


def _common(request: Request, serving: Serving, sent: Sent) -> dict[str, Any]:
    call = serving.catalogue.calls[serving.position(sent.call_id)] if sent.call_id else None
    return {
        "sent": sent,
        "call": call,
        "communes": followed(serving.communes),
        "error": "",
        "here": sent.address(request.url.path),
        "partners_address": sent.address("/partner"),
        "builder_address": sent.address("/partenariato"),
    }


def _refused(request: Request, template: str, shown: dict[str, Any], error: Exception) -> HTMLResponse:
    # The words of an error are the programmer's: the page says which field it is.
    which = error.field if isinstance(error, InvalidError) else "comune"
    return page(request, template, shown | {"error": which}, status=422)


def _line(one: PartnerRecommendation, found: Suggested, sent: Sent, language: str) -> dict[str, Any]:
    seen = found.interests.get(one.body.id)
    return {
        "one": one,
        "roles": [(partner_wording.role(role.code, language), role.asked) for role in one.roles],
        "reasons": partner_wording.reasons(one, language),
        "identity": _identity(one.body, language),
        "confidence": one.identity.confidence.value,
        "km": "" if one.km is None else f"{one.km:.0f}",
        "precedents": [precedent(match, language) for match in one.precedents],
        "contact": seen.contact if seen else "",
        "verdict": one.eligibility.verdict,
        "verdict_words": _words(one.eligibility.verdict, language),
        "add": sent.address("/partenariato", [*sent.members, one.body.id]),
    }


def _member(member: Member, finder: PartnerFinder, sent: Sent, language: str) -> dict[str, Any]:
    body = body_named(finder, member.id)
    return {
        "id": member.id,
        "name": member.name,
        "place": "" if body.kind is ApplicantKind.COMMUNE else body.seat.name,
        "identity": _identity(body, language),
        "without": sent.address("/partenariato", [one for one in sent.members if one != member.id]),
        "rest": sent.members,
        "leads": member.id not in sent.members,
    }


def _result(one: RuleResult, names: dict[str, str], language: str) -> dict[str, Any]:
    return {
        "name": partner_wording.rule(one.rule, language),
        "told": partner_wording.result(one, language),
        "verdict": one.verdict,
        "verdict_words": _words(one.verdict, language),
        "quote": one.rule.quote,
        "for_": [names[id_] for id_ in one.satisfied_by],
        "against": [names[id_] for id_ in one.against],
        "unsettled": [names[id_] for id_ in one.unsettled],
    }


def _role_lines(
    question: Understood, finder: PartnerFinder, chosen: Consortium, language: str
) -> list[tuple[str, list[str]]]:
    """Return each role that is asked for with the names of those who fill it."""
    asked = question.query.required | (asked_roles(question.query.wanted) if question.query.wanted else frozenset())
    played = {
        member.name: {role.code for role in roles_of(body_named(finder, member.id).kind, member.name)}
        for member in chosen.members[1:]
    }
    return [
        (partner_wording.role(role.code, language), [name for name, codes in played.items() if role.code in codes])
        for role in ROLES
        # A legal form is no role to fill.
        if role.code in asked and role.sort is not RoleSort.FORM
    ]


def _identity(body: PartnerBody, language: str) -> str:
    """Return how sure it is what a body is; nobody doubts what a commune is."""
    return "" if body.kind is ApplicantKind.COMMUNE else partner_wording.identity(body.identity, language)


def _proposal(one: Proposal, sent: Sent, language: str) -> dict[str, Any]:
    partners = [member.id for member in one.consortium.members[1:]]
    return {
        "names": [member.name for member in one.consortium.members],
        "verdict": one.verdict.verdict,
        "verdict_words": _words(one.verdict.verdict, language),
        "lacks": [
            partner_wording.rule(result.rule, language)
            for result in one.verdict.results
            if result.verdict is not Verdict.MET
        ],
        "use": sent.address("/partenariato", partners),
    }


def _words(verdict: Verdict, language: str) -> str:
    """Return a verdict in words without the sign, which the page draws."""
    return wording.say(f"criterion.{verdict.value}", language).partition(" ")[2]
