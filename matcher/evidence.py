"""The two passages that agree: the part of the query and the part of the call that speak of the same thing."""

from matcher.catalogue import Catalogue
from matcher.encoder import Vectors
from matcher.explanation import PassageMatch
from matcher.passages import passage_text, sentences

LONGEST_QUOTE = 400
"""Characters of the query quoted in an explanation."""
MOST_TERMS = 6
"""Shared words shown, heaviest first."""


def passage_match(catalogue: Catalogue, query: str, vector: Vectors, passage: int) -> PassageMatch:
    """Return the sentence of the query nearest in words to one passage, the passage, and the words they share."""
    owner = int(catalogue.call_of_passage[passage])
    where = catalogue.passages[passage]
    call = catalogue.calls[owner]
    shared = catalogue.lexical.shared_stems(query, passage)
    readable = catalogue.lexical.analyser.words(query)
    return PassageMatch(
        query_passage=_nearest_sentence(catalogue, query, dict(shared)),
        call_passage=passage_text(call, where),
        field=where.field,
        offset=where.start,
        similarity=float(catalogue.dense.vectors[passage] @ vector),
        shared_terms=tuple(readable[stem] for stem, _ in shared[:MOST_TERMS] if stem in readable),
    )


def _nearest_sentence(catalogue: Catalogue, query: str, shared: dict[str, float]) -> str:
    """Return the query's sentence that holds most of the shared weight; the first one when none does."""
    parts = [query[start:end].strip() for start, end in sentences(query)]
    analyser = catalogue.lexical.analyser
    weights = [sum(shared.get(stem, 0.0) for stem in set(analyser.stems(part))) for part in parts]
    return parts[weights.index(max(weights))][:LONGEST_QUOTE]
