import csv
import gzip
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import check_grad

from matcher.encoder import Vectors
from matcher.projections import EncoderUpdate
from training.encoder_pairs import PairSet, pair_set, read_pair_sets
from training.encoder_update import UpdateConfig, UpdatedEncoder, encoded_set, fit_update, loss

DIM = 6


class LopsidedEncoder:
    """Vectors of which one number in six tells the subject, and another, five times larger, is the same for all."""

    id, dim = "lopsided", DIM

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, 5)

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, 4)

    def _encode(self, texts: Sequence[str], common: float) -> Vectors:
        rows = [self._vector(text, common) for text in texts]
        vectors = np.array(rows, dtype=np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def _vector(self, text: str, common: float) -> Vectors:
        noise = np.random.default_rng(int.from_bytes(sha256(text.encode()).digest()[:4], "big"))
        subject = 1.0 if "scuola" in text.lower() else -1.0
        vector = noise.normal(size=DIM) * 2
        vector[0], vector[1] = common, subject
        return vector.astype(np.float32)


@pytest.fixture
def pairs() -> PairSet:
    schools = [(f"lavori di manutenzione della scuola numero {n}", "Edilizia della scuola") for n in range(40)]
    roads = [(f"lavori di manutenzione della strada numero {n}", "Opere di viabilità") for n in range(40)]
    return pair_set("works", "it", [*schools, *roads], 40)


def margin(encoder: LopsidedEncoder | UpdatedEncoder) -> float:
    """How much nearer a query is to its own document than to the other, for queries that were not trained on."""
    school, road = encoder.encode_documents(["Edilizia della scuola", "Opere di viabilità"])
    asked = encoder.encode_queries([f"il tetto della scuola {n} perde acqua" for n in range(50)])
    return float((asked @ school - asked @ road).mean())


def test_an_update_brings_unseen_queries_nearer_to_their_documents(pairs: PairSet) -> None:
    base = LopsidedEncoder()
    updated = UpdatedEncoder(base, fit_update([pairs], base, UpdateConfig(penalty=0.01), 1))
    assert margin(updated) > margin(base) + 0.2


def test_no_share_of_the_way_and_nothing_taken_away_is_the_base(pairs: PairSet) -> None:
    base = LopsidedEncoder()
    update = fit_update([pairs], base, UpdateConfig(centre=0, share=0), 1)
    vectors = base.encode_queries(pairs.queries)
    assert update.queries(vectors) == pytest.approx(vectors, abs=1e-6)
    assert update.documents(vectors) == pytest.approx(vectors, abs=1e-6)


def test_updated_vectors_have_unit_length_and_each_side_its_own_shift() -> None:
    shifts = np.eye(DIM, dtype=np.float32)[:2] / 2
    update = EncoderUpdate(np.eye(DIM, dtype=np.float32), shifts[0], shifts[1])
    vectors = LopsidedEncoder().encode_queries(["una scuola", "una strada"])
    queries, documents = update.queries(vectors), update.documents(vectors)
    assert queries.dtype == documents.dtype == np.float32
    assert np.linalg.norm(np.concatenate([queries, documents]), axis=1) == pytest.approx(1, abs=1e-6)
    assert not np.allclose(queries, documents, atol=0.01)


def test_the_same_pairs_and_seed_give_the_same_update_bit_for_bit(pairs: PairSet) -> None:
    first, second = (fit_update([pairs], LopsidedEncoder(), UpdateConfig(), 1) for _ in range(2))
    assert np.array_equal(first.matrix, second.matrix)
    assert np.array_equal(first.query_shift, second.query_shift)


def test_the_gradient_is_that_of_the_loss() -> None:
    dice = np.random.default_rng(0)
    answers = np.array([0, 1, 2, 2, 0])
    sets = [encoded_set(dice.normal(size=(5, DIM)), dice.normal(size=(3, DIM)), answers)]
    config = UpdateConfig(temperature=0.5)
    error = check_grad(
        lambda flat: loss(flat.reshape(DIM, DIM), sets, config)[0],
        lambda flat: loss(flat.reshape(DIM, DIM), sets, config)[1].ravel(),
        dice.normal(size=DIM * DIM),
    )
    assert error < 1e-5


def test_a_frequent_document_counts_less_than_its_pairs() -> None:
    weights = encoded_set(np.zeros((5, 1)), np.zeros((2, 1)), np.array([0, 0, 0, 0, 1])).weights
    assert weights.sum() == pytest.approx(1)
    assert weights[:4].sum() == pytest.approx(2 * weights[4])


def test_pairs_are_capped_by_document_and_do_not_depend_on_their_order() -> None:
    pairs = [(f"un progetto abbastanza lungo, il numero {n}", "Strade") for n in range(9)]
    capped = pair_set("x", "it", pairs, 4)
    assert len(capped.queries) == 4
    assert set(pair_set("x", "it", pairs[::-1], 4).queries) == set(capped.queries)


@pytest.mark.parametrize(
    ("query", "document"),
    [
        ("Da definire", "Strade"),
        ("un progetto abbastanza lungo da leggere", ""),
        ("le stesse parole, due volte di sèguito",) * 2,
    ],
)
def test_what_says_nothing_is_no_pair(query: str, document: str) -> None:
    assert pair_set("x", "it", [(query, document)], 4).queries == ()


def test_queries_are_asked_in_the_language_of_their_set_and_keep_their_words(pairs: PairSet) -> None:
    asked = pairs.asked(1)
    assert asked == pairs.asked(1)
    assert asked != pairs.asked(2)
    assert all(query in question for query, question in zip(pairs.queries, asked, strict=True))


@pytest.mark.slow
def test_no_project_that_the_benchmark_keeps_back_is_learned_from(shared_data: Path) -> None:
    with gzip.open(shared_data / "bench_pnrr_queries.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["split"] != "train"]
    kept_back = {row["cup"] for row in rows}
    with gzip.open(shared_data / "pnrr_progetti_validati.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        projects = [row for row in csv.DictReader(stream)]
    known = {row["sintesi"].lower() for row in projects if row["cup"] not in kept_back}
    only_there = {row["sintesi"].lower() for row in projects if row["cup"] in kept_back} - known
    sets = read_pair_sets(shared_data, 10**6)
    learned = {query.lower() for one in sets for query in one.queries}
    assert {one.name for one in sets} == {"cup", "cup-pnrr", "opencoesione", "pnc", "calls", "eu", "aides", "grants"}
    assert len(learned) > 10_000
    assert not {text for text in only_there if len(text) >= 60} & learned
