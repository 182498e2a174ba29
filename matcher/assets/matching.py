"""Assets and needs matched: from an asset the needs it could serve, from a need the assets that could serve it.

pairs ──► 1 judged: near, kind, surface ──► 2 similar: vectors and shared words ──► 3 features ──► 4 score ──► 5 reasons

Both directions are one and the same score of a pair; what is not met rules a pair out and can be asked for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.analyser import Analyser
from matcher.assets.conditions import REACH_KM, AssetCriterion, Fit, judge, words_of
from matcher.assets.places import distances_km, place_of
from matcher.assets.weights import FEATURES, WORTH_SHOWING, Weights, default_weights
from matcher.assets.words import Named, PlaceKind, asks_for_a_place, place_kind, suits, uses_named
from matcher.cleaning import without_place
from matcher.encoder import Vectors
from matcher.explanation import Contribution
from matcher.lexical import LexicalIndex
from matcher.passages import calm
from matcher.records import Commune, Need, PublicAsset
from matcher.verdicts import Verdict

Encode = Callable[[Sequence[str]], Vectors]
"""Turns texts into unit vectors, as the query side of the encoder reads them: float32, (n_texts, dim)."""
Matrix = NDArray[np.float64]
MOST_TERMS = 6
"""Shared words shown, heaviest first."""
_AS_NUMBER = {Verdict.MET: 1.0, Verdict.UNKNOWN: 0.5, Verdict.NOT_MET: 0.0}


@dataclass(frozen=True, slots=True)
class Reason:
    """What agrees in the words of both: the uses that the need names and the place suits, the words they share."""

    kind: PlaceKind
    uses: tuple[Named, ...]
    shared_terms: tuple[str, ...]
    similarity: float


@dataclass(frozen=True, slots=True)
class AssetMatch:
    """One ranked pair; ``score`` is comparable within one list only and is the sum of its contributions.

    ``km`` lies between their places, nan where one is not known.
    """

    rank: int
    asset: PublicAsset
    need: Need
    score: float
    fit: Fit
    km: float
    contributions: tuple[Contribution, ...]
    reason: Reason


@dataclass(frozen=True, slots=True)
class AssetMatches:
    """The answer: ``items`` and, of those ruled out, ``excluded``, both best first; ``n_candidates`` looked at."""

    items: tuple[AssetMatch, ...]
    excluded: tuple[AssetMatch, ...]
    n_candidates: int
    n_excluded: int


@dataclass(frozen=True)
class AssetMatcher:
    """Matches assets and needs of known communes; holds no state, so one instance serves many threads."""

    communes: Mapping[str, Commune]
    encode: Encode
    weights: Weights | None = None

    def needs_for(self, asset: PublicAsset, needs: Sequence[Need], k: int = 10, excluded: int = 0) -> AssetMatches:
        """Return the needs that an asset could serve, best first; those that it hardly could are left out."""
        return self._ranked([(asset, need) for need in needs], k, excluded, WORTH_SHOWING)

    def assets_for(self, need: Need, assets: Sequence[PublicAsset], k: int = 10, excluded: int = 0) -> AssetMatches:
        """Return the assets that could serve a need, best first."""
        return self._ranked([(asset, need) for asset in assets], k, excluded, -np.inf)

    def _ranked(self, pairs: Sequence[tuple[PublicAsset, Need]], k: int, excluded: int, least: float) -> AssetMatches:
        read = _Read.of(pairs, self.communes)
        allowed = [fit.verdict is not Verdict.NOT_MET for fit in read.fits]
        looked_at = [at for at, km in enumerate(read.km) if allowed[at] or not km > REACH_KM]
        if not looked_at:
            return AssetMatches((), (), len(pairs), len(pairs))
        found = self._scored(read, looked_at)
        within = [one for one in found if allowed[one.at] and one.added.sum() >= least]
        outside = [one for one in found if not allowed[one.at]]
        return AssetMatches(
            tuple(read.match(rank, one) for rank, one in enumerate(within[:k], start=1)),
            tuple(read.match(rank, one) for rank, one in enumerate(outside[:excluded], start=1)),
            len(pairs),
            len(pairs) - sum(allowed),
        )

    def fit(self, asset: PublicAsset, need: Need) -> Fit:
        """Return what is asked of an asset for a need, criterion by criterion."""
        return _Read.of([(asset, need)], self.communes).fits[0]

    def features(self, pairs: Sequence[tuple[PublicAsset, Need]]) -> Matrix:
        """Return the features of pairs of one list, for training: float64, (n_pairs, n_features)."""
        read = _Read.of(pairs, self.communes)
        return read.rows(list(range(len(pairs))), read.similar(self.encode, list(range(len(pairs)))))

    def _scored(self, read: "_Read", at: Sequence[int]) -> list["_Scored"]:
        similar = read.similar(self.encode, at)
        rows = read.rows(at, similar)
        added = rows * np.asarray((self.weights or default_weights()).values)
        order = sorted(range(len(at)), key=lambda row: (-added[row].sum(), read.key(at[row])))
        return [_Scored(at[row], rows[row], added[row], similar.of(row)) for row in order]


@dataclass(frozen=True, slots=True)
class _Similar:
    """How near the texts of pairs are: cosine, the same in standard deviations, shared words and their share."""

    cosine: Matrix
    standard: Matrix
    shared: Matrix
    terms: tuple[tuple[str, ...], ...]

    def of(self, row: int) -> tuple[float, tuple[str, ...]]:
        return float(self.cosine[row]), self.terms[row]


@dataclass(frozen=True, slots=True)
class _Scored:
    at: int
    features: Matrix
    added: Matrix
    similar: tuple[float, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Read:
    """Pairs of one list as the steps read them."""

    pairs: Sequence[tuple[PublicAsset, Need]]
    communes: Mapping[str, Commune]
    kinds: tuple[PlaceKind, ...]
    uses: tuple[tuple[Named, ...], ...]
    km: tuple[float, ...]
    fits: tuple[Fit, ...]

    @classmethod
    def of(cls, pairs: Sequence[tuple[PublicAsset, Need]], communes: Mapping[str, Commune]) -> "_Read":
        kinds = tuple(place_kind(asset.kind, asset.title) for asset, _ in pairs)
        uses = tuple(uses_named(need_text(need)) for _, need in pairs)
        km = tuple(_km(asset, need, communes) for asset, need in pairs)
        fits = tuple(
            judge(asset, kind, need_text(need), named, apart, asset.commune_istat == need.commune_istat)
            for (asset, need), kind, named, apart in zip(pairs, kinds, uses, km, strict=True)
        )
        return cls(pairs, communes, kinds, uses, km, fits)

    def similar(self, encode: Encode, at: Sequence[int]) -> _Similar:
        """Compare the texts of some pairs; each text is encoded once."""
        assets = [self._plain(words_of(self.pairs[one][0]), self.pairs[one][0].commune_istat) for one in at]
        needs = [self._plain(need_text(self.pairs[one][1]), self.pairs[one][1].commune_istat) for one in at]
        texts = list(dict.fromkeys([*assets, *needs]))
        place = {text: row for row, text in enumerate(texts)}
        vectors = encode([calm(text) for text in texts])
        left, right = ([place[text] for text in side] for side in (assets, needs))
        cosine = np.einsum("ij,ij->i", vectors[left], vectors[right]).astype(np.float64)
        analyser = Analyser()
        shared = _both_ways(texts, left, right, analyser)
        terms = tuple(_terms(analyser, a, n) for a, n in zip(assets, needs, strict=True))
        return _Similar(cosine, (cosine - cosine.mean()) / max(float(cosine.std()), 1e-6), shared, terms)

    def rows(self, at: Sequence[int], similar: _Similar) -> Matrix:
        """Return the features of some pairs: float64, (n_pairs, n_features)."""
        return np.array([self._row(one, row, similar) for row, one in enumerate(at)], dtype=np.float64)

    def _row(self, at: int, row: int, similar: _Similar) -> list[float]:
        (asset, need), fit, kind, uses = self.pairs[at], self.fits[at], self.kinds[at], self.uses[at]
        wished = {named.use for named in uses_named(words_of(asset))}
        fitting = [suits(kind, named.use) for named in uses]
        km = self.km[at]
        return [
            fitting[0] if fitting else 0.0,
            max(fitting, default=0.0),
            float(any(named.use in wished for named in uses)),
            float(similar.standard[row]),
            float(similar.shared[row]),
            float(asks_for_a_place(need_text(need))),
            float(asset.commune_istat == need.commune_istat),
            min(REACH_KM if np.isnan(km) else km, REACH_KM) / 10,
            _AS_NUMBER[fit.of(AssetCriterion.SURFACE).verdict],
            _AS_NUMBER[fit.of(AssetCriterion.AVAILABLE).verdict],
            _AS_NUMBER[fit.verdict],
        ]

    def match(self, rank: int, found: _Scored) -> AssetMatch:
        asset, need = self.pairs[found.at]
        contributions = tuple(
            Contribution(name, float(value), float(added))
            for name, value, added in zip(FEATURES, found.features, found.added, strict=True)
        )
        kind, (similarity, terms) = self.kinds[found.at], found.similar
        uses = tuple(named for named in self.uses[found.at] if suits(kind, named.use))
        return AssetMatch(
            rank,
            asset,
            need,
            float(sum(one.contribution for one in contributions)),
            self.fits[found.at],
            self.km[found.at],
            contributions,
            Reason(kind, uses, terms, similarity),
        )

    def key(self, at: int) -> tuple[str, str]:
        asset, need = self.pairs[at]
        return asset.id, need.id

    def _plain(self, text: str, istat: str) -> str:
        commune = self.communes.get(istat)
        return text if commune is None else without_place(text, commune)


def need_text(need: Need) -> str:
    """Return what is read of a need."""
    return f"{need.title}. {need.text}" if need.text else need.title


def _km(asset: PublicAsset, need: Need, communes: Mapping[str, Commune]) -> float:
    theirs = communes.get(need.commune_istat)
    there = (theirs.lat, theirs.lon) if theirs is not None else (None, None)
    return float(distances_km(place_of(asset, communes.get(asset.commune_istat)), [there])[0])


def _both_ways(texts: Sequence[str], left: Sequence[int], right: Sequence[int], analyser: Analyser) -> Matrix:
    """Return the mean share of the words of each text of a pair that the other has: float64, (n_pairs,)."""
    scores = LexicalIndex.build(texts, analyser).scores(texts)
    found: Matrix = ((scores[left, right] + scores[right, left]) / 2).astype(np.float64)
    return found


def _terms(analyser: Analyser, asset: str, need: str) -> tuple[str, ...]:
    stems = set(analyser.stems(need))
    return tuple(word for stem, word in analyser.words(asset).items() if stem in stems)[:MOST_TERMS]
