"""The calls of one catalogue laid out for looking through them: columns to filter and sort, answers kept ready.

A catalogue never changes, so whatever was made from it once holds until the next one is served; only time moves:
``epoch`` counts the openings and closings that are past, and within one day and epoch every answer stays the same.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matcher.catalogue import Catalogue
from matcher.eligibility import ApplicantRule, DatesRule
from matcher.eligibility.judgement import END_OF_TIME, closing_time
from matcher.eligibility.rules import KINDS
from matcher.encoder import Vectors
from service.catalogue.summaries import CLOSED, OPEN, STATES, UNKNOWN, UPCOMING, call_summary, dates_of, timing
from service.moments import ROME

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]

NEVER = float("inf")
KEPT_ANSWERS = 500
"""Answers kept ready: some 15 kB each."""
KEPT_TEXTS = 5_000
"""Texts of items whose vectors are kept ready: some 2 kB each."""


class CatalogueView:
    """One catalogue with the versions of its calls; safe to share between threads."""

    def __init__(self, catalogue: Catalogue, versions: Mapping[str, int]) -> None:
        self.catalogue = catalogue
        self._versions = versions
        self._summaries: list[dict[str, Any] | None] = [None] * len(catalogue.calls)
        self._answers: OrderedDict[Hashable, bytes] = OrderedDict()
        self._texts: dict[str, tuple[Vectors, float, float]] = {}
        self._lock = Lock()
        self.drivers: Mask | None = None
        """Which lines of the strategic plan each call serves: bool, (n_calls, 10); None until they were read."""

    def summary(self, position: int, on: datetime) -> dict[str, Any]:
        """Return a call in short as it stands at a moment."""
        known = self._summaries[position]
        if known is None:
            call, rules = self.catalogue.calls[position], self.catalogue.rules[position]
            known = self._summaries[position] = call_summary(call, rules, self._versions.get(call.id, 1))
        return known | timing(self._dates[position], on)

    def ready(self, key: Hashable, make: Callable[[], bytes]) -> bytes:
        """Return the answer under a key, made when it is first asked for; the longest unasked are forgotten."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key]
        made = make()
        with self._lock:
            self._answers[key] = made
            while len(self._answers) > KEPT_ANSWERS:
                self._answers.popitem(last=False)
        return made

    def measured(
        self, texts: Sequence[str], encode: Callable[[Sequence[str]], Vectors]
    ) -> tuple[Vectors, Floats, Floats]:
        """Return each text's vector, and the mean and standard deviation of its similarity to all passages.

        float32, (n_texts, dim), of unit length; float64, (n_texts,), twice. Kept by the words themselves, so that a
        text that changed is measured anew.
        """
        known = dict(self._texts)
        if missing := [text for text in dict.fromkeys(texts) if text not in known]:
            mean, spread = self.passage_moments
            vectors = encode(missing)
            deviations = np.sqrt(np.maximum(np.einsum("ij,ij->i", vectors @ spread, vectors), 1e-12))
            known |= dict(
                zip(missing, zip(vectors, (vectors @ mean).tolist(), deviations.tolist(), strict=True), strict=True)
            )
            self._texts = known if len(known) <= KEPT_TEXTS else {}
        rows = [known[text] for text in texts]
        vectors = np.stack([vector for vector, _, _ in rows])
        return vectors, np.array([usual for _, usual, _ in rows]), np.array([deviation for _, _, deviation in rows])

    def epoch(self, on: datetime) -> str:
        """Return a text that stays the same as long as no call opens or closes and the day does not end."""
        passed = int(np.searchsorted(self._turns, on.timestamp()))
        return f"{on.astimezone(ROME):%Y%m%d}.{passed}"

    def states(self, on: datetime) -> Codes:
        """Return the state of every call at a moment, as an index into ``STATES``: int64, (n_calls,)."""
        at = on.timestamp()
        state = np.where(self._says, STATES.index(OPEN), STATES.index(UNKNOWN))
        state = np.where(self.opening > at, STATES.index(UPCOMING), state)
        return np.where(self.closing < at, STATES.index(CLOSED), state)

    @cached_property
    def _dates(self) -> list[DatesRule | None]:
        return [dates_of(rules) for rules in self.catalogue.rules]

    @cached_property
    def closing(self) -> Floats:
        """The last moment at which each call lets one apply, in seconds since 1970, infinite where none is stated."""
        return np.array([_closing(dates) for dates in self._dates], dtype=np.float64)

    @cached_property
    def opening(self) -> Floats:
        """From when each call lets one apply, in seconds since 1970, minus infinity where that is not stated."""
        opens = (dates.opens if dates else None for dates in self._dates)
        return np.array([moment.at.timestamp() if moment else -NEVER for moment in opens], dtype=np.float64)

    @cached_property
    def amount(self) -> Floats:
        """The most that one project may get, else all that there is, in euro: float64, nan where unknown."""
        amounts = (call.max_award or call.total_amount for call in self.catalogue.calls)
        return np.array([float(a.amount) if a and a.currency == "EUR" else np.nan for a in amounts], dtype=np.float64)

    @cached_property
    def admits(self) -> NDArray[np.bool_]:
        """Which kinds of body each call admits or may admit: bool, (n_calls, n_kinds), in the order of ``KINDS``."""
        found = np.ones((len(self.catalogue.calls), len(KINDS)), dtype=np.bool_)
        for position, rules in enumerate(self.catalogue.rules):
            rule = next((rule for rule in rules if isinstance(rule, ApplicantRule)), None)
            if rule is not None:
                found[position] = np.asarray(rule.chances) > 0
        return found

    @cached_property
    def titles(self) -> Vectors:
        """The vector of each call's title: float32, (n_calls, dim), rows of unit length."""
        return self.catalogue.dense.vectors[self.catalogue.first_passage[:-1]]

    @cached_property
    def passage_moments(self) -> tuple[Vectors, Vectors]:
        """The mean of all passages' vectors and their covariance: float32, (dim,) and (dim, dim)."""
        vectors = self.catalogue.dense.vectors
        mean: Vectors = vectors.mean(axis=0)
        spread: Vectors = (vectors.T @ vectors / max(len(vectors), 1) - np.outer(mean, mean)).astype(np.float32)
        return mean, spread

    @cached_property
    def sources(self) -> frozenset[str]:
        """The sources of all calls."""
        return frozenset(self.catalogue.sources.tolist())

    @cached_property
    def levels(self) -> NDArray[np.str_]:
        """The level of each call: text, (n_calls,)."""
        return np.array([call.level.value for call in self.catalogue.calls], dtype=np.str_)

    @cached_property
    def programmes(self) -> NDArray[np.str_]:
        """The programme or measure code of each call: text, (n_calls,)."""
        return np.array([call.programme for call in self.catalogue.calls], dtype=np.str_)

    @cached_property
    def by_theme(self) -> Mapping[str, Codes]:
        """Theme as published → the positions of the calls that have it."""
        found: dict[str, list[int]] = {}
        for position, call in enumerate(self.catalogue.calls):
            for theme in dict.fromkeys(call.themes):
                found.setdefault(theme, []).append(position)
        return {theme: np.array(positions, dtype=np.int64) for theme, positions in found.items()}

    def relevance(self, text: str) -> Floats:
        """Return the share of a text's words that each call's best passage has: float64, (n_calls,), in [0, 1]."""
        scores = self.catalogue.lexical.scores([text])[0]
        best: Floats = np.maximum.reduceat(scores, self.catalogue.first_passage[:-1]).astype(np.float64)
        return best

    @cached_property
    def _says(self) -> Mask:
        says = (dates is not None and bool(dates.closes or dates.while_funds_last) for dates in self._dates)
        return np.fromiter(says, dtype=np.bool_, count=len(self._dates))

    @cached_property
    def _turns(self) -> Floats:
        turns = np.concatenate([self.closing, self.opening])
        return np.unique(turns[np.isfinite(turns)])


def _closing(dates: DatesRule | None) -> float:
    if dates is None:
        return NEVER
    at = closing_time(dates)
    return NEVER if at == END_OF_TIME else at.timestamp()


def positions_of(mask: Mask) -> Sequence[int]:
    """Return where a mask is true, as plain numbers."""
    found: list[int] = np.flatnonzero(mask).tolist()
    return found
