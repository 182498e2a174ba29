"""Hand-labelled partners: projects that look for others, graded bodies, the qrels of them, how well readings agree.

A folder holds ``queries.jsonl`` and ``judgments.tsv``; what the grades mean is in its ``GUIDE.md``. Bodies are named by
id: ``comuni:<istat>``, ``enti-ipa:<IPA code>``, ``ets:<slug of the name>-<istat>``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from corpora.errors import CorporaError
from corpora.judged import DRIVERS, JUDGMENTS, QUERIES, SPLITS, weighted_kappa
from corpora.labelfile import Place, asked_once, json_rows, judged_once, tsv_rows

GRADES = (0, 1, 2, 3)
SURE = ("yes", "no")
COLUMNS = ("query_id", "body_id", "complement", "sure", "why", "judge", "date")


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerQuery:
    """A project that looks for partners.

    ``commune`` is the ISTAT code of the lead, ``call_id`` the call it is for ("" where none is chosen), ``wanted`` says
    what would complement it, ``drivers`` are "1" to "10" of the strategic plan.
    """

    query_id: str
    text: str
    commune: str
    call_id: str
    wanted: str
    drivers: tuple[str, ...]
    split: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerJudgment:
    """One reading of one (query, body) pair; ``complement`` is 0 to 3, ``sure`` whether more than a name tells it."""

    query_id: str
    body_id: str
    complement: int
    sure: bool
    why: str
    judge: str
    date: date

    @property
    def pair(self) -> tuple[str, str]:
        """The (query id, body id) that was judged."""
        return self.query_id, self.body_id


@dataclass(frozen=True, slots=True)
class PartnerAgreement:
    """How well two readings agree on the pairs both hold; kappa is nan where all grades are one and the same."""

    pairs: int
    complement_kappa: float
    complement_raw: float
    sure_raw: float


def load_queries(folder: Path) -> list[PartnerQuery]:
    """Read ``queries.jsonl`` of a folder, in file order.

    Raises CorporaError naming file, line, field and value for the first query that does not hold together.
    """
    return asked_once((place, _query(place, row)) for place, row in json_rows(folder / QUERIES))


def load_judgments(folder: Path, file: str = JUDGMENTS) -> list[PartnerJudgment]:
    """Read ``judgments.tsv`` (or another file) of a folder, in file order; several judges may have read the same pair.

    Raises CorporaError naming file, line, field and value for a bad row, a query that ``queries.jsonl`` does not
    have, or a pair judged twice by the same judge.
    """
    known = {query.query_id for query in load_queries(folder)}
    rows = tsv_rows(folder / file, COLUMNS)
    return judged_once(((place, _judgment(place, row)) for place, row in rows), "body_id", known, folder / QUERIES)


def partner_qrels(judgments: Iterable[PartnerJudgment]) -> dict[str, dict[str, int]]:
    """Relevance by query id and body id; of several readings of a pair the last counts."""
    relevance: dict[str, dict[str, int]] = {}
    for judgment in judgments:
        relevance.setdefault(judgment.query_id, {})[judgment.body_id] = judgment.complement
    return relevance


def partner_agreement(first: Iterable[PartnerJudgment], second: Iterable[PartnerJudgment]) -> PartnerAgreement:
    """Compare two readings on the pairs they share, kappa with quadratic weights (Cohen 1968).

    Raises CorporaError if they share no pair.
    """
    left, right = ({judgment.pair: judgment for judgment in reading} for reading in (first, second))
    pairs = [(left[pair], right[pair]) for pair in sorted(left.keys() & right.keys())]
    if not pairs:
        raise CorporaError("the two readings share no (query, body) pair: nothing to compare")
    return PartnerAgreement(
        pairs=len(pairs),
        complement_kappa=weighted_kappa([(a.complement, b.complement) for a, b in pairs]),
        complement_raw=sum(a.complement == b.complement for a, b in pairs) / len(pairs),
        sure_raw=sum(a.sure == b.sure for a, b in pairs) / len(pairs),
    )


def _query(place: Place, row: Mapping[str, Any]) -> PartnerQuery:
    call_id = row.get("call_id")
    return PartnerQuery(
        query_id=place.text("query_id", row.get("query_id")),
        text=place.text("text", row.get("text")),
        commune=place.commune("commune", row.get("commune")),
        call_id="" if call_id == "" else place.source_id("call_id", call_id),
        wanted=place.text("wanted", row.get("wanted")),
        drivers=place.each_of("drivers", row.get("drivers"), DRIVERS),
        split=place.one_of("split", row.get("split"), SPLITS),
    )


def _judgment(place: Place, row: Mapping[str, str]) -> PartnerJudgment:
    return PartnerJudgment(
        query_id=place.text("query_id", row["query_id"]),
        body_id=place.source_id("body_id", row["body_id"]),
        complement=int(place.one_of("complement", row["complement"], [str(grade) for grade in GRADES])),
        sure=place.one_of("sure", row["sure"], SURE) == "yes",
        why=place.why("why", row["why"]),
        judge=place.text("judge", row["judge"]),
        date=place.day("date", row["date"]),
    )
