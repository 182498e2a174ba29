"""Two or three complete and different partnerships for a call, from the bodies that complement a project.

candidates with what each brings ──► one integer programme a proposal (HiGHS) ──► members ──check──► what is missing

Rules are what must hold, roles that the project lacks what should; a body costs, a good one less. What no choice of
candidates can give is paid for, dearly, and stands in the verdict as missing. Every further proposal shares at most
half of its partners with each earlier one.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix, hstack, identity, vstack

from matcher.consortium.checking import (
    ConsortiumVerdict,
    cannot_touch,
    check,
    counts_for,
    inhabitants,
    keeps,
    zone_of,
)
from matcher.consortium.rules import Consortium, ConsortiumRule, Member, RuleSort
from matcher.verdicts import Verdict

PROPOSALS = 3
MOST_PARTNERS = 12
"""Partners beside the lead: a partnership larger than this is nobody's first idea."""
MOST_CANDIDATES = 300
COST, QUALITY = 1.0, 0.9
"""What a partner costs, and what the best candidate gets back of it: between equals, fewer are better."""
RULE, ROLE, DOUBT = 100_000.0, 5.0, 2.0
"""What the lack of a whole rule, of a role, and a doubt about a member cost."""
HALF = 0.5
GAP = 0.02
"""How far from the best a proposal may stay, as a share of its cost: proving the last hundredths takes the longest."""
SECONDS = 2.0
"""Longest time for one proposal; in a tenth of it the best one is found and proved."""
EVERYBODY = 1e8
"""More inhabitants than there are: what a body may bring of which nothing is known."""
_EACH = frozenset({RuleSort.SIZE, RuleSort.TERRITORY, RuleSort.ADMITTED, RuleSort.ONLY_ONCE})

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A body that may be taken in: ``quality`` 0 to 1, 1 for the best suggested; ``roles`` asked for that it fills."""

    member: Member
    quality: float
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Proposal:
    """One partnership with the verdict on it; ``roles``: role asked for → ids of the members that fill it."""

    consortium: Consortium
    verdict: ConsortiumVerdict
    roles: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Need:
    """One linear condition: what each candidate gives towards it, between ``low`` and ``high``, priced if it fails."""

    gives: Values
    low: float
    high: float
    price: float


@dataclass(frozen=True, slots=True)
class _Task:
    """What a proposal costs and needs; ``least`` and ``most``: 1 where a candidate must or may be taken, else 0."""

    cost: Values
    least: Values
    most: Values
    needs: tuple[_Need, ...]


def propose(
    rules: Sequence[ConsortiumRule],
    lead: Member,
    candidates: Sequence[Candidate],
    *,
    kept: Collection[str] = (),
    roles: Collection[str] = (),
    count: int = PROPOSALS,
) -> list[Proposal]:
    """Return up to ``count`` partnerships, the best first, each with its verdict.

    ``kept``: ids of candidates that must take part; ``roles``: codes of those that the project lacks. Candidates are
    looked at in their order, ``MOST_CANDIDATES`` at most. One that breaks a rule on each member is never chosen unless
    it is kept.
    """
    some = list(candidates[:MOST_CANDIDATES])
    if not some:
        alone = Consortium((lead,))
        return [Proposal(alone, check(rules, alone), dict.fromkeys(sorted(roles), ()))]
    task = _task(rules, lead, some, frozenset(kept), sorted(roles))
    chosen: list[frozenset[int]] = []
    found: list[Proposal] = []
    for _ in range(count):
        rows = _solve(task, chosen)
        if rows is None or rows in chosen:
            break
        chosen.append(rows)
        ordered = sorted(rows, key=lambda row: (-some[row].quality, row))
        consortium = Consortium((lead, *(some[row].member for row in ordered)))
        filled = {
            role: tuple(some[row].member.id for row in ordered if role in some[row].roles) for role in sorted(roles)
        }
        found.append(Proposal(consortium, check(rules, consortium), filled))
    return found


def _task(
    rules: Sequence[ConsortiumRule], lead: Member, some: Sequence[Candidate], kept: frozenset[str], roles: Sequence[str]
) -> _Task:
    barred, doubts = _each(rules, lead, [candidate.member for candidate in some])
    held = np.array([float(candidate.member.id in kept) for candidate in some])
    cost = COST - QUALITY * np.array([candidate.quality for candidate in some]) + DOUBT * doubts
    needs = (*_needs(rules, lead, some), *_role_needs(roles, some))
    return _Task(cost, held, np.where(barred & (held == 0), 0.0, 1.0), needs)


def _solve(task: _Task, earlier: Sequence[frozenset[int]]) -> frozenset[int] | None:
    n, needs = len(task.cost), task.needs
    size = _Need(np.ones(n), 0, MOST_PARTNERS + float(task.least.sum()), 0)
    free = 2 * len(needs)
    solved = milp(
        np.concatenate([task.cost, [_under(need) for need in needs], [_over(need) for need in needs]]),
        integrality=np.concatenate([np.ones(n), np.zeros(free)]),
        bounds=Bounds(np.concatenate([task.least, np.zeros(free)]), np.concatenate([task.most, np.full(free, np.inf)])),
        constraints=_constraints(needs, [size, *(_different(n, rows) for rows in earlier)]),
        options={"time_limit": SECONDS, "mip_rel_gap": GAP},
    )
    return None if solved.x is None else frozenset(np.flatnonzero(solved.x[:n] > HALF).tolist())


def _under(need: _Need) -> float:
    return need.price / max(need.low, 1.0)


def _constraints(needs: Sequence[_Need], limits: Sequence[_Need]) -> LinearConstraint:
    """All conditions as rows; each need may be missed from below and from above by two variables of its own."""
    gives = csr_matrix(np.vstack([need.gives for need in (*needs, *limits)]))
    slack = hstack([identity(len(needs)), -identity(len(needs))])
    padded = vstack([slack, csr_matrix((len(limits), 2 * len(needs)))]) if needs else csr_matrix((len(limits), 0))
    low, high = (np.array([getattr(need, end) for need in (*needs, *limits)]) for end in ("low", "high"))
    return LinearConstraint(hstack([gives, padded]), low, high)


def _over(need: _Need) -> float:
    return need.price / max(need.high, 1.0) if np.isfinite(need.high) else need.price


def _different(n: int, rows: frozenset[int]) -> _Need:
    """At most half of the members of an earlier proposal again."""
    gives = np.zeros(n)
    gives[list(rows)] = 1.0
    return _Need(gives, 0, max(0.0, len(rows) // 2), 0)


def _each(rules: Sequence[ConsortiumRule], lead: Member, members: Sequence[Member]) -> tuple[NDArray[np.bool_], Values]:
    """Which members may not be taken, by the rules that speak of each, and how many doubts there are about each."""
    barred, doubts = np.zeros(len(members), dtype=np.bool_), np.zeros(len(members))
    for rule in rules:
        for row, member in enumerate(members):
            verdict = _alone(rule, lead, member)
            barred[row] |= verdict is Verdict.NOT_MET
            doubts[row] += verdict is Verdict.UNKNOWN
    return barred, doubts


def _alone(rule: ConsortiumRule, lead: Member, member: Member) -> Verdict:
    """What a rule says of one member beside the lead."""
    if rule.sort in _EACH and not rule.lead_only:
        return keeps(rule, member)
    here, there = lead.commune, member.commune
    is_commune = {kind.value for kind in member.kinds} == {"commune"}
    if here is None or there is None or not is_commune:
        return Verdict.MET
    if rule.sort is RuleSort.ADJOINING:
        return Verdict.NOT_MET if cannot_touch(here, there) else Verdict.MET
    if rule.sort is RuleSort.ONE_ZONE and zone_of(here):
        return (
            Verdict.MET
            if zone_of(there) == zone_of(here)
            else Verdict.UNKNOWN
            if not zone_of(there)
            else Verdict.NOT_MET
        )
    return Verdict.MET


def _needs(rules: Sequence[ConsortiumRule], lead: Member, some: Sequence[Candidate]) -> list[_Need]:
    """What the rules on sums ask of the candidates, what the lead brings taken off.

    Towards a minimum only what is sure counts, towards a maximum all that may be.
    """
    found = []
    for rule in rules:
        if rule.sort not in (RuleSort.MEMBERS, RuleSort.POPULATION):
            continue
        ranges = np.array([_brings(rule, member) for member in (lead, *(one.member for one in some))])
        if rule.minimum is not None:
            found.append(_Need(ranges[1:, 0], max(0.0, rule.minimum - float(ranges[0, 0])), np.inf, RULE))
        if rule.maximum is not None:
            found.append(_Need(ranges[1:, 1], -np.inf, rule.maximum - float(ranges[0, 1]), RULE))
    return found


def _brings(rule: ConsortiumRule, member: Member) -> tuple[float, float]:
    """The least and most that a member brings to the number that a rule is about."""
    if rule.sort is RuleSort.POPULATION:
        low, high = inhabitants(member)
        return low, min(high, EVERYBODY)
    verdict = counts_for(rule, member)
    return float(verdict is Verdict.MET), float(verdict is not Verdict.NOT_MET)


def _role_needs(roles: Sequence[str], some: Sequence[Candidate]) -> list[_Need]:
    return [_Need(np.array([float(role in one.roles) for one in some]), 1.0, np.inf, ROLE) for role in roles]
