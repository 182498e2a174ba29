"""The one data path: the API, the pages, the e-mails, the command line and the evaluation all enter here.

query ──► 1 eligible ──► 2 retrieve ──► 3 features ──► 4 score ──► 5 explain ──► Recommendations
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count, groupby

import numpy as np

from matcher.catalogue import Catalogue
from matcher.cleaning import without_place
from matcher.eligibility import judge
from matcher.encoder import Encoder, Vectors
from matcher.errors import QueryError
from matcher.evidence import passage_match
from matcher.explanation import Recommendation, Recommendations, Variant
from matcher.features import Evidence, Signals
from matcher.grouping import Place, Verdicts, kind_of, places, standing_of
from matcher.index import Mask
from matcher.passages import calm
from matcher.ranking import Positions, Scored, candidates, rank
from matcher.records import Commune, QueryKind
from matcher.reranker import Reranker, default_reranker
from matcher.verdicts import Applicant, Eligibility, municipality

LONGEST_QUERY = 20_000
"""Characters; a description longer than this is a document, and the one who sends it should choose its core."""
POOL = 300
"""Passages looked at by each of the two measures; the best ten calls of 8,000 never needed more than 200."""
PRECEDENTS = 3
"""Projects shown with a recommendation: enough to believe it, few enough to read."""
MOST_VERDICTS = 5_000
"""Verdicts with their quotes that are remembered, some 2 kB each."""
MOST_SCOPES = 64
"""Combinations of sources that are remembered."""
BATCH = 64
"""Queries whose lexical scores are held in memory at once."""


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for money for, and the commune that would apply.

    ``cup``: the project's own, by which it is known among the funded ones.
    """

    text: str
    commune: Commune
    kind: QueryKind = QueryKind.NEED
    id: str = ""
    cup: str = ""

    def __post_init__(self) -> None:
        """Raise QueryError for a text that cannot be matched; nothing is cut or guessed."""
        if not self.text.strip():
            raise QueryError("the text is empty: describe in a sentence what is needed")
        if len(self.text) > LONGEST_QUERY:
            raise QueryError(
                f"the text has {len(self.text)} characters: keep to {LONGEST_QUERY}, the part that matters"
            )
        if "\0" in self.text:
            raise QueryError(f"the text holds a NUL byte at character {self.text.index(chr(0))}: it is not plain text")
        try:
            self.text.encode()
        except UnicodeEncodeError as error:
            raise QueryError(f"the text holds half a character at {error.start}: send it as UTF-8") from error


@dataclass(frozen=True, slots=True)
class Request:
    """How a recommendation is asked for.

    ``on``: the aware moment at which deadlines are judged, None to show them without judging. ``judge_eligibility``:
    false ranks every call by purpose alone. ``sources``: only calls of these, None for all. ``excluded``: how many of
    the calls that were ruled out to return. ``grouped``: calls that are one take one place, with the others beneath;
    false gives the plain ranking. ``hidden``: ids of calls that the commune does not want to see. ``among``: only the
    places that hold one of these calls are returned, each with its rank among all ``k``; None for every place.
    """

    k: int = 10
    on: datetime | None = None
    judge_eligibility: bool = True
    sources: frozenset[str] | None = None
    excluded: int = 0
    grouped: bool = True
    hidden: frozenset[str] = frozenset()
    among: frozenset[str] | None = None


