"""The two passages that agree: the part of the query and the part of the call that speak of the same thing."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from matcher.analyser import Analyser
from matcher.catalogue import Catalogue
from matcher.encoder import Vectors
from matcher.explanation import PassageMatch
from matcher.passages import passage_text, sentences

LONGEST_QUOTE = 400
"""Characters of the query quoted in an explanation."""
MOST_TERMS = 6
"""Shared words shown, heaviest first."""
_READ_QUERIES = 64


@dataclass(frozen=True, slots=True)
class _ReadQuery:
    """The stems of a query, the word that stands for each, and its sentences with the stems of each."""

    stems: frozenset[str]
    words: Mapping[str, str]
    sentences: tuple[tuple[str, frozenset[str]], ...]


def passage_match(catalogue: Catalogue, query: str, vector: Vectors, passage: int) -> PassageMatch:
    """Return the sentence of the query nearest in words to one passage, the passage, and the words they share."""
    owner = int(catalogue.call_of_passage[passage])
    where = catalogue.passages[passage]
    call = catalogue.calls[owner]
    read = _read(catalogue.lexical.analyser, query)
    shared = catalogue.lexical.shared_stems(read.stems, passage)
    return PassageMatch(
        query_passage=_nearest_sentence(read, dict(shared)),
        call_passage=passage_text(call, where),
        field=where.field,
        offset=where.start,
        similarity=float(catalogue.dense.vectors[passage] @ vector),
        shared_terms=tuple(read.words[stem] for stem, _ in shared[:MOST_TERMS] if stem in read.words),
    )


@lru_cache(_READ_QUERIES)
def _read(analyser: Analyser, query: str) -> _ReadQuery:
    """Read a query once for all the calls that it is explained with."""
    parts = [query[start:end].strip() for start, end in sentences(query)]
    return _ReadQuery(
        frozenset(analyser.stems(query)),
        analyser.words(query),
        tuple((part, frozenset(analyser.stems(part))) for part in parts),
    )


def _nearest_sentence(read: _ReadQuery, shared: Mapping[str, float]) -> str:
    """Return the query's sentence that holds most of the shared weight; the first one when none does."""
    weights = [sum(shared.get(stem, 0.0) for stem in stems) for _, stems in read.sentences]
    return read.sentences[weights.index(max(weights))][0][:LONGEST_QUOTE]
