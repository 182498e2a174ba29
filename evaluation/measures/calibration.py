"""Whether a likelihood of 0.8 comes true four times in five."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from evaluation.errors import MeasureError

ECE = "ECE"
BINS = 10


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """The pairs whose likelihood lies in one tenth: how many, their mean likelihood, the share that came true."""

    pairs: int
    likelihood: float
    observed: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Expected calibration error and the bins it is made of, least likely first; empty bins are left out."""

    error: float
    bins: tuple[ReliabilityBin, ...]

    def points(self) -> tuple[dict[str, float], ...]:
        """Return the bins as the points of a ``Total``."""
        return tuple({"likelihood": b.likelihood, "observed": b.observed, "pairs": float(b.pairs)} for b in self.bins)


def calibration(pairs: Iterable[tuple[float, bool]]) -> Calibration:
    """Compare likelihoods with what a reader found: (likelihood in [0, 1], may it apply?) per pair, in any order.

    The error is the mean over the pairs of |share that came true − mean likelihood| of their bin; bins are tenths of
    [0, 1], each with its upper bound (Naeini, Cooper and Hauskrecht 2015). Pairs judged unknown do not belong here.
    Raises MeasureError without pairs or for a likelihood outside [0, 1].
    """
    table = np.array([(float(likelihood), float(came_true)) for likelihood, came_true in pairs]).reshape(-1, 2)
    if not len(table):
        raise MeasureError(f"{ECE}: no pair with a likelihood and a judgment was given")
    wrong = table[~((table[:, 0] >= 0) & (table[:, 0] <= 1)), 0]
    if len(wrong):
        raise MeasureError(f"{ECE}: the likelihood {wrong[0]} is not in [0, 1]")
    numbers = np.maximum(np.ceil(np.round(table[:, 0] * BINS, 9)), 1)
    bins = [_bin(table[numbers == number]) for number in np.unique(numbers)]
    error = sum(b.pairs * abs(b.observed - b.likelihood) for b in bins) / len(table)
    return Calibration(error, tuple(bins))


def _bin(rows: np.ndarray) -> ReliabilityBin:
    likelihood, observed = rows.mean(axis=0).tolist()
    return ReliabilityBin(len(rows), likelihood, observed)
