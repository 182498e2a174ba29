"""Answers that were known beforehand are found, by project and by text; what is new is not accused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.funded_themes import choose_themes, count_phrases
from evaluation.leakage import Item, Leak, leaks, near_texts, shared_cups, shingles
from evaluation.systems import Bench, Product
from matcher.catalogue import build_catalogue
from matcher.recommender import Query, Request
from matcher.records import FundingCall, Precedent
from tests.fakes import HashingEncoder
from tests.world import RHO

NIDO = "Ampliamento dell'asilo nido comunale di via Mascagni con due nuove sezioni"
PIAZZA = "Riqualificazione della piazza del mercato e del suo porticato"
ASKED = Item("asked", NIDO, "C11C22001120006")


def test_a_project_on_both_sides_is_found_by_its_cup_whatever_its_text_says() -> None:
    known = [Item("other", PIAZZA, "I41F22000980001"), Item("same", "lotto 2", "C11C22001120006")]
    assert leaks([ASKED], known) == [Leak("asked", "same", "cup", 1.0)]


def test_a_text_on_both_sides_is_found_through_capitals_accents_and_numbers() -> None:
    known = [Item("other", PIAZZA), Item("copy", f"{NIDO.upper()} - LOTTO 12 -")]
    (found,) = leaks([ASKED], known)
    assert (found.known, found.by) == ("copy", "text")
    assert found.similarity == pytest.approx(10 / 11)


def test_a_text_of_the_same_theme_in_other_words_is_no_leak() -> None:
    assert leaks([ASKED], [Item("theme", "Nuovo asilo nido con tre sezioni in via Verdi"), Item("none", "")]) == []


def test_items_without_a_cup_do_not_share_one() -> None:
    assert list(shared_cups([Item("a", "x")], [Item("b", "y")])) == []


def test_the_nearest_is_named_and_only_it() -> None:
    known = [Item("far", f"{NIDO} e rifacimento"), Item("near", NIDO)]
    assert list(near_texts([ASKED], known)) == [Leak("asked", "near", "text", 1.0)]


def test_a_short_text_is_near_to_itself_alone() -> None:
    known = [Item("a", "pista ciclabile"), Item("b", "pista ciclabile comunale")]
    assert [leak.known for leak in near_texts([Item("q", "Pista ciclabile")], known)] == ["a"]


@given(st.lists(st.text(st.sampled_from("abc dè1"), max_size=25), max_size=6), st.text("abc d", max_size=25))
def test_similarities_are_those_of_the_definition(texts: list[str], query: str) -> None:
    known = [Item(str(n), text) for n, text in enumerate(texts)]
    ours = shingles(query)
    best = max((len(ours & shingles(t)) / len(ours | shingles(t)) for t in texts), default=0.0)
    found = [leak.similarity for leak in near_texts([Item("q", query)], known, near=0.5)]
    assert found == pytest.approx([best] if best >= 0.5 else [])


def test_a_ranker_that_was_given_the_precedents_of_the_answer_is_caught() -> None:
    """The leak lifts the right call from last to first; the check names the projects that did it."""
    asked = [Item(f"q{n}", f"Nuova palestra scolastica a {place}", f"CUP{n}") for n, place in enumerate("ABC")]
    elsewhere = [Precedent(id=f"e{n}", source="t", title="Illuminazione a led", cup=f"E{n}", measure="M2", body=f"B{n}")
                 for n in range(3)]  # fmt: skip
    leaked = [Precedent(id=f"p{n}", source="t", title=item.text, cup=item.cup, measure="M9", body=f"Ente {n}")
              for n, item in enumerate(asked)]  # fmt: skip
    calls = [FundingCall(id="t:a", source="t", title="Illuminazione pubblica", programme="M2"),
             FundingCall(id="t:z", source="t", title="Investimento 9, obiettivi", programme="M9")]  # fmt: skip

    def first(counted: list[Precedent]) -> str:
        chosen = choose_themes(count_phrases(counted, ()))
        themes = {measure: "; ".join(phrase for phrase, _ in found) for measure, found in chosen.items()}
        encoder = HashingEncoder()
        bench = Bench(build_catalogue(calls, encoder.encode_documents, {}, themes), encoder)
        query = Query("Nuova palestra scolastica", RHO, id="q0")
        return Product(bench).rank([query], Request(judge_eligibility=False))["q0"][0][0]

    def known(counted: list[Precedent]) -> list[Item]:
        return [Item(one.id, one.title, one.cup) for one in counted]

    assert first([*elsewhere, *leaked]) == "t:z"
    assert {(leak.asked, leak.by) for leak in leaks(asked, known([*elsewhere, *leaked]))} >= {
        (f"q{n}", "cup") for n in range(3)
    }
    assert leaks(asked, known(elsewhere)) == []
