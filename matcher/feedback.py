"""What communes decide about calls, and what may be learnt from it.

    decisions ──► hidden_for      a call that is "not for us" leaves the list of that commune, at once
              ├─► for_review      "not eligible" is a claim about criteria: it goes to the review desk
              └─► examples        what speaks about the purpose, weighed: only of use together, and only when enough

A commune that has no staff for a call says nothing about what the call pays for.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from matcher.records import QueryKind

ENOUGH = 400
"""Decisions that speak about the purpose from which on they may move the ranking: the smallest number from which on
they help without hurting, in a simulation on the judged needs (``python -m training.feedback_size``; figures in
``docs/decisions/0012-feedback.md``)."""
ENOUGH_COMMUNES = 10
"""Communes that must have decided: what one office thinks is no one else's ranking."""
MOST_PER_COMMUNE = 20.0
"""What all decisions of one commune may weigh together."""
MOST_TOGETHER = 120.0
"""What all decisions may weigh together: people decide about what they were shown, so that ever more of the same would
teach the ranking to distrust whatever it puts first. More decisions make the lesson steadier, never louder."""


class DecisionKind(StrEnum):
    """What a commune says about a call."""

    SAVED = "saved"
    NOT_FOR_US = "not_for_us"
    APPLIED = "applied"
    FUNDED = "funded"
    REJECTED = "rejected"


class Reason(StrEnum):
    """Why a call is not for us; only the first speaks about what the call is for."""

    NOT_RELEVANT = "not_relevant"
    NOT_ELIGIBLE = "not_eligible"
    WRONG_SIZE = "wrong_size"
    NO_COFINANCING = "no_cofinancing"
    NO_STAFF = "no_staff"
    TOO_LATE = "too_late"
    ALREADY_FUNDED = "already_funded"
    OTHER = "other"


WEIGHTS: Mapping[DecisionKind, float] = {
    DecisionKind.FUNDED: 1.0,
    DecisionKind.APPLIED: 0.8,
    DecisionKind.REJECTED: 0.6,
    DecisionKind.SAVED: 0.4,
}
"""How much each says that the call is for this purpose: a click least, work most, and work that failed still a lot."""
NOT_RELEVANT_WEIGHT = 0.8


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of a commune, in force; ``text`` is what it was made for, empty where it was about the call alone.

    ``item_id`` names the need, project or asset, ``reason`` is set where the call is not for them, and only there.
    """

    commune_istat: str
    call_id: str
    kind: DecisionKind
    at: datetime
    reason: Reason | None = None
    item_id: str = ""
    text: str = ""
    query_kind: QueryKind = QueryKind.NEED


@dataclass(frozen=True, slots=True)
class Example:
    """Something to learn from: does this call pay for this text? ``weight`` is above 0 and at most 1."""

    text: str
    query_kind: QueryKind
    commune_istat: str
    call_id: str
    label: bool
    weight: float


@dataclass(frozen=True, slots=True)
class Progress:
    """How much has been said so far, and how much must be said before the ranking listens."""

    decisions: int
    communes: int

    @property
    def enough(self) -> bool:
        """Whether the ranking may listen."""
        return self.decisions >= ENOUGH and self.communes >= ENOUGH_COMMUNES

    def __str__(self) -> str:
        """Say it in words: ``12 of 400 decisions, 3 of 10 communes so far``."""
        return (
            f"{min(self.decisions, ENOUGH)} of {ENOUGH} decisions, "
            f"{min(self.communes, ENOUGH_COMMUNES)} of {ENOUGH_COMMUNES} communes so far"
        )


def share_of(total: float) -> float:
    """Return by what weights that sum to ``total`` are multiplied, so that they weigh no more than allowed."""
    return min(1.0, MOST_TOGETHER / total) if total > 0 else 1.0


def hidden_for(decisions: Iterable[Decision], commune_istat: str, item_id: str = "") -> frozenset[str]:
    """Return the ids of the calls that a commune does not want to see, at all or for one item of its own.

    The latest word counts: a call that was saved afterwards comes back.
    """
    own = [d for d in decisions if d.commune_istat == commune_istat and d.item_id in ("", item_id)]
    latest = {decision.call_id: decision for decision in sorted(own, key=lambda d: d.at)}
    return frozenset(call_id for call_id, last in latest.items() if last.kind is DecisionKind.NOT_FOR_US)


def for_review(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the decisions that doubt what was read of a call's criteria, newest first."""
    doubts = (decision for decision in decisions if decision.reason is Reason.NOT_ELIGIBLE)
    return sorted(doubts, key=lambda d: (d.at, d.commune_istat, d.call_id), reverse=True)


def progress(decisions: Iterable[Decision]) -> Progress:
    """Return how many decisions speak about the purpose, and of how many communes."""
    found = _examples(decisions)
    return Progress(len(found), len({example.commune_istat for example in found}))


def examples(decisions: Sequence[Decision]) -> list[Example]:
    """Return what may be learnt: one example per commune, text and call, in a fixed order; none until there is enough.

    No commune weighs more than ``MOST_PER_COMMUNE`` in all, however much it clicks, nor all of them together more than
    ``MOST_TOGETHER``.
    """
    return _tempered(_examples(decisions)) if progress(decisions).enough else []


def _examples(decisions: Iterable[Decision]) -> list[Example]:
    about: dict[tuple[str, str, str], list[Decision]] = defaultdict(list)
    for decision in decisions:
        if decision.text.strip():
            about[decision.commune_istat, decision.text.strip(), decision.call_id].append(decision)
    found = (_example(about[key]) for key in sorted(about))
    return [example for example in found if example is not None]


def _example(decisions: list[Decision]) -> Example | None:
    """Return what several decisions on one pair say together: the last no counts, or the strongest yes after it."""
    ordered = sorted(decisions, key=lambda d: d.at)
    last = ordered[-1]
    refused = [n for n, decision in enumerate(ordered) if decision.kind is DecisionKind.NOT_FOR_US]
    agreed = ordered[refused[-1] + 1 :] if refused else ordered
    if agreed:
        weight = max(WEIGHTS[decision.kind] for decision in agreed)
    elif last.reason is Reason.NOT_RELEVANT:
        weight = NOT_RELEVANT_WEIGHT
    else:
        return None
    return Example(last.text.strip(), last.query_kind, last.commune_istat, last.call_id, bool(agreed), weight)


def _tempered(found: Sequence[Example]) -> list[Example]:
    totals: dict[str, float] = defaultdict(float)
    for example in found:
        totals[example.commune_istat] += example.weight
    shares = {commune: min(1.0, MOST_PER_COMMUNE / total) for commune, total in totals.items()}
    together = share_of(sum(min(total, MOST_PER_COMMUNE) for total in totals.values()))
    return [replace(example, weight=example.weight * shares[example.commune_istat] * together) for example in found]
