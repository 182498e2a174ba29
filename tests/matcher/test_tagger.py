"""The tagger: probabilities, abstention, evidence that stands in the text, and files that are what was trained."""

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.errors import ArtifactError, EncoderError
from matcher.strategy import CODES, COMPONENT, DRIVER, MISSION, SCHEMES, STTM
from matcher.tag_features import LONGEST_EVIDENCE, TagFeatures
from matcher.tagger import Band, Tagger, mission_probabilities, rows_of_schemes
from matcher.tagger_files import ARRAYS, MANIFEST, load_tagger, rounded, save_tagger
from tests.fakes import HashingEncoder

STEMS = ("scuol", "cald", "bosc", "rifiut")
N_CODES = sum(len(CODES[scheme]) for scheme in (DRIVER, COMPONENT, STTM))
texts = st.text(alphabet="scuola bosco rifiuti caldo .;!\nàè,'XYZ", max_size=200)


@pytest.fixture(scope="module")
def encoder() -> HashingEncoder:
    return HashingEncoder()


@pytest.fixture(scope="module")
def tagger(encoder: HashingEncoder) -> Tagger:
    """Knows four words: schools speak for driver 7 and component M4C1, woods for driver 2 and M2C4."""
    weights = np.zeros((N_CODES, encoder.dim + len(STEMS)))
    rows = rows_of_schemes()
    for scheme, code, stem in ((DRIVER, "7", 0), (COMPONENT, "M4C1", 0), (DRIVER, "2", 2), (COMPONENT, "M2C4", 2)):
        weights[rows[scheme].start + CODES[scheme].index(code), encoder.dim + stem] = 8.0
    features = TagFeatures(STEMS, np.ones(len(STEMS)), np.zeros(encoder.dim), (1.0, 1.0))
    return Tagger(
        encoder=encoder.id,
        features=features,
        weights=weights,
        intercepts=np.full(N_CODES, -4.0),
        calibrations=dict.fromkeys((DRIVER, COMPONENT, STTM), (1.0, 0.0)),
        bands=dict.fromkeys(SCHEMES, Band(0.3, 0.6)),
    )


@pytest.mark.parametrize("text", ["", "   ", "qwrt zxcv", "42", "…"])
def test_a_text_without_a_known_word_gets_no_tag_at_all(tagger, encoder, text):
    assert tagger.tag([text], encoder.encode_documents) == [()]


def test_vectors_of_another_encoder_are_refused_by_name(tagger, encoder):
    class Other(HashingEncoder):
        id = "other:1"

    tagger.check(encoder)
    with pytest.raises(EncoderError, match=r"hashing-512.*other:1"):
        tagger.check(Other())


def test_two_builds_of_one_encoder_are_the_same_to_the_tagger(tagger, encoder):
    class Rebuilt(HashingEncoder):
        id = "hashing-512:abcdef"

    tagger.check(Rebuilt())


def test_a_school_is_tagged_by_the_words_that_say_so(tagger, encoder):
    (tags,) = tagger.tag(["Il tetto perde. La scuola è fredda."], encoder.encode_documents)
    assert {tag.key for tag in tags if tag.certain} == {(DRIVER, "7"), (COMPONENT, "M4C1"), (MISSION, "M4")}
    assert {tag.evidence for tag in tags} == {"scuola"}


def test_two_purposes_make_the_tagger_less_sure_and_it_abstains_instead_of_guessing(tagger, encoder):
    (tags,) = tagger.tag(["scuola caldo bosco rifiuti"], encoder.encode_documents)
    assert {tag.key for tag in tags} >= {(DRIVER, "7"), (DRIVER, "2")}
    assert not any(tag.certain for tag in tags if tag.scheme == DRIVER)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(texts, min_size=1, max_size=4))
def test_probabilities_are_probabilities_and_evidence_stands_in_the_text(tagger, encoder, written):
    likely = tagger.probabilities(written, encoder.encode_documents)
    assert all(((numbers >= 0) & (numbers <= 1)).all() for numbers in likely.values())
    for text, tags in zip(written, tagger.tag(written, encoder.encode_documents), strict=True):
        for tag in tags:
            assert tag.evidence in text
            assert len(tag.evidence) <= LONGEST_EVIDENCE
            assert tag.code in CODES[tag.scheme]
            assert tag.certain == (tag.probability >= tagger.bands[tag.scheme].give)


