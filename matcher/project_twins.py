"""Which entries of different sources are one project, and which tenders are one project's alone.

    entries ──► of one CUP, by different publishers ───────────────────────────────► twins
           ├──► tender of that CUP that serves no other and costs no more ───────────► tenders
           └──► one without CUP: words shared in one commune, money or body agrees ──► the only one alike ──► twins

A CUP is the State's own key of a project, so two different ones are two projects, however alike they read. Precision
comes before recall: what is folded away wrongly is lost to whoever counts, so what is ambiguous is not proposed.
The figures are in ``corpora/judgments/project-twins/GUIDE.md``.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import combinations

from matcher.analyser import name_key
from matcher.project_entries import ProjectEntry, Said, said, same_body

NEAR = Decimal("0.02")
"""Amounts that differ by a smaller share are one sum, rounded."""
LARGEST_SHARE = Decimal("1.5")
"""A tender, or another statement of a project's cost, for more than this times the funding is for more than it."""
LEAST_WORDS = 4
"""Distinctive words that two entries must share to be one by what they are called."""
LEAST_LIKENESS = 0.8
LARGEST_BLOCK = 60
"""Entries of one commune that share a word; beyond, the word tells nothing."""
YEARS_APART = 4
_FRAMEWORK = re.compile(r"\blotto geografico\b|\baccordo quadro og ?\d")
"""Framework agreements for works, by region or category: each of their lots serves many projects."""
_UNKNOWN = -1


class Evidence(StrEnum):
    """Why two entries are proposed as one."""

    SAME_CUP = "same_cup"
    TENDER = "tender"
    SAME_TITLE = "same_title"
    NEAR_TITLE = "near_title"
    SAME_COMMUNE = "same_commune"
    SAME_BODY = "same_body"
    SAME_AMOUNT = "same_amount"
    NEAR_AMOUNT = "near_amount"


@dataclass(frozen=True, slots=True)
class ProjectTwin:
    """Two entries that are probably one project, ``first`` sorting before ``second``, and why.

    ``likeness``: 1 for one CUP, else the share of the shorter title's distinctive words that the other says too.
    """

    first: str
    second: str
    evidence: tuple[Evidence, ...]
    likeness: float

    @property
    def is_tender(self) -> bool:
        """Whether one of the two is a tender of the other, and no entry of the project as a whole."""
        return Evidence.TENDER in self.evidence


def find_twins(entries: Sequence[ProjectEntry]) -> list[ProjectTwin]:
    """Return the pairs that are probably one project, in the order of their ids, each pair once."""
    found = [*_of_one_cup(entries), *_CalledAlike(entries).twins()]
    return sorted(found, key=lambda twin: (twin.first, twin.second))


def open_places(entries: Sequence[ProjectEntry]) -> frozenset[str]:
    """Return the communes in which some entry has no CUP: only there does ``find_twins`` read what entries say."""
    return frozenset(place for entry in entries if not entry.cup for place in entry.communes)


def _of_one_cup(entries: Sequence[ProjectEntry]) -> Iterator[ProjectTwin]:
    by_cup: dict[str, list[ProjectEntry]] = defaultdict(list)
    serving: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.cup:
            by_cup[entry.cup].append(entry)
            if entry.is_tender:
                serving[name_key(entry.title)].add(entry.cup)
    for members in by_cup.values():
        if len(members) > 1:
            projects = _by_origin(members)
            yield from _projects_of_one_cup(projects)
            yield from _tenders_of(projects, [one for one in members if one.is_tender and _serves_one(one, serving)])


def _serves_one(tender: ProjectEntry, serving: Mapping[str, set[str]]) -> bool:
    """Return whether a tender is for one project: its object stands under one CUP and is no framework's lot."""
    subject = name_key(tender.title)
    return len(serving[subject]) == 1 and not _FRAMEWORK.search(subject)


def _by_origin(members: Sequence[ProjectEntry]) -> Mapping[str, list[ProjectEntry]]:
    found: dict[str, list[ProjectEntry]] = defaultdict(list)
    for one in members:
        if not one.is_tender:
            found[one.origin].append(one)
    return found


def _projects_of_one_cup(projects: Mapping[str, Sequence[ProjectEntry]]) -> Iterator[ProjectTwin]:
    """Pair the entries of two publishers; where one gives several rows, only the row that its commune singles out."""
    for left, right in combinations(projects.values(), 2):
        pairs = [(one, other) for one in left for other in right if _places_agree(one, other)]
        ones, others = Counter(one.id for one, _ in pairs), Counter(other.id for _, other in pairs)
        for one, other in pairs:
            if ones[one.id] == 1 == others[other.id]:
                yield _twin(one, other, [Evidence.SAME_CUP], 1.0)


def _tenders_of(
    projects: Mapping[str, Sequence[ProjectEntry]], tenders: Sequence[ProjectEntry]
) -> Iterator[ProjectTwin]:
    """Give each tender to the project of its CUP, where that is one row and pays for the tender."""
    known = [rows[0] for rows in projects.values() if len(rows) == 1]
    for tender in tenders:
        own = [one for one in known if one.measure == tender.measure] or known
        if len(own) == 1 and _places_agree(own[0], tender) and _pays_for(own[0], tender):
            yield _twin(own[0], tender, [Evidence.SAME_CUP, Evidence.TENDER], 1.0)


