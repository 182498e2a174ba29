"""The searchable calls in memory: records, their rules, their passages and both indexes, aligned by position.

calls[i] ── rules[i]
    └── passages first_passage[i] … first_passage[i + 1] ── one row of the dense and of the lexical index each
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.analyser import Analyser
from matcher.duplicates import Groups, find_groups
from matcher.eligibility import EligibilityTable, Rule, extract_rules, notices_by_programme
from matcher.encoder import Vectors
from matcher.index import DenseIndex
from matcher.lexical import LexicalIndex
from matcher.passages import Passage, passage_text, passages_of, text_to_encode
from matcher.precedents import NO_PRECEDENTS, PrecedentIndex
from matcher.records import ApplicantKind, CallStatus, FundingCall

MOST_NOTICES = 12
"""Notices read with their measure; a few measures have forty, one for every year and kind of body."""

FundedBodies = Mapping[str, Mapping[ApplicantKind, int]]
"""Programme or measure code → how many projects of each kind of body it has funded."""


@dataclass(frozen=True)
class Catalogue:
    """Calls in the order of their ids, so that positions break ties the same way everywhere.

    ``awards``: int64, (n_calls,), how many projects of communes each call's programme is known to have funded.
    ``known_groups``: which calls belong together, where an artifact holds it already. ``precedents``: what their
    programmes have funded before.
    """

    calls: tuple[FundingCall, ...]
    rules: tuple[tuple[Rule, ...], ...]
    passages: tuple[Passage, ...]
    first_passage: NDArray[np.int64]
    dense: DenseIndex
    lexical: LexicalIndex
    awards: NDArray[np.int64]
    known_groups: Groups | None = None
    precedents: PrecedentIndex = NO_PRECEDENTS

    @cached_property
    def groups(self) -> Groups:
        """Which calls are one and the same, found when first asked for."""
        return self.known_groups or find_groups(self.calls, self.dense.vectors[self.first_passage[:-1]])

    @cached_property
    def eligibility(self) -> EligibilityTable:
        """The rules of all calls as columns, judged for one applicant at once."""
        return EligibilityTable.build(self.rules)

    def closings_before(self, on: datetime) -> int:
        """Return how many moments at which calls close are past: between two of them no verdict on dates changes."""
        return int(np.searchsorted(self._closings, on.timestamp(), "left"))

    @cached_property
    def _closings(self) -> NDArray[np.float64]:
        return np.unique(self.eligibility.closing)

    @cached_property
    def call_of_passage(self) -> NDArray[np.int64]:
        """The position of each passage's call: int64, (n_passages,)."""
        return np.repeat(np.arange(len(self.calls)), np.diff(self.first_passage))

    @cached_property
    def length(self) -> NDArray[np.float64]:
        """The logarithm of the number of passages of each call's own words: float64, (n_calls,)."""
        own = np.array([passage.field != "funded_before" for passage in self.passages], dtype=np.float64)
        counts = np.bincount(self.call_of_passage, weights=own, minlength=len(self.calls))
        logarithms: NDArray[np.float64] = np.log(np.maximum(counts, 1))
        return logarithms

    @cached_property
    def positions(self) -> Mapping[str, int]:
        """Call id → its position."""
        return {call.id: position for position, call in enumerate(self.calls)}

    @cached_property
    def sources(self) -> NDArray[np.str_]:
        """The source of each call: text, (n_calls,)."""
        return np.array([call.source for call in self.calls], dtype=np.str_)

    @cached_property
    def opening_days(self) -> NDArray[np.int64]:
        """The number of the day on which each call opens, 0 where it is not known: int64, (n_calls,)."""
        return np.array([call.opens.at.toordinal() if call.opens else 0 for call in self.calls], dtype=np.int64)

    @cached_property
    def closed(self) -> NDArray[np.bool_]:
        """Whether each call is closed: its publisher says so, or has opened it again since: bool, (n_calls,)."""
        says_so = np.array([call.status is CallStatus.CLOSED for call in self.calls], dtype=np.bool_)
        closing = np.array([call.closes.at.toordinal() if call.closes else 0 for call in self.calls], dtype=np.int64)
        last_opening = np.zeros(len(self.calls), dtype=np.int64)
        np.maximum.at(last_opening, self.groups.family, self.opening_days)
        return says_so | ((closing > 0) & (closing < last_opening[self.groups.family]))


