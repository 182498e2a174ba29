"""A condition that the source gives as a number is told as people write it, never under the name of its field."""

import pytest

from service.pages.reasons import criterion_line
from service.pages.rules_told import rule_line

FACTS = {"max_award": "50000", "min_cost": "1000"}
READ = {"criterion": "amount", "quote": "max_award: 50000 EUR", "origin": "max_award", "reviewed_on": None}
JUDGED = READ | {"verdict": "met", "missing": "", "facts": FACTS | {"project_cost": "7000"}}
TOLD = {
    "it": "contributo massimo 50.000 €, costo minimo del progetto 1.000 €",
    "en": "largest grant 50,000 €, smallest project cost 1,000 €",
}
ORIGIN = {"it": "dato della fonte", "en": "stated by the source"}


@pytest.mark.parametrize("language", ["it", "en"])
def test_amounts_that_a_source_gives_are_told_as_people_write_them(language):
    line = rule_line(READ | {"read": {"facts": tuple(FACTS.items())}}, language)
    assert (line["told"].replace("\xa0", " "), line["quote"], line["origin"]) == (TOLD[language], "", ORIGIN[language])


@pytest.mark.parametrize("language", ["it", "en"])
def test_amounts_that_judged_a_commune_are_told_the_same_way(language):
    line = criterion_line(JUDGED, language)
    assert (line.told.replace("\xa0", " "), line.quote, line.origin) == (TOLD[language], "", ORIGIN[language])


def test_a_condition_read_from_the_text_keeps_its_sentence():
    line = criterion_line(JUDGED | {"origin": "text:120", "quote": "massimo 50.000 euro a progetto"}, "it")
    assert (line.told, line.quote, line.origin) == ("", "massimo 50.000 euro a progetto", "")
