"""The criteria that were read with doubt in calls that one can still apply for, and that nobody has looked at yet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.eligibility import ApplicantRule, PopulationRule, Rule, TerritoryRule
from matcher.eligibility.reviews import rule_key
from matcher.eligibility.rules import KINDS
from matcher.records import ApplicantKind
from service.catalogue.summaries import CLOSED, STATES
from service.catalogue.view import positions_of
from service.live import Serving
from service.work.tables import CriterionReviewRow

_COMMUNE = KINDS.index(ApplicantKind.COMMUNE)


class Doubt(StrEnum):
    """What is not certain about a criterion."""

    NOT_SAID = "not_said"
    COMMUNES_UNCLEAR = "communes_unclear"
    WHICH_PLACES = "which_places"
    OTHER_WAY_IN = "other_way_in"


@dataclass(frozen=True, slots=True)
class Uncertain:
    """One criterion of one call; ``key`` names it for a review."""

    call_id: str
    key: str
    rule: Rule
    doubt: Doubt


def uncertain_criteria(
    session: Session, serving: Serving, on: datetime, *, skip: int = 0, limit: int = 20
) -> tuple[list[Uncertain], int]:
    """Return a page of them, those of the call that closes first first, and how many there are."""
    said = {(call_id, key) for call_id, key in session.execute(_SAID)}
    found = [one for one in _all(serving, on) if (one.call_id, one.key) not in said]
    return found[skip : skip + limit], len(found)


def doubt_about(rule: Rule) -> Doubt | None:
    """Return what is not certain about a rule, None where its words tell."""
    if isinstance(rule, ApplicantRule):
        if not rule.read:
            return Doubt.NOT_SAID
        return Doubt.COMMUNES_UNCLEAR if 0 < rule.chances[_COMMUNE] < 1 else None
    if isinstance(rule, TerritoryRule):
        return Doubt.WHICH_PLACES if rule.share < 1 else None
    if isinstance(rule, PopulationRule):
        return None if rule.strict else Doubt.OTHER_WAY_IN
    return None


def _all(serving: Serving, on: datetime) -> Iterator[Uncertain]:
    view, catalogue = serving.view, serving.as_read
    not_closed = positions_of(view.states(on) != STATES.index(CLOSED))
    for position in sorted(not_closed, key=lambda position: (view.closing[position], position)):
        rules: Sequence[Rule] = catalogue.rules[position]
        for rule in rules:
            doubt = doubt_about(rule)
            if doubt is not None:
                yield Uncertain(catalogue.calls[position].id, rule_key(rule), rule, doubt)


_SAID = select(CriterionReviewRow.call_id, CriterionReviewRow.rule_key).where(CriterionReviewRow.withdrawn_at.is_(None))
