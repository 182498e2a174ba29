"""The systems that are compared, through one interface: five baselines, their mixture, and the product.

    Bench (catalogue, encoder, who was funded) ──► System.rank(queries, request) ──► Run

The baselines know a call by its own words; what its programme has funded before is the product's to use, and so are
who may apply and until when. A system joins by its name in ``SYSTEMS``.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from evaluation.errors import TaskError
from evaluation.results import Run
from matcher.catalogue import Catalogue, FundedBodies
from matcher.encoder import Encoder, Vectors
from matcher.recommender import BATCH, Query, Recommender, Request
from matcher.reranker import Reranker

Scores = NDArray[np.float64]

LEXICAL_WEIGHT = 0.5
"""What BM25 counts in the plain mixture, both halves in standard deviations."""


@dataclass(frozen=True)
class Bench:
    """What a system is built over; ``funded`` counts the projects that each programme has funded.

    ``reranker``: that of the product, by default the one that ships.
    """

    catalogue: Catalogue
    encoder: Encoder
    funded: FundedBodies = field(default_factory=dict)
    reranker: Reranker | None = None

    @cached_property
    def own_words(self) -> NDArray[np.bool_]:
        """Whether a passage is of the call's own words: bool, (n_passages,)."""
        return np.array([passage.field != "funded_before" for passage in self.catalogue.passages], dtype=np.bool_)

    @cached_property
    def recommender(self) -> Recommender:
        """The product over this catalogue."""
        return Recommender(self.catalogue, self.encoder, reranker=self.reranker)


class System(Protocol):
    """Ranks calls for queries."""

    @property
    def name(self) -> str:
        """The name on the command line and in the report."""
        ...

    def rank(self, queries: Sequence[Query], request: Request) -> Run:
        """Return for every query at most ``request.k`` calls of the sources asked for, best first, each once."""
        ...


Scorer = Callable[[Bench, Sequence[Query]], Iterable[Scores]]
"""Yields the scores of all calls for each query: float64, (n_calls,); -inf for a call that it would not show."""


@dataclass(frozen=True)
class Baseline:
    """A system that scores all calls, and shows the best of those in scope."""

    name: str
    bench: Bench
    scorer: Scorer

    def rank(self, queries: Sequence[Query], request: Request) -> Run:
        """Return the best calls of each query; equal scores in the order of the calls' ids."""
        catalogue = self.bench.catalogue
        sources = request.sources
        in_scope = np.isin(catalogue.sources, sorted(sources)) if sources is not None else np.True_
        run: dict[str, list[tuple[str, float]]] = {}
        for query, scores in zip(queries, self.scorer(self.bench, queries), strict=True):
            shown = np.where(in_scope, scores, -np.inf)
            best = np.argsort(-shown, kind="stable")[: request.k]
            run[query.id] = [(catalogue.calls[i].id, float(shown[i])) for i in best if shown[i] > -np.inf]
        return run


@dataclass(frozen=True)
class Product:
    """The product as it is: the one data path, asked as anybody asks it."""

    bench: Bench
    name: str = "remix"

    def rank(self, queries: Sequence[Query], request: Request) -> Run:
        """Return what is recommended for each query."""
        # The labels judge each edition and portal by itself, so the plain ranking is what they measure.
        answers = self.bench.recommender.recommend_many(queries, replace(request, grouped=False))
        return {answer.query_id: [(item.call.id, item.score) for item in answer.items] for answer in answers}


def random(bench: Bench, queries: Sequence[Query]) -> Iterator[Scores]:
    """Score by chance, the same chance for the same query."""
    for query in queries:
        seed = int.from_bytes(sha256(f"{query.id}\0{query.text}".encode()).digest()[:8], "big")
        yield np.random.default_rng(seed).random(len(bench.catalogue.calls))


def newest(bench: Bench, queries: Sequence[Query]) -> Iterator[Scores]:
    """Score by the day on which a call opens (else by that on which it closes), calls without one last."""
    dates = [call.opens or call.closes for call in bench.catalogue.calls]
    scores = np.array([moment.at.timestamp() if moment else -1e12 for moment in dates])
    return (scores for _ in queries)


def most_funded(bench: Bench, queries: Sequence[Query]) -> Iterator[Scores]:
    """Score by how many projects a call's programme has funded, what everybody got, whoever asks."""
    counts = (sum(bench.funded.get(call.programme, {}).values()) for call in bench.catalogue.calls)
    scores = np.array([*counts], dtype=np.float64)
    return (scores for _ in queries)


def bm25(bench: Bench, queries: Sequence[Query]) -> Iterator[Scores]:
    """Score by shared words, as a portal's search does; a call that shares none is not shown."""
    for words in _lexical(bench, queries):
        best = _best_passage(bench, words.astype(np.float64))
        yield np.where(best > 0, best, -np.inf)


def dense(bench: Bench, queries: Sequence[Query]) -> Iterator[Scores]:
    """Score by the similarity of the call's nearest passage."""
    for similarities in _dense(bench, queries):
        yield _best_passage(bench, similarities.astype(np.float64))


def hybrid(bench: Bench, queries: Sequence[Query]) -> Iterator[Scores]:
    """Score by similarity and half of the shared words, each in standard deviations over the calls."""
    for similarities, words in zip(_dense(bench, queries), _lexical(bench, queries), strict=True):
        near = _best_passage(bench, similarities.astype(np.float64))
        shared = _best_passage(bench, words.astype(np.float64))
        yield _standard(near) + LEXICAL_WEIGHT * _standard(shared)


SYSTEMS: dict[str, Callable[[Bench], System]] = {
    "random": lambda bench: Baseline("random", bench, random),
    "newest": lambda bench: Baseline("newest", bench, newest),
    "most-funded": lambda bench: Baseline("most-funded", bench, most_funded),
    "bm25": lambda bench: Baseline("bm25", bench, bm25),
    "dense": lambda bench: Baseline("dense", bench, dense),
    "hybrid": lambda bench: Baseline("hybrid", bench, hybrid),
    "remix": Product,
}
"""Name → how the system is built over a bench."""


def chosen(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of systems, all if none is named; raises TaskError naming the known ones."""
    if unknown := [name for name in names if name not in SYSTEMS]:
        raise TaskError(f"--system {unknown[0]!r}: choose one of {', '.join(SYSTEMS)}")
    return tuple(name for name in SYSTEMS if name in names or not names)


def _dense(bench: Bench, queries: Sequence[Query]) -> Iterator[Vectors]:
    for batch in _batches(queries):
        yield from bench.encoder.encode_queries([query.text for query in batch]) @ bench.catalogue.dense.vectors.T


def _lexical(bench: Bench, queries: Sequence[Query]) -> Iterator[Vectors]:
    for batch in _batches(queries):
        yield from bench.catalogue.lexical.scores([query.text for query in batch])


def _batches(queries: Sequence[Query]) -> Iterator[Sequence[Query]]:
    return (queries[begin : begin + BATCH] for begin in range(0, len(queries), BATCH))


def _best_passage(bench: Bench, values: Scores) -> Scores:
    """Return the best value among each call's own passages: float64, (n_calls,); the title is always one of them."""
    own = np.where(bench.own_words, values, -np.inf)
    best: Scores = np.maximum.reduceat(own, bench.catalogue.first_passage[:-1]) if len(own) else own
    return best


def _standard(values: Scores) -> Scores:
    deviation = values.std()
    standard: Scores = (values - values.mean()) / (deviation if deviation > 0 else 1.0)
    return standard
