"""What eligibility says: three values per criterion, each with the words it was read from.

    Eligibility ── verdict, likelihood
        └── CriterionResult ── criterion, verdict, quote, origin, facts, missing

*Not met* rules a call out. *Unknown* keeps it in, to be checked, and names the missing fact.
"""

from dataclasses import dataclass
from enum import StrEnum

from matcher.records import ApplicantKind, Commune


class Verdict(StrEnum):
    """Three values: the third is not a weak yes."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


class Criterion(StrEnum):
    """What a call may ask of the one who applies."""

    APPLICANT = "applicant"
    TERRITORY = "territory"
    POPULATION = "population"
    DATES = "dates"
    PARTNERSHIP = "partnership"
    ASSET = "asset"
    AMOUNT = "amount"
    COFINANCING = "cofinancing"


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """One criterion judged for one applicant.

    ``quote`` is the sentence or field value it was read from, verbatim, at most 400 characters; ``origin`` says where
    (``applicants_text``, ``territory_text``, ``title``, ``issuer``, ``text:12345`` with the character offset,
    ``funded_bodies``…). ``facts`` are the parameters that were read (``("max_population", "5000")``). ``missing``
    names the fact that would settle an unknown (``applicants``, ``territory``, ``population``, ``closing_date``…).
    """

    criterion: Criterion
    verdict: Verdict
    quote: str = ""
    origin: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Eligibility:
    """All criteria of one call for one applicant.

    ``verdict`` is not met if any criterion is, met if who and where are met and nothing is left unknown that the
    call asks for, unknown otherwise. ``likelihood`` in [0, 1] is how probable it is that the applicant may apply:
    1 for met, 0 for not met, in between what the evidence (bodies funded before, the kind of call) suggests. It
    orders the unknown ones and is never shown as a verdict.
    """

    verdict: Verdict
    criteria: tuple[CriterionResult, ...]
    likelihood: float


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who would apply: a body of one of ``kinds`` (several when it is not known which) seated in ``commune``."""

    kinds: frozenset[ApplicantKind]
    commune: Commune | None
    name: str = ""


def municipality(commune: Commune) -> Applicant:
    """The commune itself as applicant."""
    return Applicant(frozenset({ApplicantKind.COMMUNE}), commune, commune.name)
