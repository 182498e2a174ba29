"""Who and what the recommendations reach: calls that are shown to anybody, communes of every size."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import fmean

from evaluation.errors import MeasureError
from evaluation.results import UNKNOWN, Run, in_order

CALL_COVERAGE = "CallCoverage@10"
SIZE_GAP = "SizeGap"
SIZES = (
    (1_000, "below 1,000"),
    (5_000, "1,000 to 4,999"),
    (15_000, "5,000 to 14,999"),
    (50_000, "15,000 to 49,999"),
)
"""Upper bounds in inhabitants and names of the size classes: small communes of law 158/2017 stop at 5,000, PNRR
measures for towns begin at 15,000, a town of 50,000 is a city in Eurostat's degree of urbanisation."""
LARGEST = "50,000 and more"


@dataclass(frozen=True, slots=True)
class SizeClass:
    """The communes of one class: how many queries they ask, and the mean of a measure over these."""

    name: str
    queries: int
    mean: float


def size_class(population: int | None) -> str:
    """Return the name of the size class of a commune; ``unknown`` where the population is not known."""
    if population is None:
        return UNKNOWN
    return next((name for bound, name in SIZES if population < bound), LARGEST)


def call_coverage(run: Run, n_calls: int, depth: int = 10) -> float:
    """Return the share of ``n_calls`` calls that stand among the first ``depth`` of at least one query."""
    if n_calls < 1:
        raise MeasureError(f"{CALL_COVERAGE}: the catalogue has {n_calls} calls")
    return len({call_id for found in run.values() for call_id, _ in found[:depth]}) / n_calls


def by_size(per_query: Mapping[str, float], sizes: Mapping[str, str]) -> list[SizeClass]:
    """Return the classes that ask anything, smallest communes first, with the mean of a measure in each.

    ``sizes``: query id → name of the size class of the commune that asks, which begins with its bound; queries without
    one, or of a commune whose population is ``unknown``, are left out.
    """
    classes: dict[str, list[float]] = {}
    for query_id, value in per_query.items():
        if sizes.get(query_id, UNKNOWN) != UNKNOWN:
            classes.setdefault(sizes[query_id], []).append(value)
    return [SizeClass(name, len(classes[name]), fmean(classes[name])) for name in sorted(classes, key=in_order)]


def size_gap(classes: list[SizeClass]) -> float:
    """Return by how much the largest communes are served better than the smallest; negative if they are worse off.

    Raises MeasureError with fewer than two classes.
    """
    if len(classes) < 2:
        raise MeasureError(f"{SIZE_GAP}: two size classes are needed, {len(classes)} ask anything")
    return classes[-1].mean - classes[0].mean
