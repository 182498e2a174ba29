"""Partners for a project and a call, and partnerships of them: what is asked, completed with what the database knows.

PartnerAsked ──understood──► PartnerQuery ──finder──► Suggested      the list, with who shows interest
                                          ──propose──► partnerships  for calls that need one
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from matcher.consortium import (
    Candidate,
    Consortium,
    ConsortiumRule,
    ConsortiumVerdict,
    Member,
    Proposal,
    RuleSort,
    check,
    propose,
    read_consortium_rules,
)
from matcher.partners import (
    Hidden,
    PartnerBody,
    PartnerFinder,
    PartnerQuery,
    PartnerRecommendations,
    possible_kinds,
)
from matcher.partners.bodies import COMMUNES
from matcher.records import ApplicantKind as Kind
from matcher.records import Commune, FundingCall, Project
from service.access.principal import Principal
from service.answers.questions import communes_of, visible_item
from service.errors import InvalidError
from service.live import Serving
from service.partners.interests import SeenInterest, seen_interests
from service.work.subjects import ItemRef, item_text

MOST_MEMBERS = 20
POOL = 300
"""Bodies among which partnerships are looked for."""
ROLE_OF_KIND = {
    Kind.COMMUNE: "commune",
    Kind.UNION: "union",
    Kind.PROVINCE: "province",
    Kind.UNIVERSITY: "university",
    Kind.HEALTH: "health_authority",
    Kind.SCHOOL: "first_school",
}
"""What a call that requires a kind of body asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerAsked:
    """A question as it was sent: about a text or an item, for a commune, for a call or none.

    ``commune``: ISTAT code or name, may be empty for an item; ``wanted``: what would complement it, in words;
    ``present``: ids of the bodies that take part already.
    """

    text: str = ""
    item: ItemRef | None = None
    commune: str = ""
    call_id: str = ""
    wanted: str = ""
    present: tuple[str, ...] = ()
    k: int = 10


@dataclass(frozen=True, slots=True)
class Understood:
    """A question ready to be answered: who asks, for which call, by which rules; ``call`` is None where none is."""

    lead: Commune
    call: FundingCall | None
    query: PartnerQuery
    rules: tuple[ConsortiumRule, ...]


@dataclass(frozen=True, slots=True)
class Suggested:
    """Partners with the question; ``interests``: body id → what its commune lets who asks know."""

    asked: Understood
    found: PartnerRecommendations
    interests: Mapping[str, SeenInterest]


def understood(session: Session, principal: Principal, serving: Serving, asked: PartnerAsked) -> Understood:
    """Complete a question.

    Raises InvalidError naming a field, UnknownRecordError for an item or call that is not there for who asks,
    UnknownCommuneError.
    """
    item = visible_item(session, principal, asked.item) if asked.item else None
    if (item is None) == (not asked.text.strip()):
        raise InvalidError("text", "describe the project in a text, or name an item: one of the two")
    own = communes_of(item, None) if item is not None else ()
    if not asked.commune and not own:
        raise InvalidError("commune", "say which commune asks: its name or its ISTAT code")
    lead = serving.finder.find(asked.commune or own[0])
    call = serving.catalogue.calls[serving.position(asked.call_id)] if asked.call_id else None
    rules = rules_of(serving, asked.call_id) if asked.call_id else ()
    hidden = {item.id, item.cup if isinstance(item, Project) else ""} - {""} if item is not None else set()
    query = PartnerQuery(
        text=item_text(item) if item is not None else asked.text,
        lead=lead,
        wanted=asked.wanted,
        required=required_roles(rules),
        rules=serving.catalogue.rules[serving.position(asked.call_id)] if asked.call_id else (),
        programme=call.programme if call else "",
        present=frozenset(asked.present),
        hidden=Hidden(frozenset(hidden)),
    )
    return Understood(lead, call, query, rules)


