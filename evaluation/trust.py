"""Whether the product can be believed: its likelihoods, what it rules out, its explanations, its calm.

Task with readers' answers on who may apply ──► calibration, false exclusions
                 what is recommended        ──► contributions that sum, scores that fall without their quote
                 the same needs otherwise   ──► loss of nDCG@10
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from evaluation.measures.calibration import ECE, calibration
from evaluation.measures.coverage import SIZE_GAP, by_size, size_gap
from evaluation.measures.eligibility import FALSE_EXCLUSIONS, false_exclusion_rate, false_exclusions
from evaluation.measures.faithfulness import ADDITIVE, FALLS, additive, falls_without_passage
from evaluation.measures.ranking import MAIN, ranking_measures
from evaluation.results import PerQuery, Result, Run, Total
from evaluation.robustness import losses
from evaluation.tasks.task import Task
from matcher.catalogue import build_catalogue
from matcher.encoder import Encoder
from matcher.explanation import Recommendations
from matcher.recommender import Query, Recommender
from matcher.records import FundingCall
from matcher.verdicts import Verdict, municipality

PRODUCT = "remix"

Judged = tuple[str, str, str, float, Verdict]
"""Query id, call id, the reader's answer (yes, no, unknown), the product's likelihood and verdict, dates aside."""


def trust(task: Task, recommender: Recommender, encoder: Encoder) -> tuple[list[Result], list[Total]]:
    """Measure the product on a task that has one catalogue, that of ``recommender``.

    Calibration and false exclusions need readers' answers on who may apply, the gap between communes their sizes; where
    a task has none, they are left out.
    """
    answers = list(recommender.recommend_many(task.queries, replace(task.request, grouped=False)))
    values: dict[str, PerQuery] = {
        ADDITIVE: additive(answers),
        FALLS: _falls(task, answers, recommender),
        **losses(lambda queries: _run(recommender, queries, task), task.queries, task.qrels),
    }
    totals = []
    judged = list(_judged(task, recommender))
    if judged:
        values[FALSE_EXCLUSIONS] = false_exclusions(_known_good(judged))
        totals.append(_calibration(task, judged))
        totals.append(
            Total(task.name, PRODUCT, FALSE_EXCLUSIONS + " (pairs)", false_exclusion_rate(_known_good(judged)))
        )
    totals.extend(_gap(task, answers))
    return [Result(task.name, PRODUCT, name, found) for name, found in values.items() if found], totals


def _run(recommender: Recommender, queries: Sequence[Query], task: Task) -> Run:
    return _as_run(recommender.recommend_many(queries, replace(task.request, grouped=False)))


def _as_run(answers: Iterator[Recommendations] | Sequence[Recommendations]) -> Run:
    return {answer.query_id: [(item.call.id, item.score) for item in answer.items] for answer in answers}


def _falls(task: Task, answers: Sequence[Recommendations], recommender: Recommender) -> PerQuery:
    encoder = recommender.encoder
    (fold,) = task.folds
    material = fold.material

    def build(calls: Sequence[FundingCall], themes: Mapping[str, str]) -> Recommender:
        known = {**material.themes, **themes}
        catalogue = build_catalogue(
            calls, encoder.encode_documents, material.funded, known, precedents=recommender.catalogue.precedents
        )
        return Recommender(catalogue, encoder, reranker=recommender.reranker)

    queries = {query.id: query for query in task.queries}
    return falls_without_passage(answers, queries, material.calls, build)


def _judged(task: Task, recommender: Recommender) -> Iterator[Judged]:
    catalogue = recommender.catalogue
    positions = {call.id: position for position, call in enumerate(catalogue.calls)}
    for query in task.queries:
        applicant = municipality(query.commune)
        found = task.may_apply.get(query.id, {})
        ruled_out = np.asarray(catalogue.eligibility.verdicts(applicant, None)) == 0
        likelihoods = catalogue.eligibility.likelihoods(applicant)
        for call_id, answer in found.items():
            if call_id in positions:
                at = positions[call_id]
                verdict = Verdict.NOT_MET if ruled_out[at] else Verdict.UNKNOWN
                yield query.id, call_id, answer, float(likelihoods[at]), verdict


def _known_good(judged: Sequence[Judged]) -> dict[str, dict[str, Verdict]]:
    good: dict[str, dict[str, Verdict]] = {}
    for query_id, call_id, answer, _, verdict in judged:
        if answer == "yes":
            good.setdefault(query_id, {})[call_id] = verdict
    return good


def _calibration(task: Task, judged: Sequence[Judged]) -> Total:
    told = ((likelihood, answer == "yes") for _, _, answer, likelihood, _ in judged if answer != "unknown")
    found = calibration(told)
    return Total(task.name, PRODUCT, ECE, found.error, found.points())


def _gap(task: Task, answers: Sequence[Recommendations]) -> Iterator[Total]:
    sizes = {query: strata["size"][0] for query, strata in task.strata.items() if strata.get("size")}
    classes = by_size(ranking_measures(_as_run(answers), task.qrels)[MAIN], sizes)
    if len(classes) > 1:
        yield Total(task.name, PRODUCT, SIZE_GAP, size_gap(classes))
