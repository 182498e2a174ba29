import pytest

from matcher.analyser import Analyser, fold

ANALYSER = Analyser()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("l'efficientamento dell'edificio", "EFFICIENTAMENTO degli EDIFICI"),
        ("l’efficientamento dell’edificio", "efficientamento edificio"),
        ("riqualificare la piazza", "la riqualificazione delle piazze"),
        ("edilizia scolastica", "edifici delle scuole"),
        ("pista ciclabile", "piste ciclopedonali"),
        ("mobilità", "mobilita"),
        ("comunità energetiche", "comunita' energetica"),
        ("digitalizzare i servizi", "servizi digitali"),
    ],
)
def test_two_ways_of_saying_it_have_the_same_stems(one: str, other: str) -> None:
    assert set(ANALYSER.stems(one)) == set(ANALYSER.stems(other))


def test_function_words_and_the_words_of_every_notice_are_dropped() -> None:
    assert ANALYSER.stems("Bando per la concessione di contributi ai comuni") == []


def test_an_energy_community_is_not_a_commune() -> None:
    assert set(ANALYSER.stems("comunità")).isdisjoint(ANALYSER._stem(w) for w in ("comune", "comuni"))


def test_folding_leaves_no_accent_and_no_capital() -> None:
    assert fold("Età, PERCHÉ, così") == "eta, perche, cosi"


def test_words_are_given_back_as_they_stand_in_the_text() -> None:
    assert ANALYSER.words("L'Efficienza delle SCUOLE")[ANALYSER.stems("scuola")[0]] == "SCUOLE"


def test_numbers_and_measure_codes_are_searched_by() -> None:
    assert "5000" in ANALYSER.stems("sotto i 5000 abitanti")
    assert ANALYSER.stems("M5C2I2") == ANALYSER.stems("m5c2i2")
