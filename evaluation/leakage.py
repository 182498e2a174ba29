"""Whether an answer was known beforehand: texts and CUPs of what is asked against those of what was learned from.

    asked ──► same CUP?                      one project on both sides
          └─► words in threes, Jaccard       one text on both sides, but for numbers, accents and capitals

A shared CUP is a leak. A shared text need not be one: PA digitale has thousands of projects in the words of one form,
and a commune that asks in these words finds them rightly. It is reported, so that nobody takes it for understanding.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from re import findall

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from matcher.analyser import fold

NEAR = 0.8
"""Jaccard similarity of word shingles from which two texts count as one (Broder 1997)."""
SHINGLE = 3
"""Words in a shingle."""
_AT_ONCE = 256

Shingles = frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Item:
    """A text with its id; ``cup`` is empty where it has none."""

    id: str
    text: str
    cup: str = ""


@dataclass(frozen=True, slots=True)
class Leak:
    """One item that is asked and one that was known: ``by`` is ``cup`` or ``text``, similarity is 1 for a CUP."""

    asked: str
    known: str
    by: str
    similarity: float


def leaks(asked: Sequence[Item], known: Iterable[Item], near: float = NEAR) -> list[Leak]:
    """Return, for every item asked, the first known one with its CUP and the nearest with its text, if there are any.

    Texts are near from a Jaccard similarity of ``near`` on. In the order of ``asked``, CUPs first.
    """
    there = list(known)
    return [*shared_cups(asked, there), *near_texts(asked, there, near)]


def shared_cups(asked: Iterable[Item], known: Iterable[Item]) -> Iterator[Leak]:
    """Yield the items asked whose CUP is known, each with the first that has it."""
    first: dict[str, str] = {}
    for item in known:
        if item.cup:
            first.setdefault(item.cup, item.id)
    return (Leak(item.id, first[item.cup], "cup", 1.0) for item in asked if item.cup in first)


def near_texts(asked: Sequence[Item], known: Iterable[Item], near: float = NEAR) -> Iterator[Leak]:
    """Yield the items asked that have a near text among the known, each with its nearest."""
    ours = [shingles(item.text) for item in asked]
    columns = {shingle: column for column, shingle in enumerate(dict.fromkeys(s for found in ours for s in found))}
    theirs: dict[Shingles, str] = {}
    for item in known:
        found = shingles(item.text)
        # A text without a shingle in common is near to nothing that is asked.
        if not columns.keys().isdisjoint(found):
            theirs.setdefault(found, item.id)
    if not theirs:
        return
    left, right = _matrix(ours, columns), _matrix(list(theirs), columns)
    ids, sizes = list(theirs.values()), np.array([len(found) for found in theirs], dtype=np.float64)
    for begin in range(0, len(ours), _AT_ONCE):
        shared = (left[begin : begin + _AT_ONCE] @ right.T).toarray()
        for row, common in enumerate(shared, start=begin):
            similarity = common / (len(ours[row]) + sizes - common)
            nearest = int(np.argmax(similarity))
            if similarity[nearest] >= near:
                yield Leak(asked[row].id, ids[nearest], "text", float(similarity[nearest]))


def shingles(text: str) -> Shingles:
    """Return the runs of SHINGLE words of a text, without accents, capitals and numbers; a shorter text whole."""
    words = findall(r"[a-z]{2,}", fold(text))
    if len(words) <= SHINGLE:
        return frozenset([tuple(words)])
    return frozenset(tuple(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1))


def _matrix(sets: Sequence[Shingles], columns: Mapping[tuple[str, ...], int]) -> csr_matrix:
    found = [[columns[shingle] for shingle in one if shingle in columns] for one in sets]
    starts: NDArray[np.int64] = np.concatenate([[0], np.cumsum([len(row) for row in found])]).astype(np.int64)
    indices = np.array([column for row in found for column in row], dtype=np.int64)
    shape = (len(sets), max(len(columns), 1))
    return csr_matrix((np.ones(len(indices), dtype=np.float32), indices, starts), shape=shape)
