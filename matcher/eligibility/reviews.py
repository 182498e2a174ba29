"""What people say about the rules that were read: confirmed, removed, replaced, added; the rest stays as it was read.

rules as read + reviews ──reviewed_rules──► rules in force
                       └──stale_reviews──► reviews of words that the call no longer says
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from hashlib import blake2b

from matcher.eligibility.rules import Rule
from matcher.verdicts import Criterion


class ReviewAction(StrEnum):
    """What a person says about a criterion that was read in a call."""

    CONFIRMED = "confirmed"
    REMOVED = "removed"
    REPLACED = "replaced"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Review:
    """One review: ``rule_key`` names the rule as it was read, ``rule`` is what holds instead (replaced, added)."""

    rule_key: str
    action: ReviewAction
    on: date
    rule: Rule | None = None


def rule_key(rule: Rule) -> str:
    """Name a rule by its criterion and the words it was read from, so that it is found again after a re-import.

    Where in the text the words stand does not count: ``population:1f0c…``, at most 45 characters.
    """
    words = " ".join(rule.quote.split()).casefold()
    return f"{rule.criterion.value}:{blake2b(words.encode(), digest_size=16).hexdigest()}"


def reviewed_rules(rules: Sequence[Rule], reviews: Iterable[Review]) -> tuple[Rule, ...]:
    """Return the rules in force, at most one per criterion: what people wrote before what was read.

    A correction of words that the call no longer says gives way to what it says now of the same criterion, and holds
    where it says nothing: nothing that a person wrote is lost, and nothing old contradicts a new text.
    """
    kept = {rule_key(rule): rule for rule in rules}
    written: list[Rule] = []
    criteria = {rule.criterion for rule in rules}
    for review in reviews:
        read = kept.get(review.rule_key)
        if review.action is ReviewAction.CONFIRMED and read is not None:
            kept[review.rule_key] = replace(read, reviewed_on=review.on)
        elif review.action is ReviewAction.REMOVED:
            kept.pop(review.rule_key, None)
        elif review.rule is not None and _holds(review, read, criteria):
            kept.pop(review.rule_key, None)
            written.append(replace(review.rule, reviewed_on=review.on))
    settled = {rule.criterion for rule in written}
    # Only one rule of a criterion is judged: the person's.
    return (*written, *(rule for rule in kept.values() if rule.criterion not in settled))


def stale_reviews(rules: Iterable[Rule], reviews: Iterable[Review]) -> tuple[Review, ...]:
    """Return the reviews whose words the call no longer says, for a person to look at again."""
    read = {rule_key(rule) for rule in rules}
    return tuple(r for r in reviews if r.action is not ReviewAction.ADDED and r.rule_key not in read)


def _holds(review: Review, read: Rule | None, criteria: set[Criterion]) -> bool:
    if review.rule is None:
        return False
    return review.action is ReviewAction.ADDED or read is not None or review.rule.criterion not in criteria
