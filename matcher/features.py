"""Named features: one row per candidate, from the call's own words, from its precedents and from its kin.

query ──► Evidence ── similarities to all passages, calls and funded projects
      └─► rows(evidence, found) ── float64, (n_found, n_features), columns as FEATURES
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.catalogue import Catalogue
from matcher.encoder import Vectors
from matcher.index import Mask
from matcher.kinship import KINDS, Kinship
from matcher.lexical import LexicalIndex
from matcher.precedents import Neighbours, PrecedentIndex
from matcher.projections import Projected, Projections

OWN_WORDS = (
    "dense_any",
    "dense_passage",
    "dense_title",
    "dense_summary",
    "dense_text",
    "lexical_any",
    "lexical_passage",
    "lexical_title",
    "lexical_call",
    "dense_unusual",
    "lexical_unusual",
    "length",
    "has_text",
    "sharp_passage",
    "sharp_title",
    "sharp_unusual",
    "dense_programme",
    "component",
)
"""Similarity of the best passage of all (what was funded before is one, too), of the best of the call's own words and
of a field's (the title's where there is none), dense and lexical, in standard deviations over the passages in scope;
the words shared with the call as a whole; how far the best passage and the whole call are above what funded projects
usually score there; the logarithm of its passages; whether it says more than a title and a summary. Where precedents
lead, and 0 elsewhere: the sharper similarity (``matcher.projections``) of the best of its own passages and of the
title, and how far it is above the usual. Where they do not, and 0 where they lead: the best of the own words of any
call of its programme, and how far query and call are of one component of the plan."""
PRECEDENTS = (
    "funded_phrases",
    "project_best",
    "project_mean",
    "project_gap",
    "words_best",
    "words_mean",
    "words_gap",
    "usual_words",
    "n_projects",
    "awards",
)
"""Of calls whose programme is known to have funded something, 0 elsewhere: similarity to the phrases of its projects,
to the nearest project and to the nearest five (in standard deviations over all projects; by shared words, cosine), how
far behind the nearest programme's, how much oftener its projects use these words than all projects do, the logarithm of
the projects known, and, where precedents do not lead, of those of communes that were counted."""
BACKGROUND = 256
"""Funded projects, evenly taken, by which a call's usual score is measured: hubs are near to everything."""
FEATURES = (*OWN_WORDS, *PRECEDENTS, *KINDS, "known", "may_apply")
"""The columns of the feature matrix. ``known``: whether the programme has funded something before; ``may_apply``: the
logarithm of the likelihood that the commune may apply."""

LEAST_LIKELIHOOD = 0.01
"""A call that is all but surely for others is moved down by the logarithm of this, not removed."""
LOWEST_DENSE, LOWEST_LEXICAL = -5.0, 0.0
"""What a programme without a (fifth) project has in place of its similarity."""