class Recommender:
    """Recommends the calls of one catalogue; holds no state but its caches, so one instance serves many threads.

    ``reranker``: how calls are ordered, by default as trained for this version.
    """

    def __init__(
        self, catalogue: Catalogue, encoder: Encoder, artifact_version: str = "", reranker: Reranker | None = None
    ) -> None:
        self.catalogue = catalogue
        self.encoder = encoder
        self.artifact_version = artifact_version
        self.reranker = reranker or default_reranker()
        self.signals = Signals(catalogue, self.reranker.affinity, self.reranker.projections)
        self._scopes: dict[frozenset[str] | None, Mask] = {}
        self._verdicts: dict[tuple[int, Hashable, QueryKind, int | None], Eligibility] = {}

    def recommend(self, query: Query, request: Request | None = None) -> Recommendations:
        """Return the best calls for one query, with reasons."""
        return next(self.recommend_many([query], request))

    def recommend_many(self, queries: Sequence[Query], request: Request | None = None) -> Iterator[Recommendations]:
        """Yield the answer to each query in order; the same steps as ``recommend``, over batches of queries.

        What queries of the same words have in common with the calls is worked out once where they follow each other.
        """
        asked = request or Request()
        in_scope, n_hidden = self._in_scope(asked)
        for begin in range(0, len(queries), BATCH):
            batch = queries[begin : begin + BATCH]
            for query, (vector, found) in zip(batch, self._evidence(batch, in_scope), strict=True):
                yield replace(self._answer(query, vector, found, asked, in_scope), n_hidden=n_hidden)

    def scored(self, query: Query, positions: Positions) -> Scored:
        """Return how the calls at some positions of the catalogue score for a query, whoever may apply, best first."""
        likelihoods = np.ones(len(self.catalogue.calls), dtype=np.float32)
        ((_, found),) = self._evidence([query], self._of_sources(None))
        return rank(self.signals, found, np.sort(positions), likelihoods, self.reranker, query.kind)

    def _evidence(self, queries: Sequence[Query], in_scope: Mask) -> Iterator[tuple[Vectors, Evidence]]:
        """Yield each query's vector and evidence; the same words about the same project have the same."""
        asked = [(q.text, without_place(q.text, q.commune), (q.id, q.cup)) for q in queries]
        distinct = {words: row for row, words in enumerate(dict.fromkeys(asked))}
        vectors = self.encoder.encode_queries([calm(text) for text, _, _ in distinct])
        plain = [words for _, words, _ in distinct]
        passages, calls = self.catalogue.lexical.scores(plain), self.signals.whole_calls.scores(plain)
        for (text, words, own), alike in groupby(asked):
            row = distinct[text, words, own]
            found = self.signals.evidence(text, words, vectors[row], passages[row], calls[row], own, in_scope)
            yield from ((vectors[row], found) for _ in alike)

    def _in_scope(self, asked: Request) -> tuple[Mask, int]:
        """Return which calls may be shown: bool, (n_calls,), and how many others the commune has hidden."""
        of_source = self._of_sources(asked.sources)
        if not asked.hidden:
            return of_source, 0
        positions = self.catalogue.positions
        hidden = np.zeros(len(of_source), dtype=np.bool_)
        hidden[[positions[call_id] for call_id in asked.hidden if call_id in positions]] = True
        return of_source & ~hidden, int((of_source & hidden).sum())

    def _of_sources(self, sources: frozenset[str] | None) -> Mask:
        """The calls of these sources; remembered, as few combinations are asked for and comparing names is slow."""
        found = self._scopes.get(sources)
        if found is None:
            every = np.ones(len(self.catalogue.calls), dtype=np.bool_)
            found = every if sources is None else np.isin(self.catalogue.sources, sorted(sources))
            if len(self._scopes) < MOST_SCOPES:
                self._scopes[sources] = found
        return found

    def _answer(
        self, query: Query, vector: Vectors, found: Evidence, asked: Request, in_scope: Mask
    ) -> Recommendations:
        applicant = municipality(query.commune)
        verdicts, ruled_out, likelihoods = self._eligible(applicant, asked)
        pool = max(POOL, 20 * asked.k)
        kept = self._ranked(query, vector, found, in_scope & ~ruled_out, likelihoods, pool)
        shut = self._ranked(query, vector, found, in_scope & ruled_out, likelihoods, pool) if asked.excluded else None
        placed = self._placed(kept, verdicts, in_scope, asked)
        flat = (Place(row) for row in range(asked.excluded))
        return Recommendations(
            query_id=query.id,
            kind=query.kind,
            text=query.text,
            commune_istat=query.commune.istat,
            items=tuple(self._explained(query, vector, found, kept, placed, asked)),
            excluded=tuple(self._explained(query, vector, found, shut, flat, asked)),
            n_candidates=int(in_scope.sum()),
            n_excluded=int((in_scope & ruled_out).sum()),
            artifact_version=self.artifact_version,
        )

    def _eligible(self, applicant: Applicant, asked: Request) -> tuple[Verdicts, Mask, Vectors]:
        """Return the verdicts on all calls, which are ruled out for it, and the likelihoods that order them."""
        table = self.catalogue.eligibility
        verdicts = table.verdicts(applicant, asked.on)
        if not asked.judge_eligibility:
            return verdicts, np.zeros(len(verdicts), dtype=np.bool_), np.ones(len(verdicts), dtype=np.float32)
        return verdicts, verdicts == 0, table.likelihoods(applicant)

    def _ranked(
        self, query: Query, vector: Vectors, evidence: Evidence, allowed: Mask, likelihoods: Vectors, pool: int
    ) -> Scored | None:
        found = candidates(self.signals, evidence, vector, allowed, pool)
        return rank(self.signals, evidence, found, likelihoods, self.reranker, query.kind) if len(found) else None

    def _placed(self, scored: Scored | None, verdicts: Verdicts, in_scope: Mask, asked: Request) -> Iterator[Place]:
        if scored is None or not asked.grouped:
            return (Place(row) for row in range(asked.k))
        catalogue = self.catalogue
        standing = standing_of(verdicts, catalogue.closed)
        return places(scored.positions, standing, catalogue.opening_days, catalogue.groups, in_scope, asked.k)

    def _explained(
        self,
        query: Query,
        vector: Vectors,
        found: Evidence,
        scored: Scored | None,
        placed: Iterator[Place],
        asked: Request,
    ) -> Iterator[Recommendation]:
        if scored is None:
            return
        ranks, alike = count(1), self.catalogue.eligibility.class_of(municipality(query.commune))
        for place in placed:
            if place.row >= len(scored.positions):
                return
            position, rank_here = int(scored.positions[place.row]), next(ranks)
            call = self.catalogue.calls[position]
            if asked.among is not None and asked.among.isdisjoint(self._ids(position, *place.variants)):
                continue
            yield Recommendation(
                rank=rank_here,
                call=call,
                score=scored.score(place.row),
                eligibility=self._judged(position, query, asked, alike),
                contributions=scored.explain(place.row),
                passages=(passage_match(self.catalogue, query.text, vector, int(scored.best_passages[place.row])),),
                variants=tuple(self._variant(position, other, query, asked, alike) for other in place.variants),
                precedents=self.catalogue.precedents.closest(call.programme, found.neighbours, PRECEDENTS),
            )

    def _ids(self, *positions: int) -> Iterator[str]:
        return (self.catalogue.calls[position].id for position in positions)

    def _variant(self, head: int, position: int, query: Query, asked: Request, alike: Hashable) -> Variant:
        kind = kind_of(self.catalogue.groups, head, position)
        return Variant(self.catalogue.calls[position], kind, self._judged(position, query, asked, alike))

    def _judged(self, position: int, query: Query, asked: Request, alike: Hashable) -> Eligibility:
        """Judge a call with quotes; remembered for all who are ``alike`` to it, as the same calls are found all day."""
        passed = None if asked.on is None else self.catalogue.closings_before(asked.on)
        key = position, alike, query.kind, passed
        found = self._verdicts.get(key)
        if found is None:
            found = judge(self.catalogue.rules[position], municipality(query.commune), asked.on, query.kind)
            if len(self._verdicts) >= MOST_VERDICTS:
                self._verdicts.clear()
            self._verdicts[key] = found
        return found
