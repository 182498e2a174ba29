"""The artifacts on disk: which one is in use, who may build, which ones stay.

<home>/artifacts/
    current.json        names the one in use
    building.lock       held by the one process that builds
    <moment>-<hash>/    one artifact each, named by the moment of its making: names sort by age
"""

import json
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path

import corpora.embedded
import matcher
from matcher.artifact import read_manifest
from matcher.errors import ArtifactError, ArtifactFormatError
from service.locks import only_one
from service.settings import Settings

PACKAGED = Path(corpora.embedded.__file__).parent
KEPT = 3
"""Artifacts kept on disk: the one in use, and what to go back to."""


def input_version(revision: str, encoder: str) -> str:
    """Name all that an artifact depends on: ``<code, packaged counts and encoder>-<what the database holds>``."""
    return f"{_basis(encoder, PACKAGED)}-{revision}"


def same_basis(version: str, encoder: str) -> bool:
    """Whether an artifact was made by this code with this encoder, of whatever data."""
    return version.partition("-")[0] == _basis(encoder, PACKAGED)


@cache
def _basis(encoder: str, packaged: Path) -> str:
    digest = sha256(encoder.encode())
    for path in [*sorted(Path(matcher.__file__).parent.rglob("*.py")), *sorted(packaged.glob("funded_*.csv"))]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def new_folder(settings: Settings, version: str, at: datetime) -> Path:
    """Return where an artifact made at this moment (aware, Rome's time) belongs."""
    return _folder(settings) / f"{at:%Y%m%dT%H%M%S.%f}-{sha256(version.encode()).hexdigest()[:8]}"


@contextmanager
def only_builder(settings: Settings) -> Iterator[None]:
    """Hold the right to build, as soon as no other process does; raises ArtifactError if the home cannot be written."""
    folder = _folder(settings)
    try:
        with only_one(folder / "building.lock"):
            yield
    except OSError as error:
        reason = error.strerror or error
        raise ArtifactError(f"{folder}: cannot be written ({reason}); set REMIX_HOME to a folder that can") from error


def current_artifact(settings: Settings) -> Path | None:
    """Return the folder of the artifact in use, None if none was built; raises ArtifactError if it is unreadable."""
    pointer = _folder(settings) / "current.json"
    if not pointer.is_file():
        return None
    try:
        return _folder(settings) / str(json.loads(pointer.read_text(encoding="utf-8"))["version"])
    except (ValueError, KeyError, TypeError) as error:
        raise ArtifactError(f"{pointer}: unreadable ({error}); run `remix build`") from error


def fitting_artifact(settings: Settings, version: str) -> Path | None:
    """Return the artifact in use if it was made of exactly this; raises ArtifactError if it is gone or unreadable."""
    folder = current_artifact(settings)
    try:
        return folder if folder is not None and read_manifest(folder).data_version == version else None
    except ArtifactFormatError:
        return None


def kept_artifact(settings: Settings, name: str) -> Path | None:
    """Return the folder of an artifact by its name, None if it is no longer there."""
    folder = _folder(settings) / name
    return folder if name and Path(name).name == name and (folder / "manifest.json").is_file() else None


def put_in_use(settings: Settings, folder: Path, referred: Collection[str] = ()) -> None:
    """Point to the new artifact in one step, then drop the oldest ones, but none of those ``referred`` to by name."""
    pointer = _folder(settings) / "current.json"
    partial = pointer.with_suffix(f".{os.getpid()}")
    partial.write_text(json.dumps({"version": folder.name}), encoding="utf-8")
    partial.replace(pointer)
    folders = sorted(path for path in _folder(settings).iterdir() if path.is_dir())
    # What a killed build left is hidden; no other build runs while this one holds the lock.
    remains = [path for path in folders if path.name.startswith(".")]
    old = [path for path in folders if path not in (folder, *remains)][: -(KEPT - 1)]
    for path in remains + [path for path in old if path.name not in referred]:
        shutil.rmtree(path, ignore_errors=True)


def _folder(settings: Settings) -> Path:
    return settings.home / "artifacts"
