from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.consortium import Candidate, Consortium, ConsortiumRule, Member, RuleSort, check, propose
from matcher.records import ApplicantKind as Kind
from matcher.records import Commune
from matcher.verdicts import Verdict

COMMUNE, SCHOOL = frozenset({Kind.COMMUNE}), frozenset({Kind.SCHOOL})


def _member(number: int, kinds: frozenset[Kind] = COMMUNE, population: int = 4_000) -> Member:
    place = Commune(istat=f"{number:06d}", name=f"Paese {number}", population=population)
    return Member(f"m{number}", place.name, kinds, place)


def _rule(sort: RuleSort, **fields: object) -> ConsortiumRule:
    return ConsortiumRule(sort=sort, quote="…", origin="text:0", **fields)  # type: ignore[arg-type]


LEAD = _member(0)
FIVE = _rule(RuleSort.MEMBERS, minimum=5, kinds=COMMUNE)
TEN = [Candidate(_member(number), quality=1 - number / 20) for number in range(1, 11)]


def _ids(consortium: Consortium) -> set[str]:
    return {member.id for member in consortium.members}


def test_the_best_bodies_complete_the_first_partnership_and_no_more_than_needed():
    first = propose([FIVE], LEAD, TEN)[0]
    assert first.verdict.verdict is Verdict.MET
    assert _ids(first.consortium) == {"m0", "m1", "m2", "m3", "m4"}


def test_the_lead_stands_first():
    assert all(proposal.consortium.lead == LEAD for proposal in propose([FIVE], LEAD, TEN))


def test_proposals_share_at_most_half_of_their_partners():
    found = [_ids(proposal.consortium) - {"m0"} for proposal in propose([FIVE], LEAD, TEN)]
    assert len(found) == 3
    assert all(len(one & other) <= len(one) / 2 for one, other in combinations(found, 2))


def test_a_role_that_the_project_lacks_is_filled_where_somebody_can():
    school = Candidate(_member(20, SCHOOL), quality=0.1, roles=frozenset({"school"}))
    first = propose([_rule(RuleSort.MEMBERS, minimum=2)], LEAD, [*TEN, school], roles=["school"])[0]
    assert first.roles == {"school": ("m20",)}


def test_what_no_choice_can_give_stands_in_the_verdict_as_missing():
    first = propose([_rule(RuleSort.MEMBERS, minimum=1, kinds=SCHOOL)], LEAD, TEN)[0]
    assert first.verdict.verdict is Verdict.NOT_MET
    assert first.verdict.results[0].missing == 1


def test_a_body_that_breaks_a_rule_is_not_taken_in_unless_it_is_kept():
    large = Candidate(_member(30, population=90_000), quality=1.0)
    small = _rule(RuleSort.SIZE, maximum=5_000)
    assert "m30" not in _ids(propose([FIVE, small], LEAD, [large, *TEN])[0].consortium)
    assert "m30" in _ids(propose([FIVE, small], LEAD, [large, *TEN], kept=["m30"])[0].consortium)


def test_with_no_candidates_the_lead_stands_alone_and_what_is_missing_is_said():
    (only,) = propose([FIVE], LEAD, [])
    assert only.verdict.results[0].missing == 4


@st.composite
def _cases(draw: st.DrawFn) -> tuple[list[ConsortiumRule], list[Candidate]]:
    candidates = [
        Candidate(
            _member(n, draw(st.sampled_from([COMMUNE, SCHOOL])), draw(st.sampled_from([900, 4_000, 12_000]))),
            draw(st.floats(0, 1)),
        )
        for n in range(1, draw(st.integers(1, 6)) + 1)
    ]
    low = draw(st.integers(1, 4))
    asked = [
        _rule(RuleSort.MEMBERS, minimum=low, maximum=draw(st.none() | st.integers(low, 5))),
        _rule(RuleSort.MEMBERS, minimum=draw(st.integers(0, 3)), kinds=SCHOOL),
        _rule(RuleSort.POPULATION, minimum=draw(st.integers(0, 25_000)), maximum=draw(st.none() | st.just(40_000))),
        _rule(RuleSort.SIZE, maximum=draw(st.sampled_from([5_000, 15_000]))),
    ]
    return asked, candidates


@settings(max_examples=150, deadline=None)
@given(case=_cases())
def test_whenever_some_choice_is_complete_the_first_proposal_is(
    case: tuple[list[ConsortiumRule], list[Candidate]],
):
    asked, candidates = case
    choices = (some for size in range(len(candidates) + 1) for some in combinations(candidates, size))
    possible = any(
        check(asked, Consortium((LEAD, *(one.member for one in some)))).verdict is Verdict.MET for some in choices
    )
    assert (propose(asked, LEAD, candidates)[0].verdict.verdict is Verdict.MET) == possible


@pytest.mark.parametrize("count", [1, 2, 3])
def test_no_more_proposals_than_asked_for(count: int):
    assert len(propose([FIVE], LEAD, TEN, count=count)) == count
