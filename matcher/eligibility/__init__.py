"""Who may apply for a call: rules read from its words, judged for an applicant in three values.

FundingCall ──extract_rules──► rules ──judge──► Eligibility              one call, with quotes
                               └──EligibilityTable──► verdicts, likelihoods   all calls at once
"""

from matcher.eligibility.applicants import ApplicantsRead, applicant_kinds
from matcher.eligibility.extraction import extract_rules, notices_by_programme
from matcher.eligibility.judgement import judge
from matcher.eligibility.rules import (
    ApplicantRule,
    ConditionRule,
    DatesRule,
    PopulationRule,
    Rule,
    TerritoryRule,
    rules_from_json,
    rules_to_json,
)
from matcher.eligibility.table import EligibilityTable

__all__ = [
    "ApplicantRule",
    "ApplicantsRead",
    "ConditionRule",
    "DatesRule",
    "EligibilityTable",
    "PopulationRule",
    "Rule",
    "TerritoryRule",
    "applicant_kinds",
    "extract_rules",
    "judge",
    "notices_by_programme",
    "rules_from_json",
    "rules_to_json",
]
