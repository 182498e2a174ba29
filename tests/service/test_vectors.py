import multiprocessing
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service import vectors
from service.errors import DatabaseError
from service.vectors import CachedEncoder
from tests.fakes import HashingEncoder

TEXTS = [f"bando numero {n} per le scuole" for n in range(300)]


class StopsAfterOne(HashingEncoder):
    """Encodes once, then is interrupted."""

    def encode_documents(self, texts: Sequence[str]) -> np.ndarray:
        if self.encoded:
            raise KeyboardInterrupt
        return super().encode_documents(texts)


class AnotherModel(HashingEncoder):
    id = "another-64"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "vectors.sqlite"


def test_an_unchanged_source_encodes_nothing_at_the_second_import(path: Path) -> None:
    first = CachedEncoder(HashingEncoder(), path)
    encoded = first.encode_documents(TEXTS)
    inner = HashingEncoder()
    second = CachedEncoder(inner, path)
    assert np.array_equal(second.encode_documents(TEXTS), encoded)
    assert inner.encoded == []
    assert (first.hits, first.encoded) == (0, len(TEXTS))
    assert (second.hits, second.encoded) == (len(TEXTS), 0)


def test_only_what_changed_is_encoded(path: Path) -> None:
    CachedEncoder(HashingEncoder(), path).encode_documents(TEXTS)
    inner = HashingEncoder()
    CachedEncoder(inner, path).encode_documents([*TEXTS[:100], "una frase nuova", *TEXTS[100:]])
    assert inner.encoded == ["una frase nuova"]


def test_vectors_of_two_encoders_never_meet(path: Path) -> None:
    CachedEncoder(HashingEncoder(), path).encode_documents(TEXTS)
    other = CachedEncoder(AnotherModel(), path)
    other.encode_documents(TEXTS)
    assert (other.hits, other.encoded) == (0, len(TEXTS))


def test_what_was_encoded_before_an_interruption_is_kept(path: Path) -> None:
    inner = StopsAfterOne()
    with pytest.raises(KeyboardInterrupt):
        CachedEncoder(inner, path).encode_documents(TEXTS)
    after = CachedEncoder(HashingEncoder(), path)
    after.encode_documents(TEXTS)
    assert after.hits == len(inner.encoded) > 0
    assert after.encoded == len(TEXTS) - after.hits


def test_a_text_that_occurs_twice_is_encoded_once(path: Path) -> None:
    inner = HashingEncoder()
    found = CachedEncoder(inner, path).encode_documents(["asilo", "scuola", "asilo"])
    assert sorted(inner.encoded) == ["asilo", "scuola"]
    assert np.array_equal(found[0], found[2])


def test_progress_counts_only_the_missing_up_to_their_number(path: Path) -> None:
    told: list[tuple[int, int]] = []
    cached = CachedEncoder(HashingEncoder(), path, progress=lambda done, of: told.append((done, of)))
    cached.encode_documents(TEXTS[:150])
    assert told[-1] == (150, 150)
    told.clear()
    cached.encode_documents(TEXTS[:150])
    assert told == []


def test_a_repeated_query_is_encoded_once_and_cannot_be_spoilt_by_its_caller(path: Path) -> None:
    inner = HashingEncoder()
    cached = CachedEncoder(inner, path)
    first = cached.encode_queries(["pista ciclabile"])
    first[:] = 0
    assert np.array_equal(cached.encode_queries(["pista ciclabile"]), HashingEncoder().encode_queries(inner.encoded))
    assert inner.encoded == ["pista ciclabile"]


def test_a_question_about_what_a_commune_keeps_is_not_encoded_again_and_no_other_one_is_kept(path: Path) -> None:
    first = CachedEncoder(HashingEncoder(), path)
    first.encode_projects(["scuola fredda"])
    first.encode_queries(["parole di un visitatore"])
    inner = HashingEncoder()
    found = CachedEncoder(inner, path).encode_queries(["scuola fredda", "parole di un visitatore", "scuola fredda"])
    assert inner.encoded == ["parole di un visitatore"]
    assert np.array_equal(found, HashingEncoder().encode_queries(["scuola fredda", *inner.encoded, "scuola fredda"]))


def test_no_more_questions_are_remembered_than_there_is_room_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "_KEPT_QUERIES", 2)
    inner = HashingEncoder()
    cached = CachedEncoder(inner, path)
    for text in ("a", "b", "a", "c", "a", "b"):
        cached.encode_queries([text])
    assert inner.encoded == ["a", "b", "c", "b"]


@settings(max_examples=30, deadline=None)
@given(batches=st.lists(st.lists(st.sampled_from([*TEXTS[:12], "", "è\0"]), max_size=8), max_size=4))
def test_kept_vectors_are_those_of_the_encoder_in_the_order_asked(
    batches: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    cached = CachedEncoder(HashingEncoder(), tmp_path_factory.mktemp("vectors") / "vectors.sqlite")
    for texts in batches:
        expected = HashingEncoder().encode_documents(texts)
        found = cached.encode_documents(texts)
        assert found.dtype == np.float32
        assert found == pytest.approx(expected.astype(np.float32))


def test_threads_share_one_cache(path: Path) -> None:
    cached = CachedEncoder(HashingEncoder(), path)
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(cached.encode_documents, [TEXTS] * 8))
    assert all(np.array_equal(result, results[0]) for result in results)


def encode_everything(path: Path) -> int:
    return len(CachedEncoder(HashingEncoder(), path).encode_documents(TEXTS))


def test_two_processes_fill_one_cache_at_the_same_time(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        assert pool.map(encode_everything, [path] * 4, chunksize=1) == [len(TEXTS)] * 4
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM vectors").fetchone() == (len(TEXTS),)
    connection.close()


def test_a_file_that_is_no_database_is_named(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"not a database, " * 100)
    with pytest.raises(DatabaseError, match=r"vectors\.sqlite: .*not a database.*delete it"):
        CachedEncoder(HashingEncoder(), path)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "vectors.sqlite").mkdir()
    with pytest.raises(DatabaseError, match=r"vectors\.sqlite: .*unable to open"):
        CachedEncoder(HashingEncoder(), tmp_path / "vectors.sqlite")
