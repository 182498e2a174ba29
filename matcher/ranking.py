"""From similarities to a score: named features per candidate, whose weighted sum is the score.

    best passages (dense, lexical) ──► one row of features per candidate ──► contributions ──► score

Similarities are measured against what the query scores on average over all passages (in standard deviations), so
that both halves have one scale. The weights were chosen on the dev split of the judged needs (see
``docs/decisions/0005-ranking.md`` for the figures and the command).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.catalogue import Catalogue
from matcher.encoder import Vectors
from matcher.explanation import Contribution
from matcher.index import Mask

FEATURES = (
    "dense_passage",
    "dense_title",
    "lexical_passage",
    "lexical_title",
    "length",
    "may_apply",
)
"""The columns of the feature matrix, in order: similarity of the best passage and of the title, in standard deviations
(dense, lexical), the logarithm of the number of passages (the best of three hundred is near to anything by chance), the
logarithm of the likelihood that the commune may apply."""

LEAST_LIKELIHOOD = 0.01
"""A call that is all but surely for others is moved down by the logarithm of this, not removed."""

Matrix = NDArray[np.float64]
Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each feature is worth, in the order of FEATURES."""

    values: tuple[float, ...] = (0.9, 0.1, 0.15, 0.05, -0.1, 1.25)

    def contributions(self, features: Matrix) -> Matrix:
        """Return what each feature adds to each candidate's score: float64, (n_candidates, n_features)."""
        added: Matrix = features * np.asarray(self.values)
        return added


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


def candidates(catalogue: Catalogue, vector: Vectors, lexical: Vectors, allowed: Mask, pool: int) -> Positions:
    """Return the positions of the allowed calls that own one of the ``pool`` best passages by either measure.

    ``vector``: float32, (dim,); ``lexical``: float32, (n_passages,); ``allowed``: bool, (n_calls,).
    """
    owner = catalogue.call_of_passage
    allowed_passages = allowed[owner]
    near = catalogue.dense.search(vector, pool, allowed_passages)
    scores = np.where(allowed_passages, lexical, 0)
    top = np.argpartition(-scores, min(pool, len(scores) - 1))[:pool] if len(scores) else np.empty(0, dtype=np.int64)
    return np.unique(owner[np.concatenate([near, top[scores[top] > 0]])])


def rank(
    catalogue: Catalogue, vector: Vectors, lexical: Vectors, found: Positions, likelihoods: Vectors, weights: Weights
) -> Scored:
    """Score the candidates ``found`` and sort them, best first; ties in the order of their ids."""
    passages, starts = _passages_of(catalogue, found)
    dense = _standardised(catalogue.dense.similarities(vector))[passages]
    standard = _standardised(lexical)[passages]
    features = np.column_stack(
        [
            np.maximum.reduceat(dense, starts),
            dense[starts],
            np.maximum.reduceat(standard, starts),
            standard[starts],
            catalogue.length[found],
            np.log(np.maximum(likelihoods[found], LEAST_LIKELIHOOD)),
        ]
    )
    added = weights.contributions(features)
    order = np.lexsort((found, -added.sum(axis=1)))
    best = _best_passages(dense * weights.values[0] + standard * weights.values[2], passages, starts)
    return Scored(found[order], features[order], added[order], best[order])


def _standardised(scores: Vectors) -> Matrix:
    """Measure each passage's score against the mean over all passages: to some queries everything is near."""
    values = scores.astype(np.float64)
    standard: Matrix = (values - values.mean()) / max(float(values.std()), 1e-6)
    return standard


def _passages_of(catalogue: Catalogue, found: Positions) -> tuple[Positions, Positions]:
    """Return the passages of some calls, one call after another, and where each call's begin."""
    first, counts = catalogue.first_passage[found], np.diff(catalogue.first_passage)[found]
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)
    return np.arange(counts.sum()) - np.repeat(starts, counts) + np.repeat(first, counts), starts


def _best_passages(values: Matrix, passages: Positions, starts: Positions) -> Positions:
    bounds = [*starts[1:].tolist(), len(values)]
    best = [start + int(np.argmax(values[start:end])) for start, end in zip(starts.tolist(), bounds, strict=True)]
    return passages[best]
