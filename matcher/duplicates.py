"""Which calls are one and the same: a notice on two portals, editions of a call, a measure and its notices.

    calls ──► read (title, issuer, dates, amount, page) ──► pairs that share a rare word, page, programme or budget
        ──► same notice? edition? ──► families

Precision comes before recall: two entries of one call only cost a line, a call hidden beneath another may cost a
commune its grant. The rules were written on the five official sources; ``docs/decisions/0009-grouping.md`` has the
figures and what was tried.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property, lru_cache
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from matcher.analyser import Analyser
from matcher.call_identity import CallIdentity, Issuers, identify, issuers_of
from matcher.eligibility.applicants import applicant_kinds
from matcher.encoder import Vectors
from matcher.records import ApplicantKind, FundingCall

Positions = NDArray[np.int64]

RAREST = 3
"""Words of a title by which its twins are looked for: those that the fewest other titles have."""
LARGEST_BLOCK = 100
"""Calls that share one rare word, page or budget; beyond, it tells nothing."""
RARE_PHRASE = 5
"""Titles that may share two neighbouring words for these to count as a call's name; with 8, other calls join."""
LEAST_TRANSLATED = 0.89
"""Cosine of two titles in different languages from which on they may be one: in eight pairs of ours the default
encoder gives translations 0.90 to 0.97 and titles of other calls 0.83 to 0.90."""


class Link(StrEnum):
    """What makes two calls one."""

    SAME_NOTICE = "same_notice"
    EDITION = "edition"


@dataclass(frozen=True)
class Groups:
    """The calls that belong together, by position: each array int64, (n_calls,).

    ``family``: the first position of the family (all entries and editions of one call); ``occasion``: the same of the
    entries of one edition; ``measure``: the position of the measure under which a call was published, -1 for none.
    """

    family: Positions
    occasion: Positions
    measure: Positions

    @cached_property
    def families(self) -> Mapping[int, tuple[int, ...]]:
        """The positions of each family, by the first of them."""
        return _positions_by(self.family)

    @cached_property
    def notices(self) -> Mapping[int, tuple[int, ...]]:
        """The positions of the notices of each measure, by the measure's; -1 holds those of none."""
        return _positions_by(self.measure)

    @classmethod
    def alone(cls, n_calls: int) -> "Groups":
        """Every call by itself."""
        own = np.arange(n_calls, dtype=np.int64)
        return cls(own, own, np.full(n_calls, -1, dtype=np.int64))


def _positions_by(values: Positions) -> Mapping[int, tuple[int, ...]]:
    found: dict[int, list[int]] = defaultdict(list)
    for position, value in enumerate(values.tolist()):
        found[value].append(position)
    return {value: tuple(positions) for value, positions in found.items()}


@dataclass(frozen=True, slots=True)
class Pair:
    """Two calls by position, ``first`` before ``second``, and what makes them one."""

    first: int
    second: int
    link: Link


def find_groups(calls: Sequence[FundingCall], titles: Vectors) -> Groups:
    """Group calls in the order of their ids; ``titles``: float32, (n_calls, dim), unit rows, one per title."""
    pairs = list(find_pairs(calls, titles))
    every = _joined(len(calls), pairs)
    return Groups(every, _joined(len(calls), [p for p in pairs if p.link is Link.SAME_NOTICE]), _measures(calls))


def find_pairs(calls: Sequence[FundingCall], titles: Vectors) -> Iterator[Pair]:
    """Yield the pairs of calls that are one, in the order of their positions, measures and their notices left out."""
    known = [identify(call, _analyser()) for call in calls]
    names = _rare_phrases(known)
    for first, second in _candidates(known):
        a, b = known[first], known[second]
        if (a.measure or b.measure) and a.measure != b.measure:
            continue
        similarity = float(titles[first] @ titles[second]) if a.language != b.language else 0.0
        if link := _link(a, b, names[first] & names[second], similarity):
            yield Pair(first, second, link)


@cache
def _analyser() -> Analyser:
    """One for all builds, so that what it has read before stays read."""
    return Analyser()


def _link(a: CallIdentity, b: CallIdentity, shared_names: frozenset[str], similarity: float) -> Link | None:
    """Return what makes two calls one, None where they are two."""
    if a.measure:
        return Link.SAME_NOTICE
    issuers = issuers_of(a, b)
    if issuers is Issuers.OTHERS:
        return None
    if a.language != b.language and similarity >= LEAST_TRANSLATED and _translated(a, b, issuers):
        return Link.SAME_NOTICE
    if not set(a.title.words) & set(b.title.words):
        return None
    if _named_alike(a, b, issuers):
        return _occasion(a, b)
    if _entered_twice(a, b, issuers):
        return Link.SAME_NOTICE
    if a.source != b.source and shared_names and issuers is Issuers.SAME and _one_may_be_the_other(a, b):
        return _occasion(a, b)
    return None


def _named_alike(a: CallIdentity, b: CallIdentity, issuers: Issuers) -> bool:
    """Return whether two titles name the same; of different issuers (an office renamed) only to the letter."""
    left, right = set(a.title.words) - set(b.title.words), set(b.title.words) - set(a.title.words)
    if issuers is not Issuers.SAME:
        return not left and not right
    removable = a.places & b.places | (_codes(left | right) if a.programme and a.programme == b.programme else set())
    places = [set(one.title.words) & a.places & b.places for one in (a, b)]
    # "Arezzo" and "Arezzo-Siena" are two places, though one chamber serves both.
    elsewhere = all(places) and places[0] != places[1]
    return not (left and right) and not elsewhere and not (left | right) - removable


