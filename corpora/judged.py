"""Hand-labelled matches: queries, graded judgments, the qrels made of them, and how well two readers agree.

A folder holds ``queries.jsonl`` and ``judgments.tsv``; what the grades mean is in ``corpora/judgments/GUIDE.md``.
Calls are named by id (``<source>:<publisher's own id>``), never copied.
"""

import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sklearn.metrics import cohen_kappa_score

from corpora.errors import CorporaError
from corpora.labelfile import WHY_LIMIT as WHY_LIMIT
from corpora.labelfile import Place, asked_once, json_rows, judged_once, tsv_rows

QUERIES = "queries.jsonl"
JUDGMENTS = "judgments.tsv"
SECOND_READING = "second_reading.tsv"
"""A quarter of the pairs, read again by somebody who had not seen the first grades."""
QRELS = {"qrels_usable.tsv": True, "qrels_purpose.tsv": False}
"""File name of the qrels → whether they hold usable grades (or purposes)."""
KINDS = ("need", "project", "asset")
STYLES = ("short", "long", "bureaucratic", "badly_typed", "keyword", "question")
SPLITS = ("dev", "test")
DRIVERS = tuple(str(number) for number in range(1, 11))
PURPOSES = (0, 1, 2, 3)
MAY_APPLY = ("yes", "no", "unknown")
COLUMNS = ("query_id", "call_id", "purpose", "may_apply", "why", "judge", "date")


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedQuery:
    """A labelled question; ``commune`` is an ISTAT code, ``drivers`` are "1" to "10" of the strategic plan."""

    query_id: str
    kind: str
    commune: str
    text: str
    style: str
    drivers: tuple[str, ...]
    split: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgment:
    """One reading of one (query, call) pair; ``purpose`` is 0 to 3, ``may_apply`` is yes, no or unknown."""

    query_id: str
    call_id: str
    purpose: int
    may_apply: str
    why: str
    judge: str
    date: date

    @property
    def pair(self) -> tuple[str, str]:
        """The (query id, call id) that was judged."""
        return self.query_id, self.call_id

    @property
    def usable(self) -> int:
        """The grade of a call that the commune can use: its purpose, one less when in doubt, 0 when ruled out."""
        if self.may_apply == "no":
            return 0
        return self.purpose if self.may_apply == "yes" else max(self.purpose - 1, 0)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well two readers agree on the pairs both judged; kappa is nan where both gave one same grade throughout."""

    pairs: int
    purpose_kappa: float
    purpose_raw: float
    may_apply_raw: float
    usable_kappa: float


def load_queries(folder: Path) -> list[JudgedQuery]:
    """Read ``queries.jsonl`` of a folder, in file order.

    Raises CorporaError naming file, line, field and value for the first query that does not hold together.
    """
    return asked_once((place, _query(place, row)) for place, row in json_rows(folder / QUERIES))


def load_judgments(folder: Path, file: str = JUDGMENTS) -> list[Judgment]:
    """Read ``judgments.tsv`` (or another file) of a folder, in file order; several judges may have read the same pair.

    Raises CorporaError naming file, line, field and value for a bad row, a query that ``queries.jsonl`` does not
    have, or a pair judged twice by the same judge.
    """
    known = {query.query_id for query in load_queries(folder)}
    rows = tsv_rows(folder / file, COLUMNS)
    return judged_once(((place, _judgment(place, row)) for place, row in rows), "call_id", known, folder / QUERIES)


def qrels(judgments: Iterable[Judgment], usable: bool) -> dict[str, dict[str, int]]:
    """Relevance by query id and call id: usable grades or purposes; of several readings of a pair the last counts."""
    relevance: dict[str, dict[str, int]] = {}
    for judgment in judgments:
        grade = judgment.usable if usable else judgment.purpose
        relevance.setdefault(judgment.query_id, {})[judgment.call_id] = grade
    return relevance


def write_qrels(judgments: Iterable[Judgment], usable: bool, path: Path) -> int:
    """Write qrels as rows of query_id, call_id, relevance with a header; give the number of rows."""
    rows = [(q, call, grade) for q, calls in qrels(judgments, usable).items() for call, grade in calls.items()]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(("query_id", "call_id", "relevance"))
        writer.writerows(rows)
    return len(rows)


def refresh_qrels(folder: Path) -> dict[str, int]:
    """Write both qrels of a folder anew from its judgments; give the number of rows by file name.

    ``python -m corpora.judged FOLDER`` does it; raises CorporaError if the folder does not hold together.
    """
    judgments = load_judgments(folder)
    return {name: write_qrels(judgments, usable, folder / name) for name, usable in QRELS.items()}


def agreement(first: Iterable[Judgment], second: Iterable[Judgment]) -> Agreement:
    """Compare two readings on the pairs they share, kappas with quadratic weights (Cohen 1968).

    Raises CorporaError if they share no pair.
    """
    left, right = ({judgment.pair: judgment for judgment in reading} for reading in (first, second))
    shared = sorted(left.keys() & right.keys())
    if not shared:
        raise CorporaError("the two readings share no (query, call) pair: nothing to compare")
    pairs = [(left[pair], right[pair]) for pair in shared]
    return Agreement(
        pairs=len(pairs),
        purpose_kappa=weighted_kappa([(a.purpose, b.purpose) for a, b in pairs]),
        purpose_raw=sum(a.purpose == b.purpose for a, b in pairs) / len(pairs),
        may_apply_raw=sum(a.may_apply == b.may_apply for a, b in pairs) / len(pairs),
        usable_kappa=weighted_kappa([(a.usable, b.usable) for a, b in pairs]),
    )


def weighted_kappa(grades: Sequence[tuple[int, int]]) -> float:
    """Cohen's kappa of pairs of grades 0 to 3 with quadratic weights; nan where all grades are one and the same."""
    first, second = zip(*grades, strict=True)
    if len({*first, *second}) == 1:
        return float("nan")
    return float(cohen_kappa_score(first, second, labels=list(PURPOSES), weights="quadratic"))


def _query(place: Place, row: Mapping[str, Any]) -> JudgedQuery:
    return JudgedQuery(
        query_id=place.text("query_id", row.get("query_id")),
        kind=place.one_of("kind", row.get("kind"), KINDS),
        commune=place.commune("commune", row.get("commune")),
        text=place.text("text", row.get("text")),
        style=place.one_of("style", row.get("style"), STYLES),
        drivers=place.each_of("drivers", row.get("drivers"), DRIVERS),
        split=place.one_of("split", row.get("split"), SPLITS),
    )


def _judgment(place: Place, row: Mapping[str, str]) -> Judgment:
    return Judgment(
        query_id=place.text("query_id", row["query_id"]),
        call_id=place.source_id("call_id", row["call_id"]),
        purpose=int(place.one_of("purpose", row["purpose"], [str(grade) for grade in PURPOSES])),
        may_apply=place.one_of("may_apply", row["may_apply"], MAY_APPLY),
        why=place.why("why", row["why"]),
        judge=place.text("judge", row["judge"]),
        date=place.day("date", row["date"]),
    )


if __name__ == "__main__":
    refresh_qrels(Path(sys.argv[1]))
