"""What each feature of an (asset, need) pair adds to its score: one learnt weight each, read from a small file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from matcher.errors import ArtifactError

FEATURES = (
    "use_named_first",
    "use_named",
    "use_wished",
    "dense",
    "words",
    "place_asked_for",
    "same_commune",
    "km",
    "surface",
    "unused",
    "verdict",
)
"""The columns of a pair's features.

``use_named_first``, ``use_named``: how the place suits the use that the need names first, and the best of those named
(0, 0.5, 1); ``use_wished``: whether the asset's own text names a use that the need names; ``dense``: cosine of the two
texts' vectors, in standard deviations above that of all pairs of the list; ``words``: share of the words of the one
found in the other, 0 to 1; ``place_asked_for``: whether the need speaks of a place at all; ``same_commune``; ``km``:
distance, at most ``REACH_KM``, in tens of kilometres; ``surface``: 1 large enough, 0.5 unknown, 0 too small;
``unused``: 1, 0.5 unknown, 0 in use; ``verdict``: 1 where every deciding criterion is met, 0.5 unknown, 0 not met.
"""
TRAINED = Path(__file__).parent.parent / "trained" / "assets.json"
FORMAT = 1
WORTH_SHOWING = 1.0
"""The score below which an asset's need is left out: on dev it takes away 105 of 156 useless pairs, none of 41 good
ones, and 0.01 of nDCG@10. Few are shown, and "none" is said where there are none; a need is shown every place.
"""


@dataclass(frozen=True, slots=True)
class Weights:
    """A weight for each of FEATURES, in their order."""

    values: tuple[float, ...]

    def to_json(self) -> str:
        """Return the weights as text: the same text for the same weights."""
        named = dict(zip(FEATURES, self.values, strict=True))
        return json.dumps({"format": FORMAT, "weights": named}, indent=1) + "\n"


def load_weights(path: Path = TRAINED) -> Weights:
    """Read trained weights; raises ArtifactError if the file is none, or is of other features than this version's."""
    try:
        found = json.loads(path.read_bytes())
        named: Mapping[str, float] = found["weights"]
        if found["format"] != FORMAT or tuple(named) != FEATURES:
            raise ArtifactError(f"{path}: not of this version's features; install Remix anew, or train it again")
        return Weights(tuple(float(named[name]) for name in FEATURES))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtifactError(f"{path}: not the weights of assets ({error}); install Remix anew") from error


@cache
def default_weights() -> Weights:
    """Return the weights that ship with Remix, read once."""
    return load_weights()
