"""One call judged for all communes at once: the places as columns, the same verdicts as ``judge``.

``EligibilityTable`` asks which calls are for a commune; this asks which communes a call is for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from matcher.eligibility.judgement import (
    N_PLACES,
    NEAR_THRESHOLD,
    OTHER_WAY_IN,
    POPULATION_MARGIN,
    UNKNOWN_POPULATION,
    UNREAD_APPLICANT,
    UNREAD_TERRITORY,
    place_keys,
)
from matcher.eligibility.rules import KINDS, LEVELS, ApplicantRule, PopulationRule, Rule, TerritoryRule
from matcher.eligibility.table import EligibilityTable, Floats, codes_of
from matcher.records import ApplicantKind, Commune

_COMMUNE = KINDS.index(ApplicantKind.COMMUNE)


@dataclass(frozen=True)
class CommuneTable:
    """Communes as columns, in the order in which they were given: their place at each level, and their population."""

    places: tuple[NDArray[np.str_], ...]
    population: Floats

    @classmethod
    def build(cls, communes: Sequence[Commune]) -> "CommuneTable":
        """Lay the communes out as columns."""
        keys = [place_keys(commune) for commune in communes]
        columns = tuple(np.array([key[level] for key in keys], dtype=np.str_) for level in range(len(LEVELS)))
        known = [np.nan if commune.population is None else commune.population for commune in communes]
        return cls(columns, np.array(known, dtype=np.float64))

    def judge(self, rules: Sequence[Rule], on: datetime | None = None) -> tuple[NDArray[np.int8], Floats]:
        """Return the verdict on each commune as applicant and how probable it is that it may apply, dates aside.

        int8, (n,), 0 not met, 1 unknown, 2 met; float64, (n,), in [0, 1].
        """
        parts = self._who(rules), self._where(rules), self._population(rules)
        verdict = np.minimum.reduce([codes_of(chance) for chance in parts])
        if on is not None:
            verdict = np.minimum(verdict, EligibilityTable.build([rules]).date_codes(on)[0])
        likelihood: Floats = parts[0] * parts[1] * parts[2]
        return verdict, likelihood

    def _who(self, rules: Sequence[Rule]) -> Floats:
        rule = next((rule for rule in rules if isinstance(rule, ApplicantRule)), None)
        return np.full(len(self.population), rule.chances[_COMMUNE] if rule else UNREAD_APPLICANT, dtype=np.float64)

    def _where(self, rules: Sequence[Rule]) -> Floats:
        rule = next((rule for rule in rules if isinstance(rule, TerritoryRule)), None)
        chance = np.full(len(self.population), rule.share if rule else UNREAD_TERRITORY, dtype=np.float64)
        for level, own in zip(LEVELS, self.places, strict=True) if rule else ():
            allowed: frozenset[str] = getattr(rule, level)
            if allowed:
                unknown = min(len(allowed), N_PLACES[level] - 1) / N_PLACES[level]
                outside = np.where(np.isin(own, sorted(allowed)), chance, 0.0)
                chance = np.where(own == "", np.minimum(chance, unknown), outside)
        return chance

    def _population(self, rules: Sequence[Rule]) -> Floats:
        rule = next((rule for rule in rules if isinstance(rule, PopulationRule)), None)
        if rule is None:
            return np.ones(len(self.population), dtype=np.float64)
        low = -np.inf if rule.minimum is None else rule.minimum
        high = np.inf if rule.maximum is None else rule.maximum
        inside = (self.population >= low) & (self.population <= high)
        chance = np.where(inside, 1.0, 0.0 if rule.strict else OTHER_WAY_IN)
        for bound in (rule.minimum, rule.maximum):
            if bound is not None:
                near = np.abs(self.population - bound) <= bound * POPULATION_MARGIN
                chance = np.where(near, NEAR_THRESHOLD, chance)
        return np.where(np.isnan(self.population), UNKNOWN_POPULATION, chance)
