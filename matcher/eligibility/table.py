"""All calls judged for one applicant at once: the rules as columns, the same verdicts as ``judge``.

chances   (n, 12)  who        regions (n, 21), provinces and communes (inverted lists)  where
bounds    (n, 2)   population                closing time, state  (n,)                  when
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.eligibility.judgement import (
    END_OF_TIME,
    N_PLACES,
    NEAR_THRESHOLD,
    OTHER_WAY_IN,
    POPULATION_MARGIN,
    UNKNOWN_POPULATION,
    UNREAD_APPLICANT,
    UNREAD_TERRITORY,
    closing_time,
    place_keys,
)
from matcher.eligibility.rules import KINDS, LEVELS, ApplicantRule, DatesRule, PopulationRule, Rule, TerritoryRule
from matcher.records import ApplicantKind
from matcher.verdicts import Applicant, Criterion

NOT_MET, UNKNOWN, MET = 0, 1, 2

ELSEWHERE = "-"
"""A place that no call names, whichever it is; no key of a place holds a hyphen alone."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Level:
    """One level of territory: which calls are limited at it, and for each place the calls that admit it."""

    limited: NDArray[np.bool_]
    unknown: Floats
    admitting: dict[str, NDArray[np.int64]]

    @classmethod
    def build(cls, allowed: Sequence[frozenset[str]], total: int) -> "_Level":
        places: dict[str, list[int]] = {}
        for row, names in enumerate(allowed):
            for name in names:
                places.setdefault(name, []).append(row)
        sizes = np.array([len(names) for names in allowed], dtype=np.int64)
        return cls(
            sizes > 0,
            np.minimum(sizes, total - 1) / total,
            {name: np.array(rows, dtype=np.int64) for name, rows in places.items()},
        )

    def limit(self, chance: Floats, own: str) -> Floats:
        """The chances after this level is asked of a place; ``own`` is its key, empty where it is not known."""
        if not own:
            return np.where(self.limited, np.minimum(chance, self.unknown), chance)
        outside = self.limited.copy()
        outside[self.admitting.get(own, np.empty(0, dtype=np.int64))] = False
        return np.where(outside, 0.0, chance)


