"""The trained tagger on disk: small enough to be committed, refused when anything in it has changed.

tags.json    encoder, hash of the arrays, calibrations, bands, and what the training says of itself
tags.npz     words, weights as float16, means
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from matcher.errors import ArtifactError
from matcher.strategy import SCHEMES
from matcher.tag_features import TagFeatures
from matcher.tagger import SCORED, Band, Tagger

ARRAYS, MANIFEST = "tags.npz", "tags.json"
TRAINED = Path(__file__).parent / "trained"
"""Where the tagger that ships with Remix lies."""
_REMEDY = "install Remix anew, or train it with `python -m training.strategy`"


def rounded(tagger: Tagger) -> Tagger:
    """Return the tagger with its numbers as they are kept (float16), so that what is measured is what is shipped."""
    features = tagger.features
    kept = TagFeatures(features.words, _kept(features.idf), _kept(features.mean), features.scales)
    weights, intercepts = _kept(tagger.weights), _kept(tagger.intercepts)
    return Tagger(tagger.encoder, kept, weights, intercepts, tagger.calibrations, tagger.bands)


def save_tagger(tagger: Tagger, folder: Path, training: Mapping[str, Any]) -> None:
    """Write a tagger to ``folder``; ``training`` (seed, data, figures) goes into its manifest as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    features = tagger.features
    with (folder / ARRAYS).open("wb") as stream:
        np.savez_compressed(
            stream,
            words=np.frombuffer("\n".join(features.words).encode(), dtype=np.uint8),
            idf=features.idf.astype(np.float16),
            mean=features.mean.astype(np.float16),
            weights=tagger.weights.astype(np.float16),
            intercepts=tagger.intercepts.astype(np.float16),
        )
    manifest = {
        "encoder": tagger.encoder,
        "sha256": sha256((folder / ARRAYS).read_bytes()).hexdigest(),
        "scales": features.scales,
        "calibrations": dict(tagger.calibrations),
        "bands": {scheme: asdict(band) for scheme, band in tagger.bands.items()},
        "training": dict(training),
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


@cache
def load_tagger(folder: Path = TRAINED) -> Tagger:
    """Read a tagger; raises ArtifactError if a file is missing, unreadable or not what its manifest vouches for."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        found = sha256((folder / ARRAYS).read_bytes()).hexdigest()
        if found != manifest["sha256"]:
            raise ArtifactError(f"{folder / ARRAYS}: its sha256 is {found}, not {manifest['sha256']}; {_REMEDY}")
        with (folder / ARRAYS).open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            return _tagger(manifest, {name: file[name] for name in file.files})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtifactError(f"{folder}: no tagger that can be read here ({error}); {_REMEDY}") from error


def _tagger(manifest: Mapping[str, Any], arrays: Mapping[str, Any]) -> Tagger:
    words = tuple(arrays["words"].tobytes().decode().split("\n"))
    by_vector, by_word = manifest["scales"]
    numbers = {name: arrays[name].astype(np.float64) for name in ("idf", "mean", "weights", "intercepts")}
    return Tagger(
        encoder=manifest["encoder"],
        features=TagFeatures(words, numbers["idf"], numbers["mean"], (by_vector, by_word)),
        weights=numbers["weights"],
        intercepts=numbers["intercepts"],
        calibrations={scheme: _pair(manifest["calibrations"][scheme]) for scheme in SCORED},
        bands={scheme: Band(**manifest["bands"][scheme]) for scheme in SCHEMES},
    )


def _pair(numbers: Any) -> tuple[float, float]:
    slope, intercept = numbers
    return float(slope), float(intercept)


def _kept(numbers: Any) -> Any:
    return numbers.astype(np.float16).astype(np.float64)
