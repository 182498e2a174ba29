"""Kinship of calls: what a call that has funded nothing yet can learn from those that have.

A new call has no precedents, but the programmes nearest to it do: if the projects like this one were funded by calls of
the same mission, of the same issuer or in much the same words, a new one among them is likelier than one elsewhere.

    affinity of the query to each programme with precedents ──► how much of it is around each call
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.encoder import Vectors
from matcher.records import FundingCall

SHARPNESS = 0.02
"""Scale of the cosine between two calls' mean vectors: those of multilingual-e5 all lie between 0.75 and 1."""
LEAST = 0.02
"""Share of the affinity that is as good as none; keeps the logarithms from running away."""

KINDS = ("kin_words", "kin_theme", "kin_field", "kin_issuer")
"""Near in words; of the same component (last theme), mission (first theme) or issuer."""

Matrix = NDArray[np.float64]
Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Kinship:
    """How near each call is to each programme with precedents, its own left out.

    ``words``: float64, (n_calls, n_codes), rows sum to 1, or to 0 for a call that has no other; ``groups``: for each
    other kind, the group of each call and of each programme: int64, −1 where nothing is said.
    """

    words: Matrix
    groups: tuple[tuple[Positions, Positions], ...]
    own: Positions

    @classmethod
    def build(cls, calls: Sequence[FundingCall], vectors: Vectors, own: Positions, n_codes: int) -> "Kinship":
        """Relate calls to programmes.

        ``vectors``: float32, (n_calls, dim), the mean of each call's passages, of unit length; ``own``: int64,
        (n_calls,), the position of each call's programme, −1 where it has no precedents.
        """
        groups = tuple(_groups(calls, own, n_codes, key) for key in (_component, _mission, _issuer))
        if not n_codes:
            return cls(np.zeros((len(calls), 0)), groups, own)
        centres = np.zeros((n_codes, vectors.shape[1]))
        leading = _leading(calls, own)
        np.add.at(centres, own[leading], vectors[leading])
        centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
        # One thread on purpose, as in ``matcher.index``.
        near = np.exp((np.einsum("ij,kj->ik", vectors.astype(np.float64), centres) - 1) / SHARPNESS)
        near[np.flatnonzero(own >= 0), own[own >= 0]] = 0
        return cls(near / np.maximum(near.sum(axis=1, keepdims=True), 1e-300), groups, own)

    def features(self, affinity: Matrix, found: Positions) -> Matrix:
        """Return what is around the calls ``found``, in the order of KINDS: float64, (n_found, 4).

        ``affinity``: float64, (n_codes,), summing to 1. Each is the logarithm of the share of the affinity over the
        share expected by chance: 0 says nothing.
        """
        n_codes = len(affinity)
        if not n_codes:
            return np.zeros((len(found), len(KINDS)))
        weights = self.words[found]
        columns = [_log_ratio(weights @ affinity, weights.sum(axis=1) / n_codes)]
        for of_calls, of_codes in self.groups:
            known = of_codes >= 0
            size = int(max(of_calls.max(initial=-1), of_codes.max(initial=-1))) + 1
            mass: Matrix = np.bincount(of_codes[known], weights=affinity[known], minlength=size).astype(np.float64)
            share: Matrix = np.bincount(of_codes[known], minlength=size) / n_codes
            columns.append(self._around(found, of_calls[found], mass, share, affinity))
        return np.column_stack(columns)

    def _around(self, found: Positions, group: Positions, mass: Matrix, share: Matrix, affinity: Matrix) -> Matrix:
        """Compare a group's affinity with its size; a call's own programme counts on neither side."""
        said = group >= 0
        here = np.where(said, mass[group] if len(mass) else 0.0, 0.0)
        expected = np.where(said, share[group] if len(share) else 0.0, 0.0)
        own = self.own[found]
        has_own = said & (own >= 0)
        here = here - np.where(has_own, affinity[own], 0.0)
        expected = expected - np.where(has_own, 1 / len(affinity), 0.0)
        return _log_ratio(np.maximum(here, 0.0), np.maximum(expected, 0.0))


def _log_ratio(mass: Matrix, expected: Matrix) -> Matrix:
    ratio: Matrix = np.log((mass + LEAST) / (expected + LEAST))
    return ratio


def _component(call: FundingCall) -> str:
    return call.themes[-1] if call.themes else ""


def _mission(call: FundingCall) -> str:
    return call.themes[0] if call.themes else ""


def _issuer(call: FundingCall) -> str:
    return call.issuer


def _leading(calls: Sequence[FundingCall], own: Positions) -> Positions:
    """Return the calls that stand for their programmes: the measure, or all of its calls where it is not there."""
    with_measure = {int(code) for call, code in zip(calls, own.tolist(), strict=True) if call.is_measure}
    pairs = enumerate(zip(calls, own.tolist(), strict=True))
    found = [at for at, (call, code) in pairs if code >= 0 and (call.is_measure or code not in with_measure)]
    return np.array(found, dtype=np.int64)


def _groups(
    calls: Sequence[FundingCall], own: Positions, n_codes: int, key: Callable[[FundingCall], str]
) -> tuple[Positions, Positions]:
    """Number what calls have in common.

    A programme has what its measure says, else what the first of its calls that says anything has: a notice often names
    an office, or nothing, where the measure names ministry, mission and component.
    """
    names: dict[str, int] = {}
    of_calls = np.full(len(calls), -1, dtype=np.int64)
    of_codes = np.full(n_codes, -1, dtype=np.int64)
    for position in sorted(range(len(calls)), key=lambda at: not calls[at].is_measure):
        if name := key(calls[position]):
            of_calls[position] = names.setdefault(name, len(names))
            if own[position] >= 0 and of_codes[own[position]] < 0:
                of_codes[own[position]] = of_calls[position]
    return of_calls, of_codes
