"""All calls seen from one commune: for which it may apply, what rules it out of the others, what nobody has told yet.

rules as columns ──► verdict per criterion ──► ruled out, by the first criterion that is not met
                                         └──► to be checked, by the one fact that would settle it
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from matcher.eligibility.rules import LEVELS
from matcher.eligibility.table import MET, NOT_MET, UNKNOWN
from matcher.records import Commune
from matcher.verdicts import Criterion, Verdict, municipality
from service.answers.questions import sources_in_scope
from service.catalogue.summaries import dates_of
from service.catalogue.view import CatalogueView, Mask
from service.live import Serving


class Fact(StrEnum):
    """A fact that is missing: the commune can tell the first two, the call or who publishes it the others."""

    POPULATION = "population"
    ZONE = "zone"
    APPLICANTS = "applicants"
    TERRITORY = "territory"
    THRESHOLD = "threshold"
    CLOSING_DATE = "closing_date"
    FUNDS_LEFT = "funds_left"
    SEVERAL = "several"


OF_THE_COMMUNE = frozenset({Fact.POPULATION, Fact.ZONE})
"""The facts that the commune itself can tell."""
_FACT_OF = {
    Criterion.APPLICANT: Fact.APPLICANTS,
    Criterion.TERRITORY: Fact.TERRITORY,
    Criterion.POPULATION: Fact.THRESHOLD,
    Criterion.DATES: Fact.CLOSING_DATE,
}
_ZONES = LEVELS.index("zones")
Found = NDArray[np.int64]
_Name = TypeVar("_Name")


@dataclass(frozen=True, slots=True)
class Prospects:
    """Positions of calls, int64: those open to the commune, to be checked by missing fact, ruled out by criterion.

    ``missing`` holds the calls that wait for this fact alone, ``missing_with_others`` those that wait for more besides
    (each under all of its facts). Of what is closed only that is shown, under the dates, which nothing else rules out.
    Groups are in the order of their size, the largest first.
    """

    met: Found
    missing: Mapping[Fact, Found]
    missing_with_others: Mapping[Fact, Found]
    ruled_out: Mapping[Criterion, Found]


def prospects(serving: Serving, commune: Commune, on: datetime) -> Prospects:
    """Return every call that may be recommended, as it stands for a commune at a moment."""
    table, view = serving.catalogue.eligibility, serving.view
    codes = table.criterion_codes(municipality(commune), on)
    asked: Mask = np.isin(serving.catalogue.sources, sorted(sources_in_scope(serving, ())))
    worst = np.minimum.reduce(list(codes.values()))
    ruled_out = _ruled_out(codes, asked)
    waiting = _waiting(view, commune, codes, asked & (worst == UNKNOWN), table.levels[_ZONES].limited)
    several = np.sum(list(waiting.values()), axis=0) > 1
    alone = {fact: np.flatnonzero(mask & ~several) for fact, mask in waiting.items()}
    with_others = {fact: np.flatnonzero(mask & several) for fact, mask in waiting.items()}
    return Prospects(
        np.flatnonzero(asked & (worst == MET)),
        _by_size(alone | {Fact.SEVERAL: np.flatnonzero(several)}),
        _by_size(with_others),
        _by_size(ruled_out),
    )


def verdict_counts(found: Prospects) -> Mapping[Verdict, int]:
    """Return how many of the calls that are not closed have each verdict."""
    closed = found.ruled_out.get(Criterion.DATES, np.empty(0))
    return {
        Verdict.MET: len(found.met),
        Verdict.UNKNOWN: sum(map(len, found.missing.values())),
        Verdict.NOT_MET: sum(map(len, found.ruled_out.values())) - len(closed),
    }


def _ruled_out(codes: Mapping[Criterion, NDArray[np.int8]], asked: Mask) -> dict[Criterion, Found]:
    """Share the calls that are not closed out by what rules them out first, and add what is only closed."""
    closed = codes[Criterion.DATES] == NOT_MET
    found, left = {}, asked & ~closed
    for criterion in (Criterion.APPLICANT, Criterion.TERRITORY, Criterion.POPULATION):
        out = codes[criterion] == NOT_MET
        found[criterion] = np.flatnonzero(left & out)
        left &= ~out
        closed &= ~out
    return found | {Criterion.DATES: np.flatnonzero(asked & closed)}


def _waiting(
    view: CatalogueView,
    commune: Commune,
    codes: Mapping[Criterion, NDArray[np.int8]],
    unknown: Mask,
    of_zones: Mask,
) -> dict[Fact, Mask]:
    """Return for each fact the calls to be checked that wait for it."""
    waiting = {_FACT_OF[name]: unknown & (code == UNKNOWN) for name, code in codes.items()}
    if commune.population is None:
        waiting[Fact.POPULATION] = waiting.pop(Fact.THRESHOLD)
    if not commune.zone:
        waiting[Fact.ZONE] = waiting[Fact.TERRITORY] & of_zones
        waiting[Fact.TERRITORY] &= ~of_zones
    waiting[Fact.FUNDS_LEFT] = _while_funds_last(view, waiting[Fact.CLOSING_DATE])
    waiting[Fact.CLOSING_DATE] &= ~waiting[Fact.FUNDS_LEFT]
    return waiting


def _while_funds_last(view: CatalogueView, wanted: Mask) -> Mask:
    found = np.zeros_like(wanted)
    for position in np.flatnonzero(wanted).tolist():
        dates = dates_of(view.catalogue.rules[position])
        found[position] = dates is not None and dates.while_funds_last
    return found


def _by_size(groups: Mapping[_Name, Found]) -> dict[_Name, Found]:
    return dict(sorted(((name, one) for name, one in groups.items() if len(one)), key=lambda pair: -len(pair[1])))
