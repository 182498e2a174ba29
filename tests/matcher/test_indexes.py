from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.analyser import Analyser
from matcher.errors import ArtifactError
from matcher.index import DenseIndex
from matcher.lexical import LexicalIndex

TEXTS = [
    "Riqualificazione energetica della scuola elementare",
    "Piste ciclabili lungo il naviglio",
    "Cappotto termico e nuovi infissi della palestra scolastica",
    "",
]


def _unit(rows: int, seed: int, dim: int = 8) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(rows, dim)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@given(st.integers(1, 60), st.integers(1, 70), st.integers(0, 10_000), st.floats(0, 1))
@settings(max_examples=40, deadline=None)
def test_dense_search_equals_brute_force_over_the_allowed_passages(n: int, k: int, seed: int, share: float) -> None:
    vectors, query = _unit(n, seed), _unit(1, seed + 1)[0]
    allowed = np.random.default_rng(seed).random(n) < share
    found = DenseIndex(vectors).search(query, k, allowed)
    similarity = vectors @ query
    expected = sorted(np.flatnonzero(allowed), key=lambda i: -similarity[i])[:k]
    np.testing.assert_allclose(similarity[found], similarity[expected], atol=1e-6)
    assert len(set(found.tolist())) == len(found)
    assert allowed[found].all()


def test_nothing_is_found_in_an_empty_index() -> None:
    assert DenseIndex(np.empty((0, 8), dtype=np.float32)).search(_unit(1, 0)[0], 5).tolist() == []


@given(st.integers(0, 50), st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_the_similarity_to_every_passage_is_the_inner_product(n: int, seed: int) -> None:
    vectors, query = _unit(n, seed), _unit(1, seed + 1)[0]
    np.testing.assert_allclose(DenseIndex(vectors).similarities(query), vectors @ query, atol=1e-6)


def test_a_passage_scores_by_the_words_it_shares_with_the_query() -> None:
    scores = LexicalIndex.build(TEXTS, Analyser()).scores(["riqualificare la scuola", "ciclabile", "xyz"])
    assert scores.shape == (3, 4)
    assert scores[0].argmax() == 0
    assert scores[1].argmax() == 1
    assert not scores[2].any()
    assert not scores[:, 3].any()


@given(st.lists(st.sampled_from(" ".join(TEXTS).split()), max_size=30))
def test_lexical_scores_lie_between_nothing_and_the_whole_query(words: list[str]) -> None:
    scores = LexicalIndex.build(TEXTS, Analyser()).scores([" ".join(words)])
    assert (scores >= 0).all()
    assert (scores <= 1 + 1e-6).all()


def test_shared_stems_are_those_of_both_and_the_heaviest_comes_first() -> None:
    stems = Analyser().stems("la palestra della scuola e il tetto")
    shared = LexicalIndex.build(TEXTS, Analyser()).shared_stems(stems, 2)
    assert [stem for stem, _ in shared] == ["palestr", "scuol"]


def test_a_saved_lexical_index_answers_the_same(tmp_path: Path) -> None:
    index = LexicalIndex.build(TEXTS, Analyser())
    index.save(tmp_path / "lexical.npz")
    loaded = LexicalIndex.load(tmp_path / "lexical.npz", Analyser())
    np.testing.assert_array_equal(loaded.scores(["scuola energetica"]), index.scores(["scuola energetica"]))


def test_a_corrupt_lexical_index_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "lexical.npz").write_bytes(b"PK\x03\x04 cut short")
    with pytest.raises(ArtifactError, match=r"lexical\.npz: not a lexical index"):
        LexicalIndex.load(tmp_path / "lexical.npz", Analyser())


def test_an_index_of_texts_without_a_word_finds_nothing() -> None:
    assert not LexicalIndex.build(["", "il di la"], Analyser()).scores(["scuola"]).any()
