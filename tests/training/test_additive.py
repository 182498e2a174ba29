"""Fitting: the right calls become the likeliest, the tables say what the weights say."""

import numpy as np
import pytest

from matcher.features import FEATURES
from matcher.reranker import Reranker
from training.additive import Basis, Examples, fit

QUERIES, CANDIDATES = 300, 8
KNOWN, DENSE, PROJECT = (FEATURES.index(name) for name in ("known", "dense_passage", "project_mean"))


def _examples(seed: int = 3) -> Examples:
    """The right call is the one whose words are nearest, and where its programme is known, whose projects are."""
    random = np.random.default_rng(seed)
    features = random.normal(size=(QUERIES, CANDIDATES, len(FEATURES))).astype(np.float32)
    features[..., KNOWN] = random.random((QUERIES, CANDIDATES)) < 0.5
    features[..., PROJECT] *= features[..., KNOWN]
    worth = 2 * features[..., DENSE] + 3 * features[..., PROJECT]
    target = (worth == worth.max(axis=1, keepdims=True)).astype(np.float32)
    return Examples(features, np.ones((QUERIES, CANDIDATES), dtype=np.bool_), target, np.ones(QUERIES))


def _scores(reranker: Reranker, examples: Examples) -> np.ndarray:
    flat = examples.features.reshape(-1, len(FEATURES)).astype(np.float64)
    return reranker.contributions(flat, 1.0).sum(axis=1).reshape(examples.present.shape)


@pytest.fixture(scope="module")
def reranker() -> Reranker:
    examples = _examples()
    basis = Basis.of(examples)
    tables = basis.tables(fit(examples, basis, 0.1, 200))
    return Reranker(tables, tables, (0.0,) * 7)


def test_what_was_learned_holds_for_queries_that_were_not_seen(reranker: Reranker) -> None:
    new = _examples(seed=4)
    right = _scores(reranker, new).argmax(axis=1) == new.target.argmax(axis=1)
    assert right.mean() > 0.75


def test_precedents_say_nothing_of_a_call_that_has_none(reranker: Reranker) -> None:
    assert set(reranker.projects[PROJECT].new) == {0.0}
    assert reranker.projects[PROJECT].known[-1] > reranker.projects[PROJECT].known[0] + 1


def test_the_tables_add_up_to_what_the_weights_say() -> None:
    examples = _examples()
    basis = Basis.of(examples)
    weights = fit(examples, basis, 1.0, 50)
    by_weights = basis.matrix(examples.features) @ weights.astype(np.float32)
    by_tables = _scores(Reranker(basis.tables(weights), (), (0.0,) * 7), examples)
    differences = by_weights - by_tables
    # A constant of each query does not move a ranking.
    assert np.abs(differences - differences.mean(axis=1, keepdims=True)).max() < 1e-3


def test_the_same_examples_give_the_same_tables_bit_for_bit() -> None:
    examples = _examples()
    basis = Basis.of(examples)
    first, again = (basis.tables(fit(examples, basis, 1.0, 50)) for _ in range(2))
    assert first == again


def test_sets_of_different_length_are_padded_and_the_padding_is_never_right() -> None:
    long = _examples()
    short = Examples(long.features[:, :3], long.present[:, :3], long.target[:, :3], long.weight)
    joined = Examples.joined([short, long])
    assert joined.features.shape == (2 * QUERIES, CANDIDATES, len(FEATURES))
    assert not joined.present[:QUERIES, 3:].any()
    assert not joined.target[:QUERIES, 3:].any()


def test_with_a_heavy_penalty_the_lines_are_those_set_by_hand() -> None:
    examples = _examples()
    basis = Basis.of(examples)
    (table,) = [
        t for t in basis.tables(fit(examples, basis, 1e9, 20, {"dense_passage": 0.9})) if t.feature == "dense_passage"
    ]
    slopes = np.diff(table.new) / np.diff(table.knots)
    assert slopes == pytest.approx(0.9, abs=1e-3)
