"""The default encoder against the same weights as a float32 sentence-transformers model."""

import csv
import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from matcher.errors import EncoderError
from matcher.hub_encoder import HubEncoder
from matcher.onnx_encoder import OnnxEncoder

pytestmark = pytest.mark.training


@pytest.fixture(scope="module")
def reference_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from training.reference_encoder import write_reference_model

    folder = tmp_path_factory.mktemp("reference")
    write_reference_model(folder)
    return folder


@pytest.fixture(scope="module")
def reference(reference_folder: Path) -> HubEncoder:
    return HubEncoder(str(reference_folder))


def test_the_int8_vectors_of_real_passages_are_those_of_the_float_model(
    shared_data: Path, reference: HubEncoder, default_encoder: OnnxEncoder
) -> None:
    texts = passages(shared_data, 200) + titles(shared_data, 200)
    cosines = np.sum(reference.encode_documents(texts) * default_encoder.encode_documents(texts), axis=1)
    assert len(texts) == 400
    assert cosines.mean() >= 0.985
    assert cosines.min() >= 0.98


def test_the_int8_vectors_of_queries_are_those_of_the_float_model(
    shared_data: Path, reference: HubEncoder, default_encoder: OnnxEncoder
) -> None:
    texts = titles(shared_data, 50)
    cosines = np.sum(reference.encode_queries(texts) * default_encoder.encode_queries(texts), axis=1)
    assert cosines.mean() >= 0.985


def test_a_hub_model_prefixes_queries_and_documents_differently(reference: HubEncoder) -> None:
    text = ["Contributi per piste ciclabili"]
    query, document = reference.encode_queries(text), reference.encode_documents(text)
    assert not np.allclose(query, document, atol=1e-3)
    assert np.linalg.norm(query) == pytest.approx(1, abs=1e-5)
    assert query.dtype == document.dtype == np.float32


def test_no_texts_give_no_vectors(reference: HubEncoder) -> None:
    assert reference.encode_documents([]).shape == (0, reference.dim)


def test_the_id_is_the_same_at_every_load_and_holds_no_path(reference_folder: Path, reference: HubEncoder) -> None:
    assert HubEncoder(str(reference_folder)).id == reference.id
    assert "/" not in reference.id


def test_a_folder_that_holds_no_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=f"REMIX_ENCODER, value '{tmp_path}': cannot be loaded"):
        HubEncoder(str(tmp_path))


def passages(folder: Path, n: int) -> list[str]:
    """Passages of 45 words from complete calls, evenly spread over them."""
    with gzip.open(folder / "rl_bandi_fulltext.jsonl.gz", "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    words = " ".join(value for row in rows for value in row.values() if isinstance(value, str)).split()
    starts = np.linspace(0, len(words) - 45, n).astype(int)
    return [" ".join(words[start : start + 45]) for start in starts]


def titles(folder: Path, n: int) -> list[str]:
    """Titles of incentives, evenly spread over the catalogue."""
    with gzip.open(folder / "it_incentivi_catalogo.csv.gz", "rt", encoding="utf-8", newline="") as stream:
        found = [row["titolo"] for row in csv.DictReader(stream)]
    return [found[at] for at in np.linspace(0, len(found) - 1, n).astype(int)]