@dataclass(frozen=True)
class EligibilityTable:
    """The rules of n calls as columns, in the order of the calls."""

    chances: Floats
    share: Floats
    levels: tuple[_Level, ...]
    minimum: Floats
    maximum: Floats
    outside: Floats
    asks_population: NDArray[np.bool_]
    closing: Floats
    open_ended: NDArray[np.bool_]

    @classmethod
    def build(cls, rules_per_call: Iterable[Sequence[Rule]]) -> "EligibilityTable":
        """Lay the rules of each call out as columns."""
        rows = [_Row.of(rules) for rules in rules_per_call]
        territories = [row.territory for row in rows]
        populations = [row.population for row in rows]
        return cls(
            chances=np.array([row.chances for row in rows], dtype=np.float64).reshape(len(rows), len(KINDS)),
            share=np.array([t.share if t else UNREAD_TERRITORY for t in territories], dtype=np.float64),
            levels=tuple(
                _Level.build([getattr(t, name) if t else frozenset() for t in territories], N_PLACES[name])
                for name in LEVELS
            ),
            minimum=_bounds([p.minimum if p else None for p in populations], -np.inf),
            maximum=_bounds([p.maximum if p else None for p in populations], np.inf),
            outside=np.array([0.0 if p is None or p.strict else OTHER_WAY_IN for p in populations], dtype=np.float64),
            asks_population=np.array([p is not None for p in populations], dtype=np.bool_),
            closing=np.array([row.closing for row in rows], dtype=np.float64),
            open_ended=np.array([row.open_ended for row in rows], dtype=np.bool_),
        )

    def __len__(self) -> int:
        return len(self.share)

    def verdicts(self, applicant: Applicant, on: datetime | None = None) -> NDArray[np.int8]:
        """The overall verdict of every call: int8, (n,), 0 not met, 1 unknown, 2 met; as ``judge`` gives it."""
        verdict = np.full(len(self), MET, dtype=np.int8)
        for chance in self._parts(applicant):
            verdict = np.minimum(verdict, codes_of(chance))
        return verdict if on is None else np.minimum(verdict, self.date_codes(on))

    def criterion_codes(self, applicant: Applicant, on: datetime) -> Mapping[Criterion, NDArray[np.int8]]:
        """The verdict of every call on each deciding criterion: int8, (n,), codes as in ``verdicts``."""
        who, where, how_many = (codes_of(chance) for chance in self._parts(applicant))
        return {
            Criterion.APPLICANT: who,
            Criterion.TERRITORY: where,
            Criterion.POPULATION: how_many,
            Criterion.DATES: self.date_codes(on),
        }

    def likelihoods(self, applicant: Applicant, on: datetime | None = None) -> NDArray[np.float32]:
        """How probable it is that the applicant may apply: float32, (n,); 0 where not met, dates included if given."""
        who, where, how_many = self._parts(applicant)
        likelihood = who * where * how_many
        if on is not None:
            likelihood = np.where(self.date_codes(on) == NOT_MET, 0.0, likelihood)
        return likelihood.astype(np.float32)

    def class_of(self, applicant: Applicant) -> Hashable:
        """Return what of an applicant these calls look at: to two of one class every one of them says the same."""
        places = (
            own if own in level.admitting or (level.admitting and not own) else ELSEWHERE
            for level, own in zip(self.levels, place_keys(applicant.commune), strict=True)
        )
        return applicant.kinds, tuple(places), self._size_class(applicant)

    def _size_class(self, applicant: Applicant) -> bytes | None:
        population = applicant.commune.population if applicant.commune else None
        if population is None:
            return None
        bounds = self._thresholds
        near = np.abs(population - bounds) <= bounds * POPULATION_MARGIN
        return np.concatenate([population >= bounds, population <= bounds, near]).tobytes()

    @cached_property
    def _thresholds(self) -> Floats:
        bounds: Floats = np.unique(np.concatenate([self.minimum, self.maximum]))
        return bounds[np.isfinite(bounds)]

    def _parts(self, applicant: Applicant) -> tuple[Floats, Floats, Floats]:
        return self._who(applicant.kinds), self._where(applicant), self._population(applicant)

    def _who(self, kinds: frozenset[ApplicantKind]) -> Floats:
        columns = [column for column, kind in enumerate(KINDS) if kind in (kinds or KINDS)]
        total = np.zeros(len(self), dtype=np.float64)
        for column in columns:
            total += self.chances[:, column]
        return total / len(columns)

    def _where(self, applicant: Applicant) -> Floats:
        chance = self.share
        for level, key in zip(self.levels, place_keys(applicant.commune), strict=True):
            chance = level.limit(chance, key)
        return chance

    def _population(self, applicant: Applicant) -> Floats:
        population = applicant.commune.population if applicant.commune else None
        if population is None:
            return np.where(self.asks_population, UNKNOWN_POPULATION, 1.0)
        outside = self.outside if applicant.kinds == {ApplicantKind.COMMUNE} else UNKNOWN_POPULATION
        inside = (population >= self.minimum) & (population <= self.maximum)
        chance = np.where(inside, 1.0, outside)
        near = np.zeros(len(self), dtype=np.bool_)
        for bound in (self.minimum, self.maximum):
            finite = np.isfinite(bound)
            near |= finite & (np.abs(population - np.where(finite, bound, 0.0)) <= bound * POPULATION_MARGIN)
        return np.where(self.asks_population, np.where(near, NEAR_THRESHOLD, chance), 1.0)

    def date_codes(self, on: datetime) -> NDArray[np.int8]:
        """Return what the dates alone say at a moment: int8, (n,), codes as in ``verdicts``."""
        open_codes = np.where(self.open_ended, UNKNOWN, MET)
        return np.where(self.closing < _seconds(on), NOT_MET, open_codes).astype(np.int8)


@dataclass(frozen=True, slots=True)
class _Row:
    """The rules of one call, by what the columns need."""

    chances: Sequence[float]
    territory: TerritoryRule | None
    population: PopulationRule | None
    closing: float
    open_ended: bool

    @classmethod
    def of(cls, rules: Sequence[Rule]) -> "_Row":
        chances: Sequence[float] = (UNREAD_APPLICANT,) * len(KINDS)
        territory, population, dates = None, None, None
        for rule in reversed(rules):
            if isinstance(rule, ApplicantRule):
                chances = rule.chances
            elif isinstance(rule, TerritoryRule):
                territory = rule
            elif isinstance(rule, PopulationRule):
                population = rule
            elif isinstance(rule, DatesRule):
                dates = rule
        closing = _seconds(closing_time(dates)) if dates else np.inf
        return cls(chances, territory, population, closing, dates is None or not dates.closes or dates.while_funds_last)


def _seconds(at: datetime) -> float:
    return float("inf") if at == END_OF_TIME else at.timestamp()


def codes_of(chance: Floats) -> NDArray[np.int8]:
    """Return chances as verdicts: int8, 0 not met where the chance is none, 2 met where it is certain, else 1."""
    return np.where(chance >= 1, MET, np.where(chance > 0, UNKNOWN, NOT_MET)).astype(np.int8)


def _bounds(values: Sequence[int | None], missing: float) -> Floats:
    return np.array([missing if value is None else value for value in values], dtype=np.float64)
