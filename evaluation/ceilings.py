"""What the labels leave to be won: nDCG@10 if errors that were read and found to be the labels' own counted as right.

    readings.tsv + rankings.tsv ──► gain of each error read ──► × share of such errors among all queries ──► + today's

In the PNRR tasks the errors read are a random sample, so their mean gain, with its interval, stands for all errors. In
``needs`` the worst queries were read: what they gain is a lower bound. Run it as ``python -m evaluation.ceilings``.
"""

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from corpora.judged import SECOND_READING, Judgment, load_judgments, load_queries, qrels
from corpora.judged_errors import (
    FITS,
    LABEL,
    NEAR,
    RANKING,
    REASONS,
    UNSAID,
    Draw,
    ReadError,
    load_draws,
    load_rankings,
    load_readings,
)
from evaluation.comparison import Interval, mean_interval
from evaluation.measures.ranking import MAIN, ranking_measures
from evaluation.results import Qrels
from evaluation.tasks.needs import LABELS

ERRORS = LABELS.parent / "errors"
NEEDS = "needs"
DISCOUNTS = tuple(1 / math.log2(1 + rank) for rank in range(1, 11))
"""What a call at each of the first ten places counts in nDCG@10."""

Rankings = Mapping[tuple[str, str], Sequence[str]]
Value = Callable[[ReadError, float], float]
"""What an error would be worth, of the error and what it is worth today."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """nDCG@10 of a task: ``today``; ``accepted``: answers as good as the labelled ones counted as right.

    ``generous``: texts that do not say what is to be paid counted as right, too; ``perfect``: the labels as they are,
    and a ranker that makes none of its own errors, with equally good answers first in an order by lot. ``reasons``
    counts the errors read.
    """

    task: str
    today: float
    accepted: Interval
    generous: Interval
    perfect: Interval
    reasons: Mapping[str, int]


def ceilings(folder: Path = ERRORS, labels: Path = LABELS) -> list[Ceiling]:
    """Return the ceilings of all tasks of which errors were read; raises CorporaError for files that do not hold."""
    rankings, readings = load_rankings(folder), load_readings(folder)
    grades = qrels(load_judgments(labels), usable=True)
    draws = load_draws(folder)
    found = []
    for name in (name for name in draws if not name.endswith(NEAR)):
        parts = {part: [one for one in readings if one.task == part] for part in (name, name + NEAR) if part in draws}
        if name == NEEDS:
            found.append(_graded(draws[name], parts[name], rankings, grades))
        else:
            found.append(_single([(draws[part], read) for part, read in parts.items()], rankings))
    return found


def gain(ranking: Sequence[str], answers: Collection[str]) -> float:
    """Return nDCG@10 where one answer is wanted and any of these will do: 1 / log2(1 + rank), 0 below the tenth."""
    return next((discount for call, discount in zip(ranking, DISCOUNTS, strict=False) if call in answers), 0.0)


def second_reader(first: Iterable[Judgment], second: Iterable[Judgment]) -> Interval:
    """Return nDCG@10 of a ranking by a second reader's usable grades, over the pairs that both have read.

    Calls of one grade share their places. Queries without a usable call among those pairs are left out. The pairs of
    a query are few (some seventeen): over all calls agreement would be worth less.
    """
    ours, theirs = qrels(first, usable=True), qrels(second, usable=True)
    values = []
    for query_id, grades in theirs.items():
        shared = {call: ours[query_id][call] for call in grades if call in ours.get(query_id, {})}
        if any(shared.values()):
            values.append(_dcg(_evened(shared, grades)) / _dcg(sorted(shared.values(), reverse=True)))
    return mean_interval(values)


def second_reading(labels: Path = LABELS) -> Interval:
    """Return ``second_reader`` of the needs of the dev split; raises CorporaError for files that do not hold."""
    dev = {query.query_id for query in load_queries(labels) if query.split == "dev"}
    first, second = load_judgments(labels), load_judgments(labels, SECOND_READING)
    return second_reader((one for one in first if one.query_id in dev), (one for one in second if one.query_id in dev))


def _evened(ours: Mapping[str, int], theirs: Mapping[str, int]) -> list[float]:
    """Return our grades in the order of theirs, each the mean of those that they grade alike."""
    groups: dict[int, list[int]] = {}
    for call, grade in ours.items():
        groups.setdefault(theirs[call], []).append(grade)
    return [fmean(groups[grade]) for grade in sorted(groups, reverse=True) for _ in groups[grade]]


def _dcg(gains: Sequence[float]) -> float:
    return sum(one * discount for one, discount in zip(gains, DISCOUNTS, strict=False))


def _single(parts: Sequence[tuple[Draw, Sequence[ReadError]]], rankings: Rankings) -> Ceiling:
    """Add up the parts' gains, each on its share of the queries, and the squares of their intervals."""

    def over_all(value: Value) -> Interval:
        gained = [(draw.wrong / draw.queries, _gained(read, rankings, value)) for draw, read in parts]
        mean = today + sum(share * one.mean for share, one in gained)
        below = math.hypot(*(share * (one.mean - one.low) for share, one in gained))
        above = math.hypot(*(share * (one.high - one.mean) for share, one in gained))
        return Interval(sum(one.n for _, one in gained), mean, mean - below, mean + above)

    def accepted(one: ReadError, _was: float) -> float:
        return gain(rankings[one.task, one.query_id], [one.right, *one.fits])

    def generous(one: ReadError, was: float) -> float:
        return 1.0 if one.reason == UNSAID else accepted(one, was)

    def perfect(one: ReadError, was: float) -> float:
        if one.reason in (RANKING, FITS):
            return fmean(DISCOUNTS[: 1 + len(one.fits)])
        return was

    first, today = parts[0][0], parts[0][0].ndcg
    reasons = _reasons(one for _, read in parts for one in read)
    return Ceiling(first.task, today, over_all(accepted), over_all(generous), over_all(perfect), reasons)


