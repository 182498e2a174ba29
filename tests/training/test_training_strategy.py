"""Training the tagger: it learns what it is shown, the same way every time, and leaves open what it cannot tell."""

import json
from hashlib import sha256

import numpy as np
import pytest

from matcher.strategy import CODES, COMPONENT, DRIVER, MISSION, STTM
from matcher.tagger import Band
from matcher.tagger_files import MANIFEST, TRAINED
from tests.fakes import HashingEncoder
from training.strategy import SEED, choose_band, fit
from training.tag_material import (
    FROM_MEASURES,
    FROM_WRITTEN,
    MEASURES,
    READ,
    SECTORS,
    WRITTEN,
    TagExample,
    first_words,
    written_examples,
)

SUBJECTS = {
    "scuola nido mensa palestra": ("7", "M4C1", "2"),
    "bosco parco fiume alberi": ("2", "M2C4", "1"),
    "capannone magazzino imprese negozi": ("6", "M1C2", "3"),
}


def example(number: int, kind: str, text: str, codes: tuple[str, str, str], **changes: bool) -> TagExample:
    found = dict(zip((DRIVER, COMPONENT, STTM), (frozenset({code}) for code in codes), strict=True))
    return TagExample(f"{kind}:{number}", kind, text, f"{kind}:{number}", found, **changes)


def taught() -> list[TagExample]:
    """A small world: three subjects, and every other code of every scheme at least once."""
    made = [
        example(10 * n + turn, READ, " ".join(np.roll(words.split(), turn)[:3]), codes)
        for n, (words, codes) in enumerate(SUBJECTS.items())
        for turn in range(10)
    ]
    rest = [
        example(number, FROM_WRITTEN, f"altro{number} cosa{number} altro{number}", codes)
        for number, codes in enumerate(
            (CODES[DRIVER][n % 10], CODES[COMPONENT][n % 16], CODES[STTM][n % 3]) for n in range(32)
        )
    ]
    return made + rest


class SmallEncoder(HashingEncoder):
    id = "hashing-32"
    dim = 32


def silent(_what: str, _done: int, _total: int) -> None:
    pass


@pytest.fixture(scope="module")
def encoder() -> SmallEncoder:
    return SmallEncoder()


@pytest.fixture(scope="module")
def trained(encoder):
    return fit(taught(), encoder, SEED, silent)


def test_a_new_text_gets_the_codes_of_what_it_speaks_of(trained, encoder):
    tagger, _ = trained
    likely = tagger.probabilities(["mensa della scuola", "alberi nel parco"], encoder.encode_documents)
    assert [CODES[DRIVER][n] for n in likely[DRIVER].argmax(axis=1)] == ["7", "2"]
    assert [CODES[MISSION][n] for n in likely[MISSION].argmax(axis=1)] == ["M4", "M2"]


def test_the_same_material_makes_the_same_tagger_to_the_last_bit_and_tells_how_far_it_is(trained, encoder):
    told = []
    again, quality = fit(taught(), encoder, SEED, lambda _what, done, total: told.append((done, total)))
    assert np.array_equal(again.weights, trained[0].weights)
    assert (again.calibrations, again.bands, quality) == (trained[0].calibrations, trained[0].bands, trained[1])
    assert told == sorted(told)
    assert told[-1][0] < told[-1][1]


def test_what_was_written_in_hindsight_changes_the_tagger_but_nothing_that_judges_it(trained, encoder):
    late = example(99, FROM_WRITTEN, "scuola bosco capannone", ("7", "M4C1", "2"), hindsight=True)
    before, measured = trained
    after, measured_again = fit([*taught(), late], encoder, SEED, silent)
    assert not np.array_equal(before.weights, after.weights)
    assert measured_again == {scheme: pytest.approx(figures, abs=0.1) for scheme, figures in measured.items()}
    assert after.calibrations[DRIVER] == pytest.approx(before.calibrations[DRIVER], rel=0.1)


def test_an_unknown_scheme_of_an_example_teaches_nothing_about_it(encoder):
    unsaid = TagExample(
        "m", FROM_MEASURES, "scuola scuola", "m", {DRIVER: None, COMPONENT: frozenset({"M4C1"}), STTM: None}
    )
    with_it, _ = fit([*taught(), unsaid], encoder, SEED, silent)
    chance = with_it.probabilities(["scuola"], encoder.encode_documents)[DRIVER][0]
    assert CODES[DRIVER][int(chance.argmax())] == "7"


def test_the_band_is_narrow_where_the_scores_are_right_and_wide_where_they_are_not():
    truth = np.array([[1.0], [1.0], [0.0], [0.0], [0.0], [1.0]])
    right = np.array([[0.9], [0.8], [0.1], [0.05], [0.1], [0.9]])
    assert choose_band(right, truth > 0, 0.9) == Band(0.15, 0.5)
    muddled = np.array([[0.9], [0.8], [0.1], [0.6], [0.1], [0.2]])
    band = choose_band(muddled, truth > 0, 0.99)
    assert band.give > 0.6
    assert band.drop <= 0.2


def test_a_band_stays_above_the_bounds_it_is_given():
    truth, right = np.array([[1.0], [0.0]]), np.array([[0.9], [0.1]])
    assert choose_band(right, truth > 0, 0.9, above=Band(0.2, 0.65)) == Band(0.2, 0.65)


def test_a_trained_tagger_gives_no_component_without_its_mission(trained):
    bands = trained[0].bands
    assert bands[COMPONENT].give >= bands[MISSION].give


def test_the_written_examples_have_codes_that_exist_and_cover_every_one():
    examples = written_examples()
    for scheme in (DRIVER, COMPONENT, STTM):
        given = {code for one in examples for code in one.codes[scheme] or ()}
        assert given == set(CODES[scheme])
    assert len({first_words(one.text) for one in examples}) >= 0.98 * len(examples)


def test_the_committed_tagger_was_trained_on_the_committed_tables():
    training = json.loads((TRAINED / MANIFEST).read_text(encoding="utf-8"))["training"]
    assert training["seed"] == SEED
    for path in (WRITTEN, MEASURES, SECTORS):
        assert training["tables_sha256"][path.name] == sha256(path.read_bytes()).hexdigest(), path.name
