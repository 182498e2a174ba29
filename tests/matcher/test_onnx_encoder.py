import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.e5.folder import write_manifest
from matcher.errors import EncoderError
from matcher.onnx_encoder import OnnxEncoder

SCHOOL = "Interventi di efficientamento energetico degli edifici scolastici di proprietà comunale"
ELDERLY = "Contributi per l'assistenza domiciliare alle persone anziane non autosufficienti"
CYCLING = "Realizzazione di percorsi ciclabili di collegamento con i nodi del trasporto pubblico"
ASBESTOS = "Bonifica dei siti contaminati e rimozione dell'amianto"

# Five numbers of the float32 model's vector of SCHOOL as a document, by their place in the vector.
CANARIES = {178: 0.140, 156: -0.132, 282: 0.124, 39: -0.101, 53: 0.100}


def test_five_numbers_of_a_known_vector_have_not_moved(default_encoder: OnnxEncoder) -> None:
    vector = default_encoder.encode_documents([SCHOOL])[0]
    # int8 kernels differ between processors.
    assert vector[list(CANARIES)] == pytest.approx(list(CANARIES.values()), abs=2e-2)


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("La scuola elementare consuma troppo: tetto e finestre da rifare", SCHOOL),
        ("Gli anziani del paese restano soli e non hanno chi li aiuta in casa", ELDERLY),
        ("Vorremmo una pista ciclabile fino alla stazione", CYCLING),
        ("Nel capannone abbandonato c'è dell'eternit", ASBESTOS),
        ("Improve the energy efficiency of school buildings", SCHOOL),
        ("Créer une piste cyclable jusqu'à la gare", CYCLING),
    ],
)
def test_what_a_person_would_choose_is_the_most_similar(query: str, answer: str, default_encoder: OnnxEncoder) -> None:
    documents = [SCHOOL, ELDERLY, CYCLING, ASBESTOS]
    similarities = default_encoder.encode_documents(documents) @ default_encoder.encode_queries([query])[0]
    assert documents[int(similarities.argmax())] == answer


def test_a_query_and_a_document_of_the_same_words_are_near_but_not_the_same(default_encoder: OnnxEncoder) -> None:
    query, document = default_encoder.encode_queries([SCHOOL])[0], default_encoder.encode_documents([SCHOOL])[0]
    assert 0.85 < query @ document < 0.999


@settings(max_examples=15, deadline=None)
@given(texts=st.lists(st.text(st.characters(codec="utf-8"), max_size=60), min_size=1, max_size=4))
def test_any_texts_have_vectors_of_unit_length(texts: list[str], default_encoder: OnnxEncoder) -> None:
    vectors = default_encoder.encode_documents(texts)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(texts), default_encoder.dim)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_a_text_has_the_same_vector_alone_and_in_any_company(default_encoder: OnnxEncoder) -> None:
    texts = [SCHOOL, "", ELDERLY * 20, CYCLING, ASBESTOS]
    together = default_encoder.encode_documents(texts)
    backwards = default_encoder.encode_documents(texts[::-1])[::-1]
    alone = np.concatenate([default_encoder.encode_documents([text]) for text in texts])
    assert np.array_equal(together, backwards)
    assert np.array_equal(together, alone)


def test_no_texts_give_no_vectors(default_encoder: OnnxEncoder) -> None:
    assert default_encoder.encode_documents([]).shape == (0, default_encoder.dim)
    assert default_encoder.encode_queries([]).shape == (0, default_encoder.dim)


def test_only_the_beginning_of_a_very_long_text_counts(default_encoder: OnnxEncoder) -> None:
    beginning = "asilo nido comunale " * 400
    vectors = default_encoder.encode_documents([beginning, beginning + "bonifica dei suoli " * 20_000])
    assert np.array_equal(vectors[0], vectors[1])


@pytest.fixture
def copied_folder(tmp_path: Path, default_encoder_folder: Path) -> Path:
    return Path(shutil.copytree(default_encoder_folder, tmp_path / "encoder"))


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_one_altered_byte_is_refused_and_the_file_named(name: str, copied_folder: Path) -> None:
    with (copied_folder / name).open("r+b") as stream:
        stream.seek(1_000_000)
        byte = stream.read(1)
        stream.seek(1_000_000)
        stream.write(bytes([byte[0] ^ 1]))
    with pytest.raises(EncoderError, match=rf"encoder/{name}: its sha256 is .*delete the folder .*encoder: .*built"):
        OnnxEncoder.load(copied_folder)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "manifest.json"])
def test_a_truncated_file_is_refused_and_named(name: str, copied_folder: Path) -> None:
    path = copied_folder / name
    with path.open("r+b") as stream:
        stream.truncate(path.stat().st_size // 2)
    with pytest.raises(EncoderError, match=rf"encoder/{name}: .*delete the folder"):
        OnnxEncoder.load(copied_folder)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "manifest.json"])
def test_a_missing_file_is_named(name: str, copied_folder: Path) -> None:
    (copied_folder / name).unlink()
    with pytest.raises(EncoderError, match=rf"encoder/{name}: .*delete the folder"):
        OnnxEncoder.load(copied_folder)


def test_the_id_follows_the_files_and_not_their_place(copied_folder: Path, default_encoder: OnnxEncoder) -> None:
    assert OnnxEncoder.load(copied_folder).id == default_encoder.id
    tokenizer = copied_folder / "tokenizer.json"
    tokenizer.write_text(tokenizer.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    write_manifest(copied_folder, "another", "0" * 64)
    assert OnnxEncoder.load(copied_folder).id != default_encoder.id
