"""Opening the recommender: the artifact of today's database, built first if there is none or it is behind.

database ── data version ──► artifacts/<version> up to date? ── no ──► build (encode only what is new) ──► load
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine

import corpora.embedded
import matcher
from corpora.embedded import NAME as EMBEDDED
from corpora.funded_bodies import load_funded_bodies
from corpora.funded_themes import load_funded_themes
from matcher.artifact import load_artifact, read_manifest, save_artifact
from matcher.catalogue import build_catalogue
from matcher.encoder import Encoder
from matcher.errors import ArtifactError
from matcher.recommender import Recommender
from matcher.records import Commune, FundingCall
from service import revisions
from service.communes import CommuneFinder
from service.database import reading
from service.encoders import open_encoder
from service.errors import UsageError
from service.imports import load_records
from service.locks import only_one
from service.moments import now
from service.settings import Settings
from service.vectors import CachedEncoder

PACKAGED = Path(corpora.embedded.__file__).parent
KEPT = 3
"""Artifacts kept on disk: the one in use, and what to go back to."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many are done and how many there are."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: the artifact's folder, and how many passages were encoded anew."""

    folder: Path
    n_passages: int
    n_encoded: int


def open_recommender(settings: Settings, engine: Engine, encoder: Encoder, progress: Progress) -> Recommender:
    """Return the recommender of the database as it is now; builds the artifact if there is none that fits.

    Raises ArtifactError if the artifact in use was changed on disk: it is never repaired in silence.
    """
    folder = _fitting_artifact(settings, engine, encoder)
    if folder is None:
        with _only_builder(settings):
            # Another process may have built it meanwhile.
            folder = _fitting_artifact(settings, engine, encoder) or _build(settings, engine, encoder, progress).folder
    manifest, catalogue = load_artifact(folder, encoder.id)
    return Recommender(catalogue, encoder, manifest.version)


def build(settings: Settings, engine: Engine, encoder: Encoder, progress: Progress) -> Built:
    """Build the artifact of the database as it is now and put it in use; waits while another process builds one.

    Raises ArtifactError if the home folder cannot be written.
    """
    with _only_builder(settings):
        return _build(settings, engine, encoder, progress)


def _fitting_artifact(settings: Settings, engine: Engine, encoder: Encoder) -> Path | None:
    """Return the artifact in use if it is that of the database as it is now."""
    with reading(engine) as session:
        version = _input_version(revisions.current(session), encoder.id)
    folder = current_artifact(settings)
    return folder if folder is not None and read_manifest(folder).data_version == version else None


@contextmanager
def _only_builder(settings: Settings) -> Iterator[None]:
    folder = _artifacts(settings)
    try:
        with only_one(folder / "building.lock"):
            yield
    except OSError as error:
        reason = error.strerror or error
        raise ArtifactError(f"{folder}: cannot be written ({reason}); set REMIX_HOME to a folder that can") from error


def _build(settings: Settings, engine: Engine, encoder: Encoder, progress: Progress) -> Built:
    with reading(engine) as session:
        version = _input_version(revisions.current(session), encoder.id)
        calls = list(load_records(session, FundingCall))
    cached = CachedEncoder(encoder, settings.home / "vectors.sqlite", partial(progress, "passages"))
    catalogue = build_catalogue(calls, cached.encode_documents, load_funded_bodies(), load_funded_themes())
    created = now()
    folder = _artifacts(settings) / f"{created:%Y%m%dT%H%M%S.%f}-{version[:8]}"
    save_artifact(folder, catalogue, created=created.isoformat(), encoder=encoder.id, data_version=version)
    _put_in_use(settings, folder)
    return Built(folder, len(catalogue.passages), cached.encoded)


def current_artifact(settings: Settings) -> Path | None:
    """Return the folder of the artifact in use, None if none was built; raises ArtifactError if it is gone."""
    pointer = _artifacts(settings) / "current.json"
    if not pointer.is_file():
        return None
    try:
        folder = _artifacts(settings) / str(json.loads(pointer.read_text(encoding="utf-8"))["version"])
    except (ValueError, KeyError, TypeError) as error:
        raise ArtifactError(f"{pointer}: unreadable ({error}); run `remix build`") from error
    return folder


def encoder_of(settings: Settings, progress: Progress) -> Encoder:
    """Return the encoder that the settings name, built first if it is the default one and not there yet."""
    return open_encoder(
        settings.encoder, settings.cache, lambda share, _what: progress("encoder", round(100 * share), 100)
    )


def communes(engine: Engine) -> CommuneFinder:
    """Return the communes of the database, ready to be found by code or name."""
    with reading(engine) as session:
        return CommuneFinder(load_records(session, Commune))


def sources_in_scope(recommender: Recommender, asked: Sequence[str]) -> frozenset[str]:
    """Return the sources whose calls may be recommended: those asked for, or all that were imported.

    The embedded calls step aside as soon as real ones are there: they speak for one past day. They can still be asked
    for by name. Raises UsageError for a source that has no calls, or if there are none at all.
    """
    known = frozenset(recommender.catalogue.sources.tolist())
    if not known:
        raise UsageError("there are no calls yet: run `remix init`, or `remix import SOURCE FILE` with official ones")
    if unknown := sorted(set(asked) - known):
        raise UsageError(f"--source {unknown[0]!r}: no calls of this source; there are: {', '.join(sorted(known))}")
    return frozenset(asked) or (known - {EMBEDDED}) or known


def _input_version(data: str, encoder: str) -> str:
    """Name all that an artifact depends on: data, encoder, packaged counts, and the code that reads calls."""
    digest = sha256(f"{data}/{encoder}".encode())
    for path in [*sorted(Path(matcher.__file__).parent.rglob("*.py")), *sorted(PACKAGED.glob("funded_*.csv"))]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _artifacts(settings: Settings) -> Path:
    return settings.home / "artifacts"


def _put_in_use(settings: Settings, folder: Path) -> None:
    """Point to the new artifact in one step, then drop the oldest ones."""
    pointer = _artifacts(settings) / "current.json"
    partial = pointer.with_suffix(f".{os.getpid()}")
    partial.write_text(json.dumps({"version": folder.name}), encoding="utf-8")
    partial.replace(pointer)
    folders = sorted(path for path in _artifacts(settings).iterdir() if path.is_dir())
    # What a killed build left is hidden; no other build runs while this one holds the lock.
    remains = [path for path in folders if path.name.startswith(".")]
    for old in remains + [path for path in folders if path not in (folder, *remains)][: -(KEPT - 1)]:
        shutil.rmtree(old, ignore_errors=True)
