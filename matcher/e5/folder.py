"""What the folder of a built encoder holds, and how it is vouched for.

    manifest.json     package version, hash of the weights, hash of every other file
    model.onnx        the graph with its weights
    tokenizer.json    how a text is cut into tokens

Every load hashes every file again: a disk error or a half copied folder must not become a slightly wrong ranking.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from matcher.errors import EncoderError

MANIFEST, MODEL, TOKENIZER = "manifest.json", "model.onnx", "tokenizer.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Where an encoder comes from, and the sha256 of each of its files by name."""

    package: str
    weights_sha256: str
    files: dict[str, str]

    @property
    def fingerprint(self) -> str:
        """12 hexadecimal digits that change with any byte of the files."""
        return hashlib.sha256(json.dumps(self.files, sort_keys=True).encode()).hexdigest()[:12]


def write_manifest(folder: Path, package: str, weights_sha256: str) -> None:
    """Write the manifest of what lies in ``folder`` now."""
    files = {name: _sha256(folder / name) for name in (MODEL, TOKENIZER)}
    text = json.dumps(asdict(Manifest(package, weights_sha256, files)), indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def verified(folder: Path) -> Manifest:
    """Read the manifest and hash every file again; raises EncoderError naming the first that is not what was built."""
    path = folder / MANIFEST
    try:
        manifest = Manifest(**json.loads(path.read_bytes()))
        hashes = {name: manifest.files[name] for name in (MODEL, TOKENIZER)}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise EncoderError(f"{path}: missing or unreadable ({error}); {_remedy(folder)}") from error
    for name, expected in hashes.items():
        _verify(folder / name, expected)
    return manifest


def _verify(path: Path, expected: str) -> None:
    try:
        found = _sha256(path)
    except OSError as error:
        raise EncoderError(f"{path}: cannot be read ({error}); {_remedy(path.parent)}") from error
    if found != expected:
        raise EncoderError(f"{path}: its sha256 is {found}, not {expected} as it was built; {_remedy(path.parent)}")


def _remedy(folder: Path) -> str:
    return f"delete the folder {folder}: the encoder is built again at the next use"


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
