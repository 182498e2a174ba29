"""From rules to verdicts: what a call's rules say of one applicant, criterion by criterion."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from matcher.eligibility.rules import (
    KINDS,
    LEVELS,
    ApplicantRule,
    ConditionRule,
    DatesRule,
    PopulationRule,
    Rule,
    TerritoryRule,
)
from matcher.records import ApplicantKind, Commune, QueryKind
from matcher.serialization import ROME
from matcher.territory import place_key, province_key, region_of
from matcher.verdicts import Applicant, Criterion, CriterionResult, Eligibility, Verdict

N_PLACES = {"regions": 20, "provinces": 107, "zones": 7, "communes": 7_899}
"""How many places there are at each level: the chance of a place of which nothing is known."""
POPULATION_MARGIN = 0.03
"""Calls count the inhabitants of a year of their own: this near to a threshold, the figure at hand settles nothing."""

UNREAD_APPLICANT = 0.3
"""Chance of an applicant of a call that says nothing at all: three or four in ten of all real calls admit a commune."""
UNREAD_TERRITORY = 0.8
"""Chance that a place is inside a call that names no place: those that are for one place mostly say so."""
NEAR_THRESHOLD = 0.5
UNKNOWN_POPULATION = 0.5
OTHER_WAY_IN = 0.1
"""Chance of a commune outside a threshold that has exceptions: one in ten communes is a capital or leads a group."""

END_OF_TIME = datetime.max.replace(tzinfo=UTC)

_Kind = TypeVar("_Kind")


def judge(
    rules: Sequence[Rule], applicant: Applicant, on: datetime | None, query_kind: QueryKind | None = None
) -> Eligibility:
    """Judge one call for one applicant.

    ``on`` is the moment for which dates are judged (aware); None shows the dates and judges nothing by them.
    Criteria come in the order of ``Criterion``: applicant, territory and dates always, the others where the call
    asks for them. The verdict is not met if any criterion is; met if applicant, territory, population (if asked) and
    dates (if judged) are; partnership, asset, amount and co-financing are conditions on the project, shown and left
    to be checked. ``likelihood`` sets dates and those conditions aside, except that not met is always 0.
    """
    who, chance = _judge_applicant(_first(rules, ApplicantRule), applicant.kinds)
    where, inside = _judge_territory(_first(rules, TerritoryRule), applicant.commune)
    population = _first(rules, PopulationRule)
    how_many, fits = _judge_population(population, applicant) if population else (None, 1.0)
    when = _judge_dates(_first(rules, DatesRule), on)
    conditions = [_judge_condition(rule, query_kind) for rule in rules if isinstance(rule, ConditionRule)]
    reviewed = {rule.criterion: rule.reviewed_on for rule in rules if rule.reviewed_on}
    judged = [result for result in (who, where, how_many, when, *conditions) if result is not None]
    results = [replace(r, reviewed_on=reviewed[r.criterion]) if r.criterion in reviewed else r for r in judged]
    order = list(Criterion)
    results.sort(key=lambda result: order.index(result.criterion))
    decisive = [who.verdict, where.verdict, how_many.verdict if how_many else Verdict.MET]
    decisive.append(when.verdict if on is not None else Verdict.MET)
    verdict = _all_of(decisive)
    likelihood = 0.0 if verdict is Verdict.NOT_MET else chance * inside * fits
    return Eligibility(verdict, tuple(results), likelihood)


def _first(rules: Sequence[Rule], kind: type[_Kind]) -> _Kind | None:
    return next((rule for rule in rules if isinstance(rule, kind)), None)


def _all_of(verdicts: Sequence[Verdict]) -> Verdict:
    if Verdict.NOT_MET in verdicts:
        return Verdict.NOT_MET
    return Verdict.UNKNOWN if Verdict.UNKNOWN in verdicts else Verdict.MET


def _verdict(chance: float) -> Verdict:
    if chance >= 1:
        return Verdict.MET
    return Verdict.UNKNOWN if chance > 0 else Verdict.NOT_MET


def _judge_applicant(rule: ApplicantRule | None, kinds: frozenset[ApplicantKind]) -> tuple[CriterionResult, float]:
    if rule is None:
        return CriterionResult(Criterion.APPLICANT, Verdict.UNKNOWN, missing="applicants"), UNREAD_APPLICANT
    possible = [chance for kind, chance in zip(KINDS, rule.chances, strict=True) if kind in (kinds or KINDS)]
    chance = sum(possible) / len(possible)
    verdict = _verdict(chance)
    facts = _named_kinds("admitted", rule, 1.0) + _named_kinds("excluded", rule, 0.0)
    if verdict is not Verdict.UNKNOWN:
        missing = ""
    else:
        missing = "applicant_kind" if len(possible) > 1 and {*possible} <= {0.0, 1.0} else "applicants"
    return CriterionResult(Criterion.APPLICANT, verdict, rule.quote, rule.origin, facts, missing), chance


def _named_kinds(name: str, rule: ApplicantRule, chance: float) -> tuple[tuple[str, str], ...]:
    named = [kind.value for kind, value in zip(KINDS, rule.chances, strict=True) if value == chance]
    return ((name, ";".join(named)),) if named and rule.read else ()


def _judge_territory(rule: TerritoryRule | None, commune: Commune | None) -> tuple[CriterionResult, float]:
    if rule is None:
        return CriterionResult(Criterion.TERRITORY, Verdict.UNKNOWN, missing="territory"), UNREAD_TERRITORY
    chance = territory_chance(rule, commune)
    verdict = _verdict(chance)
    missing = "" if verdict is not Verdict.UNKNOWN else ("commune" if rule.share == 1 else "places")
    named = ((level, getattr(rule, level)) for level in LEVELS)
    facts = tuple((level, ";".join(sorted(places))) for level, places in named if places)
    return CriterionResult(Criterion.TERRITORY, verdict, rule.quote, rule.origin, facts, missing), chance


def territory_chance(rule: TerritoryRule, commune: Commune | None) -> float:
    """How probable it is that a place is inside: 1 inside, 0 outside, else the rule's share or the area's."""
    chance = rule.share
    for level, own in zip(LEVELS, place_keys(commune), strict=True):
        allowed, total = getattr(rule, level), N_PLACES[level]
        if not allowed:
            continue
        if not own:
            chance = min(chance, min(len(allowed), total - 1) / total)
        elif own not in allowed:
            return 0.0
    return chance


def place_keys(commune: Commune | None) -> tuple[str, str, str, str]:
    """The keys of a commune at each of ``LEVELS``, empty where its record does not tell."""
    if commune is None:
        return "", "", "", ""
    zone = "" if commune.zone_verified is False else place_key(commune.zone)
    return region_of(commune), province_key(commune.province), zone, place_key(commune.name)


def _judge_population(rule: PopulationRule, applicant: Applicant) -> tuple[CriterionResult, float]:
    chance = population_chance(rule, applicant)
    facts = tuple(
        (name, str(bound))
        for name, bound in (("min_population", rule.minimum), ("max_population", rule.maximum))
        if bound is not None
    )
    verdict = _verdict(chance)
    missing = "population" if verdict is Verdict.UNKNOWN else ""
    return CriterionResult(Criterion.POPULATION, verdict, rule.quote, rule.origin, facts, missing), chance


def population_chance(rule: PopulationRule, applicant: Applicant) -> float:
    """1 within the bounds, 0 outside; in between where the figure is missing, too near, or another way in is open."""
    population = applicant.commune.population if applicant.commune else None
    if population is None:
        return UNKNOWN_POPULATION
    for bound in (rule.minimum, rule.maximum):
        if bound is not None and abs(population - bound) <= bound * POPULATION_MARGIN:
            return NEAR_THRESHOLD
    low, high = rule.minimum or 0, rule.maximum if rule.maximum is not None else population
    if low <= population <= high:
        return 1.0
    # The threshold speaks of communes: a school or a union in a commune outside it is not ruled out by it.
    if applicant.kinds != {ApplicantKind.COMMUNE}:
        return UNKNOWN_POPULATION
    return 0.0 if rule.strict else OTHER_WAY_IN


def _judge_dates(rule: DatesRule | None, on: datetime | None) -> CriterionResult:
    if rule is None:
        return CriterionResult(Criterion.DATES, Verdict.UNKNOWN, missing="closing_date")
    facts = tuple(
        (name, moment.at.isoformat() if moment.hour_known else moment.at.date().isoformat())
        for name, moment in (("opens", rule.opens), ("closes", rule.closes))
        if moment is not None
    )
    facts += (("while_funds_last", "true"),) if rule.while_funds_last else ()
    verdict, missing = (Verdict.UNKNOWN, "reference_date") if on is None else _date_verdict(rule, on)
    return CriterionResult(Criterion.DATES, verdict, rule.quote, rule.origin, facts, missing)


def _date_verdict(rule: DatesRule, on: datetime) -> tuple[Verdict, str]:
    """Whether an application can still be lodged after ``on``: a call that has yet to open is not closed."""
    if closing_time(rule) < on:
        return Verdict.NOT_MET, ""
    if rule.while_funds_last:
        return Verdict.UNKNOWN, "remaining_funds"
    return (Verdict.MET, "") if rule.closes else (Verdict.UNKNOWN, "closing_date")


def closing_time(rule: DatesRule) -> datetime:
    """The last moment at which the rule lets one apply; the end of time where it states none."""
    last = END_OF_TIME
    if rule.closes is not None:
        at = rule.closes.at.astimezone(ROME)
        last = at if rule.closes.hour_known else at.replace(hour=23, minute=59, second=59, microsecond=999_999)
    return last if rule.closed_since is None else min(last, rule.closed_since)


def _judge_condition(rule: ConditionRule, query_kind: QueryKind | None) -> CriterionResult:
    settled = not rule.missing or (
        # What is asked about a public asset is asked by the body that owns it.
        query_kind is QueryKind.ASSET and rule.of is Criterion.ASSET and ("owner", "public") in rule.facts
    )
    verdict = Verdict.MET if settled else Verdict.UNKNOWN
    return CriterionResult(rule.of, verdict, rule.quote, rule.origin, rule.facts, "" if settled else rule.missing)
