"""Partners, lead, asset, amounts and co-financing, from fields and from text."""

from decimal import Decimal
from typing import Any

import pytest
from applicants_at import CINISELLO, a_call

from matcher.eligibility import extract_rules, judge
from matcher.records import Money, QueryKind
from matcher.verdicts import Criterion, CriterionResult, Verdict, municipality


def condition(criterion: Criterion, query: QueryKind | None = None, **fields: Any) -> CriterionResult | None:
    results = judge(extract_rules(a_call(**fields)), municipality(CINISELLO), None, query).criteria
    return next((result for result in results if result.criterion is criterion), None)


@pytest.mark.parametrize(
    ("text", "partners"),
    [
        ("Il partenariato deve essere composto da almeno cinque partner (capofila compreso).", "5"),
        ("Raggruppamenti costituiti da almeno 3 (tre) enti legati da un accordo.", "3"),
        ("Aggregazioni composte da un minimo di 2 partner e fino a un massimo di 8.", "2"),
    ],
)
def test_a_minimum_of_partners_is_a_condition_to_check(text: str, partners: str) -> None:
    result = condition(Criterion.PARTNERSHIP, text=text)
    assert result is not None
    assert ("min_partners", partners) in result.facts
    assert (result.verdict, result.missing) == (Verdict.UNKNOWN, "partners")
    assert result.quote in text


@pytest.mark.parametrize(
    "text",
    [
        "almeno cinque comuni",
        "almeno 3 imprese iscritte",
        "la capofila invia comunicazioni ai partner",
        "Il Comune di Limena, quale comune capofila del distretto, approva il bando.",
    ],
)
def test_numbers_without_a_partnership_ask_for_none(text: str) -> None:
    assert condition(Criterion.PARTNERSHIP, text=text) is None


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("Il capofila deve essere un ente pubblico.", "public"),
        ("Il partenariato individua un comune capofila.", "commune"),
    ],
)
def test_the_lead_that_a_partnership_needs_is_read(text: str, lead: str) -> None:
    result = condition(Criterion.PARTNERSHIP, text=text)
    assert result is not None
    assert ("lead", lead) in result.facts


def test_an_asset_in_public_hands_is_asked_of_projects_and_given_for_assets() -> None:
    text = "Sono ammessi interventi su impianti sportivi di proprietà comunale."
    asked = condition(Criterion.ASSET, text=text)
    given = condition(Criterion.ASSET, QueryKind.ASSET, text=text)
    assert asked is not None
    assert given is not None
    assert (asked.verdict, asked.missing) == (Verdict.UNKNOWN, "ownership")
    assert given.verdict is Verdict.MET


def test_award_limits_come_from_the_fields() -> None:
    result = condition(Criterion.AMOUNT, min_award=Money(Decimal(10_000)), max_award=Money(Decimal(50_000)))
    assert result is not None
    assert result.facts == (("min_award", "10000"), ("max_award", "50000"))


def test_award_limits_come_from_the_text() -> None:
    result = condition(Criterion.AMOUNT, text="Il contributo massimo concedibile è pari a 150.000,00 euro.")
    assert result is not None
    assert result.facts == (("max_award", "150000.00"),)


def facts_of(criterion: Criterion, **fields: Any) -> dict[str, str]:
    result = condition(criterion, **fields)
    return dict(result.facts) if result else {}


@pytest.mark.parametrize(
    ("text", "name", "euros"),
    [
        ("Il contributo è concesso nel limite massimo di euro 50.000,00 per impresa.", "max_award", "50000.00"),
        (
            "Contributo fino al 100% dei costi, comunque fino ad un massimo di € 1.000.000,00.",
            "max_award",
            "1000000.00",
        ),
        ("L'agevolazione ai sensi del Reg. n. 651/2014 ha un importo massimo di 90 mila euro.", "max_award", "90000"),
        ("Progetti con spese ammissibili non inferiori a euro 30.000,00.", "min_cost", "30000.00"),
        ("I costi ammissibili devono essere almeno pari a 10.000 euro.", "min_cost", "10000"),
        ("Importo minimo di progetto non inferiore a 50.000,00(cinquantamila/00) euro.", "min_cost", "50000.00"),
        ("La spesa minima ammissibile, per domanda di contributo, è pari a € 5.000,00.", "min_cost", "5000.00"),
        ("L'importo massimo di spesa ammissibile, per domanda, è pari a € 300.000,00.", "max_cost", "300000.00"),
    ],
)
def test_bounds_are_read_as_calls_write_them(text: str, name: str, euros: str) -> None:
    assert facts_of(Criterion.AMOUNT, text=text) == {name: euros}


