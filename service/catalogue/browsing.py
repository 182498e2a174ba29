"""Looking through the catalogue: filters, order, pages, and how many there are of each kind.

Filters ──► mask over all calls ──► sorted ──► one page after a cursor
                             └────► facets: counts by state, level, source, applicant, theme, driver
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import numpy as np

from matcher.eligibility.rules import KINDS
from matcher.records import ApplicantKind, Level
from matcher.strategy import CODES, DRIVER
from service.catalogue.summaries import STATES
from service.catalogue.view import CatalogueView, Codes, Floats, Mask
from service.errors import InvalidError, NotReadyError
from service.moments import start_of
from service.web.paging import decode_cursor, encode_cursor

_NO_DEADLINE, _CLOSED = 1e12, 1e15
"""Keys beyond every deadline (in seconds): first what has none, then what is closed, the latest first."""
MOST_THEMES = 50
"""Themes counted in the facets, the commonest ones."""


class Order(StrEnum):
    """By what the list is sorted; ties in the order of ids."""

    RELEVANCE = "relevance"
    CLOSING = "closing"
    NEWEST = "newest"
    AMOUNT = "amount"
    ID = "id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What is looked for; everything given must hold, any of several values suffices."""

    text: str = ""
    states: frozenset[str] = frozenset()
    levels: frozenset[Level] = frozenset()
    sources: frozenset[str] = frozenset()
    applicants: frozenset[ApplicantKind] = frozenset()
    themes: frozenset[str] = frozenset()
    drivers: frozenset[str] = frozenset()
    programme: str = ""
    least_amount: float | None = None
    most_amount: float | None = None
    closes_from: date | None = None
    closes_to: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One page: positions of calls in order, the cursor of the next page ("" on the last), how many there are."""

    positions: tuple[int, ...]
    next_cursor: str
    total: int


def browse(view: CatalogueView, filters: Filters, order: Order, on: datetime, limit: int, cursor: str) -> Found:
    """Return one page of the calls that pass the filters; raises InvalidError for a cursor that we did not make."""
    relevance = view.relevance(filters.text) if filters.text.strip() else None
    passing = np.flatnonzero(_mask(view, filters, relevance, on))
    keys = _keys(view, order, relevance, on)[passing]
    ranked = np.lexsort((passing, keys))
    passing, keys = passing[ranked], keys[ranked]
    start = _after(view, passing, keys, cursor)
    page = passing[start : start + limit]
    more = start + limit < len(passing)
    ended = f"{float(keys[start + limit - 1])!r} {view.catalogue.calls[page[-1]].id}" if more else ""
    return Found(tuple(page.tolist()), encode_cursor(ended) if more else "", len(passing))


def facets(view: CatalogueView, filters: Filters, on: datetime) -> dict[str, dict[str, int]]:
    """Return how many of the calls that pass the filters have each state, level, source, applicant, theme, driver."""
    relevance = view.relevance(filters.text) if filters.text.strip() else None
    return _facets(view, _mask(view, filters, relevance, on), on)


def choices(view: CatalogueView, filters: Filters, on: datetime) -> dict[str, dict[str, int]]:
    """Return what ``facets`` does, each property counted as if nothing had been chosen of it yet.

    So that one more value of it can be chosen, which widens what is found.
    """
    relevance = view.relevance(filters.text) if filters.text.strip() else None
    found = _facets(view, _mask(view, filters, relevance, on), on)
    for name in found:
        if getattr(filters, name):
            wider = _mask(view, _without(filters, name), relevance, on)
            found[name] = _facets(view, wider, on)[name]
    return found


def _without(filters: Filters, name: str) -> Filters:
    none: Any = frozenset()
    return replace(filters, **{name: none})


def how_many(view: CatalogueView, filters: Filters, on: datetime) -> int:
    """Return how many calls pass the filters."""
    relevance = view.relevance(filters.text) if filters.text.strip() else None
    return int(_mask(view, filters, relevance, on).sum())


def _facets(view: CatalogueView, mask: Mask, on: datetime) -> dict[str, dict[str, int]]:
    states = np.bincount(view.states(on)[mask], minlength=len(STATES))
    themes = {theme: int(mask[positions].sum()) for theme, positions in view.by_theme.items()}
    commonest = sorted(themes.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_THEMES]
    return {
        "states": {state: int(count) for state, count in zip(STATES, states, strict=True)},
        "levels": _counts(view.levels[mask]),
        "sources": _counts(view.catalogue.sources[mask]),
        "applicants": {kind.value: int(view.admits[mask, column].sum()) for column, kind in enumerate(KINDS)},
        "themes": {theme: count for theme, count in commonest if count},
        "drivers": _driver_counts(view, mask),
    }


def _driver_counts(view: CatalogueView, mask: Mask) -> dict[str, int]:
    """Return how many calls serve each line of the strategic plan; nothing until all calls were read for it."""
    if view.drivers is None:
        return {}
    return dict(zip(CODES[DRIVER], view.drivers[mask].sum(axis=0).tolist(), strict=True))


def _counts(values: "np.ndarray[tuple[int], np.dtype[np.str_]]") -> dict[str, int]:
    names, counts = np.unique(values, return_counts=True)
    return dict(zip(names.tolist(), counts.tolist(), strict=True))


def _mask(view: CatalogueView, filters: Filters, relevance: Floats | None, on: datetime) -> Mask:
    mask: Mask = np.full(len(view.catalogue.calls), True) if relevance is None else relevance > 0
    for values, column in (
        (filters.levels, view.levels),
        (filters.sources, view.catalogue.sources),
        ({filters.programme} - {""}, view.programmes),
        (filters.states, None),
    ):
        if values:
            found = np.array(STATES)[view.states(on)] if column is None else column
            mask &= np.isin(found, sorted(values))
    if filters.applicants:
        columns = [KINDS.index(kind) for kind in sorted(filters.applicants)]
        mask &= view.admits[:, columns].any(axis=1)
    if filters.themes:
        mask &= _of_themes(view.by_theme, filters.themes, len(mask))
    if filters.drivers:
        mask &= _of_drivers(view, filters.drivers)
    return mask & _within(view, filters)


def _of_themes(by_theme: Mapping[str, Codes], themes: frozenset[str], n_calls: int) -> Mask:
    mask = np.zeros(n_calls, dtype=np.bool_)
    for theme in themes:
        mask[by_theme.get(theme, np.empty(0, dtype=np.int64))] = True
    return mask


def _of_drivers(view: CatalogueView, drivers: frozenset[str]) -> Mask:
    if view.drivers is None:
        raise NotReadyError("which lines of the strategic plan each call serves is being read; try again shortly")
    columns = [CODES[DRIVER].index(code) for code in sorted(drivers)]
    served: Mask = np.logical_or.reduce(view.drivers[:, columns], axis=1)
    return served


def _within(view: CatalogueView, filters: Filters) -> Mask:
    """Bounds: a call that does not state the figure is outside of any bound that is asked for."""
    mask = np.ones(len(view.catalogue.calls), dtype=np.bool_)
    if filters.least_amount is not None:
        mask &= view.amount >= filters.least_amount
    if filters.most_amount is not None:
        mask &= view.amount <= filters.most_amount
    if filters.closes_from is not None:
        mask &= np.isfinite(view.closing) & (view.closing >= start_of(filters.closes_from).timestamp())
    if filters.closes_to is not None:
        # Up to the end of the day: what closes at any hour of it is inside.
        end = start_of(date.fromordinal(filters.closes_to.toordinal() + 1)).timestamp()
        mask &= view.closing < end
    return mask


def _keys(view: CatalogueView, order: Order, relevance: Floats | None, on: datetime) -> Floats:
    """One number per call, the smallest first."""
    if order is Order.RELEVANCE:
        return np.zeros(len(view.closing)) if relevance is None else -relevance
    if order is Order.CLOSING:
        # What can still be applied for comes first, the soonest to close on top; then what closed last.
        soonest = np.minimum(view.closing, _NO_DEADLINE)
        return np.where(view.closing >= on.timestamp(), soonest, _CLOSED - view.closing)
    if order is Order.NEWEST:
        return -view.opening
    if order is Order.AMOUNT:
        return -np.nan_to_num(view.amount, nan=-1.0)
    return np.zeros(len(view.closing))


def _after(view: CatalogueView, passing: Codes, keys: Floats, cursor: str) -> int:
    """Return how many of the sorted calls stand before the page that follows a cursor."""
    last = decode_cursor(cursor)
    if not last:
        return 0
    key_text, _, call_id = last.partition(" ")
    try:
        key = float(key_text)
    except ValueError as error:
        raise InvalidError("cursor", f"{cursor!r}: not a cursor of ours; start again without one") from error
    begin, end = int(np.searchsorted(keys, key, "left")), int(np.searchsorted(keys, key, "right"))
    ids = [view.catalogue.calls[position].id for position in passing[begin:end].tolist()]
    before: int = sum(id_ <= call_id for id_ in ids)
    return begin + before
