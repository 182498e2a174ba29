"""How tags are measured: by hand on a few, and the bars on the records that the tagger has never learnt from."""

import numpy as np
import pytest

from corpora.judged_tags import load_records
from evaluation.tag_records import TAGS, find_records
from evaluation.tags import BARS, MOST_ECE, agreement_with_corpus, measure_scheme, measure_tagger
from matcher.strategy import SCHEMES, STTM
from matcher.tagger import Band
from matcher.tagger_files import load_tagger
from training.tag_material import first_words, material

BAND = Band(0.3, 0.6)


def test_what_is_left_to_a_person_counts_in_one_figure_and_not_in_the_other():
    likely = np.array([[0.9, 0.1, 0.5], [0.7, 0.1, 0.1], [0.2, 0.8, 0.1]])
    truth = np.array([[1.0, 0.0, 1.0], [0.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    found = measure_scheme(STTM, likely, truth, BAND)
    assert found.by_code == pytest.approx({"1": 2 / 3, "2": 1.0, "3": 0.0})
    assert found.strict_f1 == pytest.approx((2 / 3 + 1 + 0) / 3)
    assert (found.records, found.tags) == (3, 3)
    assert found.decided == pytest.approx(8 / 9)
    assert found.settled == pytest.approx(2 / 3)
    assert found.precision == pytest.approx(2 / 3)


def test_a_code_that_no_record_has_does_not_enter_the_mean():
    likely, truth = np.array([[0.9, 0.1, 0.1]]), np.array([[1.0, 0.0, 0.0]])
    found = measure_scheme(STTM, likely, truth, BAND)
    assert (found.by_code, found.macro_f1, found.strict_f1) == ({"1": 1.0}, 1.0, 1.0)
    assert found.ece == pytest.approx((0.1 + 0.1 + 0.1) / 3)
    assert found.ece_possible == pytest.approx(0.1)


def test_every_read_record_is_found_where_it_lies(shared_data):
    records = load_records(TAGS)
    found = find_records(records, shared_data)
    assert found.keys() == {record.record_id for record in records}


@pytest.mark.slow
def test_nothing_of_the_test_is_learnt_from(shared_data):
    held = [record for record in load_records(TAGS) if record.split in ("test", "fresh")]
    found = find_records(held, shared_data)
    taught = material(shared_data)
    assert not {example.id for example in taught} & found.keys()
    groups = {record.group for record in held}
    assert not [example.id for example in taught if example.group in groups]
    assert not {first_words(example.text) for example in taught if example.kind in ("measures", "cup")} & {
        first_words(getattr(record, "title", "") or record.text) for record in found.values()
    } - {""}


def test_the_drivers_read_agree_with_those_that_the_authors_of_the_corpus_wrote(shared_data):
    agreed = agreement_with_corpus(find_records(load_records(TAGS), shared_data))
    assert agreed.records >= 150
    assert agreed.kappa >= 0.8


@pytest.mark.slow
@pytest.mark.parametrize("split", ["test", "fresh"])
def test_the_tagger_that_ships_with_remix_reaches_its_bars_on_what_it_never_saw(shared_data, default_encoder, split):
    records = [record for record in load_records(TAGS) if record.split == split]
    measured = measure_tagger(load_tagger(), records, find_records(records, shared_data), default_encoder)
    for scheme, bar in BARS.items():
        # Encoders built on other kinds of processors differ in the third decimal.
        assert measured[scheme].macro_f1 >= bar - 0.01, scheme
    assert all(measured[scheme].ece <= MOST_ECE for scheme in SCHEMES)
    assert all(measured[scheme].ece_possible <= MOST_ECE for scheme in SCHEMES)
    assert set(measured) == set(SCHEMES)
