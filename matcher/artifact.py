"""The artifact: a folder with all that a recommender needs, swapped whole and refused when it does not fit.

    <version>/
        manifest.json     format, version, encoder, data version, counts, a hash of every other file
        calls.jsonl       one call a line, in the order of their ids
        rules.json        what eligibility read in each call
        passages.npz      where each passage stands, and whose it is
        vectors.npy       float32, (n_passages, dim)
        lexical.npz       BM25 weights
        groups.npz        which calls are one and the same
        awards.npy        int64, (n_calls,), projects of communes that each call's programme has funded
        precedents.jsonl  one text of a funded project a line, those of one programme together
        precedents.npy    float32, (n_texts, dim), and precedents.npz, their weighted words

It is written beside its place and renamed into it, so that a reader sees a whole artifact or none.
"""

import json
import os
import shutil
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from matcher.analyser import Analyser
from matcher.catalogue import Catalogue
from matcher.duplicates import Groups
from matcher.eligibility import rules_from_json, rules_to_json
from matcher.errors import ArtifactError, ArtifactFormatError, MatcherError
from matcher.index import DenseIndex
from matcher.lexical import LexicalIndex
from matcher.passages import Passage
from matcher.precedents import PrecedentIndex, PrecedentText
from matcher.records import FundingCall, Precedent
from matcher.serialization import from_json, to_json
from matcher.wordvectors import WordVectors

FORMAT = 4
"""Raised whenever a reader of the old files would answer otherwise."""
_FIELDS = ("title", "summary", "text", "funded_before", "notices")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an artifact was made of; ``files`` maps each file's name to its sha256."""

    version: str
    created: str
    encoder: str
    data_version: str
    n_calls: int
    n_passages: int
    files: dict[str, str]
    format: int = FORMAT


def save_artifact(folder: Path, catalogue: Catalogue, *, created: str, encoder: str, data_version: str) -> Manifest:
    """Write an artifact to ``folder`` (which must not exist) and return its manifest; ``created`` is ISO 8601."""
    partial = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        _write_catalogue(partial, catalogue)
        manifest = Manifest(
            version=folder.name,
            created=created,
            encoder=encoder,
            data_version=data_version,
            n_calls=len(catalogue.calls),
            n_passages=len(catalogue.passages),
            files={path.name: _hash(path) for path in sorted(partial.iterdir())},
        )
        (partial / "manifest.json").write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return manifest


def _write_catalogue(folder: Path, catalogue: Catalogue) -> None:
    (folder / "calls.jsonl").write_text("".join(to_json(c) + "\n" for c in catalogue.calls), encoding="utf-8")
    (folder / "rules.json").write_text(json.dumps([rules_to_json(r) for r in catalogue.rules]), encoding="utf-8")
    _save_passages(folder / "passages.npz", catalogue)
    np.save(folder / "vectors.npy", catalogue.dense.vectors)
    catalogue.lexical.save(folder / "lexical.npz")
    np.save(folder / "awards.npy", catalogue.awards)
    np.savez(folder / "groups.npz", **asdict(catalogue.groups))
    _save_precedents(folder, catalogue.precedents)


def read_manifest(folder: Path) -> Manifest:
    """Read what an artifact says of itself; raises ArtifactError if it says nothing that can be understood.

    ArtifactFormatError, one of these, if another version of the program wrote it.
    """
    path = folder / "manifest.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(found, dict) and isinstance(found.get("format"), int) and found["format"] != FORMAT:
            raise ArtifactFormatError(
                f"{path}: format {found['format']}, this version reads {FORMAT}; run `remix build`"
            )
        return Manifest(**found)
    except FileNotFoundError as error:
        raise ArtifactError(f"{folder}: no artifact here (manifest.json is missing); run `remix build`") from error
    except (OSError, ValueError, TypeError) as error:
        raise ArtifactError(f"{path}: unreadable ({error}); run `remix build`") from error


def load_artifact(folder: Path, encoder: str) -> tuple[Manifest, Catalogue]:
    """Read an artifact whole.

    Raises ArtifactError if a file is missing or does not have the hash that the manifest states, or if the vectors
    were made by another encoder than ``encoder`` (its id).
    """
    manifest = read_manifest(folder)
    if manifest.encoder != encoder:
        raise ArtifactError(f"{folder}: built by encoder {manifest.encoder}, in use is {encoder}; run `remix build`")
    for name, expected in manifest.files.items():
        if not (folder / name).is_file() or _hash(folder / name) != expected:
            raise ArtifactError(f"{folder / name}: missing or changed since it was built; run `remix build`")
    try:
        return manifest, _load_catalogue(folder)
    except (OSError, ValueError, KeyError, MatcherError) as error:
        raise ArtifactError(f"{folder}: {error}; run `remix build`") from error


def _load_catalogue(folder: Path) -> Catalogue:
    lines = (folder / "calls.jsonl").read_bytes().splitlines()
    calls = tuple(from_json(FundingCall, line) for line in lines)
    rules = tuple(rules_from_json(r) for r in json.loads((folder / "rules.json").read_bytes()))
    with (folder / "passages.npz").open("rb") as stream, np.load(stream) as f:
        fields, starts, ends, first = (f[name] for name in ("field", "start", "end", "first"))
    spans = zip(fields.tolist(), starts.tolist(), ends.tolist(), strict=True)
    passages = tuple(Passage(_FIELDS[field], start, end) for field, start, end in spans)
    dense = DenseIndex(np.load(folder / "vectors.npy"))
    with (folder / "groups.npz").open("rb") as stream, np.load(stream) as f:
        groups = Groups(**{name: f[name] for name in f.files})
    lexical = LexicalIndex.load(folder / "lexical.npz", Analyser())
    awards = np.load(folder / "awards.npy")
    return Catalogue(calls, rules, passages, first, dense, lexical, awards, groups, _load_precedents(folder))


def _save_precedents(folder: Path, index: PrecedentIndex) -> None:
    lines = ((text.code, text.text, to_json(text.precedent) if text.precedent else "") for text in index.texts)
    (folder / "precedents.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    np.save(folder / "precedents.npy", index.vectors)
    index.words.save(folder / "precedents.npz")


def _load_precedents(folder: Path) -> PrecedentIndex:
    lines = (json.loads(line) for line in (folder / "precedents.jsonl").read_bytes().splitlines())
    texts = tuple(
        PrecedentText(code, text, from_json(Precedent, found) if found else None) for code, text, found in lines
    )
    words = WordVectors.load(folder / "precedents.npz", Analyser())
    return PrecedentIndex(texts, np.load(folder / "precedents.npy"), words)


def _save_passages(path: Path, catalogue: Catalogue) -> None:
    np.savez(
        path,
        field=np.array([_FIELDS.index(p.field) for p in catalogue.passages], dtype=np.int8),
        start=np.array([p.start for p in catalogue.passages], dtype=np.int32),
        end=np.array([p.end for p in catalogue.passages], dtype=np.int32),
        first=catalogue.first_passage,
    )


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        digest = sha256()
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
