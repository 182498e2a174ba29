"""Whether one system is better than another, by how much, how sure that is, and on which queries.

per-query differences ──► mean, bootstrap interval, paired randomisation test ──► Holm over all that were compared
                      └── queries that got better and worse

Everything random is seeded: equal values give equal figures.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap

from evaluation.errors import MeasureError
from evaluation.results import Result

SEED = 20
RESAMPLES = 9_999
"""Sign flips of a test."""
BOOTSTRAPS = 2_000
"""Resamples of an interval: its bounds move by less than a fiftieth of its width from seed to seed."""
_AT_ONCE = 500
"""Resamples held in memory together: 8 MB for 2,000 queries."""

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over ``n`` queries with its 95% interval."""

    n: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Change:
    """One query that the system answers better (or worse) than the baseline."""

    query_id: str
    baseline: float
    system: float

    @property
    def difference(self) -> float:
        """What the query gained; negative if it lost."""
        return self.system - self.baseline


@dataclass(frozen=True, slots=True)
class Comparison:
    """A system against a baseline on one measure.

    ``difference`` is system − baseline over the queries that both have a value for. ``p`` is that of the randomisation
    test, ``p_holm`` the same corrected for all comparisons that were made together. ``changes``: gains first, then
    losses, largest first each; queries without a change are left out.
    """

    task: str
    measure: str
    baseline: str
    system: str
    difference: Interval
    p: float
    p_holm: float
    changes: tuple[Change, ...]

    @property
    def better(self) -> tuple[Change, ...]:
        """The queries with a larger value than the baseline's, largest gain first."""
        return tuple(change for change in self.changes if change.difference > 0)

    @property
    def worse(self) -> tuple[Change, ...]:
        """The queries with a smaller value than the baseline's, largest loss first."""
        return tuple(change for change in self.changes if change.difference < 0)


def mean_interval(values: Iterable[float], seed: int = SEED) -> Interval:
    """Return the mean of per-query values with its 95% percentile bootstrap interval (Efron 1979), seeded.

    Raises MeasureError without values.
    """
    table = np.fromiter(values, dtype=np.float64)
    if not len(table):
        raise MeasureError("an interval needs at least one query with a value")
    mean = float(table.mean())
    if np.ptp(table) == 0:
        return Interval(len(table), mean, mean, mean)
    found = bootstrap(
        (table,),
        np.mean,
        n_resamples=BOOTSTRAPS,
        batch=_AT_ONCE,
        vectorized=True,
        method="percentile",
        rng=np.random.default_rng(seed),
    ).confidence_interval
    return Interval(len(table), mean, float(found.low), float(found.high))


def randomisation_p(differences: Sequence[float], seed: int = SEED) -> float:
    """Return the two-sided p of a paired randomisation test on the mean of per-query differences (Fisher 1935).

    The signs of the differences are flipped: all ways where there are no more than RESAMPLES of them, else as many
    drawn at random, seeded. Queries without a difference take no part. 1 where fewer than two have one.
    """
    changed = np.array([d for d in differences if d != 0.0], dtype=np.float64)
    if len(changed) < 2:
        return 1.0
    # Sums of the same numbers in another order differ in the last bits, and must count as equal.
    reached = abs(changed.sum()) * (1 - 1e-9)
    if 2 ** len(changed) <= RESAMPLES:
        signs = np.array(list(product((-1, 1), repeat=len(changed))), dtype=np.float64)
        return float(np.mean(np.abs(signs @ changed) >= reached))
    # The order observed is one of those that chance could give: a p of 0 does not exist.
    found = 1 + sum(int((np.abs(sums) >= reached).sum()) for sums in _random_sums(changed, seed))
    return found / (RESAMPLES + 1)


def _random_sums(changed: Values, seed: int) -> Iterator[Values]:
    dice = np.random.default_rng(seed)
    for begin in range(0, RESAMPLES, _AT_ONCE):
        size = (min(_AT_ONCE, RESAMPLES - begin), len(changed))
        yield (2.0 * dice.integers(0, 2, size=size, dtype=np.int8) - 1.0) @ changed


def holm(p_values: Sequence[float]) -> list[float]:
    """Return the p values corrected for having been looked at together (Holm 1979), in the order given."""
    corrected = [0.0] * len(p_values)
    largest = 0.0
    for step, position in enumerate(sorted(range(len(p_values)), key=lambda i: p_values[i])):
        largest = max(largest, min(1.0, (len(p_values) - step) * p_values[position]))
        corrected[position] = largest
    return corrected


def compare(baseline: Result, system: Result, queries: Collection[str] | None = None) -> Comparison:
    """Compare one measure of two systems, over all queries or some; ``p_holm`` is ``p`` until corrected together.

    Raises MeasureError if they are not of one task and measure, or share no query.
    """
    if (baseline.task, baseline.measure) != (system.task, system.measure):
        one, other = f"{baseline.task}/{baseline.measure}", f"{system.task}/{system.measure}"
        raise MeasureError(f"{one} cannot be compared with {other}: task and measure must be the same")
    shared = sorted(baseline.per_query.keys() & system.per_query.keys())
    pairs = [Change(q, baseline.per_query[q], system.per_query[q]) for q in shared if queries is None or q in queries]
    if not pairs:
        raise MeasureError(f"{baseline.system} and {system.system} share no query of {system.task}/{system.measure}")
    differences = [change.difference for change in pairs]
    p = randomisation_p(differences)
    return Comparison(
        task=system.task,
        measure=system.measure,
        baseline=baseline.system,
        system=system.system,
        difference=mean_interval(differences),
        p=p,
        p_holm=p,
        changes=_largest_first(pairs),
    )


def compare_all(pairs: Iterable[tuple[Result, Result]]) -> list[Comparison]:
    """Compare (baseline, system) pairs of any tasks and measures, their p corrected together by Holm's method."""
    found = [compare(baseline, system) for baseline, system in pairs]
    corrected = holm([comparison.p for comparison in found])
    return [replace(comparison, p_holm=p) for comparison, p in zip(found, corrected, strict=True)]


def _largest_first(pairs: Sequence[Change]) -> tuple[Change, ...]:
    gains = sorted((c for c in pairs if c.difference > 0), key=lambda c: (-c.difference, c.query_id))
    losses = sorted((c for c in pairs if c.difference < 0), key=lambda c: (c.difference, c.query_id))
    return (*gains, *losses)
