"""From evidence to a ranked list: which calls are looked at, what their features add, in which order they stand.

passages near or sharing words, calls of the programmes that funded the like, and their kin ──► candidates
candidates ──► features ──► contributions ──► order
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.encoder import Vectors
from matcher.explanation import Contribution
from matcher.features import FEATURES, Evidence, Signals, passages_of
from matcher.index import Mask
from matcher.records import QueryKind
from matcher.reranker import Reranker, precedents_lead

PROGRAMMES = 30
"""Programmes whose calls are looked at whatever their words: the right one was always among the best twenty."""
KIN = 60
"""Calls looked at because programmes like theirs funded such projects."""
DENSE, LEXICAL = 0.9, 0.15
"""What similarity and shared words count when the passage to show is chosen."""

Matrix = NDArray[np.float64]
Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Scored:
    """Candidates of one query, best first: positions in the catalogue, features, contributions, best passages."""

    positions: Positions
    features: Matrix
    contributions: Matrix
    best_passages: Positions

    def explain(self, row: int) -> tuple[Contribution, ...]:
        """Return the contributions of one candidate; they sum to its score."""
        columns = zip(FEATURES, self.features[row], self.contributions[row], strict=True)
        return tuple(Contribution(name, float(value), float(added)) for name, value, added in columns)

    def score(self, row: int) -> float:
        """Return the score of one candidate: the sum of its contributions."""
        return float(sum(float(added) for added in self.contributions[row]))


def candidates(signals: Signals, evidence: Evidence, vector: Vectors, allowed: Mask, pool: int) -> Positions:
    """Return the positions of the allowed calls worth scoring, ascending.

    They own one of the ``pool`` best passages by either measure, belong to one of the programmes that the query's
    precedents point to, or are kin to them. ``vector``: float32, (dim,); ``allowed``: bool, (n_calls,).
    """
    catalogue = signals.catalogue
    owner = catalogue.call_of_passage
    allowed_passages = allowed[owner]
    near = catalogue.dense.search(vector, pool, allowed_passages)
    shared = _highest(np.where(allowed_passages, evidence.words, -np.inf), pool)
    kin = signals.kinship.words @ evidence.affinity
    around = _highest(np.where(allowed & (kin > 0), kin, -np.inf), KIN)
    programmes = _highest(evidence.affinity, PROGRAMMES)
    belonging = np.flatnonzero(allowed & np.isin(signals.code_of_call, programmes))
    return np.unique(np.concatenate([owner[near], owner[shared], around, belonging]))


def rank(
    signals: Signals,
    evidence: Evidence,
    found: Positions,
    likelihoods: Vectors,
    reranker: Reranker,
    kind: QueryKind,
) -> Scored:
    """Score the candidates ``found`` and sort them, best first; ties in the order of their ids."""
    lead = precedents_lead(kind, evidence.coverage)
    features = signals.rows(evidence, found, likelihoods, lead)
    added = reranker.contributions(features, lead)
    order = np.lexsort((found, -added.sum(axis=1)))
    passages, starts = passages_of(signals.catalogue, found)
    worth = evidence.dense[passages] * DENSE + evidence.words[passages] * LEXICAL
    return Scored(found[order], features[order], added[order], _best_passages(worth, passages, starts)[order])


def _highest(values: Matrix, k: int) -> Positions:
    """Return the positions of the ``k`` highest finite values, in any order."""
    top = np.argpartition(-values, k)[:k] if len(values) > k else np.arange(len(values))
    return top[np.isfinite(values[top])]


def _best_passages(values: Matrix, passages: Positions, starts: Positions) -> Positions:
    bounds = [*starts[1:].tolist(), len(values)]
    best = [start + int(np.argmax(values[start:end])) for start, end in zip(starts.tolist(), bounds, strict=True)]
    return passages[best]
