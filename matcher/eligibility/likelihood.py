"""How probable it is that a kind of body may apply, where nobody says who may: from words and from who was funded.

Words are weighed in log-odds (``cues``); bodies funded before count more than words, the more of them there are.
"""

import math
from collections.abc import Mapping, Sequence

from matcher.eligibility.applicants import plain
from matcher.eligibility.cues import CLASS_CUES, CUES, ISSUER_CUES, Cue
from matcher.eligibility.rules import KINDS
from matcher.records import ApplicantKind as Kind

MOST, LEAST = 0.97, 0.01
"""Evidence never reaches certainty: only words that admit or exclude do."""

BASE = {kind: -1.4 for kind in KINDS} | {Kind.COMMUNE: -0.6, Kind.FIRM: -0.8, Kind.CENTRAL: -1.0}
"""Log-odds before any evidence: a third of the measures that say nothing were open to communes."""

BODY_WEIGHT, BODY_MOST = 0.4, 1.2
"""A word in the objectives or procedures says less than in the title, and all of them together at most so much (in
log-odds): they tell how the money flows, too."""

ABSENCE_COUNT = 2.0
"""Funded bodies without one of the kind: each counts against it, this many count half."""
SHARE_SCALE = 0.08
"""Share of the funded bodies at which a kind is about two thirds likely to be one that may apply."""
ODD_ONE = 0.5
"""Taken off every count: a single body among hundreds is as often a slip of the register as a precedent."""
TRUST_COUNT = 4.0
"""Funded bodies that weigh as much as the words."""


def word_chances(title: str, body: str, issuer: str, classes: str = "") -> dict[Kind, float]:
    """Chance per kind from the words of a title, a body of text, an issuer's name and a list of coarse classes."""
    logits = dict(BASE)
    for cues, text in ((CUES, title), (ISSUER_CUES, issuer), (CLASS_CUES, classes)):
        for kind, weight in _weights(cues, text).items():
            logits[kind] += weight
    for kind, weight in _weights(CUES, body).items():
        logits[kind] += max(-BODY_MOST, min(BODY_MOST, BODY_WEIGHT * weight))
    return {kind: _clip(1 / (1 + math.exp(-logit))) for kind, logit in logits.items()}


def _weights(cues: Sequence[Cue], text: str) -> dict[Kind, float]:
    words = plain(text)
    met = [cue for cue in cues if words and cue.pattern.search(words)]
    return {kind: sum(cue.for_ if kind in cue.kinds else -cue.against for cue in met) for kind in KINDS}


def with_funded(chances: Mapping[Kind, float], funded: Mapping[Kind, int]) -> dict[Kind, float]:
    """The chances after the kinds of the bodies funded before are counted in."""
    total = sum(funded.values())
    if not total:
        return dict(chances)
    return {kind: _clip(_after_counts(chance, funded.get(kind, 0), total)) for kind, chance in chances.items()}


def _after_counts(chance: float, count: int, total: int) -> float:
    if not count:
        return chance * ABSENCE_COUNT / (ABSENCE_COUNT + total)
    seen = 1 - math.exp(-(count - ODD_ONE) / total / SHARE_SCALE)
    trust = total / (total + TRUST_COUNT)
    return trust * seen + (1 - trust) * max(chance, 0.5)


def _clip(chance: float) -> float:
    return round(min(MOST, max(LEAST, chance)), 4)
