"""Precedents: what a programme has funded before, and which of it is nearest to a query.

    funded projects ──► one text per kind of works, at most CAP per programme ──► vectors, weighted words
    phrases of projects (packaged, where nothing is imported) ──┘
    query ──► Neighbours: similarity to every text, and to the best of each programme

Project speaks to project: both are read by the query side of the encoder. A project is never its own precedent.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix

from matcher.analyser import Analyser, name_key
from matcher.encoder import Vectors
from matcher.explanation import PrecedentMatch
from matcher.passages import calm, theme_spans
from matcher.records import Precedent
from matcher.wordvectors import WordVectors

CAP = 200
"""Texts kept of a programme: with 300 the ranking gains a hundredth, with 60 it loses two; 200 encode in a minute."""
BEST = 5
"""Neighbours averaged: one alone may be a chance, more are too many for a programme with few projects."""

SMOOTHING = 2.0
"""Texts of the average programme that every programme is thought to have besides its own."""

Positions = NDArray[np.int64]
Bools = NDArray[np.bool_]
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PrecedentText:
    """One text of what a programme has funded; ``precedent`` is None where it is of packaged phrases."""

    code: str
    text: str
    precedent: Precedent | None = None


@dataclass(frozen=True, slots=True)
class Neighbours:
    """One query against all texts: dense similarity (standard deviations above its mean) and shared words (cosine).

    ``dense``, ``lexical``: float64, (n_texts,); ``raw``: the cosine of the vectors; ``barred``: bool, (n_texts,), the
    texts that are the query itself and count for nothing.
    """

    dense: Values
    lexical: Values
    raw: Values
    barred: Bools


@dataclass(frozen=True)
class PrecedentIndex:
    """Texts of funded projects, those of one programme one after another, with both indexes aligned by position."""

    texts: tuple[PrecedentText, ...]
    vectors: Vectors
    words: WordVectors

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The programmes that have texts, in order."""
        return tuple(dict.fromkeys(text.code for text in self.texts))

    @cached_property
    def first(self) -> Positions:
        """Where each programme's texts begin, and the number of all: int64, (n_codes + 1,)."""
        counts = Counter(text.code for text in self.texts)
        return np.concatenate([[0], np.cumsum([counts[code] for code in self.codes])]).astype(np.int64)

    @cached_property
    def usage(self) -> csc_matrix:
        """How many texts of each programme hold each stem: float64, (n_codes, n_stems)."""
        rows = self.words.rows
        code = np.repeat(np.arange(len(self.codes)), np.diff(self.first))
        held = csr_matrix((np.ones(len(rows.data)), rows.indices, rows.indptr), shape=rows.shape)
        belongs = csr_matrix((np.ones(len(code)), (code, np.arange(len(code)))), shape=(len(self.codes), len(code)))
        return csc_matrix(belongs @ held)

    @cached_property
    def keys(self) -> dict[str, Positions]:
        """Id, CUP and written form of each text → its positions, by which a query knows itself."""
        found: dict[str, list[int]] = defaultdict(list)
        for position, text in enumerate(self.texts):
            if text.precedent is not None:
                for key in {text.precedent.id, text.precedent.cup, name_key(text.text)} - {""}:
                    found[key].append(position)
        return {key: np.array(positions, dtype=np.int64) for key, positions in found.items()}

    def neighbours(self, query: str, vector: Vectors, own: Collection[str] = (), words: str = "") -> Neighbours:
        """Compare one query with every text; ``own``: ids and CUPs by which the query itself may be among them.

        ``vector``: float32, (dim,), of unit length. ``words``: the part of the query whose words count, all by default.
        """
        # One thread on purpose, as in ``matcher.index``.
        raw = (np.einsum("ij,j->i", self.vectors, vector) if self.texts else np.empty(0)).astype(np.float64)
        spread = max(float(raw.std()), 1e-6) if len(raw) else 1.0
        dense = (raw - raw.mean()) / spread if len(raw) else raw
        barred = np.zeros(len(self.texts), dtype=np.bool_)
        for key in (*own, name_key(query)):
            if key in self.keys:
                barred[self.keys[key]] = True
        return Neighbours(dense, self.words.similarities(words or query), raw, barred)

    def best_of_codes(self, values: Values, barred: Bools, lowest: float) -> tuple[Values, Values]:
        """Return the best value of each programme and the mean of its best five: float64, (n_codes,) each.

        A programme with fewer texts, or whose texts are ``barred``, is filled up with ``lowest``.
        """
        n_codes = len(self.codes)
        if not n_codes:
            return np.empty(0), np.empty(0)
        code = np.repeat(np.arange(n_codes), np.diff(self.first))
        shown = np.where(barred, lowest, np.maximum(values, lowest))
        ordered = shown[np.lexsort((-shown, code))]
        places = self.first[:-1, None] + np.arange(BEST)
        inside = places < self.first[1:, None]
        top = np.where(inside, ordered[np.minimum(places, len(ordered) - 1)], lowest)
        return top[:, 0], top.mean(axis=1)

    def usual_words(self, query: str, barred: Bools) -> Values:
        """Return how much oftener the projects of each programme use the query's words than all: float64, (n_codes,).

        The mean over the words of the logarithm of the ratio of shares, smoothed by SMOOTHING texts of the average
        programme: naive Bayes with a fixed prior (McCallum and Nigam 1998), per word.
        """
        stems = self.words.stems(query)
        if not len(stems) or not self.texts:
            return np.zeros(len(self.codes))
        found = self.usage[:, stems].toarray()
        sizes = np.diff(self.first).astype(np.float64)
        for position in np.flatnonzero(barred).tolist():
            code = int(np.searchsorted(self.first, position, side="right")) - 1
            found[code] -= self.words.rows[position, stems].toarray().ravel() > 0
            sizes[code] -= 1
        usual = (found.sum(axis=0) + 0.5) / (sizes.sum() + 1)
        ratios: Values = np.log((found + SMOOTHING * usual) / (sizes[:, None] + SMOOTHING) / usual).mean(axis=1)
        return ratios

    def closest(self, code: str, found: Neighbours, k: int) -> tuple[PrecedentMatch, ...]:
        """Return the ``k`` projects of a programme nearest to a query in meaning, nearest first, never itself."""
        if code not in self.codes:
            return ()
        begin, end = self.first[(at := self.codes.index(code)) : at + 2].tolist()
        order = begin + np.argsort(-found.raw[begin:end], kind="stable")
        shown: list[PrecedentMatch] = []
        for position in order.tolist():
            precedent = self.texts[position].precedent
            if precedent is not None and not found.barred[position]:
                shown.append(PrecedentMatch(precedent, float(found.raw[position])))
            if len(shown) == k:
                break
        return tuple(shown)

    def without(self, codes: Collection[str]) -> "PrecedentIndex":
        """Return the same index with nothing known of what these programmes have funded."""
        kept = np.array([text.code not in codes for text in self.texts], dtype=np.bool_)
        return self.only(kept)

    def only(self, kept: Bools) -> "PrecedentIndex":
        """Return the index of some of the texts; ``kept``: bool, (n_texts,). Words are weighed as before."""
        texts = tuple(text for text, keep in zip(self.texts, kept.tolist(), strict=True) if keep)
        return PrecedentIndex(texts, self.vectors[kept], self.words.only(kept))


