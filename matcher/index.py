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
    """Passage vectors, searched and compared."""

    def __init__(self, vectors: Vectors) -> None:
        """Index ``vectors`` (float32, (n_passages, dim), rows of unit length); ids are positions."""
        self.vectors: Vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        _, dim = self.vectors.shape
        self._faiss = faiss.IndexFlatIP(dim)
        self._faiss.add(self.vectors)

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

    def similarities(self, query: Vectors) -> Vectors:
        """Return the similarity of one query to every passage: float32, (n_passages,)."""
        # One thread on purpose: BLAS would start as many as there are cores, wait for the slowest on a busy machine,
        # and leave the others spinning where the encoder wants to run.
        found: Vectors = np.einsum("ij,j->i", self.vectors, query)
        return found
