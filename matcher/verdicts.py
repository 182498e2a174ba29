"""What eligibility says: three values per criterion, each with the words it was read from.

    Eligibility ── verdict, likelihood
        └── CriterionResult ── criterion, verdict, quote, origin, facts, missing

*Not met* rules a call out. *Unknown* keeps it in, to be checked, and names the missing fact.
"""

from dataclasses import dataclass
from datetime import date
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
    ``funded_bodies``, the id of a notice…). ``facts`` are the parameters that were read (``("max_population",
    "5000")``). ``missing`` names the fact that would settle an unknown (``applicants``, ``territory``, ``population``,
    ``closing_date``…). ``reviewed_on`` is the day on which a person confirmed or corrected the criterion.
    """

    criterion: Criterion
    verdict: Verdict
    quote: str = ""
    origin: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    missing: str = ""
    reviewed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Eligibility:
    """All criteria of one call for one applicant.

    ``verdict`` is not met if any criterion is; met if who, where, population (where the call asks for it) and dates
    (where they are judged) are met; unknown otherwise. Partnership, asset, amount and co-financing are conditions on
    the project: they are shown, mostly as unknown with what is missing, and decide nothing.
    ``likelihood`` in [0, 1] is how probable it is that the applicant may apply, dates and conditions aside: 1 where
    who, where and population are met, 0 for not met, in between what the evidence suggests (notices of the measure,
    bodies funded before, words). It orders the unknown ones and is never shown as a verdict.
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