Matrix = NDArray[np.float64]
Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one query has in common with everything.

    ``dense``, ``words``: float64, (n_passages,); ``calls``, ``dense_unusual``, ``lexical_unusual``: float64,
    (n_calls,), shared words, best passage and shared words beyond the usual: all in standard deviations over what is in
    scope; ``programmes``: float64, (n_calls,), the best own passage of any call of the same programme;
    ``neighbours``: the funded projects; ``codes``: float64, (n_codes, 7), the features of each programme's projects;
    ``affinity``: float64, (n_codes,), the probability that each is the one that funds it, of those known;
    ``coverage``: share of the calls in scope whose programme is known to have funded something, 0 where they are of
    several sources; ``vector``: the query's own, float32, (dim,); ``in_scope``: bool, (n_calls,).
    """

    dense: Matrix
    words: Matrix
    calls: Matrix
    dense_unusual: Matrix
    lexical_unusual: Matrix
    programmes: Matrix
    neighbours: Neighbours
    codes: Matrix
    affinity: Matrix
    coverage: float
    vector: Vectors
    in_scope: Mask


@dataclass(frozen=True)
class Signals:
    """A catalogue as the features read it; what does not depend on a query is computed once.

    ``affinity``: what each of a programme's seven features weighs in the guess which programme funds a query.
    ``projections``: None where there are none; for vectors of another length than theirs they are as good as none.
    """

    catalogue: Catalogue
    affinity: tuple[float, ...]
    projections: Projections | None = None

    @property
    def precedents(self) -> PrecedentIndex:
        """What the programmes have funded."""
        return self.catalogue.precedents

    @cached_property
    def fields(self) -> NDArray[np.str_]:
        """The field of each passage: text, (n_passages,)."""
        return np.array([passage.field for passage in self.catalogue.passages], dtype=np.str_)

    @cached_property
    def own(self) -> Mask:
        """Whether each passage is of the call's own words: bool, (n_passages,)."""
        own: Mask = self.fields != "funded_before"
        return own

    @cached_property
    def code_of_call(self) -> Positions:
        """The position of each call's programme among those with precedents, −1 for none: int64, (n_calls,)."""
        positions = {code: position for position, code in enumerate(self.precedents.codes)}
        return np.array([positions.get(call.programme, -1) for call in self.catalogue.calls], dtype=np.int64)

    @cached_property
    def n_projects(self) -> Matrix:
        """The logarithm of the projects known of each programme: float64, (n_codes,)."""
        logarithms: Matrix = np.log1p(np.diff(self.precedents.first).astype(np.float64))
        return logarithms

    @cached_property
    def whole_calls(self) -> LexicalIndex:
        """The lexical index of whole calls, their own words only."""
        catalogue = self.catalogue
        return catalogue.lexical.of_groups(catalogue.call_of_passage, len(catalogue.calls), self.own)

    @cached_property
    def means(self) -> Vectors:
        """The mean of each call's own passages: float32, (n_calls, dim), rows of unit length."""
        catalogue = self.catalogue
        own = np.where(self.own[:, None], catalogue.dense.vectors, 0)
        means: Vectors = np.add.reduceat(own, catalogue.first_passage[:-1], axis=0) if len(own) else own
        means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9)
        return means

    @cached_property
    def kinship(self) -> Kinship:
        """How near calls are to programmes with precedents."""
        return Kinship.build(self.catalogue.calls, self.means, self.code_of_call, len(self.precedents.codes))

    @cached_property
    def projected(self) -> Projected | None:
        """The catalogue as the projections see it, None where they do not fit its vectors."""
        vectors = self.catalogue.dense.vectors
        if self.projections is None or vectors.shape[1] != self.projections.dim:
            return None
        return Projected(self.projections, vectors, self.means)

    @cached_property
    def usual(self) -> tuple[Matrix, Matrix]:
        """What funded projects score on average at each call, dense and lexical: float64, (n_calls,) each."""
        catalogue, index = self.catalogue, self.precedents
        n_calls, n_texts = len(catalogue.calls), len(index.texts)
        if not n_texts or not n_calls:
            return np.zeros(n_calls), np.zeros(n_calls)
        chosen = _background(n_texts)
        dense = [self._best_own(catalogue.dense.similarities(index.vectors[i]).astype(np.float64)) for i in chosen]
        words = self.whole_calls.scores([index.texts[position].text for position in chosen.tolist()])
        return np.mean(dense, axis=0), words.mean(axis=0).astype(np.float64)

    @cached_property
    def usual_sharp(self) -> Matrix:
        """What funded projects score on average at each call by the sharper similarity: float64, (n_calls,)."""
        index = self.precedents
        if self.projected is None or not index.texts or not len(self.fields):
            return np.zeros(len(self.catalogue.calls))
        sharp = self.projected.of_many(index.vectors[_background(len(index.texts))])
        usual: Matrix = np.mean([self._best_own(row) for row in sharp.astype(np.float64)], axis=0)
        return usual

    def warm_up(self) -> None:
        """Compute what does not depend on a query now instead of with the first one."""
        _ = (self.whole_calls, self.kinship, self.n_projects, self.usual, self.usual_sharp, self._by_programme)
        if self.projected is not None:
            _ = self.projected.components

    def evidence(
        self,
        text: str,
        plain: str,
        vector: Vectors,
        words: Vectors,
        calls: Vectors,
        own: Sequence[str],
        in_scope: Mask,
    ) -> Evidence:
        """Compare a query with everything.

        ``plain``: the query's words without places; ``vector``: float32, (dim,); ``words``, ``calls``: float32,
        (n_passages,) and (n_calls,), shares of its words; ``own``: ids by which the query itself may be among the
        funded projects; ``in_scope``: bool, (n_calls,), the calls that may be shown, by which scores are measured: to
        some queries everything is near.
        """
        index = self.precedents
        neighbours = index.neighbours(text, vector, own, plain)
        near = index.best_of_codes(neighbours.dense, neighbours.barred, LOWEST_DENSE)
        shared = index.best_of_codes(neighbours.lexical, neighbours.barred, LOWEST_LEXICAL)
        gaps = [mean - mean.max(initial=LOWEST_DENSE) for _, mean in (near, shared)]
        usual = index.usual_words(plain, neighbours.barred)
        codes = np.column_stack([*near, gaps[0], *shared, gaps[1], usual])
        passages = in_scope[self.catalogue.call_of_passage]
        similarities = self.catalogue.dense.similarities(vector).astype(np.float64)
        usual_dense, usual_lexical = self.usual
        dense = standardised(similarities, passages)
        return Evidence(
            dense=dense,
            words=standardised(words, passages),
            calls=standardised(calls, in_scope),
            dense_unusual=standardised(self._best_own(similarities) - usual_dense, in_scope),
            lexical_unusual=standardised(calls - usual_lexical, in_scope),
            programmes=self._best_of_programmes(self._best_own(dense)),
            neighbours=neighbours,
            codes=codes,
            affinity=self._affinity(codes),
            coverage=self._coverage(in_scope),
            vector=vector,
            in_scope=in_scope,
        )

    def _coverage(self, in_scope: Mask) -> float:
        sources = self._source_numbers[in_scope]
        one_plan = len(sources) > 0 and sources.min() == sources.max()
        return float(np.mean(self.code_of_call[in_scope] >= 0)) if one_plan else 0.0

    @cached_property
    def _source_numbers(self) -> Positions:
        numbers: Positions = np.unique(self.catalogue.sources, return_inverse=True)[1].astype(np.int64)
        return numbers

    @cached_property
    def _by_programme(self) -> tuple[Positions, Positions, Positions]:
        """The calls, those of a programme one after another, where each programme begins, and each call's programme."""
        names = [call.programme or call.id for call in self.catalogue.calls]
        number = np.unique(np.array(names, dtype=np.str_), return_inverse=True)[1].astype(np.int64)
        order = np.argsort(number, kind="stable")
        return order, np.flatnonzero(np.diff(number[order], prepend=-1)), number

    def _best_of_programmes(self, values: Matrix) -> Matrix:
        """Return for each call the best value among the calls of its programme: float64, (n_calls,)."""
        if not len(values):
            return values
        order, starts, number = self._by_programme
        best: Matrix = np.maximum.reduceat(values[order], starts)[number]
        return best

    def _best_own(self, values: Matrix) -> Matrix:
        """Return the best value among each call's own passages: float64, (n_calls,); the title is always one."""
        if not len(values):
            return values
        own = np.where(self.own, values, -np.inf)
        best: Matrix = np.maximum.reduceat(own, self.catalogue.first_passage[:-1])
        return best

    def rows(self, evidence: Evidence, found: Positions, likelihoods: Vectors, lead: float = 0.0) -> Matrix:
        """Return the features of the calls ``found``: float64, (n_found, n_features).

        ``lead``: how far precedents lead, 0 to 1 (see ``matcher.reranker.precedents_lead``).
        """
        passages, starts = passages_of(self.catalogue, found)
        field, dense, words = self.fields[passages], evidence.dense[passages], evidence.words[passages]
        own, text = field != "funded_before", (field == "text") | (field == "notices")
        title = dense[starts]
        code = self.code_of_call[found]
        known = code >= 0
        own_words = [
            np.maximum.reduceat(dense, starts),
            _best(dense, own, starts, title),
            title,
            _best(dense, field == "summary", starts, title),
            _best(dense, text, starts, title),
            np.maximum.reduceat(words, starts),
            _best(words, own, starts, words[starts]),
            words[starts],
            evidence.calls[found],
            evidence.dense_unusual[found],
            evidence.lexical_unusual[found],
            self.catalogue.length[found],
            np.maximum.reduceat(text, starts),
            self._by_lead(evidence, found, lead),
        ]
        phrases = np.where(known, _best(dense, ~own, starts, np.zeros(len(found))), 0.0)
        projects = (
            np.column_stack([evidence.codes, self.n_projects])[code] if known.any() else np.zeros((len(found), 8))
        )
        awards = np.zeros(len(found)) if lead > 0 else np.log1p(self.catalogue.awards[found])
        rows: Matrix = np.column_stack(
            [
                *own_words,
                phrases,
                np.where(known[:, None], np.column_stack([projects, awards]), 0.0),
                self.kinship.features(evidence.affinity, found),
                known,
                np.log(np.maximum(likelihoods[found], LEAST_LIKELIHOOD)),
            ]
        )
        return rows

    def _by_lead(self, evidence: Evidence, found: Positions, lead: float) -> Matrix:
        """Return the three sharper similarities, the programme's best and the component: float64, (n_found, 5).

        A project of a plan is told apart by the first three. The others are for needs: components were learned on
        projects of the plan, so that there they would say what only the right answer's own projects can say.
        """
        rows = np.zeros((len(found), 5))
        if lead > 0 and self.projected is not None:
            passages = evidence.in_scope[self.catalogue.call_of_passage]
            raw = self.projected.similarities(evidence.vector, passages)
            sharp, best = standardised(raw, passages), self._best_own(raw)
            rows[:, 0] = self._best_own(sharp)[found]
            rows[:, 1] = sharp[self.catalogue.first_passage[found]]
            rows[:, 2] = standardised(best - self.usual_sharp, evidence.in_scope)[found]
        elif lead == 0:
            rows[:, 3] = evidence.programmes[found]
            rows[:, 4] = self.projected.agreement(evidence.vector, found) if self.projected is not None else 0.0
        return rows

    def _affinity(self, codes: Matrix) -> Matrix:
        if not len(codes):
            return np.empty(0)
        scores = np.einsum("ij,j->i", codes, np.asarray(self.affinity))
        odds = np.exp(scores - scores.max())
        chances: Matrix = odds / odds.sum()
        return chances