@given(st.lists(st.floats(0, 1), min_size=16, max_size=16))
def test_no_component_is_likelier_than_its_mission(chances):
    missions = dict(zip(CODES[MISSION], mission_probabilities(np.array([chances]))[0], strict=True))
    assert all(missions[code[:2]] >= p for code, p in zip(CODES[COMPONENT], chances, strict=True))


def test_a_text_is_tagged_alike_alone_and_among_others(tagger, encoder):
    alone = tagger.tag(["bosco"], encoder.encode_documents)
    assert tagger.tag(["scuola", "bosco", ""], encoder.encode_documents)[1:2] == alone
    assert tagger.tag([], encoder.encode_documents) == []


def test_a_tagger_comes_back_from_its_files_as_it_was(tagger, encoder, tmp_path):
    save_tagger(rounded(tagger), tmp_path, {"seed": 7})
    again = load_tagger(tmp_path)
    asked = ["La scuola è fredda", "bosco e rifiuti"]
    assert again.tag(asked, encoder.encode_documents) == rounded(tagger).tag(asked, encoder.encode_documents)
    assert json.loads((tmp_path / MANIFEST).read_text())["training"] == {"seed": 7}


@pytest.mark.parametrize("damage", ["missing", "changed", "no_json", "no_key"])
def test_a_damaged_tagger_is_refused_with_a_remedy(tagger, tmp_path, damage):
    save_tagger(tagger, tmp_path, {})
    manifest = tmp_path / MANIFEST
    if damage == "missing":
        (tmp_path / ARRAYS).unlink()
    elif damage == "changed":
        (tmp_path / ARRAYS).write_bytes((tmp_path / ARRAYS).read_bytes()[:-1] + b"x")
    elif damage == "no_json":
        manifest.write_text("{")
    else:
        manifest.write_text(json.dumps({"sha256": json.loads(manifest.read_text())["sha256"]}))
    with pytest.raises(ArtifactError, match=r"training\.strategy"):
        load_tagger(tmp_path)


def test_the_tagger_that_ships_with_remix_gives_no_component_without_its_mission():
    bands = load_tagger().bands
    assert bands[COMPONENT].give >= bands[MISSION].give
    assert bands[COMPONENT].drop >= bands[MISSION].drop


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Caldaia vecchia in municipio: pompa di calore e cappotto per spendere meno energia", (DRIVER, "3")),
        ("Mancano posti all'asilo nido comunale", (DRIVER, "7")),
        ("Pista ciclabile per raggiungere la stazione", (DRIVER, "5")),
        ("Assistenza a domicilio per anziani soli e non autosufficienti", (DRIVER, "10")),
        ("Raccolta differenziata e centro del riuso", (MISSION, "M2")),
        ("Alloggi popolari sfitti da ristrutturare", (DRIVER, "9")),
        ("Servizi digitali del Comune, identità digitale e pagamenti", (COMPONENT, "M1C1")),
    ],
)
def test_the_tagger_that_ships_with_remix_knows_the_plain_cases(default_encoder, text, expected):
    tagger = load_tagger()
    tagger.check(default_encoder)
    (tags,) = tagger.tag([text], default_encoder.encode_documents)
    assert expected in {tag.key for tag in tags if tag.certain}


@pytest.mark.parametrize(
    "text", ["Ricetta della torta di mele della nonna", "Il gatto dorme sul divano tutto il giorno"]
)
def test_the_tagger_that_ships_with_remix_gives_nothing_for_certain_to_what_is_beside_the_point(default_encoder, text):
    (tags,) = load_tagger().tag([text], default_encoder.encode_documents)
    assert not [tag for tag in tags if tag.certain]


@given(st.lists(texts, max_size=5), st.sampled_from(SCHEMES))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_is_given_is_what_the_tags_say_for_certain(tagger, encoder, some, scheme):
    rows = tagger.given(some, encoder.encode_documents, scheme)
    assert rows.shape == (len(some), len(CODES[scheme]))
    for row, tags in zip(rows, tagger.tag(some, encoder.encode_documents), strict=True):
        certain = {tag.code for tag in tags if tag.scheme == scheme and tag.certain}
        assert {code for code, is_given in zip(CODES[scheme], row, strict=True) if is_given} == certain
