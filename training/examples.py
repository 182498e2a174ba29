"""Examples for the re-ranker: queries with the features of their candidates and the right answer among them.

    funded projects of the benchmark's train split ─┬─► as they are: the right measure has precedents
                                                    └─► with the measure's whole fold withheld: it has none
    judged needs of the dev split ──► candidates of the product's own retrieval, weighed by their grade

Whole measures are withheld, never single projects; a project never sees itself. Of the candidates the hard ones are
kept, the best by each of several features, and some by lot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.harness import open_bench
from evaluation.systems import Bench
from evaluation.tasks.pnrr import FundedProject
from evaluation.tasks.task import Fold, Material, Task
from matcher.cleaning import without_place
from matcher.encoder import Encoder
from matcher.features import FEATURES, Evidence, Signals
from matcher.index import Mask
from matcher.passages import calm
from matcher.projections import Projections
from matcher.ranking import candidates
from matcher.recommender import POOL, Query
from matcher.verdicts import municipality
from training.additive import Array, Examples, Numbers

HARD_BY = ("dense_passage", "lexical_call", "lexical_unusual", "project_mean", "usual_words", "kin_words")
"""Features whose best candidates are the hard negatives."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How examples are drawn.

    ``folds``: groups of measures withheld in turn; ``hard``: negatives by each of HARD_BY; ``by_lot``: others; ``cap``:
    projects of one measure that count in full, so that the large ones do not dominate.
    """

    folds: int = 10
    hard: int = 25
    by_lot: int = 25
    cap: int = 12


@dataclass(frozen=True, slots=True)
class Reading:
    """How evidence is read: the weights of a programme's seven features, and the projections (see ``Signals``)."""

    affinity: tuple[float, ...]
    projections: Projections | None = None

    def signals(self, bench: Bench) -> Signals:
        """Return a catalogue as the features read it."""
        return Signals(bench.catalogue, self.affinity, self.projections)


@dataclass(frozen=True, slots=True)
class Situation:
    """Projects in one state of knowledge: features of all measures, and which is right.

    ``features``: float32, (n_queries, n_measures, n_features); ``right``: int64, (n_queries,), the measure's place.
    """

    features: Array
    right: NDArray[np.int64]


def codes_of(bench: Bench, projects: Sequence[FundedProject]) -> tuple[Array, NDArray[np.int64]]:
    """Return the features of every programme's precedents, and the right programme's position, −1 for none.

    float32, (n_queries, n_codes, n_features of a programme); int64, (n_queries,).
    """
    signals = Reading((0.0,) * 7).signals(bench)
    rows = [evidence.codes for evidence in evidences(bench, signals, [one.query for one in projects])]
    positions = {code: position for position, code in enumerate(bench.catalogue.precedents.codes)}
    right = np.array([positions.get(one.measure, -1) for one in projects], dtype=np.int64)
    return np.array(rows, dtype=np.float32), right


def evidences(bench: Bench, signals: Signals, queries: Sequence[Query], in_scope: Mask | None = None) -> list[Evidence]:
    """Return what each query has in common with everything, as the recommender reads it.

    ``in_scope``: bool, (n_calls,), the calls that may be shown, all by default.
    """
    catalogue = bench.catalogue
    vectors = bench.encoder.encode_queries([calm(query.text) for query in queries])
    shown = np.ones(len(catalogue.calls), dtype=np.bool_) if in_scope is None else in_scope
    found = []
    for row, query in enumerate(queries):
        plain = without_place(query.text, query.commune)
        words, calls = catalogue.lexical.scores([plain])[0], signals.whole_calls.scores([plain])[0]
        found.append(signals.evidence(query.text, plain, vectors[row], words, calls, (query.id, query.cup), shown))
    return found


def situation(bench: Bench, reading: Reading, projects: Sequence[FundedProject]) -> Situation:
    """Return the features of all measures for some projects, all asked over one catalogue; notices are not asked."""
    signals = reading.signals(bench)
    calls = bench.catalogue.calls
    in_scope = np.array([call.is_measure for call in calls], dtype=np.bool_)
    asked, may = np.flatnonzero(in_scope), np.ones(len(calls), dtype=np.float32)
    queries = [one.query for one in projects]
    rows = [signals.rows(found, asked, may, lead=1.0) for found in evidences(bench, signals, queries, in_scope)]
    positions = {calls[position].programme: place for place, position in enumerate(asked.tolist())}
    right = np.array([positions[one.measure] for one in projects], dtype=np.int64)
    shape = (len(projects), len(asked), len(FEATURES))
    return Situation(np.array(rows, dtype=np.float32).reshape(shape), right)


