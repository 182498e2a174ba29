"""Whether a partnership keeps the rules of a call: three values per rule, who satisfies it, and what is missing.

A rule is met when it holds whatever the unknown facts are, not met when it holds for none of them, unknown otherwise.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.consortium.rules import Consortium, ConsortiumRule, Member, RuleSort
from matcher.distances import distances_km, places_of, radius_km
from matcher.eligibility.judgement import POPULATION_MARGIN, territory_chance
from matcher.eligibility.rules import KINDS, ApplicantRule
from matcher.records import ApplicantKind, Commune
from matcher.territory import place_key
from matcher.verdicts import Verdict

FARTHEST_TOUCH = 2.5
"""Distance of two communes' centres in their mean radii together beyond which they cannot touch: the longest commune
of Italy is some five times as long as wide, and none of those around Milan reaches beyond 2.2."""
MOST_RANGES = 1_000
"""Beyond so many the gaps between larger sums are taken for possible, which leaves more to be checked, never less."""
Range = tuple[float, float]
"""The least and the most that a number can be."""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule for one partnership.

    ``satisfied_by``: ids of the members that count for it (or keep it, where it speaks of each), ``against``: of those
    that break it, ``unsettled``: of those of which it is not known. ``low`` and ``high``: what the partnership has of
    the number that the rule is about; ``missing``: how much of it is surely lacking to the minimum, 0 where none is.
    """

    rule: ConsortiumRule
    verdict: Verdict
    satisfied_by: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    unsettled: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0
    missing: float = 0.0


@dataclass(frozen=True, slots=True)
class ConsortiumVerdict:
    """All rules of a call for one partnership: not met if any is, met if all are, unknown otherwise."""

    verdict: Verdict
    results: tuple[RuleResult, ...]


def check(rules: Sequence[ConsortiumRule], consortium: Consortium) -> ConsortiumVerdict:
    """Judge a partnership by the rules of a call, in their order."""
    results = tuple(_CHECKS[rule.sort](rule, consortium) for rule in rules)
    verdicts = {result.verdict for result in results}
    if Verdict.NOT_MET in verdicts:
        return ConsortiumVerdict(Verdict.NOT_MET, results)
    return ConsortiumVerdict(Verdict.MET if verdicts == {Verdict.MET} else Verdict.UNKNOWN, results)


def counts_for(rule: ConsortiumRule, member: Member) -> Verdict:
    """Return whether a member is of the kinds that a rule counts."""
    if not rule.kinds:
        return Verdict.MET
    return _agreed({Verdict.MET if kind in rule.kinds else Verdict.NOT_MET for kind in member.kinds})


def keeps(rule: ConsortiumRule, member: Member) -> Verdict:
    """Return whether a member keeps a rule that speaks of each: size, territory, admitted, only once."""
    if rule.sort is RuleSort.SIZE:
        return _size(rule, member)
    if rule.sort is RuleSort.TERRITORY:
        return _by_chance(territory_chance(rule.places, member.commune)) if rule.places else Verdict.UNKNOWN
    if rule.sort is RuleSort.ADMITTED:
        return _admitted(rule.applicants, member.kinds) if rule.applicants else Verdict.UNKNOWN
    return Verdict.UNKNOWN if member.elsewhere is None else (Verdict.NOT_MET if member.elsewhere else Verdict.MET)


def inhabitants(member: Member) -> Range:
    """Return the least and most inhabitants that a member brings: a commune's own, none for a body that is no commune.

    Calls count the inhabitants of a year of their own: the figure at hand holds within ``POPULATION_MARGIN``. A union
    brings those of communes that are not known here.
    """
    ranges = _possible_inhabitants(member)
    return ranges[0][0], max(most for _, most in ranges)


def _possible_inhabitants(member: Member) -> list[Range]:
    """What a member may bring, a range for each kind of body that it may be; none of a kind that nobody knows."""
    return sorted({_inhabitants(kind, member.commune) for kind in member.kinds}) or [(0.0, 0.0)]


