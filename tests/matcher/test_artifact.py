import dataclasses
import json
from pathlib import Path

import pytest

from matcher.artifact import load_artifact, read_manifest, save_artifact
from matcher.catalogue import Catalogue, build_catalogue
from matcher.errors import ArtifactError
from matcher.recommender import Query, Recommender, Request
from tests import world
from tests.fakes import HashingEncoder

ENCODER = HashingEncoder()
NEEDS = ("Serve un asilo nido", "Piste ciclabili", "Cascina abbandonata", "Fotovoltaico sulla scuola")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return build_catalogue(world.CALLS, HashingEncoder().encode_documents, {})


@pytest.fixture
def folder(tmp_path: Path, catalogue: Catalogue) -> Path:
    save_artifact(
        tmp_path / "a1", catalogue, created="2025-05-05T12:00:00+02:00", encoder=ENCODER.id, data_version="d1"
    )
    return tmp_path / "a1"


@pytest.mark.parametrize("commune", world.COMMUNES, ids=lambda c: c.name)
def test_a_loaded_artifact_answers_as_the_one_that_was_saved(folder: Path, catalogue: Catalogue, commune) -> None:
    _, loaded = load_artifact(folder, ENCODER.id)
    request = Request(on=world.TODAY, excluded=5)
    for need in NEEDS:
        query = Query(need, commune)
        before = Recommender(catalogue, HashingEncoder()).recommend(query, request)
        after = Recommender(loaded, HashingEncoder()).recommend(query, request)
        assert after == before


def test_the_manifest_says_what_the_artifact_was_made_of(folder: Path) -> None:
    manifest = read_manifest(folder)
    assert (manifest.version, manifest.encoder, manifest.data_version) == ("a1", ENCODER.id, "d1")
    assert manifest.n_calls == len(world.CALLS)
    assert set(manifest.files) == {
        "calls.jsonl", "rules.json", "passages.npz", "vectors.npy", "lexical.npz", "groups.npz", "awards.npy",
            "precedents.jsonl", "precedents.npy", "precedents.npz",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", ["calls.jsonl", "rules.json", "passages.npz", "vectors.npy", "lexical.npz", "groups.npz"]
)
def test_a_file_changed_by_one_byte_is_refused_by_name(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(ArtifactError, match=rf"{name}.*changed since it was built.*remix build"):
        load_artifact(folder, ENCODER.id)


def test_a_file_that_is_gone_is_named(folder: Path) -> None:
    (folder / "vectors.npy").unlink()
    with pytest.raises(ArtifactError, match=r"vectors\.npy: missing"):
        load_artifact(folder, ENCODER.id)


def test_vectors_of_another_encoder_are_refused(folder: Path) -> None:
    with pytest.raises(ArtifactError, match=r"built by encoder hashing-512, in use is other"):
        load_artifact(folder, "other")


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"version": 1, "unknown": 2}'])
def test_a_manifest_that_says_nothing_is_refused(folder: Path, text: str) -> None:
    (folder / "manifest.json").write_text(text)
    with pytest.raises(ArtifactError, match=r"manifest\.json: unreadable"):
        load_artifact(folder, ENCODER.id)


def test_an_artifact_of_another_format_is_refused(folder: Path) -> None:
    manifest = dataclasses.asdict(read_manifest(folder)) | {"format": 0}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ArtifactError, match="format 0"):
        load_artifact(folder, ENCODER.id)


def test_a_folder_without_an_artifact_says_so(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="no artifact here"):
        read_manifest(tmp_path)


def test_nothing_half_written_is_left_beside_an_artifact(folder: Path) -> None:
    assert [path.name for path in folder.parent.iterdir()] == ["a1"]
