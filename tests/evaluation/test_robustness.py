"""The same need written otherwise, and what that costs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.robustness import TRANSFORMATIONS, capitals, keywords, losses, no_accents, question, transformed, typos
from matcher.recommender import LONGEST_QUERY, Query
from tests import world

NEED = "C'è bisogno di più posti all'asilo nido: la città è cresciuta, perché sono arrivate coppie giovani."


def test_each_way_of_writing_is_shown_by_an_example() -> None:
    assert capitals("C'è una città") == "C'È UNA CITTÀ"
    assert no_accents("C'è una città più verde") == "C'e una citta piu verde"
    assert question("Serve un nido.") == "Quali bandi o contributi ci sono per questo: Serve un nido?"
    assert keywords("Serve un asilo nido per i bambini: un ASILO più grande") == "asilo nido bambini grande"


def test_a_text_of_function_words_alone_stays_as_keywords() -> None:
    assert keywords("per di") == "per di"


def test_typos_change_some_long_words_by_a_letter_and_are_the_same_each_time() -> None:
    mistyped = typos(NEED)
    assert mistyped == typos(NEED) != NEED
    changed = [(a, b) for a, b in zip(NEED.split(), mistyped.split(), strict=True) if a != b]
    assert 1 <= len(changed) <= 2
    assert all(abs(len(a) - len(b)) <= 1 and a[0] == b[0] for a, b in changed)


TEXTS = st.text(min_size=1, max_size=300).filter(lambda text: text.strip() and "\0" not in text)


@given(TEXTS, st.sampled_from(sorted(TRANSFORMATIONS)))
def test_every_text_stays_one_that_can_be_asked(text: str, name: str) -> None:
    (found,) = transformed([Query(text, world.RHO, id="q1")], name)
    assert (found.id, found.commune) == ("q1", world.RHO)
    assert 0 < len(found.text) < LONGEST_QUERY


def test_a_loss_is_what_the_query_had_as_written_minus_what_it_has_otherwise() -> None:
    # as written: a (grade 1) first, nDCG 1
    # in capitals: b first, a second, nDCG 1 / log2(3) = 0.630930, a loss of 0.369070
    # otherwise: as written
    queries = [Query("Una città più verde", world.RHO, id="q")]

    def rank(asked):
        return {q.id: [("b", 2.0), ("a", 1.0)] if q.text.isupper() else [("a", 2.0), ("b", 1.0)] for q in asked}

    found = losses(rank, queries, {"q": {"a": 1}, "another": {"a": 1}})
    assert found.pop("Loss(capitals) nDCG@10") == {"q": pytest.approx(0.369070, abs=1e-6)}
    assert len(found) == len(TRANSFORMATIONS) - 1
    assert all(values == {"q": 0.0} for values in found.values())
