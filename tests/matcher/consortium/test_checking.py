from dataclasses import replace

import pytest
from hypothesis import given, settings

from matcher.consortium import Consortium, ConsortiumRule, Member, RuleSort, check
from matcher.eligibility.rules import TerritoryRule
from matcher.records import ApplicantKind as Kind
from matcher.records import Commune
from matcher.verdicts import Verdict
from tests.matcher.consortium.worlds import brute_force, chances, consortia, rules

COMMUNE = frozenset({Kind.COMMUNE})


def _commune(number: int, population: int | None = 4_000, **fields: object) -> Member:
    place = Commune(istat=f"{number:06d}", name=f"Paese {number}", population=population, **fields)  # type: ignore[arg-type]
    return Member(f"m{number}", place.name, COMMUNE, place)


def _rule(sort: RuleSort, **fields: object) -> ConsortiumRule:
    return ConsortiumRule(sort=sort, quote="…", origin="text:0", **fields)  # type: ignore[arg-type]


def _verdict(rule: ConsortiumRule, *members: Member) -> Verdict:
    return check([rule], Consortium(members)).verdict


@settings(max_examples=500, deadline=None)
@given(rule=rules(), consortium=consortia())
def test_each_verdict_is_that_of_a_checker_that_looks_at_every_possible_world(
    rule: ConsortiumRule, consortium: Consortium
):
    if rule.sort is RuleSort.ONE_ZONE:
        # Zones are asked of bodies that are surely communes: an uncertain one is left to the rule on members.
        consortium = Consortium(tuple(replace(member, kinds=COMMUNE) for member in consortium.members))
    assert check([rule], consortium).verdict is brute_force(rule, consortium)


@given(rule=rules(), consortium=consortia())
def test_nobody_both_satisfies_and_breaks_a_rule(rule: ConsortiumRule, consortium: Consortium):
    (result,) = check([rule], consortium).results
    named = [*result.satisfied_by, *result.against, *result.unsettled]
    assert len(named) == len(set(named))
    assert set(named) <= {member.id for member in consortium.members}


def test_the_number_of_members_counts_the_lead():
    rule = _rule(RuleSort.MEMBERS, minimum=2)
    assert _verdict(rule, _commune(1)) is Verdict.NOT_MET
    assert _verdict(rule, _commune(1), _commune(2)) is Verdict.MET


def test_what_is_missing_is_said_as_a_number():
    rule = _rule(RuleSort.MEMBERS, minimum=5, kinds=COMMUNE)
    (result,) = check([rule], Consortium((_commune(1), _commune(2)))).results
    assert (result.missing, result.satisfied_by) == (3, ("m1", "m2"))


def test_inhabitants_are_added_up_over_communes_only():
    school = Member("s", "Scuola", frozenset({Kind.SCHOOL}), _commune(9, 50_000).commune)
    rule = _rule(RuleSort.POPULATION, minimum=15_000)
    assert _verdict(rule, _commune(1, 8_000), school) is Verdict.NOT_MET
    assert _verdict(rule, _commune(1, 8_000), _commune(2, 9_000)) is Verdict.MET


def test_a_sum_that_no_possible_member_reaches_is_not_met():
    either = Member("e", "Paese o scuola", frozenset({Kind.SCHOOL, Kind.COMMUNE}), _commune(3, 12_000).commune)
    rule = _rule(RuleSort.POPULATION, minimum=5_000, maximum=10_000)
    assert _verdict(rule, either) is Verdict.NOT_MET
    assert _verdict(rule, either, _commune(4, 7_000)) is Verdict.UNKNOWN


def test_a_sum_near_the_threshold_settles_nothing():
    assert _verdict(_rule(RuleSort.POPULATION, minimum=15_000), _commune(1, 15_100)) is Verdict.UNKNOWN


def test_a_commune_of_unknown_size_leaves_the_sum_open():
    rule = _rule(RuleSort.POPULATION, minimum=15_000)
    assert _verdict(rule, _commune(1, 8_000), _commune(2, None)) is Verdict.UNKNOWN


def test_one_commune_above_the_size_breaks_the_rule_for_all_unless_another_way_is_open():
    rule = _rule(RuleSort.SIZE, maximum=5_000)
    assert _verdict(rule, _commune(1), _commune(2, 20_000)) is Verdict.NOT_MET
    assert _verdict(replace(rule, strict=False), _commune(1), _commune(2, 20_000)) is Verdict.UNKNOWN


def test_a_member_outside_the_territory_is_named():
    rule = _rule(RuleSort.TERRITORY, places=TerritoryRule(regions=frozenset({"03"}), quote="", origin=""))
    inside, outside = _commune(1, region_code="03"), _commune(2, region_code="01")
    (result,) = check([rule], Consortium((inside, outside))).results
    assert (result.verdict, result.against) == (Verdict.NOT_MET, ("m2",))


def test_a_lead_of_the_wrong_kind_breaks_the_rule_whoever_else_is_there():
    association = Member("a", "Associazione", frozenset({Kind.THIRD_SECTOR}), None)
    assert _verdict(_rule(RuleSort.LEAD, kinds=COMMUNE), association, _commune(1)) is Verdict.NOT_MET


def test_a_call_that_admits_a_kind_perhaps_leaves_the_member_to_be_checked():
    rule = _rule(RuleSort.ADMITTED, applicants=chances(perhaps=(Kind.COMMUNE,)))
    assert _verdict(rule, _commune(1)) is Verdict.UNKNOWN


@pytest.mark.parametrize(("lon", "verdict"), [(9.05, Verdict.UNKNOWN), (9.8, Verdict.NOT_MET)])
def test_communes_too_far_apart_cannot_touch_and_near_ones_are_to_be_seen_on_a_map(lon: float, verdict: Verdict):
    here = _commune(1, lat=45.5, lon=9.0, area_km2=10.0)
    there = _commune(2, lat=45.5, lon=lon, area_km2=10.0)
    assert _verdict(_rule(RuleSort.ADJOINING), here, there) is verdict


def test_a_commune_between_two_joins_them():
    line = [_commune(n, lat=45.5, lon=9.0 + 0.1 * n, area_km2=10.0) for n in range(3)]
    assert _verdict(_rule(RuleSort.ADJOINING), *line) is Verdict.UNKNOWN
    assert _verdict(_rule(RuleSort.ADJOINING), line[0], line[2]) is Verdict.NOT_MET


def test_without_rules_nothing_is_promised():
    assert check([], Consortium((_commune(1),))).verdict is Verdict.UNKNOWN


def test_a_partnership_of_nobody_lacks_its_lead():
    assert check([_rule(RuleSort.LEAD, kinds=COMMUNE)], Consortium(())).results[0].missing == 1
