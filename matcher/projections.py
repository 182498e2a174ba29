"""What the ranker reads from vectors besides their cosine: a sharper similarity, and the component of the plan.

    base vector ─┬─► less a share of its side's mean ─► times a matrix ─► sharper similarity
                 └─► less its side's mean ─► a score per component ─► how likely the text is of each

Both are linear in vectors that are kept, so nothing is encoded again: the matrix is folded into the query, and of a
passage only one length is kept. How they are learned: ``training.encoder_update``, ``training.projections``; what they
are worth: docs/decisions/0007 and 0006.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from matcher.encoder import Vectors
from matcher.errors import ArtifactError

_CHUNK = 4096
"""Passages multiplied at once."""
_NAMES = ("matrix", "query_shift", "document_shift", "weights", "intercepts", "query_mean", "document_mean")

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class EncoderUpdate:
    """``matrix`` float32 (dim, dim), ``query_shift`` and ``document_shift`` float32 (dim,)."""

    matrix: Vectors
    query_shift: Vectors
    document_shift: Vectors

    def queries(self, vectors: Vectors) -> Vectors:
        """Update base vectors of queries: float32, (n, dim), rows of unit length."""
        return _unit(vectors - self.query_shift, self.matrix)

    def documents(self, vectors: Vectors) -> Vectors:
        """Update base vectors of documents: float32, (n, dim), rows of unit length."""
        return _unit(vectors - self.document_shift, self.matrix)

    def lengths(self, vectors: Vectors) -> Vectors:
        """Return the lengths that updated documents have before they are made unit: float32, (n,)."""
        found = np.empty(len(vectors), dtype=np.float32)
        for start in range(0, len(vectors), _CHUNK):
            moved = (vectors[start : start + _CHUNK] - self.document_shift) @ self.matrix
            found[start : start + _CHUNK] = np.linalg.norm(moved, axis=1)
        return np.maximum(found, 1e-9)

    def folded(self, queries: Vectors) -> tuple[Vectors, Vectors]:
        """Return what base vectors of documents are multiplied with, and what is then taken away.

        float32, (n, dim) and (n,): the cosine of the updated vectors is (document · direction − offset) / length.
        """
        directions: Vectors = self.queries(queries) @ self.matrix.T
        offsets: Vectors = directions @ self.document_shift
        return directions, offsets


@dataclass(frozen=True, slots=True, eq=False)
class Projections:
    """An update, and a logistic regression for each component of the plan (``matcher.strategy``) over base vectors.

    ``weights`` float32 (n_components, dim), ``intercepts`` (n_components,), ``query_mean``, ``document_mean`` (dim,).
    """

    update: EncoderUpdate
    weights: Vectors
    intercepts: Vectors
    query_mean: Vectors
    document_mean: Vectors

    @property
    def dim(self) -> int:
        """Length of the vectors that are read."""
        return len(self.query_mean)

    def components_of_queries(self, vectors: Vectors) -> Matrix:
        """Return how likely queries are of each component: float64, (n, n_components), rows of unit length."""
        return self._likely(vectors - self.query_mean)

    def components_of_documents(self, vectors: Vectors) -> Matrix:
        """Return the same for documents."""
        return self._likely(vectors - self.document_mean)

    def _likely(self, vectors: Vectors) -> Matrix:
        scores = vectors.astype(np.float64) @ self.weights.T.astype(np.float64) + self.intercepts
        likely = 1 / (1 + np.exp(-np.clip(scores, -500, 500)))
        unit: Matrix = likely / np.linalg.norm(likely, axis=1, keepdims=True)
        return unit

    def save(self, path: Path) -> None:
        """Write all to one file, in half precision."""
        arrays: dict[str, Any] = {name: array.astype(np.float16) for name, array in self._arrays().items()}
        with path.open("wb") as stream:
            np.savez(stream, **arrays)

    def rounded(self) -> "Projections":
        """Return the same as it is read back from its file, so that what is measured is what is shipped."""
        return _built({name: array.astype(np.float16) for name, array in self._arrays().items()})

    def _arrays(self) -> dict[str, Vectors]:
        update = (self.update.matrix, self.update.query_shift, self.update.document_shift)
        others = (self.weights, self.intercepts, self.query_mean, self.document_mean)
        return dict(zip(_NAMES, (*update, *others), strict=True))


def load_projections(path: Path) -> Projections:
    """Read what ``save`` wrote; raises ArtifactError if the file is not such a one."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            return _built({name: file[name] for name in _NAMES})
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise ArtifactError(f"{path}: not a file of projections ({error}); install Remix anew") from error


@dataclass(frozen=True)
class Projected:
    """The passages and calls of a catalogue as the projections see them; computed once, when first asked for.

    ``vectors``: float32, (n_passages, dim); ``means``: float32, (n_calls, dim), of each call's own passages.
    """

    projections: Projections
    vectors: Vectors
    means: Vectors

    @cached_property
    def lengths(self) -> Vectors:
        """The length of each updated passage: float32, (n_passages,)."""
        return self.projections.update.lengths(self.vectors)

    @cached_property
    def components(self) -> Matrix:
        """How likely each call is of each component: float64, (n_calls, n_components), rows of unit length."""
        return self.projections.components_of_documents(self.means)

    def similarities(self, query: Vectors, passages: Mask) -> Matrix:
        """Return the sharper similarity of one query (float32, (dim,)) with some passages, -inf with the others."""
        directions, offsets = self.projections.update.folded(query[None])
        chosen = np.flatnonzero(passages)
        found: Matrix = np.full(len(passages), -np.inf)
        if len(chosen):
            # The calls of one source stand together: what lies between the first and the last need not be copied.
            within = slice(int(chosen[0]), int(chosen[-1]) + 1)
            # One thread on purpose, as in ``matcher.index``.
            raw = np.einsum("ij,j->i", self.vectors[within], directions[0])
            near = (raw - offsets[0]) / self.lengths[within]
            found[within] = np.where(passages[within], near, -np.inf)
        return found

    def of_many(self, queries: Vectors) -> Vectors:
        """Return the sharper similarity of some queries with all passages: float32, (n_queries, n_passages)."""
        directions, offsets = self.projections.update.folded(queries)
        found: Vectors = (directions @ self.vectors.T - offsets[:, None]) / self.lengths
        return found

    def agreement(self, query: Vectors, calls: NDArray[np.int64]) -> Matrix:
        """Return the cosine of what a query and some calls are likely about: float64, (n_found,), in [0, 1]."""
        asked = self.projections.components_of_queries(query[None])[0]
        agreement: Matrix = np.einsum("ij,j->i", self.components[calls], asked)
        return agreement


def _built(arrays: dict[str, NDArray[np.float16]]) -> Projections:
    found = [arrays[name].astype(np.float32) for name in _NAMES]
    return Projections(EncoderUpdate(*found[:3]), *found[3:])


def _unit(shifted: Vectors, matrix: Vectors) -> Vectors:
    vectors: Vectors = (shifted @ matrix).astype(np.float32)
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit
