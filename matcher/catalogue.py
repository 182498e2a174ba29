"""The searchable calls in memory: records, their rules, their passages and both indexes, aligned by position.

calls[i] ── rules[i]
    └── passages first_passage[i] … first_passage[i + 1] ── one row of the dense and of the lexical index each
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.analyser import Analyser
from matcher.eligibility import EligibilityTable, Rule, extract_rules, notices_by_programme
from matcher.encoder import Vectors
from matcher.index import DenseIndex
from matcher.lexical import LexicalIndex
from matcher.passages import Passage, passage_text, passages_of, text_to_encode
from matcher.records import ApplicantKind, FundingCall

FundedBodies = Mapping[str, Mapping[ApplicantKind, int]]
"""Programme or measure code → how many projects of each kind of body it has funded."""


@dataclass(frozen=True)
class Catalogue:
    """Calls in the order of their ids, so that positions break ties the same way everywhere."""

    calls: tuple[FundingCall, ...]
    rules: tuple[tuple[Rule, ...], ...]
    passages: tuple[Passage, ...]
    first_passage: NDArray[np.int64]
    dense: DenseIndex
    lexical: LexicalIndex

    @cached_property
    def eligibility(self) -> EligibilityTable:
        """The rules of all calls as columns, judged for one applicant at once."""
        return EligibilityTable.build(self.rules)

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
    def sources(self) -> NDArray[np.str_]:
        """The source of each call: text, (n_calls,)."""
        return np.array([call.source for call in self.calls], dtype=np.str_)


def build_catalogue(
    calls: Sequence[FundingCall],
    encode: Callable[[Sequence[str]], Vectors],
    funded: FundedBodies,
    themes: Mapping[str, str] | None = None,
) -> Catalogue:
    """Read the rules of all calls and index their passages.

    ``encode`` turns passages into float32 (n, dim) rows of unit length; it may cache and report progress. ``themes``:
    programme or measure code → phrases of what its projects were about, joined by ``; ``.
    """
    known = themes or {}
    enriched = (replace(call, funded_before=known.get(call.programme, "")) for call in calls)
    ordered = tuple(sorted(enriched, key=lambda call: call.id))
    notices = notices_by_programme(ordered)
    rules = tuple(extract_rules(call, funded.get(call.programme), notices.get(call.programme, ())) for call in ordered)
    pieces = [passages_of(call) for call in ordered]
    first = np.concatenate([[0], np.cumsum([len(p) for p in pieces], dtype=np.int64)]).astype(np.int64)
    pairs = [(call, passage) for call, found in zip(ordered, pieces, strict=True) for passage in found]
    vectors = encode([text_to_encode(call, passage) for call, passage in pairs])
    lexical = LexicalIndex.build([passage_text(call, passage) for call, passage in pairs], Analyser())
    return Catalogue(ordered, rules, tuple(p for _, p in pairs), first, DenseIndex(vectors), lexical)
