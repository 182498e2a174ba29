"""Exact dense search over passages: FAISS inner product of unit vectors, restricted to the passages allowed.

Everything above speaks of similarity (cosine, in [-1, 1], higher is better), never of distance. Flat search is exact
and, for the passages of some ten thousand calls, faster than reading an approximate index's manual.
"""

import faiss
import numpy as np
from numpy.typing import NDArray

from matcher.encoder import Vectors

Mask = NDArray[np.bool_]


class DenseIndex:
    """Passage vectors and what is needed to compare one query's similarities with another's."""

    def __init__(self, vectors: Vectors) -> None:
        """Index ``vectors`` (float32, (n_passages, dim), rows of unit length); ids are positions."""
        self.vectors: Vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        n_passages, dim = self.vectors.shape
        self._faiss = faiss.IndexIDMap2(faiss.IndexFlatIP(dim))
        self._faiss.add_with_ids(self.vectors, np.arange(n_passages, dtype=np.int64))
        self._mean = self.vectors.mean(axis=0) if n_passages else np.zeros(dim, dtype=np.float32)
        centred = self.vectors - self._mean
        self._covariance = centred.T @ centred / max(1, n_passages)

    def search(self, query: Vectors, k: int, allowed: Mask | None = None) -> NDArray[np.int64]:
        """Return the ids of the ``k`` allowed passages nearest to one query (float32, (dim,)), nearest first.

        ``allowed``: bool, (n_passages,); fewer ids come back when fewer are allowed.
        """
        parameters = None
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bits))
        wanted = min(k, len(self.vectors))
        if not wanted:
            return np.empty(0, dtype=np.int64)
        _, ids = self._faiss.search(query.reshape(1, -1), wanted, params=parameters)
        found: NDArray[np.int64] = ids[0]
        return found[found >= 0]

    def similarities(self, query: Vectors, passages: NDArray[np.int64]) -> Vectors:
        """Return the similarity of one query to the passages named: float32, (n,)."""
        found: Vectors = self.vectors[passages] @ query
        return found

    def expected(self, query: Vectors) -> tuple[float, float]:
        """Return mean and standard deviation of a query's similarity to all passages, without computing them all.

        Some queries are near to everything; measured against their own mean, similarities of different queries (and
        of the two halves of the score) become comparable.
        """
        mean = float(self._mean @ query)
        variance = float(query @ self._covariance @ query)
        return mean, max(variance, 1e-12) ** 0.5
