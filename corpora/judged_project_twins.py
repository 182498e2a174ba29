"""Pairs of entries labelled by reading: are both of one project? The guide is ``judgments/project-twins/GUIDE.md``."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from math import sqrt
from pathlib import Path
from zlib import crc32

from corpora.errors import CorporaError
from corpora.labelfile import tsv_rows

COLUMNS = ("first_id", "second_id", "cups", "same", "why", "judge", "date")
ANSWERS = ("yes", "no")
READ, HIDDEN = "read", "hidden"
"""Whether the pair was proposed, and is to be found again, with the CUPs as published or without those of the other
sources: so the titles are judged on entries of which the CUP tells the truth."""
_Z = 1.96


@dataclass(frozen=True, slots=True)
class ProjectTwinJudgment:
    """One reading of one pair of entries, the id that sorts first standing first."""

    first_id: str
    second_id: str
    cups: str
    same: bool
    why: str
    judge: str
    date: date

    @property
    def pair(self) -> tuple[str, str]:
        """The ids of the two entries."""
        return self.first_id, self.second_id

    @property
    def is_held_out(self) -> bool:
        """Whether no rule was chosen by this pair: one half of them, by the checksum of its ids."""
        return crc32(" ".join(self.pair).encode()) % 2 == 1


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
class TwinAgreement:
    """How many of the proposed judged pairs are right, and how many of the right ones were proposed."""

    precision: Share
    recall: Share


def load_project_twins(path: Path) -> list[ProjectTwinJudgment]:
    """Read a file of judged pairs, in file order.

    Raises CorporaError naming file, line, field and value for a bad row, or a pair that is judged twice.
    """
    found: dict[tuple[str, str, str], ProjectTwinJudgment] = {}
    for place, row in tsv_rows(path, COLUMNS):
        first, second = (place.source_id(field, row[field]) for field in ("first_id", "second_id"))
        if first >= second:
            raise place.error("second_id", second, f"must sort after {first!r}: each pair stands one way round")
        cups = place.one_of("cups", row["cups"], (READ, HIDDEN))
        if (first, second, cups) in found:
            raise place.error("second_id", second, f"was judged with {first!r} on an earlier line")
        found[first, second, cups] = ProjectTwinJudgment(
            first,
            second,
            cups,
            place.one_of("same", row["same"], ANSWERS) == "yes",
            place.why("why", row["why"]),
            place.text("judge", row["judge"]),
            place.day("date", row["date"]),
        )
    return list(found.values())


def twin_agreement(
    judgments: Iterable[ProjectTwinJudgment], proposed: Collection[tuple[str, str]], known: Collection[str]
) -> TwinAgreement:
    """Compare proposed pairs (ids, the first sorting first) with the judged ones whose entries are ``known``.

    Raises CorporaError if no judged pair is known.
    """
    judged = [one for one in judgments if one.first_id in known and one.second_id in known]
    if not judged:
        raise CorporaError("no judged pair has both its entries here: read the official files")
    chosen = [one for one in judged if one.pair in proposed]
    right = sum(one.same for one in chosen)
    return TwinAgreement(Share(right, len(chosen)), Share(right, sum(one.same for one in judged)))
