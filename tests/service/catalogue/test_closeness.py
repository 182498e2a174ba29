"""What is kept ready of the items' texts: the same as measured anew, and never of words that have changed."""

import numpy as np
import pytest

from matcher.catalogue import build_catalogue
from service.catalogue import view as view_module
from service.catalogue.view import CatalogueView
from tests.fakes import HashingEncoder
from tests.world import CALLS

TEXTS = ["Scuola fredda", "Pista ciclabile", "Scuola fredda"]


@pytest.fixture
def encoder():
    return HashingEncoder()


@pytest.fixture
def view(encoder):
    return CatalogueView(build_catalogue(CALLS, encoder.encode_documents, {}), {})


def test_texts_are_encoded_once_and_measured_against_all_passages(view, encoder):
    encoder.encoded.clear()
    vectors, usual, spread = view.measured(TEXTS, encoder.encode_queries)
    assert encoder.encoded == ["Scuola fredda", "Pista ciclabile"]
    similarities = vectors @ view.catalogue.dense.vectors.T
    assert np.allclose(usual, similarities.mean(axis=1), atol=1e-5)
    assert np.allclose(spread, similarities.std(axis=1), atol=1e-4)
    again = view.measured(TEXTS[::-1], encoder.encode_queries)
    assert encoder.encoded == ["Scuola fredda", "Pista ciclabile"]
    assert np.array_equal(again[0], vectors[::-1])


def test_words_that_changed_are_measured_anew(view, encoder):
    before, _, _ = view.measured(["Scuola fredda"], encoder.encode_queries)
    after, _, _ = view.measured(["Scuola calda"], encoder.encode_queries)
    assert not np.array_equal(before, after)


def test_what_is_kept_does_not_grow_without_end(view, encoder, monkeypatch):
    monkeypatch.setattr(view_module, "KEPT_TEXTS", 3)
    for number in range(10):
        view.measured([f"Scuola {number}"], encoder.encode_queries)
        assert len(view._texts) <= 3
