"""Fitting the re-ranker: one softmax over a query's candidates, additive in piecewise linear functions of the features.

    features ──► basis (a line and its bends, for each group) ──► weights that make the right call likeliest ──► tables

A conditional logit (McFadden 1973) with a quadratic penalty: convex, so that it has one solution and no seed. It was
measured against scikit-learn's logistic regression on pairs and gradient boosting (``docs/decisions/0006-ranker.md``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from matcher.features import FEATURES, PRECEDENTS
from matcher.reranker import Table

Array = NDArray[np.float32]
Numbers = NDArray[np.float64]

BENDS = (0.005, 0.5, 0.8, 0.93, 0.98, 0.999)
"""Quantiles of a feature's values at which its function may bend: most candidates are poor, the good ones differ."""
_SCALE = 4.0
"""The range of a feature in units of its weights: the penalty then means the same for all."""
_KNOWN = FEATURES.index("known")
_CONSTANT = frozenset({"known"})


@dataclass(frozen=True, slots=True)
class Examples:
    """Queries with their candidates, padded to one length.

    ``features``: float32, (n_queries, n_candidates, n_features); ``present``: bool, (n_queries, n_candidates), false
    for padding; ``target``: float32, the same, how the right answers share the probability, rows sum to 1; ``weight``:
    float64, (n_queries,).
    """

    features: Array
    present: NDArray[np.bool_]
    target: Array
    weight: Numbers

    @staticmethod
    def joined(parts: Sequence["Examples"]) -> "Examples":
        """Return several sets as one, padded to the longest."""
        longest = max(part.present.shape[1] for part in parts)

        def padded(values: Array) -> Array:
            missing = longest - values.shape[1]
            return np.pad(values, [(0, 0), (0, missing), *[(0, 0)] * (values.ndim - 2)])

        return Examples(
            np.concatenate([padded(part.features) for part in parts]),
            np.concatenate([padded(part.present) for part in parts]).astype(np.bool_),
            np.concatenate([padded(part.target) for part in parts]),
            np.concatenate([part.weight for part in parts]),
        )


@dataclass(frozen=True, slots=True)
class Basis:
    """The lines and bends of every feature, for each group; ``knots``: feature → ascending values."""

    knots: dict[str, tuple[float, ...]]

    @classmethod
    def of(cls, examples: Examples) -> "Basis":
        """Choose the bends from the features' own values; those of precedents from calls that have some."""
        known = examples.present & (examples.features[..., _KNOWN] > 0)
        knots = {}
        for column, feature in enumerate(FEATURES):
            values = examples.features[..., column][known if feature in PRECEDENTS else examples.present]
            found = np.unique(np.quantile(values.astype(np.float64), BENDS).round(4)) if values.size else np.zeros(1)
            knots[feature] = tuple(float(value) for value in found)
        return cls(knots)

    def columns(self) -> list[tuple[bool, str, int]]:
        """Return (of known programmes?, feature, bend) for every column; precedents say nothing of new calls."""
        return [
            (known, feature, bend)
            for known in (True, False)
            for feature in FEATURES
            if feature not in _CONSTANT and (known or feature not in PRECEDENTS)
            for bend in range(len(self.knots[feature]) - 1)
        ] + [(True, "known", 0)]

    def matrix(self, features: Array) -> Array:
        """Return the basis of some candidates: float32, (…, n_columns)."""
        known = features[..., _KNOWN] > 0
        out = np.zeros((*features.shape[:-1], len(self.columns())), dtype=np.float32)
        for place, (of_known, feature, bend) in enumerate(self.columns()):
            if feature in _CONSTANT:
                out[..., place] = known
                continue
            values = self._bend(features[..., FEATURES.index(feature)], feature, bend)
            out[..., place] = np.where(known == of_known, values, 0)
        return out

    def straight(self, slopes: Mapping[str, float]) -> Numbers:
        """Return the weights that give straight lines of these slopes: float64, (n_columns,)."""
        return np.array(
            [0.0 if bend else slopes.get(name, 0.0) * self._scale(name) for _, name, bend in self.columns()]
        )

    def tables(self, weights: Numbers) -> tuple[Table, ...]:
        """Return what each feature adds at its knots, by the fitted weights."""
        at: dict[tuple[bool, str], Numbers] = {}
        for (of_known, feature, bend), weight in zip(self.columns(), weights.tolist(), strict=True):
            knots = np.array((0.0, 1.0) if feature in _CONSTANT else self.knots[feature])
            line = knots if feature in _CONSTANT else self._bend(knots, feature, bend)
            at[of_known, feature] = at.get((of_known, feature), np.zeros(len(knots))) + weight * line
        return tuple(self._table(feature, at) for feature in FEATURES)

    def _table(self, feature: str, at: dict[tuple[bool, str], Numbers]) -> Table:
        knots = (0.0, 1.0) if feature in _CONSTANT else self.knots[feature]
        known, new = (
            tuple(round(float(value), 6) for value in at.get((of_known, feature), np.zeros(len(knots))))
            for of_known in (True, False)
        )
        return Table(feature, knots, known, new)

    def _bend(self, values: NDArray[np.floating], feature: str, bend: int) -> NDArray[np.floating]:
        knots = self.knots[feature]
        inside = np.clip(values, knots[0], knots[-1])
        return np.maximum(inside - knots[bend], 0) / self._scale(feature)

    def _scale(self, feature: str) -> float:
        knots = (0.0, _SCALE) if feature in _CONSTANT else self.knots[feature]
        return max(knots[-1] - knots[0], 1e-6) / _SCALE


def fit(
    examples: Examples, basis: Basis, penalty: float, iterations: int, prior: Mapping[str, float] | None = None
) -> Numbers:
    """Return the weights of the basis' columns that make the right answers likeliest: float64, (n_columns,).

    ``prior``: feature → slope that the penalty pulls it to in both groups, 0 for those that are not named.
    """
    matrix = basis.matrix(examples.features)
    start = basis.straight(prior or {})
    return fit_softmax(matrix, examples.present, examples.target, examples.weight, penalty, iterations, start)


def fit_softmax(
    matrix: Array,
    present: NDArray[np.bool_],
    target: Array,
    weight: Numbers,
    penalty: float,
    iterations: int,
    prior: Numbers | None = None,
) -> Numbers:
    """Return the weights of ``matrix`` (float32, (n_queries, n_candidates, n_columns)) in a softmax of each query.

    ``prior``: float64, (n_columns,), what the penalty pulls the weights to, 0 by default.
    """
    n_queries, n_candidates, n_columns = matrix.shape
    flat = matrix.reshape(-1, n_columns)
    absent = np.where(present, 0, -1e9).astype(np.float32)
    total = float(weight.sum())
    wanted = (weight[:, None].astype(np.float32) * target).reshape(-1) @ flat

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        scores = (flat @ weights.astype(np.float32)).reshape(n_queries, n_candidates) + absent
        scores -= scores.max(axis=1, keepdims=True)
        chances = np.exp(scores)
        sums = chances.sum(axis=1, keepdims=True)
        likelihood = (target * np.where(present, scores - np.log(sums), 0)).sum(axis=1)
        given = (weight[:, None].astype(np.float32) * chances / sums).reshape(-1) @ flat
        off = weights - start
        slope = (given - wanted).astype(np.float64) / total + penalty * off / total
        return float(-(weight * likelihood).sum() / total + penalty * (off @ off) / 2 / total), slope

    start = np.zeros(n_columns) if prior is None else prior
    options = {"maxiter": iterations, "ftol": 1e-9}
    solved: Numbers = minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x
    return solved