def build_catalogue(
    calls: Sequence[FundingCall],
    encode: Callable[[Sequence[str]], Vectors],
    funded: FundedBodies,
    themes: Mapping[str, str] | None = None,
    previous: Catalogue | None = None,
    precedents: PrecedentIndex = NO_PRECEDENTS,
) -> Catalogue:
    """Read the rules of all calls and index their passages.

    ``encode`` turns passages into float32 (n, dim) rows of unit length; it may cache and report progress. ``themes``:
    programme or measure code → phrases of what its projects were about, joined by ``; ``. ``previous``: a catalogue
    made by the same code from the same ``funded`` and encoder; what it read in a call that has not changed is kept,
    and the result is the same as without it.
    ``precedents``: the projects that programmes have funded, indexed by the same encoder.
    """
    known = themes or {}
    said = notices_of_measures(calls)
    enriched = (replace(c, funded_before=known.get(c.programme, ""), notices=said.get(c.id, "")) for c in calls)
    ordered = tuple(sorted(enriched, key=lambda call: call.id))
    kept = _Kept.of(previous, ordered)
    notices = notices_by_programme(ordered)
    rules = tuple(
        kept.rules(call, notices) or extract_rules(call, funded.get(call.programme), notices.get(call.programme, ()))
        for call in ordered
    )
    pieces = [kept.passages(call) or passages_of(call) for call in ordered]
    first = np.concatenate([[0], np.cumsum([len(p) for p in pieces], dtype=np.int64)]).astype(np.int64)
    pairs = [(call, passage) for call, found in zip(ordered, pieces, strict=True) for passage in found]
    vectors = kept.vectors(ordered, first, pairs, encode)
    # The same analyser as before still knows most of the words.
    analyser = previous.lexical.analyser if previous else Analyser()
    lexical = LexicalIndex.build([passage_text(call, passage) for call, passage in pairs], analyser)
    passages = tuple(passage for _, passage in pairs)
    awards = np.array([funded.get(c.programme, {}).get(ApplicantKind.COMMUNE, 0) for c in ordered], dtype=np.int64)
    return Catalogue(ordered, rules, passages, first, DenseIndex(vectors), lexical, awards, precedents=precedents)


def notices_of_measures(calls: Sequence[FundingCall]) -> dict[str, str]:
    """Return what the notices of each measure say: the measure's id → titles and recipients, a line each.

    A measure speaks of milestones, its notices of what it pays and to whom. At most MOST_NOTICES that read
    differently, in the order of their ids.
    """
    found: dict[str, dict[str, None]] = {}
    for call in sorted(calls, key=lambda one: one.id):
        if call.programme and not call.is_measure:
            words = (" ".join(part.split()).rstrip(".;") for part in (call.title, call.applicants_text))
            found.setdefault(call.programme, {})[". ".join(filter(None, words))] = None
    lines = {programme: [*said][:MOST_NOTICES] for programme, said in found.items()}
    return {call.id: "\n\n".join(lines.get(call.programme, ())) for call in calls if call.is_measure}


@dataclass(frozen=True, slots=True)
class _Kept:
    """What an earlier catalogue holds of the calls that have not changed: call id → its position there."""

    catalogue: Catalogue | None
    positions: Mapping[str, int]
    notices: Mapping[str, Sequence[FundingCall]]

    @classmethod
    def of(cls, catalogue: Catalogue | None, calls: Sequence[FundingCall]) -> "_Kept":
        if catalogue is None:
            return cls(None, {}, {})
        before = {call.id: position for position, call in enumerate(catalogue.calls)}
        same = {c.id: before[c.id] for c in calls if c.id in before and catalogue.calls[before[c.id]] == c}
        return cls(catalogue, same, notices_by_programme(catalogue.calls))

    def rules(self, call: FundingCall, notices: Mapping[str, Sequence[FundingCall]]) -> tuple[Rule, ...] | None:
        """The rules of a call; None if it changed, or what was published under its programme."""
        position = self.positions.get(call.id)
        if self.catalogue is None or position is None:
            return None
        same_notices = notices.get(call.programme, ()) == self.notices.get(call.programme, ())
        return self.catalogue.rules[position] if same_notices else None

    def passages(self, call: FundingCall) -> tuple[Passage, ...] | None:
        position = self.positions.get(call.id)
        if self.catalogue is None or position is None:
            return None
        first, end = self.catalogue.first_passage[position : position + 2].tolist()
        return self.catalogue.passages[first:end]

    def vectors(
        self,
        calls: Sequence[FundingCall],
        first: NDArray[np.int64],
        pairs: Sequence[tuple[FundingCall, Passage]],
        encode: Callable[[Sequence[str]], Vectors],
    ) -> Vectors:
        """The vectors of all passages: float32, (n_passages, dim); only those of changed calls are encoded."""
        if self.catalogue is None:
            return encode([text_to_encode(call, passage) for call, passage in pairs])
        rows = np.full(len(pairs), -1, dtype=np.int64)
        for position, call in enumerate(calls):
            if (old := self.positions.get(call.id)) is not None:
                begin, end = first[position : position + 2].tolist()
                rows[begin:end] = np.arange(end - begin) + self.catalogue.first_passage[old]
        new = np.flatnonzero(rows < 0)
        before = self.catalogue.dense.vectors
        vectors = np.empty((len(rows), before.shape[1]), dtype=np.float32)
        vectors[rows >= 0] = before[rows[rows >= 0]]
        if len(new):
            vectors[new] = encode([text_to_encode(*pairs[row]) for row in new.tolist()])
        return vectors
