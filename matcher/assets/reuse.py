"""Similar assets that were reused: funded projects about the same sort of place, with what they became and who paid.

A project is one of reuse where its words say that something was recovered, and is alike where it names the same sort of
place. Nothing is said of how it went: only that it was funded.
"""

import re
from dataclasses import dataclass

import numpy as np

from matcher.analyser import fold
from matcher.assets.conditions import words_of
from matcher.assets.words import PlaceKind, Use, kinds_named, place_kind, uses_named
from matcher.encoder import Vectors
from matcher.precedents import PrecedentIndex, code_of
from matcher.records import Precedent, PublicAsset

LOOKED_AT = 400
"""Nearest funded texts that are read for a place that was reused."""
_REUSE = re.compile(
    r"\b(recuper\w+|riuso|riutilizz\w+|rifunzionalizz\w+|riqualific\w+|restaur\w+|risanamento|ristruttur\w+|rigenera\w+|"
    r"riconver\w+|valorizz\w+|ex (?!post|ante|art|d)\w+)"
)


@dataclass(frozen=True, slots=True)
class Reused:
    """A funded project that reused such a place: what it became, by its words, and how near its text is (cosine)."""

    precedent: Precedent
    programme: str
    uses: tuple[Use, ...]
    similarity: float


def similar_reused(index: PrecedentIndex, asset: PublicAsset, vector: Vectors, k: int = 5) -> tuple[Reused, ...]:
    """Return the funded projects nearest to an asset that reused the same sort of place, nearest first.

    ``vector``: float32, (dim,), of unit length, of the asset's words as the query side of the encoder reads them. One
    project a programme and commune, so that no single one fills the list.
    """
    kind = place_kind(asset.kind, asset.title)
    if not index.texts or kind is PlaceKind.UNKNOWN:
        return ()
    similarity = np.einsum("ij,j->i", index.vectors, vector)
    found: list[Reused] = []
    seen: set[tuple[str, tuple[str, ...]]] = set()
    for at in np.argsort(-similarity, kind="stable")[:LOOKED_AT].tolist():
        precedent = index.texts[at].precedent
        if precedent is None or not _reuses(precedent, kind):
            continue
        key = code_of(precedent), precedent.communes
        if key not in seen:
            seen.add(key)
            uses = tuple(named.use for named in uses_named(_words(precedent)))
            found.append(Reused(precedent, code_of(precedent), uses, float(similarity[at])))
        if len(found) == k:
            break
    return tuple(found)


def asset_words(asset: PublicAsset) -> str:
    """Return what is encoded of an asset to find its like."""
    return words_of(asset)


def _reuses(precedent: Precedent, kind: PlaceKind) -> bool:
    words = _words(precedent)
    return bool(_REUSE.search(fold(words))) and kind in kinds_named(words)


def _words(precedent: Precedent) -> str:
    return f"{precedent.title}. {precedent.text}" if precedent.text else precedent.title