def _codes(words: set[str]) -> set[str]:
    """Return the measure's own numbers among words: one portal writes them, another does not."""
    return {word for word in words if word.replace(".", "").isdigit() and "." in word}


def _occasion(a: CallIdentity, b: CallIdentity) -> Link | None:
    """Tell one edition entered twice from two editions, and from two lots of one day."""
    editions_differ = a.title.edition != b.title.edition
    if (
        a.source != b.source
        and not (a.dated and b.dated)
        and not (a.title.edition and b.title.edition and editions_differ)
    ):
        return Link.SAME_NOTICE
    if not a.same_dates(b):
        same = a.source != b.source and a.opens == b.opens and not editions_differ
        return Link.SAME_NOTICE if same else _next_edition(a, b)
    if a.title.edition and b.title.edition and editions_differ:
        return Link.EDITION
    if a.source == b.source and a.total != b.total and a.total and b.total and not editions_differ:
        return None
    return Link.SAME_NOTICE


def _next_edition(a: CallIdentity, b: CallIdentity) -> Link | None:
    """A firm publishes for many: the same title may be another district's call, unless it stands on the same page."""
    return None if a.agent and b.agent and (a.page != b.page or not a.page) else Link.EDITION


def _entered_twice(a: CallIdentity, b: CallIdentity, issuers: Issuers) -> bool:
    """Return whether dates and budget say that two wordings are of one notice."""
    if not a.same_dates(b) or a.same_year_named(b) is False:
        return False
    left, right = set(a.title.words) - set(b.title.words), set(b.title.words) - set(a.title.words)
    budget = a.total is not None and a.total == b.total
    if a.source != b.source:
        within = not left or not right
        programme = bool(a.programme) and a.programme == b.programme
        return (programme and (budget or within)) or (budget and within)
    return budget and issuers is Issuers.SAME and (not left or not right) and len(left | right) > 1


def _one_may_be_the_other(a: CallIdentity, b: CallIdentity) -> bool:
    """Return whether what is known of both agrees, for two calls that share a rare name."""
    dates = a.closes is None or b.closes is None or a.same_dates(b)
    places = not a.territory or not b.territory or a.territory == b.territory
    numbers = {w for w in a.title.words if w[-1].isdigit()} ^ {w for w in b.title.words if w[-1].isdigit()}
    kinds = _admitted(a.applicants), _admitted(b.applicants)
    who = a.kind is b.kind and (not all(kinds) or bool(kinds[0] & kinds[1]))
    return who and dates and places and not (numbers & set(a.title.words) and numbers & set(b.title.words))


@lru_cache(maxsize=4096)
def _admitted(applicants: str) -> frozenset[ApplicantKind]:
    read = applicant_kinds(applicants)
    return read.kinds | read.possible


def _translated(a: CallIdentity, b: CallIdentity, issuers: Issuers) -> bool:
    """Return whether issuer, dates and budget say that two titles are one in two languages."""
    return issuers is Issuers.SAME and a.same_dates(b) and a.total is not None and a.total == b.total


def _candidates(known: Sequence[CallIdentity]) -> list[tuple[int, int]]:
    """Return the pairs that share a rare word of the title, a page, a programme or a budget with dates, sorted."""
    counts = Counter(word for one in known for word in one.title.words)
    blocks: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for position, one in enumerate(known):
        rarest = sorted(one.title.words, key=lambda word: (counts[word], word))[:RAREST]
        keys: list[tuple[object, ...]] = [("word", word) for word in rarest]
        keys += [("page", one.page)] if one.page else []
        keys += [("programme", one.programme, bool(one.measure))] if one.programme else []
        keys += [("budget", one.opens, one.closes, one.total)] if one.opens and one.total else []
        for key in keys:
            blocks[key].append(position)
    small = (members for members in blocks.values() if len(members) <= LARGEST_BLOCK)
    return sorted({pair for members in small for pair in combinations(members, 2)})


def _rare_phrases(known: Sequence[CallIdentity]) -> list[frozenset[str]]:
    """Return for each title the neighbouring words that hardly another one has: a call's own name."""
    phrases = [frozenset(" ".join(two) for two in pairwise(one.title.words)) for one in known]
    counts = Counter(phrase for own in phrases for phrase in own)
    return [frozenset(phrase for phrase in own if 1 < counts[phrase] <= RARE_PHRASE) for own in phrases]


def _measures(calls: Sequence[FundingCall]) -> Positions:
    """Return the position of each call's measure: the record whose own id is the programme's code."""
    first: dict[str, int] = {}
    for position, call in enumerate(calls):
        if call.is_measure:
            first.setdefault(call.programme, position)
    found = [first.get(call.programme, -1) if call.programme else -1 for call in calls]
    return np.array(
        [-1 if call.is_measure else measure for call, measure in zip(calls, found, strict=True)], dtype=np.int64
    )


def _joined(n_calls: int, pairs: Sequence[Pair]) -> Positions:
    """Return the first position of what each call is joined to, directly or through others: int64, (n_calls,)."""
    parent = list(range(n_calls))

    def root(position: int) -> int:
        while parent[position] != position:
            parent[position] = parent[parent[position]]
            position = parent[position]
        return position

    for pair in pairs:
        low, high = sorted((root(pair.first), root(pair.second)))
        parent[high] = low
    return np.array([root(position) for position in range(n_calls)], dtype=np.int64)