class _CalledAlike:
    """Entries without CUP and what in their communes is called alike; words are read of these alone."""

    def __init__(self, entries: Sequence[ProjectEntry]) -> None:
        self._places = open_places(entries)
        # In the order of ids, so that of two that are equally alike always the same is taken.
        self._entries = sorted((one for one in entries if one.communes & self._places), key=lambda one: one.id)
        self._said: list[Said] = [said(entry) for entry in self._entries]

    def twins(self) -> Iterator[ProjectTwin]:
        """Yield the pairs in which each is the only one that is most like the other."""
        alike = self._alike()
        for position, others in alike.items():
            likeness, other = self._best(others)
            both_open = not self._entries[position].cup and not self._entries[other].cup
            if other == _UNKNOWN or self._entries[position].cup or (both_open and other < position):
                continue
            if self._best(alike[other])[1] == position:
                title = Evidence.SAME_TITLE if likeness == 1 else Evidence.NEAR_TITLE
                yield _twin(self._entries[position], self._entries[other], [title], likeness)

    def _alike(self) -> Mapping[int, Sequence[tuple[float, int]]]:
        found: dict[int, list[tuple[float, int]]] = defaultdict(list)
        for position, entry in enumerate(self._entries):
            if entry.cup:
                continue
            for other in self._candidates(position):
                if likeness := self._likeness(position, other):
                    found[position].append((likeness, other))
                    if self._entries[other].cup:
                        found[other].append((likeness, position))
        return found

    def _best(self, alike: Sequence[tuple[float, int]]) -> tuple[float, int]:
        """Return what is most alike; none where two of one origin are equally so."""
        likeness, best = max(alike)
        origin = self._entries[best].origin
        ties = [one for value, one in alike if value == likeness and self._entries[one].origin == origin]
        return (likeness, best) if len(ties) == 1 else (0.0, _UNKNOWN)

    @cached_property
    def _blocks(self) -> Mapping[tuple[str, str], Sequence[int]]:
        blocks: dict[tuple[str, str], list[int]] = defaultdict(list)
        for position, (entry, own) in enumerate(zip(self._entries, self._said, strict=True)):
            for place in entry.communes & self._places:
                for word in own.words:
                    blocks[place, word].append(position)
        return {key: members for key, members in blocks.items() if 1 < len(members) <= LARGEST_BLOCK}

    def _candidates(self, own: int) -> list[int]:
        shared = Counter(
            other
            for place in self._entries[own].communes
            for word in self._said[own].words
            for other in self._blocks.get((place, word), ())
        )
        return [other for other, times in shared.items() if times > 1 and other != own]

    def _likeness(self, position: int, other: int) -> float:
        """Return how alike two entries are called, 0 where something says that they are not one project."""
        one, two = self._entries[position], self._entries[other]
        left, right = self._said[position], self._said[other]
        if one.origin == two.origin or left.parts != right.parts or not _may_be_one(one, two):
            return 0.0
        short, long = sorted((left, right), key=lambda own: len(own.named))
        shared = len(short.named & long.words)
        likeness = shared / len(short.named) if shared >= LEAST_WORDS else 0.0
        return likeness if likeness >= LEAST_LIKENESS else 0.0


def _may_be_one(one: ProjectEntry, other: ProjectEntry) -> bool:
    """Return whether years and money allow it, and money or body speak for it; a tender has neither of its own."""
    if one.year is not None and other.year is not None and abs(one.year - other.year) > YEARS_APART:
        return False
    if one.is_tender or other.is_tender:
        project, tender = (other, one) if one.is_tender else (one, other)
        return not project.is_tender and _pays_for(project, tender)
    return _one_sum(one, other) or (
        same_body(one.body, other.body) and _pays_for(one, other) and _pays_for(other, one)
    )  # fmt: skip


def _pays_for(project: ProjectEntry, tender: ProjectEntry) -> bool:
    paid, asked = _stated(project), _stated(tender)
    return paid is None or asked is None or asked <= paid * LARGEST_SHARE


def _one_sum(one: ProjectEntry, other: ProjectEntry) -> bool:
    left, right = _stated(one), _stated(other)
    return left is not None and right is not None and abs(left - right) <= NEAR * max(left, right)


def _stated(entry: ProjectEntry) -> Decimal | None:
    """The amount of an entry; publishers write nothing, or a cent, where they do not know it yet."""
    return entry.amount if entry.amount is not None and entry.amount >= 1 else None


def _places_agree(one: ProjectEntry, other: ProjectEntry) -> bool:
    return not one.communes or not other.communes or bool(one.communes & other.communes)


def _twin(one: ProjectEntry, other: ProjectEntry, evidence: list[Evidence], likeness: float) -> ProjectTwin:
    first, second = sorted((one, other), key=lambda entry: entry.id)
    if one.communes & other.communes:
        evidence.append(Evidence.SAME_COMMUNE)
    if same_body(one.body, other.body):
        evidence.append(Evidence.SAME_BODY)
    if _one_sum(one, other):
        evidence.append(Evidence.SAME_AMOUNT if one.amount == other.amount else Evidence.NEAR_AMOUNT)
    return ProjectTwin(first.id, second.id, tuple(evidence), likeness)
