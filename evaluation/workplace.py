"""Where an evaluation finds its data and encoder, and where it keeps vectors: read from the environment in one place.

REMIX_SHARED   folder that holds data/, the official files as published (default ../shared)
REMIX_CACHE    folder of what can be built again, shared with the product
REMIX_ENCODER  "default", or any sentence-transformers model
"""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from platformdirs import user_cache_path

from evaluation.errors import TaskError
from evaluation.vector_cache import KeptVectors
from matcher.e5.build import build_encoder, build_name
from matcher.encoder import Encoder
from matcher.hub_encoder import HubEncoder
from matcher.onnx_encoder import OnnxEncoder

_REPOSITORY = Path(__file__).resolve().parent.parent

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many are done and how many there are."""


def data_folder() -> Path:
    """Return the folder of the official files; raises TaskError if it is not there."""
    folder = Path(os.environ.get("REMIX_SHARED") or _REPOSITORY.parent / "shared") / "data"
    if not folder.is_dir():
        raise TaskError(f"{folder}: no such folder; set REMIX_SHARED to the one that holds data/, the official files")
    return folder


def open_encoder(progress: Progress) -> KeptVectors:
    """Open the product's encoder, built first if it is not there, with the vectors kept by earlier evaluations.

    Raises EncoderError for an encoder that cannot be opened, TaskError for a damaged file of vectors.
    """
    cache = Path(os.environ.get("REMIX_CACHE") or user_cache_path("remix"))
    encoder = _encoder(os.environ.get("REMIX_ENCODER", ""), cache, progress)
    kept = cache / "evaluation" / f"vectors-{sha256(encoder.id.encode()).hexdigest()[:12]}.npz"
    return KeptVectors(encoder, kept, lambda done, total: progress("vectors", done, total))


def _encoder(setting: str, cache: Path, progress: Progress) -> Encoder:
    if setting not in ("", "default"):
        return HubEncoder(setting)
    folder = cache / "encoders" / build_name()
    if not folder.exists():
        build_encoder(folder, lambda share, what: progress(f"encoder: {what}", round(100 * share), 100))
    return OnnxEncoder.load(folder)