def _gained(readings: Sequence[ReadError], rankings: Rankings, value: Value) -> Interval:
    now = [gain(rankings[one.task, one.query_id], [one.right]) for one in readings]
    return mean_interval(value(one, was) - was for one, was in zip(readings, now, strict=True))


def _graded(draw: Draw, readings: Sequence[ReadError], rankings: Rankings, grades: Qrels) -> Ceiling:
    def over_all(reasons: Collection[str]) -> Interval:
        better: dict[str, dict[str, int]] = {}
        for one in readings:
            if one.reason in reasons and one.grade is not None:
                better.setdefault(one.query_id, dict(grades[one.query_id]))[one.shown] = one.grade
        gained = sum(
            _ndcg(query_id, rankings[draw.task, query_id], regraded)
            - _ndcg(query_id, rankings[draw.task, query_id], grades[query_id])
            for query_id, regraded in better.items()
        )
        return _exactly(draw, draw.ndcg + gained / draw.queries)

    perfect = _exactly(draw, 1 - draw.hopeless / draw.queries)
    return Ceiling(draw.task, draw.ndcg, over_all(LABEL), over_all((*LABEL, UNSAID)), perfect, _reasons(readings))


def _exactly(draw: Draw, value: float) -> Interval:
    return Interval(draw.queries, value, value, value)


def _ndcg(query_id: str, ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    run = {query_id: [(call, float(-rank)) for rank, call in enumerate(ranking)]}
    return ranking_measures(run, {query_id: grades})[MAIN][query_id]


def _reasons(readings: Iterable[ReadError]) -> dict[str, int]:
    found = Counter(reading.reason for reading in readings)
    return {reason: found[reason] for reason in REASONS}


def _shown(value: Interval) -> str:
    return f"{value.mean:.3f}" + (f" ({value.low:.3f}-{value.high:.3f})" if value.low < value.high else "")


def main(
    folder: Annotated[Path, typer.Option("--errors", help="Folder of readings.tsv, rankings.tsv, drawn.tsv.")] = ERRORS,
) -> None:
    """Print what the errors that were read are due to, and what nDCG@10 they leave to be won."""
    table = Table("task", *REASONS, "today", "accepted", "generous", "perfect", title=MAIN)
    for one in ceilings(folder):
        counts = (str(one.reasons[reason]) for reason in REASONS)
        table.add_row(one.task, *counts, f"{one.today:.3f}", *map(_shown, (one.accepted, one.generous, one.perfect)))
    console = Console()
    console.print(table)
    console.print(f"{NEEDS}, queries with a usable call, ranked by a second reader: {_shown(second_reading())}")


if __name__ == "__main__":
    typer.run(main)
