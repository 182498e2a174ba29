"""BM25 over passages: the words that a query and a call really share.

Scores are divided by the query's own ceiling (the score of a passage that holds each of its words often), so that
they lie in [0, 1] and mean the same for a short query and for a long one.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from zipfile import BadZipFile

import bm25s
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

from matcher.analyser import Analyser
from matcher.errors import ArtifactError

K1 = 1.2
B = 0.6
"""BM25's saturation and length weights; the passages are of like length, so length counts for less than usual."""

Scores = NDArray[np.float32]


class LexicalIndex:
    """BM25 over passages as one sparse matrix: float32, (n_passages, n_stems), a passage's score for each stem."""

    def __init__(self, weights: csc_matrix, vocabulary: dict[str, int], analyser: Analyser) -> None:
        weights.sort_indices()
        self._weights = weights
        self._vocabulary = vocabulary
        self._ceilings = _column_maxima(weights)
        self.analyser = analyser

    @classmethod
    def build(cls, texts: Sequence[str], analyser: Analyser) -> "LexicalIndex":
        """Index texts, one passage each; passage ids are positions."""
        stems = [analyser.stems(text) for text in texts]
        vocabulary = {stem: i for i, stem in enumerate(sorted({s for passage in stems for s in passage}))}
        if not vocabulary:
            return cls(csc_matrix((len(texts), 1), dtype=np.float32), {}, analyser)
        ids = [[vocabulary[s] for s in passage] for passage in stems]
        retriever = bm25s.BM25(method="lucene", k1=K1, b=B)
        retriever.index(bm25s.tokenization.Tokenized(ids=ids, vocab=vocabulary), show_progress=False)
        scores = retriever.scores
        matrix = csc_matrix(
            (scores["data"], scores["indices"], scores["indptr"]), shape=(len(texts), len(scores["indptr"]) - 1)
        )
        return cls(matrix.astype(np.float32), vocabulary, analyser)

    def scores(self, queries: Sequence[str]) -> Scores:
        """Return the share of each query's words found in each passage: float32, (n_queries, n_passages), in [0, 1]."""
        weighted = self._query_matrix(queries)
        ceilings = np.asarray(weighted @ self._ceilings).reshape(-1, 1)
        found = (weighted @ self._weights.T).toarray().astype(np.float32)
        shares: Scores = np.divide(found, ceilings, out=np.zeros_like(found), where=ceilings > 0)
        return shares

    def of_groups(self, owner: NDArray[np.int64], n_groups: int, kept: NDArray[np.bool_]) -> "LexicalIndex":
        """Return the index of whole groups of passages, each stem weighed as in the best of a group's passages.

        ``owner``: int64, (n_passages,), each passage's group; ``kept``: bool, (n_passages,), those that count.
        """
        n_stems = self._weights.shape[1]
        column = np.repeat(np.arange(n_stems), np.diff(self._weights.indptr))
        rows, weights = self._weights.indices, self._weights.data
        chosen = kept[rows] & (weights > 0)
        cell, weight = column[chosen].astype(np.int64) * n_groups + owner[rows[chosen]], weights[chosen]
        order = np.argsort(cell, kind="stable")
        cells, first = np.unique(cell[order], return_index=True)
        best = np.maximum.reduceat(weight[order], first) if len(first) else weight
        matrix = csc_matrix((best, (cells % n_groups, cells // n_groups)), shape=(n_groups, n_stems), dtype=np.float32)
        return LexicalIndex(matrix, self._vocabulary, self.analyser)

    def shared_stems(self, stems: Iterable[str], passage: int) -> list[tuple[str, float]]:
        """Return those of a query's stems that a passage has and what each adds to its score, heaviest first."""
        weighed = [(stem, self._weight(stem, passage)) for stem in set(stems)]
        return sorted(((stem, w) for stem, w in weighed if w > 0), key=lambda pair: (-pair[1], pair[0]))

    def save(self, path: Path) -> None:
        """Write the index to one file."""
        stems = np.array(sorted(self._vocabulary, key=self._vocabulary.__getitem__), dtype=np.str_)
        w = self._weights
        np.savez(path, data=w.data, indices=w.indices, indptr=w.indptr, shape=np.array(w.shape), stems=stems)

    @classmethod
    def load(cls, path: Path, analyser: Analyser) -> "LexicalIndex":
        """Read the index that ``save`` wrote; raises ArtifactError if the file is not one."""
        try:
            with path.open("rb") as stream, np.load(stream, allow_pickle=False) as f:
                matrix = csc_matrix((f["data"], f["indices"], f["indptr"]), shape=tuple(f["shape"]))
                vocabulary = {str(stem): i for i, stem in enumerate(f["stems"])}
        except (OSError, ValueError, KeyError, BadZipFile) as error:
            raise ArtifactError(f"{path}: not a lexical index ({error}); build the artifact again") from error
        return cls(matrix, vocabulary, analyser)

    def _weight(self, stem: str, passage: int) -> float:
        column = self._vocabulary.get(stem)
        if column is None:
            return 0.0
        start, end = self._weights.indptr[column : column + 2]
        position = start + int(np.searchsorted(self._weights.indices[start:end], passage))
        return (
            float(self._weights.data[position])
            if position < end and self._weights.indices[position] == passage
            else 0.0
        )

    def _query_matrix(self, queries: Sequence[str]) -> csr_matrix:
        rows, columns, counts = [], [], []
        for row, query in enumerate(queries):
            for stem in set(self.analyser.stems(query)):
                if stem in self._vocabulary:
                    rows.append(row)
                    columns.append(self._vocabulary[stem])
                    counts.append(1.0)
        shape = (len(queries), self._weights.shape[1])
        return csr_matrix((counts, (rows, columns)), shape=shape, dtype=np.float32)


def _column_maxima(weights: csc_matrix) -> Scores:
    n_passages, n_stems = weights.shape
    if not n_passages:
        return np.zeros(n_stems, dtype=np.float32)
    return np.asarray(weights.max(axis=0).todense(), dtype=np.float32).ravel()
