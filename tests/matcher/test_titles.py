"""A title taken apart: what names the call, and what only names its edition."""

import pytest

from matcher.analyser import Analyser
from matcher.titles import read_title

ANALYSER = Analyser()


def names(title: str) -> set[str]:
    return set(read_title(title, ANALYSER).words)


def edition(title: str) -> set[str]:
    return set(read_title(title, ANALYSER).edition)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bando voucher digitali 2023", "Voucher digitali - anno 2024"),
        ("Fiere - Primo semestre 2025", "Fiere - Secondo semestre 2026"),
        ("Premio giovani - Edizione 2024", "Secondo bando Premio giovani"),
        ("App IO - Comuni - Aprile 2022", "App IO - Comuni - Settembre 2024"),
        ("Formazione PR FSE + 2021/2027", "Formazione - PR FSE+ 2021-2027"),
        ("CCIAA Varese - Energia", "Energia - Camera di commercio Varese"),
        ("Sostegno ai rifugi - FVG", "Sostegno a rifugi del Friuli Venezia Giulia"),
        ("ANALISI DEI COSTI", "Analisi dei costi"),
    ],
)
def test_editions_and_wordings_of_one_call_have_one_name(one: str, other: str) -> None:
    assert names(one) == names(other) != set()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Investimenti - Linea A", "Investimenti - Linea B"),
        ("Gara per il turismo - Lotto 2", "Gara per il turismo - Lotto 3"),
        ("Bando a cascata - Spoke 1", "Bando a cascata - Spoke 10"),
        ("Strutture ricettive dei comuni montani", "Strutture ricettive dei comuni non montani"),
        ("App IO - Comuni", "App IO - Altri enti"),
        ("Brevetti+ 2023", "Brevetti 2023"),
        ("Fondo cultura - quota 1.1", "Fondo cultura - quota 1.2"),
    ],
)
def test_a_word_letter_or_number_that_tells_calls_apart_is_kept(one: str, other: str) -> None:
    assert names(one) != names(other)


def test_years_months_and_rounds_name_the_edition() -> None:
    assert edition("Terza edizione del premio, maggio 2024") == {"2024", "maggio", "ordinal 3"}
    assert edition("Formazione PR FSE+ 2021-2027") == set()
    assert edition("Prima infanzia e terza età") == set()


@pytest.mark.parametrize("title", ["", "   ", "Bando", "Avviso pubblico 2024", "–"])
def test_a_title_that_says_nothing_names_nothing(title: str) -> None:
    assert names(title) == set()
