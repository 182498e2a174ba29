"""Hand-labelled pairs of calls: which are one and the same; what that means is in ``judgments/duplicates/GUIDE.md``."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from corpora.errors import CorporaError
from corpora.labelfile import tsv_rows

COLUMNS = ("first_id", "second_id", "same", "why", "judge", "date")
ANSWERS = ("yes", "no")


@dataclass(frozen=True, slots=True)
class DuplicateJudgment:
    """One reading of one pair of calls, the id that sorts first standing first."""

    first_id: str
    second_id: str
    same: bool
    why: str
    judge: str
    date: date

    @property
    def pair(self) -> tuple[str, str]:
        """The ids of the two calls."""
        return self.first_id, self.second_id


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Labelled pairs that were proposed, how many of these are right, and how many of all right ones were proposed."""

    proposed: int
    right: int
    expected: int

    @property
    def precision(self) -> float:
        """The share of the proposed pairs that are right; raises ZeroDivisionError if none was proposed."""
        return self.right / self.proposed

    @property
    def recall(self) -> float:
        """The share of the right pairs that were proposed; raises ZeroDivisionError if none is right."""
        return self.right / self.expected


def load_duplicates(path: Path) -> list[DuplicateJudgment]:
    """Read a file of judged pairs, in file order.

    Raises CorporaError naming file, line, field and value for a bad row, or a pair that is judged twice.
    """
    found: dict[tuple[str, str], DuplicateJudgment] = {}
    for place, row in tsv_rows(path, COLUMNS):
        first, second = (place.source_id(field, row[field]) for field in ("first_id", "second_id"))
        if first >= second:
            raise place.error("second_id", second, f"must sort after {first!r}: each pair stands one way round")
        if (first, second) in found:
            raise place.error("second_id", second, f"was judged with {first!r} on an earlier line")
        found[first, second] = DuplicateJudgment(
            first,
            second,
            place.one_of("same", row["same"], ANSWERS) == "yes",
            place.why("why", row["why"]),
            place.text("judge", row["judge"]),
            place.day("date", row["date"]),
        )
    return list(found.values())


def pair_agreement(
    judgments: Iterable[DuplicateJudgment], proposed: Collection[tuple[str, str]], known: Collection[str]
) -> PairAgreement:
    """Compare proposed pairs (ids, the first sorting first) with the judged ones whose calls are ``known``.

    Raises CorporaError if no judged pair is known.
    """
    judged = [j for j in judgments if j.first_id in known and j.second_id in known]
    if not judged:
        raise CorporaError("no judged pair has both its calls here: read the official files")
    chosen = [judgment for judgment in judged if judgment.pair in proposed]
    return PairAgreement(len(chosen), sum(j.same for j in chosen), sum(j.same for j in judged))
