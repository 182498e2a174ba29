"""Errors of the ranking that were read one by one: whose fault each was, by ids, never by texts.

A folder holds ``drawn.tsv`` (how many errors there were when they were drawn), ``rankings.tsv`` (the first ten calls of
each query that was read) and ``readings.tsv``; what the reasons mean is in its ``GUIDE.md``.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from corpora.labelfile import Place, judged_once, tsv_rows

DRAWS = "drawn.tsv"
RANKINGS = "rankings.tsv"
READINGS = "readings.tsv"
DRAW_COLUMNS = ("task", "queries", "hopeless", "errors", "wrong", "ndcg", "ndcg_wrong", "ranker")
RANKING_COLUMNS = ("task", "query_id", "calls")
NEAR = "-near"
"""Ends the name of errors that are drawn apart, those of the same task that all but stood right."""
READING_COLUMNS = ("task", "query_id", "shown", "right", "reason", "fits", "grade", "judge", "date")

FITS, WRONG, UNSAID, POOR, RANKING = "fits-as-well", "wrong-label", "unsaid", "call-poor", "ranking"
REASONS = (FITS, WRONG, UNSAID, POOR, RANKING)
LABEL = (FITS, WRONG)
"""What was shown is as good as what is labelled; in a wider sense UNSAID is the label's fault, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """What the errors of a task were drawn from.

    ``hopeless``: queries without any right call; ``errors`` in ``wrong`` queries; ``ndcg``: nDCG@10 over all,
    ``ndcg_wrong`` over the wrong ones; ``ranker``: the beginning of its hash.
    """

    task: str
    queries: int
    hopeless: int
    errors: int
    wrong: int
    ndcg: float
    ndcg_wrong: float
    ranker: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadError:
    """One error and its reason: ``shown`` stood above ``right``; ``fits`` are calls that a reader would accept, too.

    ``grade`` is the usable grade (0 to 3) that the reader gives ``shown``, None where it stays as labelled.
    """

    task: str
    query_id: str
    shown: str
    right: str
    reason: str
    fits: tuple[str, ...]
    grade: int | None
    judge: str
    date: date

    @property
    def pair(self) -> tuple[str, str]:
        """The query within its task, and the call that was shown."""
        return f"{self.task} {self.query_id}", self.shown


def load_draws(folder: Path) -> dict[str, Draw]:
    """Read ``drawn.tsv``: task → what was drawn from; raises CorporaError naming file, line, field and value."""
    return {row["task"]: _draw(place, row) for place, row in tsv_rows(folder / DRAWS, DRAW_COLUMNS)}


def load_rankings(folder: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """Read ``rankings.tsv``: (task, query id) → its first calls; raises CorporaError naming what is wrong where."""
    return {
        (place.text("task", row["task"]), place.text("query_id", row["query_id"])): _ids(place, "calls", row["calls"])
        for place, row in tsv_rows(folder / RANKINGS, RANKING_COLUMNS)
    }


def load_readings(folder: Path) -> list[ReadError]:
    """Read ``readings.tsv`` in file order.

    Raises CorporaError naming file, line, field and value for a bad row, a query without a ranking, or an error that
    the same judge read twice.
    """
    known = {f"{task} {query_id}" for task, query_id in load_rankings(folder)}
    rows = ((place, _reading(place, row)) for place, row in tsv_rows(folder / READINGS, READING_COLUMNS))
    return judged_once(rows, "shown", known, folder / RANKINGS)


def _draw(place: Place, row: dict[str, str]) -> Draw:
    return Draw(
        task=place.text("task", row["task"]),
        queries=_count(place, "queries", row),
        hopeless=_count(place, "hopeless", row),
        errors=_count(place, "errors", row),
        wrong=_count(place, "wrong", row),
        ndcg=_share(place, "ndcg", row),
        ndcg_wrong=_share(place, "ndcg_wrong", row),
        ranker=place.text("ranker", row["ranker"]),
    )


def _reading(place: Place, row: dict[str, str]) -> ReadError:
    reason = place.one_of("reason", row["reason"], REASONS)
    fits = _ids(place, "fits", row["fits"]) if row["fits"] else ()
    if bool(fits) != (reason == FITS):
        raise place.error("fits", row["fits"], f"must name the calls that fit where the reason is {FITS!r}, only there")
    grade = place.one_of("grade", row["grade"], ("", "0", "1", "2", "3"))
    return ReadError(
        task=place.text("task", row["task"]),
        query_id=place.text("query_id", row["query_id"]),
        shown=place.source_id("shown", row["shown"]),
        right=place.source_id("right", row["right"]),
        reason=reason,
        fits=fits,
        grade=int(grade) if grade else None,
        judge=place.text("judge", row["judge"]),
        date=place.day("date", row["date"]),
    )


def _ids(place: Place, field: str, value: str) -> tuple[str, ...]:
    return tuple(place.source_id(field, one) for one in place.text(field, value).split())


def _count(place: Place, field: str, row: dict[str, str]) -> int:
    if not row[field].isdecimal():
        raise place.error(field, row[field], "must be a whole number from 0")
    return int(row[field])


def _share(place: Place, field: str, row: dict[str, str]) -> float:
    try:
        value = float(row[field])
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise place.error(field, row[field], "must be a number from 0 to 1")
    return value