def _background(n_texts: int) -> Positions:
    """Return the positions of the projects by which the usual is measured: int64, (n_chosen,)."""
    return np.unique(np.linspace(0, n_texts - 1, BACKGROUND).astype(np.int64))


def standardised(scores: Vectors | Matrix, counted: Mask) -> Matrix:
    """Measure each score in standard deviations from the mean of those counted: bool, of the same length."""
    values = scores.astype(np.float64)
    if not counted.any():
        return np.zeros_like(values)
    standard: Matrix = (values - values[counted].mean()) / max(float(values[counted].std()), 1e-6)
    return standard


def passages_of(catalogue: Catalogue, found: Positions) -> tuple[Positions, Positions]:
    """Return the passages of some calls, one call after another, and where each call's begin."""
    first, counts = catalogue.first_passage[found], np.diff(catalogue.first_passage)[found]
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)
    return np.arange(counts.sum()) - np.repeat(starts, counts) + np.repeat(first, counts), starts


def _best(values: Matrix, chosen: NDArray[np.bool_], starts: Positions, otherwise: Matrix) -> Matrix:
    """Return the best of each call's chosen passages, ``otherwise`` where it has none."""
    best = np.maximum.reduceat(np.where(chosen, values, -np.inf), starts)
    found: Matrix = np.where(np.isfinite(best), best, otherwise)
    return found