NO_PRECEDENTS = PrecedentIndex((), np.empty((0, 0), dtype=np.float32), WordVectors.build((), Analyser()))
"""Nothing is known of what anybody has funded."""


def code_of(precedent: Precedent) -> str:
    """Return the programme that funded a project: its measure, else its procedure, else its programme."""
    return precedent.measure or precedent.procedure or precedent.programme


def text_of(precedent: Precedent) -> str:
    """Return what a project was about: title and summary, once where one holds the other."""
    if not precedent.text or precedent.title in precedent.text:
        return precedent.text or precedent.title
    return f"{precedent.title}. {precedent.text}"


def build_precedents(
    precedents: Iterable[Precedent],
    encode: Callable[[Sequence[str]], Vectors],
    themes: Mapping[str, str] | None = None,
    codes: Collection[str] | None = None,
    cap: int = CAP,
) -> PrecedentIndex:
    """Index what was funded: of each programme at most ``cap`` projects that read differently, chosen by their hash.

    ``encode`` turns texts into float32 (n, dim) rows of unit length, as queries. ``themes``: programme → phrases of
    what its projects were about, joined by ``; ``; a few phrases count as one text, and keep a programme known where
    none of its projects is imported. ``codes``: the programmes that calls belong to, None for all: what others have
    funded recommends nothing.
    """
    kept = [PrecedentText(code_of(one), text_of(one), one) for one in chosen_precedents(precedents, codes, cap)]
    phrases = [
        PrecedentText(code, phrase)
        for code, found in (themes or {}).items()
        if codes is None or code in codes
        for phrase in _phrases(found)
    ]
    texts = tuple(sorted([*phrases, *kept], key=lambda text: text.code))
    vectors = encode([calm(text.text) for text in texts])
    return PrecedentIndex(texts, vectors, WordVectors.build([text.text for text in texts], Analyser()))


def chosen_precedents(
    precedents: Iterable[Precedent], codes: Collection[str] | None = None, cap: int = CAP
) -> list[Precedent]:
    """Return of each programme at most ``cap`` projects that read differently, by the hash of their ids.

    One more import so moves few of the others. ``codes``: as in ``build_precedents``.
    """
    by_code: dict[str, dict[str, Precedent]] = defaultdict(dict)
    for precedent in precedents:
        code = code_of(precedent)
        if code and (codes is None or code in codes):
            by_code[code].setdefault(without_places(precedent), precedent)
    return [one for code in sorted(by_code) for one in sorted(by_code[code].values(), key=_digest)[:cap]]


def _digest(precedent: Precedent) -> tuple[bytes, str]:
    return sha256(precedent.id.encode()).digest(), precedent.id


def _phrases(phrases: str) -> Iterable[str]:
    return (phrases[start:end].strip("; ") for start, end in theme_spans(phrases))


def without_places(precedent: Precedent) -> str:
    """Return the words of a text without numbers and the project's own places: many projects are one but for these."""
    own = set(name_key(" ".join((precedent.body, *precedent.commune_names, precedent.region))).split())
    return " ".join(word for word in name_key(text_of(precedent)).split() if word.isalpha() and word not in own)
