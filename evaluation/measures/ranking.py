"""How well the calls are ordered: the measures of ``ir_measures``, computed by trec_eval.

A query of the qrels that has no results counts with 0, and so does one that has no relevant call: both as trec_eval
with ``-c``. nDCG has linear gain (grade / log2(rank + 1), Järvelin and Kekäläinen 2002).
"""

from collections.abc import Sequence

import ir_measures
from ir_measures import RR, Judged, Measure, R, Success, nDCG

from evaluation.errors import MeasureError
from evaluation.results import PerQuery, Qrels, Run

MAIN = "nDCG@10"
"""The measure that systems are compared by first."""


def ranking_names(least: int = 1) -> tuple[str, ...]:
    """Return the names of the ranking measures: calls graded ``least`` or more count as relevant where it matters."""
    return tuple(str(measure) for measure in _measures(least))


def ranking_measures(run: Run, qrels: Qrels, least: int = 1) -> dict[str, PerQuery]:
    """Return nDCG@10, R@20, RR, hit@1, @5, @10 (``Success``) and Judged@10: measure → query id → value in [0, 1].

    ``least``: the lowest grade that counts as relevant for the binary measures, 1 as in trec_eval; any other is part of
    the name (``R(rel=2)@20``). RR looks as deep as the run goes. Raises MeasureError for qrels without queries or a run
    that names a call twice for one query.
    """
    measures = _measures(least)
    if not qrels:
        raise MeasureError(f"{', '.join(map(str, measures))}: the qrels hold no query")
    values: dict[str, PerQuery] = {str(measure): {} for measure in measures}
    scored = {query_id: _by_rank(query_id, found) for query_id, found in run.items() if found and query_id in qrels}
    graded = {query_id: dict(grades) for query_id, grades in qrels.items()}
    for metric in ir_measures.iter_calc(measures, graded, scored):
        values[str(metric.measure)][metric.query_id] = float(metric.value)
    return {name: {query_id: found[query_id] for query_id in sorted(qrels)} for name, found in values.items()}


def _measures(least: int) -> list[Measure]:
    binary = {} if least == 1 else {"rel": least}
    hits = [Success(**binary) @ depth for depth in (1, 5, 10)]
    return [nDCG @ 10, R(**binary) @ 20, RR(**binary), *hits, Judged @ 10]


def _by_rank(query_id: str, found: Sequence[tuple[str, float]]) -> dict[str, float]:
    # trec_eval sorts by score and breaks ties by id, last first: it must see the order that the user sees.
    ranks = {call_id: float(-rank) for rank, (call_id, _) in enumerate(found)}
    if len(ranks) != len(found):
        twice = next(call_id for call_id, _ in found if sum(call_id == other for other, _ in found) > 1)
        raise MeasureError(f"query {query_id!r}: {twice!r} is ranked twice; a run names a call once")
    return ranks
