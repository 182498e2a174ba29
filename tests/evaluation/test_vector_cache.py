"""Vectors are made once, kept across runs, and never mixed up."""

from pathlib import Path

import numpy as np
import pytest

from evaluation.errors import TaskError
from evaluation.vector_cache import KeptVectors
from tests.fakes import HashingEncoder


class OtherEncoder(HashingEncoder):
    id = "other"


def test_a_text_is_encoded_once_even_by_a_later_run(tmp_path: Path) -> None:
    first, later = HashingEncoder(), HashingEncoder()
    vectors = KeptVectors(first, tmp_path / "v.npz").encode_documents(["nido", "piazza", "nido"])
    again = KeptVectors(later, tmp_path / "v.npz").encode_documents(["piazza", "nido", "scuola"])
    assert first.encoded == ["nido", "piazza"]
    assert later.encoded == ["scuola"]
    np.testing.assert_array_equal(vectors[0], vectors[2])
    np.testing.assert_array_equal(again[:2], vectors[[1, 0]])


def test_kept_vectors_are_those_of_the_encoder_bit_for_bit(tmp_path: Path) -> None:
    texts = ["Un asilo nido", "Piste ciclabili"]
    expected = HashingEncoder().encode_queries(texts)
    kept = KeptVectors(HashingEncoder(), tmp_path / "v.npz")
    np.testing.assert_array_equal(kept.encode_queries(texts), expected)
    np.testing.assert_array_equal(kept.encode_queries(texts), expected)
    assert kept.encoded == 2


def test_a_query_and_a_document_of_the_same_words_have_vectors_of_their_own(tmp_path: Path) -> None:
    encoder = HashingEncoder()
    kept = KeptVectors(encoder, tmp_path / "v.npz")
    kept.encode_queries(["nido"])
    kept.encode_documents(["nido"])
    assert encoder.encoded == ["nido", "nido"]


def test_vectors_of_another_encoder_are_not_taken(tmp_path: Path) -> None:
    KeptVectors(HashingEncoder(), tmp_path / "v.npz").encode_documents(["nido"])
    other = OtherEncoder()
    KeptVectors(other, tmp_path / "v.npz").encode_documents(["nido"])
    assert other.encoded == ["nido"]


def test_progress_is_told_of_what_is_missing_only(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    kept = KeptVectors(HashingEncoder(), tmp_path / "v.npz", lambda done, total: told.append((done, total)))
    kept.encode_documents(["nido", "piazza"])
    kept.encode_documents(["nido", "scuola"])
    assert told == [(2, 2), (1, 1)]
    assert kept.encode_documents([]).shape == (0, HashingEncoder.dim)


@pytest.mark.parametrize("content", [b"", b"not a file of vectors", b"PK\x03\x04 cut short"])
def test_a_damaged_file_is_refused_by_name_with_what_to_do(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "v.npz").write_bytes(content)
    with pytest.raises(TaskError, match=r"v\.npz: not a file of kept vectors.*delete it"):
        KeptVectors(HashingEncoder(), tmp_path / "v.npz")


def test_a_place_that_cannot_be_written_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(TaskError, match="REMIX_CACHE"):
        KeptVectors(HashingEncoder(), tmp_path / "file" / "v.npz").encode_documents(["nido"])
