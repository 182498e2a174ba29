"""Why a call was recommended: codes with evidence, whose contributions add up to the score.

Sentences in Italian or English are made from these at the edge (``service.wording``), never here.
"""

from dataclasses import dataclass
from enum import StrEnum

from matcher.records import FundingCall, Precedent, QueryKind
from matcher.verdicts import Eligibility


@dataclass(frozen=True, slots=True)
class Contribution:
    """One named feature: its raw value and what it adds to the score (contributions sum to the score)."""

    feature: str
    value: float
    contribution: float


@dataclass(frozen=True, slots=True)
class PassageMatch:
    """Two passages that agree: the query's part and the call's part, with the field and offset of the latter."""

    query_passage: str
    call_passage: str
    field: str
    offset: int
    similarity: float
    shared_terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PrecedentMatch:
    """A project like the one asked for that the call's programme has funded; cosine of the two texts' vectors."""

    precedent: Precedent
    similarity: float


class VariantKind(StrEnum):
    """Why a call stands beneath another."""

    SAME_NOTICE = "same_notice"
    EDITION = "edition"
    NOTICE = "notice_of_the_measure"
    MEASURE = "measure_of_the_notice"


@dataclass(frozen=True, slots=True)
class Variant:
    """Another call of the same group: the same notice elsewhere, an edition, the measure or a notice of it."""

    call: FundingCall
    kind: VariantKind
    eligibility: Eligibility


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One ranked call for one query; ``rank`` starts at 1, ``score`` is comparable within one query only.

    ``variants``: the calls that stand beneath this one in a grouped list, those that may be applied for first.
    ``precedents``: the nearest projects that the call's programme has funded, nearest first, never the query itself.
    """

    rank: int
    call: FundingCall
    score: float
    eligibility: Eligibility
    contributions: tuple[Contribution, ...]
    passages: tuple[PassageMatch, ...]
    variants: tuple[Variant, ...] = ()
    precedents: tuple[PrecedentMatch, ...] = ()


@dataclass(frozen=True, slots=True)
class Recommendations:
    """The answer to one query.

    ``items`` in rank order: by score, but a group of calls stands where its best one would. ``excluded`` holds the
    calls that eligibility ruled out among those that would otherwise have been in the list, best first.
    ``n_candidates`` calls were looked at, ``n_excluded`` of them ruled out; ``n_hidden`` others were left out at the
    commune's own wish.
    """

    query_id: str
    kind: QueryKind
    text: str
    commune_istat: str
    items: tuple[Recommendation, ...]
    excluded: tuple[Recommendation, ...]
    n_candidates: int
    n_excluded: int
    artifact_version: str
    n_hidden: int = 0