def suggest(
    session: Session, principal: Principal, serving: Serving, finder: PartnerFinder, asked: PartnerAsked
) -> Suggested:
    """Return the bodies that complement a project best; raises as ``understood``."""
    question = understood(session, principal, serving, asked)
    seen = interests_of(session, principal, serving, asked.call_id)
    # Deadlines are the call's own and told with it: here it counts who a body is.
    return Suggested(question, finder.recommend(question.query, asked.k, None, seen), seen)


def rules_of(serving: Serving, call_id: str) -> tuple[ConsortiumRule, ...]:
    """Return what a call asks of a partnership; raises UnknownRecordError if it is not served."""
    position = serving.position(call_id)
    return read_consortium_rules(serving.catalogue.calls[position], serving.catalogue.rules[position])


def required_roles(rules: Sequence[ConsortiumRule]) -> frozenset[str]:
    """Return the roles that the rules on members ask for, where they name a kind of body that one role stands for."""
    named = (rule.kinds for rule in rules if rule.sort is RuleSort.MEMBERS and len(rule.kinds) == 1)
    return frozenset(ROLE_OF_KIND[kind] for kinds in named for kind in kinds if kind in ROLE_OF_KIND)


def judged(serving: Serving, finder: PartnerFinder, call_id: str, members: Sequence[str]) -> ConsortiumVerdict:
    """Judge a partnership of bodies, the first of which leads, by the rules of a call.

    Raises UnknownRecordError if the call is not served, InvalidError for a body that is not there or named twice.
    """
    return check(rules_of(serving, call_id), consortium_of(finder, members))


def consortium_of(finder: PartnerFinder, members: Sequence[str]) -> Consortium:
    """Return the partnership of some bodies; raises InvalidError for too many, or one that is not there or twice."""
    if len(members) > MOST_MEMBERS:
        raise InvalidError("members", f"{len(members)} bodies: at most {MOST_MEMBERS} at once")
    if len(set(members)) < len(members):
        raise InvalidError("members", "a body is named twice: each takes part once")
    return Consortium(tuple(member_of(body_named(finder, body_id)) for body_id in members))


def body_named(finder: PartnerFinder, body_id: str) -> PartnerBody:
    """Return a body; raises InvalidError if none has this id."""
    position = finder.directory.positions.get(body_id)
    if position is None:
        raise InvalidError("members", f"{body_id}: no body has this id")
    return finder.directory.bodies[position]


def member_of(body: PartnerBody) -> Member:
    """Return a body as a member; whether it takes part elsewhere nobody has said."""
    return Member(body.id, body.name, possible_kinds(body), body.seat)


def proposals(
    finder: PartnerFinder, question: Understood, interests: Mapping[str, SeenInterest], count: int = 3
) -> list[Proposal]:
    """Return different partnerships led by the commune that asks; who takes part already stays."""
    pool = finder.recommend(question.query, POOL, None, interests).items
    kept = [body_named(finder, body_id) for body_id in sorted(question.query.present)]
    candidates = [Candidate(member_of(body), 1.0) for body in kept]
    candidates += [
        Candidate(
            member_of(one.body), 1 - one.rank / len(pool), frozenset(role.code for role in one.roles if role.asked)
        )
        for one in pool
    ]
    lead = member_of(body_named(finder, f"{COMMUNES}:{question.lead.istat}"))
    asked = frozenset(role.code for one in pool for role in one.roles if role.asked)
    return propose(question.rules, lead, candidates, kept=[body.id for body in kept], roles=asked, count=count)


def interests_of(session: Session, principal: Principal, serving: Serving, call_id: str) -> dict[str, SeenInterest]:
    """Return who lets who asks know that a call interests it, by body id; empty without a call."""
    if not call_id:
        return {}
    seen = seen_interests(session, principal, call_id, serving.commune_by_istat)
    return {f"{COMMUNES}:{one.commune_istat}": one for one in seen}
