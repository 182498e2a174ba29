"""What the tagger sees of a text: its vector, its weighted words, and which of its words speak for a code."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.analyser import Analyser
from matcher.encoder import Vectors
from matcher.passages import calm, sentences

Numbers = NDArray[np.float64]
Encode = Callable[[Sequence[str]], Vectors]
"""Gives the document vectors of texts: float32, (n_texts, dim); it may cache."""

LONGEST_EVIDENCE = 100
"""Characters of the text quoted for a tag."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class TagFeatures:
    """How texts become numbers.

    ``idf`` and ``words`` (stems): (n_words,); ``mean`` of the training vectors: (dim,); ``scales``: what vectors and
    words are multiplied with, so that both weigh.
    """

    words: tuple[str, ...]
    idf: Numbers
    mean: Numbers
    scales: tuple[float, float]
    analyser: Analyser = field(default_factory=Analyser, compare=False, repr=False)

    @cached_property
    def position(self) -> dict[str, int]:
        """Stem → its place among the words."""
        return {word: place for place, word in enumerate(self.words)}

    def of(self, texts: Sequence[str], encode: Encode) -> Numbers:
        """Return the features of texts: vectors less their mean, then tf-idf words: (n_texts, dim + n_words)."""
        vectors = encode([calm(text) for text in texts]).astype(np.float64)
        by_vector, by_word = self.scales
        return np.hstack([(vectors - self.mean) * by_vector, self._word_rows(texts) * by_word])

    def knows(self, text: str) -> bool:
        """Whether any word of the text is one that the tagger has learnt from."""
        return any(stem in self.position for stem in self.analyser.stems(text))

    def evidence(self, text: str, weights: Numbers) -> str:
        """Return the part of one sentence whose words weigh most, at most ``LONGEST_EVIDENCE`` characters.

        ``weights``: (n_words,), how much each word speaks for a code. It is a piece of the text as it stands, from one
        whole word to another; "" where no word of the text speaks for the code.
        """
        best, span = 0.0, (0, 0)
        for start, end in sentences(text):
            weight, found = self._best_window(text, start, end, weights * self.idf)
            if weight > best:
                best, span = weight, found
        return text[span[0] : span[1]]

    def _word_rows(self, texts: Sequence[str]) -> Numbers:
        """(1 + ln count) × idf of every known stem, rows of unit length: (n_texts, n_words)."""
        counts = np.zeros((len(texts), len(self.words)))
        for row, text in enumerate(texts):
            for stem in self.analyser.stems(text):
                if stem in self.position:
                    counts[row, self.position[stem]] += 1
        weighted = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0) * self.idf
        lengths = np.linalg.norm(weighted, axis=1, keepdims=True)
        rows: Numbers = weighted / np.where(lengths > 0, lengths, 1)
        return rows

    def _best_window(self, text: str, start: int, end: int, weights: Numbers) -> tuple[float, tuple[int, int]]:
        """The heaviest run of words of a sentence that fits into the evidence, cut to words that weigh something."""
        found = []
        for match in _WORD.finditer(text, start, end):
            stems = [stem for stem in self.analyser.stems(match.group()) if stem in self.position]
            weight = sum(float(weights[self.position[stem]]) for stem in stems)
            if weight > 0:
                found.append((match.start(), match.end(), weight))
        best, span = 0.0, (start, start)
        for first, (left, _, _) in enumerate(found):
            run = [one for one in found[first:] if one[1] - left <= LONGEST_EVIDENCE]
            weight = sum(one[2] for one in run)
            if run and weight > best:
                best, span = weight, (left, run[-1][1])
        return best, span
