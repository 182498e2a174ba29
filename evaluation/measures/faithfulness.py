"""Whether an explanation tells what really moved the score.

Two questions: do the contributions sum to the score, and does the score fall when the quoted passage is not there? For
the second every quoted call gets a twin that lacks the passage; call and twin are then scored in one catalogue, so that
nothing else differs.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from evaluation.errors import MeasureError
from evaluation.results import PerQuery
from matcher.explanation import PassageMatch, Recommendation, Recommendations
from matcher.passages import passages_of
from matcher.ranking import Positions
from matcher.recommender import Query, Recommender
from matcher.records import FundingCall

ADDITIVE = "Additive"
FALLS = "FallsWithoutPassage"
TOLERANCE = 1e-9
"""Relative difference between a score and the sum of its contributions that is rounding."""

Build = Callable[[Sequence[FundingCall], Mapping[str, str]], Recommender]
"""Makes a recommender of calls and of themes by programme that are added to those it knows."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """One explanation to test: the query, the call and its twin without the quoted passage."""

    query_id: str
    call_id: str
    twin: FundingCall
    themes: str


def additive(answers: Iterable[Recommendations]) -> PerQuery:
    """Return, per query with results, the share of its recommendations whose contributions sum to the score."""
    return {
        answer.query_id: sum(_adds_up(found) for found in answer.items) / len(answer.items)
        for answer in answers
        if answer.items
    }


def _adds_up(found: Recommendation) -> bool:
    total = math.fsum(c.contribution for c in found.contributions)
    return math.isclose(total, found.score, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def without_passage(call: FundingCall, match: PassageMatch) -> FundingCall:
    """Return the call without the quoted passage; raises MeasureError if the call has no passage there."""
    for passage in passages_of(call):
        if (passage.field, passage.start) == (match.field, match.offset):
            text: str = getattr(call, passage.field)
            changed: dict[str, Any] = {passage.field: text[: passage.start] + text[passage.end :]}
            return replace(call, **changed)
    raise MeasureError(
        f"{FALLS}: {call.id} has no passage at {match.field}:{match.offset}, which an explanation quotes"
    )


def quoted(answer: Recommendations) -> Quoted | None:
    """Return the explanation of the first recommendation with its call's twin; None without results or passages."""
    first = next(iter(answer.items), None)
    if first is None or not first.passages:
        return None
    match = first.passages[0]
    twin = without_passage(first.call, match)
    name = f"{first.call.id}#without:{match.field}:{match.offset}"
    # What a programme has funded before is joined to a call by its programme: the twin needs one of its own.
    return Quoted(answer.query_id, first.call.id, replace(twin, id=name, programme=name), twin.funded_before)


def falls_without_passage(
    answers: Iterable[Recommendations], queries: Mapping[str, Query], calls: Sequence[FundingCall], build: Build
) -> PerQuery:
    """Return, per query with a quoted first call, 1.0 if its score falls without the passage, else 0.0.

    ``calls`` are those that the answers were chosen from, or enough of them to stand for the rest. Eligibility is not
    judged, since a passage about who may apply would move the likelihood too.
    """
    tested = [found for answer in answers if (found := quoted(answer)) is not None]
    twins = {found.twin.id: found for found in tested}
    recommender = build([*calls, *(t.twin for t in twins.values())], {name: t.themes for name, t in twins.items()})
    positions = {call.id: position for position, call in enumerate(recommender.catalogue.calls)}
    fell = {}
    for found in tested:
        pair = np.array([positions[found.call_id], positions[found.twin.id]])
        whole, without = _scores(recommender, queries[found.query_id], pair)
        fell[found.query_id] = float(without < whole)
    return fell


def _scores(recommender: Recommender, query: Query, positions: Positions) -> tuple[float, ...]:
    """Return the scores of some calls for one query, whoever may apply, in the order of their positions given."""
    scored = recommender.scored(query, positions)
    found = {int(position): scored.score(row) for row, position in enumerate(scored.positions)}
    return tuple(found[int(position)] for position in positions)