def hidden_situation(
    material: Material, encoder: Encoder, reading: Reading, projects: Sequence[FundedProject], folds: int
) -> tuple[Situation, tuple[int, ...]]:
    """Return the same with each project's own measure new, one fold of measures after another, and their order."""
    measures = sorted({one.measure for one in projects})
    parts: list[Situation] = []
    order: list[int] = []
    for number in range(folds):
        withheld = frozenset(measures[number::folds])
        chosen = [i for i, one in enumerate(projects) if one.measure in withheld]
        if chosen:
            bench = open_bench(Fold(material.without(withheld), ()), encoder)
            parts.append(situation(bench, reading, [projects[i] for i in chosen]))
            order.extend(chosen)
    features = np.concatenate([part.features for part in parts])
    return Situation(features, np.concatenate([part.right for part in parts])), tuple(order)


def project_weights(projects: Sequence[FundedProject], cap: int) -> Numbers:
    """Return how much each project counts: a measure's projects count as ``cap`` at most: float64, (n_queries,)."""
    counts: dict[str, int] = {}
    for one in projects:
        counts[one.measure] = counts.get(one.measure, 0) + 1
    return np.array([min(1.0, cap / counts[one.measure]) for one in projects])


def with_negatives(found: Situation, weight: Numbers, sampling: Sampling, seed: int) -> Examples:
    """Keep the right call of each query, its hard negatives and some by lot."""
    features, right = found.features, found.right
    n_queries, n_calls, _ = features.shape
    every = np.arange(n_queries)
    keep = np.random.default_rng(seed).random((n_queries, n_calls)) < sampling.by_lot / n_calls
    keep |= _hard(features, sampling.hard)
    keep[every, right] = True
    columns = np.argsort(~keep, axis=1, kind="stable")[:, : int(keep.sum(axis=1).max())]
    return Examples(
        np.take_along_axis(features, columns[..., None], axis=1),
        np.take_along_axis(keep, columns, axis=1),
        (columns == right[:, None]).astype(np.float32),
        weight,
    )


def _hard(features: Array, n: int) -> NDArray[np.bool_]:
    """Return which candidates are among the best ``n`` by one of HARD_BY: bool, (n_queries, n_candidates)."""
    keep = np.zeros(features.shape[:2], dtype=np.bool_)
    every = np.arange(len(features))[:, None]
    for name in HARD_BY:
        keep[every, np.argsort(-features[..., FEATURES.index(name)], axis=1, kind="stable")[:, :n]] = True
    return keep


def needs_examples(
    task: Task, encoder: Encoder, reading: Reading, weights: Mapping[str, float] | None = None
) -> tuple[Examples, ...]:
    """Return the judged needs that have a usable call, one each, over the calls that the product would look at.

    The right answers share the probability by their grades. Calls that eligibility rules out are left out, as in the
    product. ``weights``: query id → what it counts, 1 where none is given.
    """
    (fold,) = task.folds
    bench = open_bench(fold, encoder)
    signals = reading.signals(bench)
    parts = []
    for query, evidence in zip(fold.queries, evidences(bench, signals, fold.queries), strict=True):
        part = _need(bench, signals, query, evidence, task.qrels.get(query.id, {}))
        if part is not None:
            rows, wanted = part
            share = (wanted / wanted.sum())[None]
            counts = np.array([(weights or {}).get(query.id, 1.0)])
            parts.append(Examples(rows[None], np.ones_like(share, dtype=np.bool_), share, counts))
    return tuple(parts)


def _need(
    bench: Bench, signals: Signals, query: Query, evidence: Evidence, grades: Mapping[str, int]
) -> tuple[Array, Array] | None:
    """Return the features of a need's candidates and their grades, None if none of them is usable."""
    catalogue = bench.catalogue
    applicant = municipality(query.commune)
    allowed = catalogue.eligibility.verdicts(applicant, None) != 0
    vector = bench.encoder.encode_queries([calm(query.text)])[0]
    found = candidates(signals, evidence, vector, allowed, POOL)
    wanted = np.array([grades.get(catalogue.calls[i].id, 0) for i in found.tolist()], dtype=np.float32)
    if not wanted.sum():
        return None
    rows = signals.rows(evidence, found, catalogue.eligibility.likelihoods(applicant))
    return rows.astype(np.float32), wanted