def possible_sums(parts: Iterable[Sequence[Range]]) -> list[Range]:
    """Return the ranges in which a sum can lie of which each part lies in one of its own ranges, the least first."""
    sums: list[Range] = [(0.0, 0.0)]
    for ranges in parts:
        longer = sorted((low + least, high + most) for low, high in sums for least, most in ranges)
        sums = longer[:1]
        for low, high in longer[1:]:
            before, last = sums[-1]
            if low <= last or len(sums) > MOST_RANGES:
                sums[-1] = before, max(last, high)
            else:
                sums.append((low, high))
    return sums


def _inhabitants(kind: ApplicantKind, commune: Commune | None) -> Range:
    if kind is ApplicantKind.UNION:
        return 0.0, np.inf
    if kind is not ApplicantKind.COMMUNE:
        return 0.0, 0.0
    if commune is None or commune.population is None:
        return 0.0, np.inf
    return commune.population * (1 - POPULATION_MARGIN), commune.population * (1 + POPULATION_MARGIN)


def within(low: float, high: float, rule: ConsortiumRule) -> Verdict:
    """Return whether a number between two bounds lies within those of a rule."""
    least = -np.inf if rule.minimum is None else rule.minimum
    most = np.inf if rule.maximum is None else rule.maximum
    if high < least or low > most:
        return Verdict.NOT_MET
    return Verdict.MET if low >= least and high <= most else Verdict.UNKNOWN


def cannot_touch(one: Commune, other: Commune) -> bool:
    """Return whether two communes are too far apart to share a border; false where a place is not known."""
    apart = float(distances_km(one, places_of([other]))[0])
    return bool(np.isfinite(apart)) and apart > FARTHEST_TOUCH * (radius_km(one) + radius_km(other))


def communes_of(consortium: Consortium) -> list[tuple[str, Commune]]:
    """Return the members that are surely communes, with their records."""
    only = frozenset({ApplicantKind.COMMUNE})
    return [(one.id, one.commune) for one in consortium.members if one.kinds == only and one.commune is not None]


def _check_members(rule: ConsortiumRule, consortium: Consortium) -> RuleResult:
    found = _split(consortium.members, lambda member: counts_for(rule, member))
    low = len(found[Verdict.MET])
    high = low + len(found[Verdict.UNKNOWN])
    verdict = within(low, high, rule)
    # Who is of another kind does not break a rule that counts some kinds.
    return RuleResult(
        rule, verdict, found[Verdict.MET], (), found[Verdict.UNKNOWN], low, high, max(0, (rule.minimum or 0) - low)
    )


def _check_lead(rule: ConsortiumRule, consortium: Consortium) -> RuleResult:
    lead = consortium.lead
    if lead is None:
        return RuleResult(rule, Verdict.NOT_MET, missing=1)
    return _one_by_one(rule, (lead,), lambda member: counts_for(rule, member))


def _check_population(rule: ConsortiumRule, consortium: Consortium) -> RuleResult:
    ranges = {member.id: inhabitants(member) for member in consortium.members}
    low, high = sum(r[0] for r in ranges.values()), sum(r[1] for r in ranges.values())
    known = tuple(id_ for id_, (least, _) in ranges.items() if least > 0)
    open_ones = tuple(id_ for id_, (least, most) in ranges.items() if least == 0 < most)
    verdicts = {within(*one, rule) for one in possible_sums(_possible_inhabitants(one) for one in consortium.members)}
    verdict = _agreed(verdicts)
    return RuleResult(rule, verdict, known, (), open_ones, low, high, max(0.0, (rule.minimum or 0) - low))


def _check_each(rule: ConsortiumRule, consortium: Consortium) -> RuleResult:
    members = consortium.members[:1] if rule.lead_only else consortium.members
    return _one_by_one(rule, members, lambda member: keeps(rule, member))


def _check_adjoining(rule: ConsortiumRule, consortium: Consortium) -> RuleResult:
    communes = communes_of(consortium)
    ids = tuple(id_ for id_, _ in communes)
    if len(communes) <= 1:
        return RuleResult(rule, Verdict.MET, satisfied_by=ids)
    apart = _apart(communes)
    rest = tuple(id_ for id_ in ids if id_ not in apart)
    return RuleResult(rule, Verdict.NOT_MET if apart else Verdict.UNKNOWN, against=apart, unsettled=rest)


