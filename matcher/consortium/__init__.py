"""Partnerships for calls that need one: their rules read from the call, verdicts on members, and whole proposals.

FundingCall ──read_consortium_rules──► rules ──check──► verdict on a partnership, rule by rule
                                         └──propose──► two or three partnerships that keep them
"""

from matcher.consortium.checking import ConsortiumVerdict, RuleResult, check
from matcher.consortium.proposing import Candidate, Proposal, propose
from matcher.consortium.reading import read_consortium_rules
from matcher.consortium.rules import Consortium, ConsortiumRule, Member, RuleSort

__all__ = [
    "Candidate",
    "Consortium",
    "ConsortiumRule",
    "ConsortiumVerdict",
    "Member",
    "Proposal",
    "RuleResult",
    "RuleSort",
    "check",
    "propose",
    "read_consortium_rules",
]