@pytest.mark.parametrize(
    "text",
    [
        "Non sono ammesse fatture di importo minimo inferiore a euro 500,00.",
        "Il contributo de minimis non può superare 300.000 euro in tre anni.",
        "La spesa massima per le polizze è di 300 euro.",
        "Importo minimo: 5.000,00 euro, durata fino a 84 mesi.",
        "Il costo massimo è pari a 1.500 €/kW per gli impianti.",
        "Il contributo massimo per la garanzia è di 20.000 euro.",
    ],
)
def test_bounds_of_something_else_are_no_bounds_of_the_project(text: str) -> None:
    assert facts_of(Criterion.AMOUNT, text=text) == {}


def test_of_several_lines_the_highest_ceiling_counts_and_of_several_expenses_the_widest() -> None:
    lines = "Linea 1: contributo massimo 70.000 euro. Linea 2: contributo massimo 300.000 euro. "
    expenses = "Costo massimo delle caldaie: 25.000 euro. Il massimale di spesa per domanda è di € 3.000.000,00."
    assert facts_of(Criterion.AMOUNT, text=lines + expenses) == {"max_award": "300000", "max_cost": "3000000.00"}


def test_the_catalogue_bounds_expenses_and_writes_zero_for_none() -> None:
    extra = (("spesa_min", "0"), ("spesa_max", "60000"))
    text = "La spesa minima ammissibile è di euro 1.500,00; la spesa massima è di 10.000 euro."
    result = condition(Criterion.AMOUNT, extra=extra, text=text)
    assert result is not None
    assert dict(result.facts) == {"min_cost": "1500.00", "max_cost": "60000"}
    assert (result.origin, result.quote) == ("spesa_max", "spesa_max: 60000 EUR")


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("L'ammontare del contributo è pari all'80% della spesa ammissibile.", "0.8"),
        ("Il contributo è erogato nel limite del 50% della spesa.", "0.5"),
        ("L'agevolazione è concessa fino al 100% sotto forma di sovvenzione a fondo perduto.", "1"),
    ],
)
def test_the_share_that_a_call_pays_is_read_as_calls_write_it(text: str, covered: str) -> None:
    assert facts_of(Criterion.COFINANCING, text=text) == {"covered": covered}


def test_a_guarantee_covers_no_cost() -> None:
    text = "L'agevolazione (garanzia fino al 100% e contributo a fondo perduto) è concessa alle imprese."
    assert facts_of(Criterion.COFINANCING, text=text) == {}


def test_a_share_below_the_whole_asks_for_own_funds() -> None:
    result = condition(Criterion.COFINANCING, cofinancing=Decimal("0.7"))
    assert result is not None
    assert (result.verdict, result.missing, result.facts) == (Verdict.UNKNOWN, "own_funds", (("covered", "0.7"),))


def test_a_call_that_pays_everything_asks_for_nothing() -> None:
    result = condition(Criterion.COFINANCING, text="Contributo a fondo perduto fino al 100% delle spese ammissibili.")
    assert result is not None
    assert result.verdict is Verdict.MET


@pytest.mark.parametrize(
    "text",
    [
        "Le spese di personale sono ammissibili fino al 20% delle spese del progetto.",
        "Costi indiretti calcolati in misura forfettaria pari al 7% dei costi diretti.",
        "Anticipo del contributo pari al 40% della spesa.",
    ],
)
def test_ceilings_on_expenses_and_advances_are_no_share(text: str) -> None:
    assert condition(Criterion.COFINANCING, text=text) is None


def test_conditions_never_rule_out() -> None:
    text = "Partenariato di almeno 5 partner. Contributo a fondo perduto pari al 50% delle spese."
    call = a_call(text=text, applicants_text="Comuni", territory_text="nazionale")
    assert judge(extract_rules(call), municipality(CINISELLO), None).verdict is Verdict.MET
