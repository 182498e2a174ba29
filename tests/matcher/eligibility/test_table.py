"""The table of all calls against the judge of one: the same verdicts and likelihoods, for any rules and applicant."""

from datetime import datetime

import numpy as np
from applicants_at import CINISELLO
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.eligibility import (
    ApplicantRule,
    ConditionRule,
    DatesRule,
    EligibilityTable,
    PopulationRule,
    Rule,
    TerritoryRule,
    judge,
    rules_from_json,
    rules_to_json,
)
from matcher.eligibility.rules import KINDS
from matcher.records import ApplicantKind, Commune, Moment
from matcher.serialization import ROME
from matcher.verdicts import Applicant, Criterion, Verdict, municipality

CODES = {Verdict.NOT_MET: 0, Verdict.UNKNOWN: 1, Verdict.MET: 2}
PROVINCES = {"Milano": "03", "Lecce": "16", "Reggio nell'Emilia": "08", "": ""}

moments = st.builds(
    Moment,
    st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31), timezones=st.just(ROME), allow_imaginary=False),  # noqa: DTZ001
    st.booleans(),
)
words = {"quote": st.text(max_size=20), "origin": st.sampled_from(["title", "issuer", "text:12"])}
chances = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0.01, 0.97).map(lambda chance: round(chance, 4)))
applicant_rules = st.builds(ApplicantRule, chances=st.tuples(*[chances] * len(KINDS)), read=st.booleans(), **words)
territory_rules = st.builds(
    TerritoryRule,
    regions=st.frozensets(st.sampled_from(["03", "16", "08"])),
    provinces=st.frozensets(st.sampled_from(["MILANO", "LECCE", "REGGIO EMILIA"])),
    zones=st.frozensets(st.sampled_from(["NORD MILANO", "SUD EST"]), max_size=1),
    communes=st.frozensets(st.sampled_from(["CASTRO", "RHO"]), max_size=1),
    share=st.sampled_from([1.0, 0.3, 0.03]),
    **words,
)
bounds = st.none() | st.integers(100, 200_000)
population_rules = st.builds(PopulationRule, minimum=bounds, maximum=bounds, strict=st.booleans(), **words)
dates_rules = st.builds(
    DatesRule,
    opens=st.none() | moments,
    closes=st.none() | moments,
    while_funds_last=st.booleans(),
    closed_since=st.none() | moments.map(lambda moment: moment.at),
    **words,
)
condition_rules = st.builds(
    ConditionRule,
    of=st.sampled_from([Criterion.PARTNERSHIP, Criterion.ASSET, Criterion.AMOUNT, Criterion.COFINANCING]),
    facts=st.lists(st.tuples(st.just("min_partners"), st.just("3")), max_size=1).map(tuple),
    missing=st.sampled_from(["", "partners"]),
    **words,
)
rule_sets = st.tuples(
    *(st.none() | rules for rules in (applicant_rules, territory_rules, population_rules, dates_rules, condition_rules))
).map(lambda rules: tuple(rule for rule in rules if rule is not None))
communes = st.builds(
    lambda name, province, zone, population, verified: Commune(
        istat="015000",
        name=name,
        province=province,
        region_code=PROVINCES[province],
        zone=zone,
        zone_verified=verified,
        population=population,
    ),
    st.sampled_from(["Castro", "Rho", "Milano"]),
    st.sampled_from(list(PROVINCES)),
    st.sampled_from(["", "Nord Milano", "Sud Est"]),
    st.none() | st.integers(50, 250_000),
    st.sampled_from([True, False, None]),
)
applicants = st.builds(Applicant, st.frozensets(st.sampled_from(list(ApplicantKind)), max_size=3), st.none() | communes)


@settings(max_examples=300)
@given(st.lists(rule_sets, max_size=6), applicants, st.none() | moments.map(lambda moment: moment.at))
def test_the_table_agrees_with_the_judge(
    calls: list[tuple[Rule, ...]], applicant: Applicant, on: datetime | None
) -> None:
    table = EligibilityTable.build(calls)
    judged = [judge(rules, applicant, on) for rules in calls]
    assert table.verdicts(applicant, on).tolist() == [CODES[one.verdict] for one in judged]
    expected = np.array([one.likelihood for one in judged], dtype=np.float32)
    np.testing.assert_array_equal(table.likelihoods(applicant, on), expected)


@given(rule_sets, applicants, st.none() | moments.map(lambda moment: moment.at))
def test_met_is_certain_and_not_met_impossible(
    rules: tuple[Rule, ...], applicant: Applicant, on: datetime | None
) -> None:
    eligibility = judge(rules, applicant, on)
    assert 0 <= eligibility.likelihood <= 1
    if eligibility.verdict is Verdict.MET:
        assert eligibility.likelihood == 1
    assert (eligibility.verdict is Verdict.NOT_MET) == (eligibility.likelihood == 0)


@given(rule_sets)
def test_rules_survive_the_way_to_json_and_back(rules: tuple[Rule, ...]) -> None:
    assert rules_from_json(rules_to_json(rules)) == rules


def test_an_empty_table_judges_nothing() -> None:
    table = EligibilityTable.build([])
    assert len(table) == 0
    assert table.verdicts(municipality(CINISELLO)).shape == (0,)
