"""Partners and partnerships as data: what the API answers, and the command line with ``--json``."""

from collections.abc import Mapping, Sequence
from typing import Any

from matcher.consortium import ConsortiumRule, ConsortiumVerdict, Proposal, RuleResult
from matcher.explanation import PrecedentMatch
from matcher.partners import PartnerBody, PartnerFinder, PartnerRecommendation
from service.partners.interests import SeenInterest
from service.partners.suggesting import Suggested
from service.presentation import criterion_data


def suggested_data(suggested: Suggested) -> dict[str, Any]:
    """Return a list of partners with its reasons."""
    found, asked = suggested.found, suggested.asked
    return {
        "commune": {"istat": asked.lead.istat, "name": asked.lead.name},
        "call_id": asked.call.id if asked.call else None,
        "candidates": found.n_candidates,
        "asked": list(found.asked),
        "unfilled": list(found.unfilled),
        "items": [partner_data(one, suggested.interests) for one in found.items],
        "besides": [partner_data(one, suggested.interests) for one in found.besides],
    }


def partner_data(one: PartnerRecommendation, interests: Mapping[str, SeenInterest]) -> dict[str, Any]:
    """Return one partner with its reasons."""
    seen = interests.get(one.body.id)
    return body_data(one.body) | {
        "rank": one.rank,
        "score": round(one.score, 6),
        "km": None if one.km is None else round(one.km, 1),
        "eligibility": one.eligibility.verdict.value,
        "criteria": [criterion_data(result) for result in one.eligibility.criteria],
        "roles": [{"code": role.code, "asked": role.asked} for role in one.roles],
        "contributions": {part.feature: round(part.contribution, 6) for part in one.contributions},
        "precedents": [_precedent(match) for match in one.precedents],
        "precedent_count": one.n_precedents,
        "interested": one.interested,
        "contact": seen.contact if seen else "",
    }


def body_data(body: PartnerBody) -> dict[str, Any]:
    """Return what a body is, and how sure that is."""
    identity = body.identity
    return {
        "id": body.id,
        "name": body.name,
        "kind": body.kind.value,
        "commune": {"istat": body.seat.istat, "name": body.seat.name},
        "province": body.seat.province,
        "confidence": identity.confidence.value,
        "kind_known_by": identity.kind_basis.value,
        "work_known_by": identity.work_basis.value,
    }


def rule_data(rule: ConsortiumRule) -> dict[str, Any]:
    """Return what a call asks of a partnership, with its words."""
    return {
        "rule": rule.sort.value,
        "minimum": rule.minimum,
        "maximum": rule.maximum,
        "kinds": sorted(kind.value for kind in rule.kinds),
        "lead_only": rule.lead_only,
        "quote": rule.quote,
        "origin": rule.origin,
    }


def verdict_data(verdict: ConsortiumVerdict) -> dict[str, Any]:
    """Return a verdict, rule by rule."""
    return {"verdict": verdict.verdict.value, "rules": [_result(result) for result in verdict.results]}


def proposal_data(finder: PartnerFinder, proposal: Proposal) -> dict[str, Any]:
    """Return one partnership: its members, the lead first, who fills which role, and the verdict."""
    members = (member.id for member in proposal.consortium.members)
    return {
        "members": bodies_data(finder, list(members)),
        "roles": [{"code": code, "filled_by": list(ids)} for code, ids in sorted(proposal.roles.items())],
    } | verdict_data(proposal.verdict)


def bodies_data(finder: PartnerFinder, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Return bodies of the directory by their ids, in that order."""
    directory = finder.directory
    return [body_data(directory.bodies[directory.positions[body_id]]) for body_id in ids]


def _result(result: RuleResult) -> dict[str, Any]:
    return rule_data(result.rule) | {
        "verdict": result.verdict.value,
        "satisfied_by": list(result.satisfied_by),
        "against": list(result.against),
        "unsettled": list(result.unsettled),
        "at_least": round(result.low),
        # Without a figure for somebody there is no upper bound.
        "at_most": None if result.high == float("inf") else round(result.high),
        "missing": round(result.missing),
    }


def _precedent(match: PrecedentMatch) -> dict[str, Any]:
    one = match.precedent
    return {
        "id": one.id,
        "title": one.title,
        "programme": one.measure or one.programme,
        "year": one.year,
        "amount": str(one.amount.amount) if one.amount else None,
        "currency": one.amount.currency if one.amount else None,
        "similarity": round(match.similarity, 6),
    }
