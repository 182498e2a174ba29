"""Weighted words: texts as unit rows of a sparse matrix, compared by the words that few others have.

Term frequency counts by its logarithm, rarity by the smoothed logarithm of the inverse document frequency (Salton and
Buckley 1988); numbers are left out, for they are addresses, dates and amounts.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from matcher.analyser import Analyser
from matcher.errors import ArtifactError


@dataclass(frozen=True)
class WordVectors:
    """Texts as unit rows: float32, (n_texts, n_stems); ``rarity``: float32, (n_stems,), what each stem weighs."""

    rows: csr_matrix
    vocabulary: Mapping[str, int]
    rarity: NDArray[np.float32]
    analyser: Analyser

    @classmethod
    def build(cls, texts: Sequence[str], analyser: Analyser) -> "WordVectors":
        """Weigh the words of some texts; ids are positions."""
        counts = [Counter(_words(analyser, text)) for text in texts]
        vocabulary = {stem: i for i, stem in enumerate(sorted({stem for found in counts for stem in found}))}
        frequency = np.zeros(len(vocabulary))
        for found in counts:
            frequency[[vocabulary[stem] for stem in found]] += 1
        rarity = (np.log((1 + len(texts)) / (1 + frequency)) + 1).astype(np.float32)
        return cls(_unit_rows(counts, vocabulary, rarity), vocabulary, rarity, analyser)

    def similarities(self, query: str) -> NDArray[np.float64]:
        """Return the cosine of one query with every text: float64, (n_texts,), in [0, 1]."""
        row = _unit_rows([Counter(_words(self.analyser, query))], self.vocabulary, self.rarity)
        return np.asarray((self.rows @ row.T).todense(), dtype=np.float64).ravel()

    def stems(self, text: str) -> NDArray[np.int64]:
        """Return the columns of the distinct known stems of a text, ascending: int64, (n_known,)."""
        found = {self.vocabulary[stem] for stem in _words(self.analyser, text) if stem in self.vocabulary}
        return np.array(sorted(found), dtype=np.int64)

    def only(self, kept: NDArray[np.bool_]) -> "WordVectors":
        """Return some of the texts, their words weighed as before; ``kept``: bool, (n_texts,)."""
        return WordVectors(self.rows[kept], self.vocabulary, self.rarity, self.analyser)

    def save(self, path: Path) -> None:
        """Write the matrix and its words to one file."""
        stems = np.array(sorted(self.vocabulary, key=self.vocabulary.__getitem__), dtype=np.str_)
        rows = self.rows
        parts = {"data": rows.data, "indices": rows.indices, "indptr": rows.indptr, "shape": np.array(rows.shape)}
        np.savez(path, **parts, stems=stems, rarity=self.rarity)

    @classmethod
    def load(cls, path: Path, analyser: Analyser) -> "WordVectors":
        """Read what ``save`` wrote; raises ArtifactError if the file is not such a one."""
        try:
            with path.open("rb") as stream, np.load(stream, allow_pickle=False) as f:
                rows = csr_matrix((f["data"], f["indices"], f["indptr"]), shape=tuple(f["shape"]))
                vocabulary = {str(stem): i for i, stem in enumerate(f["stems"])}
                return cls(rows, vocabulary, f["rarity"], analyser)
        except (OSError, ValueError, KeyError, BadZipFile) as error:
            raise ArtifactError(f"{path}: not a file of weighted words ({error}); build the artifact again") from error


def _words(analyser: Analyser, text: str) -> list[str]:
    return [stem for stem in analyser.stems(text) if not stem.isdigit()]


def _unit_rows(
    counts: Sequence[Counter[str]], vocabulary: Mapping[str, int], rarity: NDArray[np.float32]
) -> csr_matrix:
    known = [sorted((vocabulary[stem], n) for stem, n in found.items() if stem in vocabulary) for found in counts]
    columns = np.array([column for row in known for column, _ in row], dtype=np.int64)
    numbers = np.array([n for row in known for _, n in row], dtype=np.float64)
    starts = np.concatenate([[0], np.cumsum([len(row) for row in known])]).astype(np.int64)
    weights = (1 + np.log(np.maximum(numbers, 1))) * rarity[columns]
    lengths = np.sqrt(np.add.reduceat(np.append(weights**2, 0.0), starts[:-1])) if len(known) else np.empty(0)
    sizes = np.diff(starts)
    scaled = (weights / np.repeat(np.where(sizes > 0, np.maximum(lengths, 1e-9), 1.0), sizes)).astype(np.float32)
    return csr_matrix((scaled, columns, starts), shape=(len(known), max(len(vocabulary), 1)))
