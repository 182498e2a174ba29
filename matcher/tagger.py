"""Tags texts with the codes of the strategic frame, by calibrated linear classifiers over vectors and words.

text ──► features ──► one score per code ──► probability ──► given / left to a person / not given
                                   └──► the words that weigh most for it: the evidence

a mission = 1 − Π (1 − its components), so that no component is likelier than its mission
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.encoder import Encoder
from matcher.errors import EncoderError
from matcher.strategy import CODES, COMPONENT, DRIVER, MISSION, SCHEMES, STTM, TEXT_CHARACTERS, Tag, in_order
from matcher.tag_features import Encode, Numbers, TagFeatures

SCORED = (DRIVER, COMPONENT, STTM)
"""The schemes that have classifiers of their own; missions follow from their components."""
_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Band:
    """From ``give`` up a code is given, below ``drop`` it is not; between them the tagger abstains."""

    drop: float
    give: float


@dataclass(frozen=True, slots=True)
class Tagger:
    """Linear classifiers for every code of ``SCORED``, calibrated per scheme.

    ``encoder`` is the id of the encoder whose document vectors they read. ``weights``: (n_codes, dim + n_words);
    ``intercepts``: (n_codes,), the codes in the order of ``SCORED`` and ``CODES``. A score becomes a probability by
    its scheme's slope and intercept (Platt 1999). ``bands``: scheme → where the tagger gives, drops and abstains.
    """

    encoder: str
    features: TagFeatures
    weights: Numbers
    intercepts: Numbers
    calibrations: Mapping[str, tuple[float, float]]
    bands: Mapping[str, Band]

    def check(self, encoder: Encoder) -> None:
        """Raise EncoderError unless the vectors of ``encoder`` are those that the tagger was trained on.

        Builds of one model by different tools count as one: their vectors differ in the third decimal.
        """
        if (encoder.id.partition(":")[0], encoder.dim) != (self.encoder.partition(":")[0], len(self.features.mean)):
            raise EncoderError(
                f"the tagger was trained on vectors of {self.encoder}, in use is {encoder.id}; train it anew with "
                "`python -m training.strategy`, or unset REMIX_ENCODER"
            )

    def probabilities(self, texts: Sequence[str], encode: Encode) -> dict[str, Numbers]:
        """Return scheme → how likely each of its codes is on each text: float64, (n_texts, n_codes), in [0, 1]."""
        parts = [self._likely(texts[start : start + _AT_ONCE], encode) for start in range(0, len(texts), _AT_ONCE)]
        empty = {scheme: np.empty((0, len(CODES[scheme]))) for scheme in SCHEMES}
        return {scheme: np.vstack([empty[scheme], *(part[scheme] for part in parts)]) for scheme in SCHEMES}

    def given(self, texts: Sequence[str], encode: Encode, scheme: str) -> NDArray[np.bool_]:
        """Return which codes of a scheme ``tag`` gives each text for certain, without evidence: (n_texts, n_codes)."""
        likely = self.probabilities(texts, encode)[scheme]
        known = np.fromiter((self.features.knows(text[:TEXT_CHARACTERS]) for text in texts), dtype=np.bool_)
        return (likely >= self.bands[scheme].give) & known[:, None]

    def tag(self, texts: Sequence[str], encode: Encode) -> list[tuple[Tag, ...]]:
        """Return the tags of each text with their evidence; a text without a word that the tagger knows has none.

        Codes inside the band of their scheme come with ``certain`` false: the tagger abstains on them.
        """
        likely = self.probabilities(texts, encode)
        return [
            in_order(self._tags(text[:TEXT_CHARACTERS], {scheme: likely[scheme][row] for scheme in SCHEMES}))
            if self.features.knows(text[:TEXT_CHARACTERS])
            else ()
            for row, text in enumerate(texts)
        ]

    def _likely(self, texts: Sequence[str], encode: Encode) -> dict[str, Numbers]:
        scores = self.features.of([text[:TEXT_CHARACTERS] for text in texts], encode) @ self.weights.T
        likely = {
            scheme: calibrated(scores[:, rows] + self.intercepts[rows], self.calibrations[scheme])
            for scheme, rows in rows_of_schemes().items()
        }
        return likely | {MISSION: mission_probabilities(likely[COMPONENT])}

    def _tags(self, text: str, likely: Mapping[str, Numbers]) -> Iterator[Tag]:
        for scheme in SCHEMES:
            band = self.bands[scheme]
            for code, chance in zip(CODES[scheme], likely[scheme], strict=True):
                if chance >= band.drop:
                    quote = self.features.evidence(text, self._word_weights(scheme, code, likely))
                    yield Tag(scheme, code, float(chance), quote, certain=bool(chance >= band.give))

    def _word_weights(self, scheme: str, code: str, likely: Mapping[str, Numbers]) -> Numbers:
        """What each word weighs for a code; for a mission what it weighs for its likeliest component."""
        if scheme == MISSION:
            own = [place for place, component in enumerate(CODES[COMPONENT]) if component.startswith(code)]
            scheme, code = COMPONENT, CODES[COMPONENT][max(own, key=lambda place: float(likely[COMPONENT][place]))]
        row = rows_of_schemes()[scheme].start + CODES[scheme].index(code)
        words: Numbers = self.weights[row, len(self.features.mean) :]
        return words


def rows_of_schemes() -> dict[str, slice]:
    """Where the codes of each scored scheme stand among the rows of the weights."""
    ends = np.cumsum([len(CODES[scheme]) for scheme in SCORED]).tolist()
    return {scheme: slice(start, end) for scheme, start, end in zip(SCORED, [0, *ends[:-1]], ends, strict=True)}


def calibrated(scores: Numbers, calibration: tuple[float, float]) -> Numbers:
    """Return the probabilities of scores by a slope and an intercept, elementwise."""
    slope, intercept = calibration
    probabilities: Numbers = 1 / (1 + np.exp(-np.clip(slope * scores + intercept, -500, 500)))
    return probabilities


def mission_probabilities(components: Numbers) -> Numbers:
    """Return how likely it is that any component of each mission fits: (n_texts, n_missions)."""
    columns = []
    for mission in CODES[MISSION]:
        own = components[:, [component.startswith(mission) for component in CODES[COMPONENT]]]
        # Rounding must not make a mission less likely than its only possible component.
        columns.append(np.maximum(1 - np.prod(1 - own, axis=1), own.max(axis=1)))
    return np.stack(columns, axis=1)
