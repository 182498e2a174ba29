"""Communes and bodies that the eligibility tests apply with, and a short way to write a call."""

from typing import Any

from matcher.eligibility import extract_rules, judge
from matcher.records import ApplicantKind, Commune, FundingCall
from matcher.verdicts import Applicant, Criterion, Eligibility, Verdict, municipality

CINISELLO = Commune(
    istat="015077", name="Cinisello Balsamo", province="Milano", region="Lombardia", region_code="03", population=74_534
)
NOSATE = Commune(istat="015155", name="Nosate", province="Milano", region="Lombardia", region_code="03", population=640)
TARANTO = Commune(istat="073027", name="Taranto", province="Taranto", region="Puglia", population=188_098)


def a_call(**fields: Any) -> FundingCall:
    """A call with the fields given, empty otherwise."""
    return FundingCall(**{"id": "test:1", "source": "test", "title": "Bando", **fields})


def a_body(kind: ApplicantKind, commune: Commune | None = CINISELLO) -> Applicant:
    """A body of one kind seated in a commune."""
    return Applicant(frozenset({kind}), commune)


def judged(call: FundingCall, commune: Commune = CINISELLO) -> Eligibility:
    """What the call's own words say for a municipality, dates aside."""
    return judge(extract_rules(call), municipality(commune), on=None)


def verdict_on(eligibility: Eligibility, criterion: Criterion) -> Verdict | None:
    """The verdict on one criterion, None where the call does not ask for it."""
    return next((result.verdict for result in eligibility.criteria if result.criterion is criterion), None)
