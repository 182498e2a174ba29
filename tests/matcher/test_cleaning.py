"""The words of a query that say what it is about."""

from dataclasses import replace

import pytest

from matcher.cleaning import without_place
from tests import world


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Cappotto della scuola di via del Lavoro 12", "cappotto della scuola di"),
        ("Piazza Garibaldi, nuova pavimentazione", "nuova pavimentazione"),
        ("COMUNE DI CINISELLO BALSAMO - ASILO NIDO", "comune di asilo nido"),
        ("Rete fognaria in località Cascina Nuova", "rete fognaria in"),
        ("Pista ciclabile Rho", "pista ciclabile rho"),
    ],
)
def test_streets_and_the_communes_own_name_are_left_out(text: str, left: str) -> None:
    assert without_place(text, world.CINISELLO_BALSAMO) == left


def test_a_text_of_nothing_but_a_place_stays() -> None:
    assert without_place("Nosate", replace(world.NOSATE, province="")) == "Nosate"