def _apart(communes: Sequence[tuple[str, Commune]]) -> tuple[str, ...]:
    """The communes that cannot be reached from the first one over communes that may touch."""
    reached, todo = {communes[0][0]}, [communes[0][1]]
    while todo:
        here = todo.pop()
        near = [(id_, other) for id_, other in communes if id_ not in reached and not cannot_touch(here, other)]
        reached |= {id_ for id_, _ in near}
        todo += [other for _, other in near]
    return tuple(id_ for id_, _ in communes if id_ not in reached)


def _check_zone(rule: ConsortiumRule, consortium: Consortium) -> RuleResult:
    communes = communes_of(consortium)
    zones = {id_: zone_of(commune) for id_, commune in communes}
    known = Counter(zone for zone in zones.values() if zone)
    usual = known.most_common(1)[0][0] if known else ""
    against = tuple(id_ for id_, zone in zones.items() if zone and zone != usual)
    unsettled = tuple(id_ for id_, zone in zones.items() if not zone)
    same = tuple(id_ for id_, zone in zones.items() if zone and zone == usual)
    if against:
        return RuleResult(rule, Verdict.NOT_MET, same, against, unsettled)
    settled = not unsettled or len(communes) <= 1
    return RuleResult(rule, Verdict.MET if settled else Verdict.UNKNOWN, same, (), () if settled else unsettled)


def zone_of(commune: Commune) -> str:
    """Return the key of a commune's homogeneous zone, "" where it is not known or only supposed."""
    return "" if commune.zone_verified is False else place_key(commune.zone)


def _one_by_one(rule: ConsortiumRule, members: Sequence[Member], ask: Callable[[Member], Verdict]) -> RuleResult:
    found = _split(members, ask)
    against, unsettled = found[Verdict.NOT_MET], found[Verdict.UNKNOWN]
    verdict = Verdict.NOT_MET if against else Verdict.UNKNOWN if unsettled else Verdict.MET
    return RuleResult(rule, verdict, found[Verdict.MET], against, unsettled)


def _split(members: Sequence[Member], ask: Callable[[Member], Verdict]) -> Mapping[Verdict, tuple[str, ...]]:
    asked = [(member.id, ask(member)) for member in members]
    return {verdict: tuple(id_ for id_, found in asked if found is verdict) for verdict in Verdict}


def _size(rule: ConsortiumRule, member: Member) -> Verdict:
    verdicts = set()
    for kind in member.kinds:
        if kind is not ApplicantKind.COMMUNE:
            verdicts.add(Verdict.MET)
            continue
        found = within(*_inhabitants(kind, member.commune), rule)
        verdicts.add(Verdict.UNKNOWN if found is Verdict.NOT_MET and not rule.strict else found)
    return _agreed(verdicts)


def _admitted(rule: ApplicantRule, kinds: frozenset[ApplicantKind]) -> Verdict:
    return _agreed({_by_chance(rule.chances[KINDS.index(kind)]) for kind in kinds})


def _by_chance(chance: float) -> Verdict:
    if chance >= 1:
        return Verdict.MET
    return Verdict.UNKNOWN if chance > 0 else Verdict.NOT_MET


def _agreed(verdicts: set[Verdict]) -> Verdict:
    """What holds whichever of the possible kinds a body is."""
    return next(iter(verdicts)) if len(verdicts) == 1 else Verdict.UNKNOWN


_CHECKS: Mapping[RuleSort, Callable[[ConsortiumRule, Consortium], RuleResult]] = {
    RuleSort.MEMBERS: _check_members,
    RuleSort.LEAD: _check_lead,
    RuleSort.POPULATION: _check_population,
    RuleSort.SIZE: _check_each,
    RuleSort.TERRITORY: _check_each,
    RuleSort.ADMITTED: _check_each,
    RuleSort.ONLY_ONCE: _check_each,
    RuleSort.ADJOINING: _check_adjoining,
    RuleSort.ONE_ZONE: _check_zone,
}
