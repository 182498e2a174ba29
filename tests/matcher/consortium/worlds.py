"""Partnerships of invented members, and a checker that knows no shortcut: it looks at every possible world.

A world settles what is not known: which of its kinds a body is, how many inhabitants a commune has, whether a member
is in another proposal, in which zone a commune lies. A rule is met if it holds in all worlds, not met if in none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from hypothesis import strategies as st

from matcher.consortium import Consortium, ConsortiumRule, Member, RuleSort
from matcher.eligibility.judgement import POPULATION_MARGIN
from matcher.eligibility.rules import KINDS, ApplicantRule
from matcher.records import ApplicantKind as Kind
from matcher.records import Commune
from matcher.verdicts import Verdict

SOME_KINDS = (Kind.COMMUNE, Kind.SCHOOL, Kind.THIRD_SECTOR)
SIZES = (None, 900, 4_000, 12_000, 60_000)
ZONES = ("", "Nord Milano", "Sud Est")
HUGE = 10**9
STEP = 5_000


@dataclass(frozen=True)
class Settled:
    kind: Kind
    inhabitants: float
    zone: str
    elsewhere: bool


def chances(*admitted: Kind, perhaps: tuple[Kind, ...] = ()) -> ApplicantRule:
    values = tuple(1.0 if kind in admitted else 0.5 if kind in perhaps else 0.0 for kind in KINDS)
    return ApplicantRule(chances=values, quote="", origin="")


@st.composite
def members(draw: st.DrawFn, number: int) -> Member:
    kinds = draw(st.sets(st.sampled_from(SOME_KINDS), min_size=1, max_size=2))
    commune = Commune(
        istat=f"{number:06d}", name=f"Paese {number}", population=draw(st.sampled_from(SIZES)),
        zone=draw(st.sampled_from(ZONES)), region_code="03",
    )  # fmt: skip
    return Member(
        f"m{number}", f"Paese {number}", frozenset(kinds), commune, draw(st.sampled_from([None, True, False]))
    )


@st.composite
def consortia(draw: st.DrawFn, most: int = 3) -> Consortium:
    return Consortium(tuple(draw(members(number)) for number in range(draw(st.integers(1, most)))))


@st.composite
def rules(draw: st.DrawFn) -> ConsortiumRule:
    sort = draw(st.sampled_from([s for s in RuleSort if s not in (RuleSort.ADJOINING, RuleSort.TERRITORY)]))
    kinds = frozenset(draw(st.sets(st.sampled_from(SOME_KINDS), max_size=2)))
    if sort is RuleSort.ADMITTED:
        return ConsortiumRule(sort=sort, applicants=chances(*kinds), lead_only=draw(st.booleans()), quote="", origin="")
    if sort in (RuleSort.LEAD, RuleSort.ONE_ZONE, RuleSort.ONLY_ONCE):
        return ConsortiumRule(sort=sort, kinds=kinds or frozenset({Kind.COMMUNE}), quote="", origin="")
    scale, width = (1, 0) if sort is RuleSort.MEMBERS else (STEP, 1)
    low = draw(st.none() | st.integers(0, 4))
    high = draw(st.none() | st.integers((low or 0) + width, 6))
    return ConsortiumRule(
        sort=sort,
        kinds=kinds if sort is RuleSort.MEMBERS else frozenset(),
        minimum=None if low is None else low * scale,
        maximum=None if high is None else high * scale,
        quote="",
        origin="",
    )


def brute_force(rule: ConsortiumRule, consortium: Consortium) -> Verdict:
    """The verdict of a rule from all worlds, by the plainest reading of what it says."""
    found = {_holds(rule, world) for world in product(*(list(_settled(m, rule.sort)) for m in consortium.members))}
    if found == {True}:
        return Verdict.MET
    return Verdict.UNKNOWN if True in found else Verdict.NOT_MET


def _settled(member: Member, sort: RuleSort) -> Iterator[Settled]:
    """The worlds of one member, told apart only by what the rule is about."""
    assert member.commune is not None
    zones: tuple[str, ...] = (member.commune.zone,)
    if sort is RuleSort.ONE_ZONE and not member.commune.zone:
        zones = (*ZONES[1:], "Alto Milanese")
    elsewhere = (True, False) if member.elsewhere is None and sort is RuleSort.ONLY_ONCE else (bool(member.elsewhere),)
    sizes = _sizes(member.commune.population) if sort in (RuleSort.POPULATION, RuleSort.SIZE) else (0.0,)
    for kind, size, zone, other in product(sorted(member.kinds), sizes, zones, elsewhere):
        yield Settled(kind, size, zone, other)


def _sizes(known: int | None) -> tuple[float, ...]:
    """Sizes close enough to one another that no range of a rule, at least ``STEP`` wide, lies between two of them."""
    if known is None:
        return (*range(0, 40_000, STEP), HUGE)
    return known * (1 - POPULATION_MARGIN), known, known * (1 + POPULATION_MARGIN)


def _holds(rule: ConsortiumRule, world: tuple[Settled, ...]) -> bool:
    least = -HUGE if rule.minimum is None else rule.minimum
    most = 100 * HUGE if rule.maximum is None else rule.maximum
    communes = [one for one in world if one.kind is Kind.COMMUNE]
    if rule.sort is RuleSort.MEMBERS:
        return least <= sum(1 for one in world if not rule.kinds or one.kind in rule.kinds) <= most
    if rule.sort is RuleSort.LEAD:
        return world[0].kind in rule.kinds
    if rule.sort is RuleSort.POPULATION:
        return least <= sum(one.inhabitants for one in communes) <= most
    if rule.sort is RuleSort.SIZE:
        return all(least <= one.inhabitants <= most for one in communes)
    if rule.sort is RuleSort.ADMITTED:
        assert rule.applicants is not None
        asked = world[:1] if rule.lead_only else world
        return all(rule.applicants.chances[KINDS.index(one.kind)] == 1 for one in asked)
    if rule.sort is RuleSort.ONE_ZONE:
        return len({one.zone for one in communes}) <= 1
    return not any(one.elsewhere for one in world)
