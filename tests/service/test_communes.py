import dataclasses

import pytest

from matcher.records import Commune
from service.communes import CommuneFinder
from service.errors import UnknownCommuneError
from tests.world import CINISELLO_BALSAMO, COMMUNES, RHO

SAMONE_TN = Commune(istat="022165", name="Samone", province="Trento")
SAMONE_TO = Commune(istat="001235", name="Samone", province="Torino")
AOSTA = Commune(istat="007003", name="Aosta/Aoste", province="Valle d'Aosta")
ALME = Commune(istat="016005", name="Almè", province="Bergamo")
FINDER = CommuneFinder((*COMMUNES, SAMONE_TN, SAMONE_TO, AOSTA, ALME))


@pytest.mark.parametrize("words", ["015182", "Rho", "rho", " RHO "])
def test_a_commune_is_found_by_code_and_by_name_however_it_is_written(words: str) -> None:
    assert FINDER.find(words) == RHO


@pytest.mark.parametrize(("words", "istat"), [("alme", "016005"), ("Almè", "016005"), ("Aoste", "007003")])
def test_accents_and_second_names_do_not_matter(words: str, istat: str) -> None:
    assert FINDER.find(words).istat == istat


def test_a_name_of_two_communes_is_never_guessed() -> None:
    with pytest.raises(UnknownCommuneError, match=r"more than one.*Samone \(Torino\) 001235, Samone \(Trento\) 022165"):
        FINDER.find("Samone")


def test_an_unknown_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(UnknownCommuneError, match=f"perhaps Cinisello Balsamo {CINISELLO_BALSAMO.istat}"):
        FINDER.find("Cinisello Balsammo")


def test_an_unknown_code_says_how_many_digits_a_code_has() -> None:
    with pytest.raises(UnknownCommuneError, match="6 digits, this one 5"):
        FINDER.find("15182")


def test_the_same_commune_given_twice_is_one_commune() -> None:
    newer = dataclasses.replace(RHO, population=51_000)
    with pytest.raises(UnknownCommuneError):
        CommuneFinder([RHO, dataclasses.replace(newer, istat="999999")]).find("Rho")
    assert CommuneFinder([RHO, newer]).find("015182").population == 51_000
