from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from matcher.explanation import PassageMatch, Recommendation
from matcher.records import FundingCall, Money
from matcher.verdicts import Criterion, CriterionResult, Eligibility, Verdict
from service import wording
from tests import world


@pytest.mark.parametrize(
    ("amount", "italian", "english"),
    [
        ("1234.5", "1.234,50 €", "1,234.50 €"),
        ("97500", "97.500 €", "97,500 €"),
        ("734000000", "734.000.000 €", "734,000,000 €"),
        ("0", "0 €", "0 €"),
    ],
)
def test_amounts_are_written_as_people_write_them(amount: str, italian: str, english: str) -> None:
    assert wording.euro(Money(Decimal(amount)), "it") == italian
    assert wording.euro(Money(Decimal(amount)), "en") == english


def test_another_currency_is_named() -> None:
    assert wording.euro(Money(Decimal(5), "CHF"), "it") == "5 CHF"


def _found(call: FundingCall, *criteria: CriterionResult, similarity: float = 0.0) -> Recommendation:
    match = PassageMatch("", "", "title", 0, similarity)
    return Recommendation(1, call, 1.0, Eligibility(Verdict.UNKNOWN, criteria, 0.5), (), (match,))


def test_a_deadline_says_its_hour_and_the_days_left() -> None:
    assert wording.deadline(_found(world.NIDI), world.TODAY) == "scade il 30/06/2025 ore 12:00 (56 giorni)"


def test_a_deadline_without_an_hour_says_so() -> None:
    assert wording.deadline(_found(world.ENERGIA_IMPRESE), None) == "scade il 01/10/2025, ora non indicata"


def test_a_closed_call_says_when_it_closed() -> None:
    assert wording.deadline(_found(world.CICLABILI_CHIUSO), world.TODAY) == "scaduto il 31/05/2024 ore 12:00"


def test_a_call_without_a_closing_date_is_neither_open_nor_closed() -> None:
    assert wording.deadline(_found(world.RIGENERAZIONE_PAGINA_NOVE), world.TODAY) == "scadenza non indicata"


@pytest.mark.parametrize(
    ("closes", "said"),
    [
        ("2025-05-31T12:00:00+02:00", "scade il 31/05/2025 ore 12:00 (26 giorni)"),
        ("2025-05-31", "scade il 31/05/2025, ora non indicata (26 giorni)"),
        ("2025-05-05", "scade il 05/05/2025, ora non indicata (oggi)"),
    ],
)
def test_a_deadline_that_only_the_text_states_is_told_too(closes: str, said: str) -> None:
    read = CriterionResult(Criterion.DATES, Verdict.MET, "entro il…", "text:9", (("closes", closes),))
    assert wording.deadline(_found(world.RIGENERAZIONE_PAGINA_NOVE, read), world.TODAY) == said


@pytest.mark.parametrize(
    ("similarity", "said"),
    [(0.9, "parla della stessa cosa"), (0.87, "tratta lo stesso tema"), (0.84, "è solo vicino per tema")],
)
def test_how_near_a_call_is_is_said_in_words(similarity: float, said: str) -> None:
    assert wording.why(_found(world.NIDI, similarity=similarity)) == said


def test_what_was_funded_before_is_not_passed_off_as_the_calls_own_words() -> None:
    match = PassageMatch("led", "corpi illuminanti led", "funded_before", 0, 0.9)
    assert wording.call_passage(match) == "Progetti già finanziati: corpi illuminanti led"


@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("language", ["it", "en"])
def test_every_verdict_has_a_shape_and_a_word(verdict: Verdict, language: str) -> None:
    shape, word = wording.verdict(verdict, language).split(" ", 1)
    assert len(shape) == 1
    assert word


@pytest.mark.parametrize("criterion", list(Criterion))
def test_every_criterion_has_an_italian_and_an_english_name(criterion: Criterion) -> None:
    assert wording.say(criterion.value, "it") != wording.say(criterion.value, "en")


def test_an_unknown_criterion_names_what_is_missing_and_quotes_what_was_read() -> None:
    result = CriterionResult(Criterion.PARTNERSHIP, Verdict.UNKNOWN, "almeno cinque partner", missing="partners")
    assert wording.criterion(result) == (
        "partenariato: ? da verificare (i partner con cui fare domanda) — «almeno cinque partner»"
    )


def test_a_criterion_that_a_person_checked_says_so_with_the_day() -> None:
    checked = CriterionResult(Criterion.POPULATION, Verdict.MET, "meno di 5.000", reviewed_on=date(2026, 3, 12))
    assert "verificato da una persona il 12/03/2026" in wording.criterion(checked)
    assert "checked by a person on 12/03/2026" in wording.criterion(checked, "en")
    assert "persona" not in wording.criterion(replace(checked, reviewed_on=None))
