"""A small update of an encoder, learned from pairs of texts: one matrix for both sides, and a shift for each.

    base vector ─► less a share of its side's mean ─► times the matrix ─► unit length

The vectors of e5 all point much the same way; taking away what they have in common tells them apart. The matrix is the
minimum of a softmax loss over all documents of a set (van den Oord and others, "Representation learning with
contrastive predictive coding", 2018) and a penalty on how far it is from the identity, found by L-BFGS; ``share`` then
goes only part of the way (Wortsman and others, "Robust fine-tuning of zero-shot models", 2022). Nothing is left to
chance but the seeded choice of phrases. What it is worth, and why the product does without: docs/decisions/0007.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from matcher.encoder import Encoder, Vectors
from matcher.projections import EncoderUpdate
from training.encoder_pairs import PairSet

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class UpdateConfig:
    """Settings of the training.

    ``centre``: share of each side's mean vector that is taken away; ``temperature`` of the softmax; ``penalty`` on the
    squared distance from the identity; ``share`` of the way from the base that is gone; ``per_document``: queries of
    one document at most; ``iterations`` of L-BFGS at most.
    """

    centre: float = 0.8
    temperature: float = 0.1
    penalty: float = 0.4
    share: float = 1.0
    per_document: int = 12
    iterations: int = 40


class UpdatedEncoder:
    """An encoder with an update applied to the vectors of another."""

    def __init__(self, base: Encoder, update: EncoderUpdate) -> None:
        self._base, self._update = base, update
        self.id, self.dim = f"{base.id}+update", base.dim

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode what people ask: float32, (n_texts, dim), rows of unit length."""
        return self._update.queries(self._base.encode_queries(texts))

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """Encode what is searched: float32, (n_texts, dim), rows of unit length."""
        return self._update.documents(self._base.encode_documents(texts))


@dataclass(frozen=True, slots=True, eq=False)
class EncodedSet:
    """Pairs as shifted vectors: float64 (n, dim), answers int64 (n_queries,), weights that sum to 1 (n_queries,)."""

    queries: Matrix
    documents: Matrix
    answers: NDArray[np.int64]
    weights: Matrix


def fit_update(sets: Sequence[PairSet], base: Encoder, config: UpdateConfig, seed: int) -> EncoderUpdate:
    """Return the update that the sets of pairs call for, each set counting alike."""
    raw = [
        (base.encode_queries([*one.queries, *one.asked(seed)]), base.encode_documents(one.documents)) for one in sets
    ]
    # The mean is that of plain queries: the phrases around the others are what the matrix is to see past.
    plain = np.concatenate([queries[: len(one.queries)] for (queries, _), one in zip(raw, sets, strict=True)])
    query_shift = config.centre * plain.mean(axis=0)
    document_shift = config.centre * np.concatenate([documents for _, documents in raw]).mean(axis=0)
    encoded = [
        encoded_set(queries - query_shift, documents - document_shift, np.tile(one.answers, 2))
        for (queries, documents), one in zip(raw, sets, strict=True)
    ]
    whole = fit_matrix(encoded, config)
    matrix = np.eye(base.dim) + config.share * (whole - np.eye(base.dim))
    return EncoderUpdate(*(value.astype(np.float32) for value in (matrix, query_shift, document_shift)))


def encoded_set(queries: NDArray[Any], documents: NDArray[Any], answers: NDArray[np.int64]) -> EncodedSet:
    """Weigh each pair by one over the root of its document's pairs, so that frequent documents do not rule."""
    weights = 1 / np.sqrt(np.bincount(answers)[answers])
    return EncodedSet(queries.astype(np.float64), documents.astype(np.float64), answers, weights / weights.sum())


def fit_matrix(sets: Sequence[EncodedSet], config: UpdateConfig) -> Matrix:
    """Return the matrix float64 (dim, dim) of the least loss, sought from the identity."""
    dim = sets[0].queries.shape[1]

    def objective(flat: Matrix) -> tuple[float, Matrix]:
        value, gradient = loss(flat.reshape(dim, dim), sets, config)
        return value, gradient.ravel()

    options = {"maxiter": config.iterations}
    found = minimize(objective, np.eye(dim).ravel(), jac=True, method="L-BFGS-B", options=options)
    matrix: Matrix = found.x.reshape(dim, dim)
    return matrix


def loss(matrix: Matrix, sets: Sequence[EncodedSet], config: UpdateConfig) -> tuple[float, Matrix]:
    """Return the loss of a matrix and its gradient, float64 (dim, dim)."""
    away = matrix - np.eye(len(matrix))
    value, gradient = config.penalty * float((away**2).sum()), 2 * config.penalty * away
    for one in sets:
        near, query_norms = _unit(one.queries @ matrix)
        far, document_norms = _unit(one.documents @ matrix)
        logits = near @ far.T / config.temperature
        logits -= logits.max(axis=1, keepdims=True)
        chances = np.exp(logits)
        totals = chances.sum(axis=1, keepdims=True)
        rows = np.arange(len(one.answers))
        value -= float(one.weights @ (logits[rows, one.answers] - np.log(totals[:, 0])))
        chances /= totals
        chances[rows, one.answers] -= 1
        chances *= one.weights[:, None] / config.temperature
        gradient += one.queries.T @ _before_unit(chances @ far, near, query_norms)
        gradient += one.documents.T @ _before_unit(chances.T @ near, far, document_norms)
    return value, gradient


def _unit(vectors: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / norms, norms


def _before_unit(gradient: Matrix, unit: Matrix, norms: Matrix) -> Matrix:
    """Take a gradient at unit vectors back to the vectors before they were made so."""
    before: Matrix = (gradient - (gradient * unit).sum(axis=1, keepdims=True) * unit) / norms
    return before
