"""Pairs of records labelled by reading: are both one and the same? What every such file holds, and what it measures.

judgments.tsv ──read_pair──► PairJudgment ──agreement with what was proposed──► precision, recall
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt

from corpora.errors import CorporaError
from corpora.labelfile import Place

ANSWERS = ("yes", "no")
_Z = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class PairJudgment:
    """One reading of one pair, the id that sorts first standing first."""

    first_id: str
    second_id: str
    same: bool
    why: str
    judge: str
    date: date

    @property
    def pair(self) -> tuple[str, str]:
        """The ids of the two."""
        return self.first_id, self.second_id


@dataclass(frozen=True, slots=True)
class Share:
    """``right`` of ``all``, with the interval of Wilson (1927) in which 95 in 100 such samples have the true share."""

    right: int
    all: int

    @property
    def value(self) -> float:
        """The share itself; raises ZeroDivisionError of nothing."""
        return self.right / self.all

    @property
    def interval(self) -> tuple[float, float]:
        """The lower and the upper end."""
        spread = 1 + _Z**2 / self.all
        middle = (self.value + _Z**2 / (2 * self.all)) / spread
        half = _Z / spread * sqrt(self.value * (1 - self.value) / self.all + _Z**2 / (4 * self.all**2))
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """How many of the proposed judged pairs are right, and how many of the right ones were proposed."""

    precision: Share
    recall: Share


def read_pair(place: Place, row: Mapping[str, str]) -> PairJudgment:
    """Return what a row says; raises CorporaError naming file, line, field and value."""
    first, second = (place.source_id(field, row[field]) for field in ("first_id", "second_id"))
    if first >= second:
        raise place.error("second_id", second, f"must sort after {first!r}: each pair stands one way round")
    return PairJudgment(
        first_id=first,
        second_id=second,
        same=place.one_of("same", row["same"], ANSWERS) == "yes",
        why=place.why("why", row["why"]),
        judge=place.text("judge", row["judge"]),
        date=place.day("date", row["date"]),
    )


def judged_before(place: Place, judged: PairJudgment) -> CorporaError:
    """The error of a pair that stands twice in a file."""
    return place.error("second_id", judged.second_id, f"was judged with {judged.first_id!r} on an earlier line")


def pair_agreement(
    judgments: Iterable[PairJudgment], proposed: Collection[tuple[str, str]], known: Collection[str]
) -> PairAgreement:
    """Compare proposed pairs (ids, the first sorting first) with the judged ones whose records are ``known``.

    Raises CorporaError if no judged pair is known.
    """
    judged = [one for one in judgments if one.first_id in known and one.second_id in known]
    if not judged:
        raise CorporaError("no judged pair has both its records here: read the official files")
    chosen = [one for one in judged if one.pair in proposed]
    right = sum(one.same for one in chosen)
    return PairAgreement(Share(right, len(chosen)), Share(right, sum(one.same for one in judged)))
