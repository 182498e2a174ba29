"""When a call is open: fields, a publisher's word, an interval in the text."""

from datetime import date, datetime

import pytest
from applicants_at import a_call

from matcher.eligibility import extract_rules, judge
from matcher.eligibility.dates import dates_rule
from matcher.records import CallStatus, FundingCall, Moment, Provenance
from matcher.serialization import ROME
from matcher.verdicts import Applicant, Criterion, CriterionResult, Verdict

ANYBODY = Applicant(frozenset(), None)


def rome(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ROME)  # type: ignore[arg-type, misc]


def on_dates(call: FundingCall, on: datetime | None) -> CriterionResult:
    results = judge(extract_rules(call), ANYBODY, on).criteria
    return next(result for result in results if result.criterion is Criterion.DATES)


def test_a_deadline_with_an_hour_ends_at_that_hour() -> None:
    call = a_call(closes=Moment(rome(2025, 3, 14, 16), hour_known=True))
    assert on_dates(call, rome(2025, 3, 14, 15, 59)).verdict is Verdict.MET
    assert on_dates(call, rome(2025, 3, 14, 16, 1)).verdict is Verdict.NOT_MET


def test_a_deadline_without_an_hour_lasts_to_the_end_of_the_day() -> None:
    call = a_call(closes=Moment(rome(2025, 3, 14)))
    assert on_dates(call, rome(2025, 3, 14, 23, 30)).verdict is Verdict.MET
    assert on_dates(call, rome(2025, 3, 15)).verdict is Verdict.NOT_MET


def test_a_call_that_has_yet_to_open_is_not_closed() -> None:
    call = a_call(opens=Moment(rome(2025, 6, 1)), closes=Moment(rome(2025, 7, 1)))
    result = on_dates(call, rome(2025, 5, 1))
    assert result.verdict is Verdict.MET
    assert dict(result.facts) == {"opens": "2025-06-01", "closes": "2025-07-01"}


def test_funds_may_end_before_the_deadline() -> None:
    call = a_call(closes=Moment(rome(2025, 7, 1)), while_funds_last=True)
    result = on_dates(call, rome(2025, 5, 1))
    assert (result.verdict, result.missing) == (Verdict.UNKNOWN, "remaining_funds")


def test_a_call_without_dates_is_neither_open_nor_closed() -> None:
    result = on_dates(a_call(), rome(2025, 5, 1))
    assert (result.verdict, result.missing) == (Verdict.UNKNOWN, "closing_date")


def test_a_publisher_that_says_closed_is_believed_from_the_day_it_said_so() -> None:
    call = a_call(status=CallStatus.CLOSED, provenance=Provenance("catalogo", date(2026, 6, 23)))
    assert on_dates(call, rome(2026, 6, 24)).verdict is Verdict.NOT_MET
    assert on_dates(call, rome(2025, 1, 1)).verdict is Verdict.UNKNOWN


def test_dates_that_are_only_shown_decide_nothing() -> None:
    call = a_call(closes=Moment(rome(2020, 1, 1)))
    assert on_dates(call, None).verdict is Verdict.UNKNOWN
    assert judge(extract_rules(call), ANYBODY, None).verdict is not Verdict.NOT_MET


@pytest.mark.parametrize(
    ("text", "opens", "closes"),
    [
        (
            "Le domande si presentano dalle ore 10.00 del 15 gennaio 2025 fino alle ore 16.00 del 14 marzo 2025.",
            Moment(rome(2025, 1, 15, 10), hour_known=True),
            Moment(rome(2025, 3, 14, 16), hour_known=True),
        ),
        (
            "Presentazione della domanda: dal 10/02/2025 al 28/04/2025",
            Moment(rome(2025, 2, 10)),
            Moment(rome(2025, 4, 28)),
        ),
        (
            "Le istanze vanno inviate entro e non oltre le ore 12:00 di martedì 15 luglio 2025.",
            None,
            Moment(rome(2025, 7, 15, 12), hour_known=True),
        ),
        (
            "La domanda va inviata dal 5 marzo 2025 al 24 aprile 2025, entro e non oltre le ore 16:00:00.",
            Moment(rome(2025, 3, 5)),
            Moment(rome(2025, 4, 24, 16), hour_known=True),
        ),
        (
            "Le domande vanno inviate:\n- a partire dalle ore 12:00 di\n martedì 3 giugno 2025;\n- fino alle ore 12:00 "
            "di martedì 15 luglio 2025.",
            Moment(rome(2025, 6, 3, 12), hour_known=True),
            Moment(rome(2025, 7, 15, 12), hour_known=True),
        ),
        (
            "Domande a partire dalle ore 15.00 del 28 febbraio del 2025 e non oltre le ore 17.00 del 15 aprile 2025.",
            Moment(rome(2025, 2, 28, 15), hour_known=True),
            Moment(rome(2025, 4, 15, 17), hour_known=True),
        ),
        (
            "Le domande si presentano a partire dalle ore 10:30 del 14 gennaio 2025.",
            Moment(rome(2025, 1, 14, 10, 30), hour_known=True),
            None,
        ),
        (
            "Domande a partire dalle ore 10 del 8 aprile 2025. Lo sportello è aperto sino al 31 dicembre 2027.",
            Moment(rome(2025, 4, 8, 10), hour_known=True),
            Moment(rome(2027, 12, 31)),
        ),
    ],
)
def test_dates_are_read_from_the_text(text: str, opens: Moment | None, closes: Moment | None) -> None:
    rule = dates_rule(a_call(text=text))
    assert rule is not None
    assert (rule.opens, rule.closes) == (opens, closes)
    assert rule.quote in " ".join(text.split())


@pytest.mark.parametrize(
    "text",
    [
        "I lavori devono finire entro il 30 giugno 2028.",
        "Spese sostenute dal 1 gennaio 2023 al 31 dicembre 2024.",
        "Domande entro le ore 12:00 del 31 febbraio 2025.",
        "Presentazione delle domande dal 5 maggio 2025 al 5 aprile 2025.",
    ],
)
def test_dates_of_something_else_close_nothing(text: str) -> None:
    assert dates_rule(a_call(text=text)) is None


def test_a_permanent_desk_is_read_from_the_text() -> None:
    rule = dates_rule(a_call(text="Lo sportello resta aperto fino a esaurimento delle risorse stanziate."))
    assert rule is not None
    assert rule.while_funds_last
    assert rule.closes is None


def test_a_clause_with_the_hour_counts_before_the_headline() -> None:
    headline = "Domande dal 13 dicembre 2023 al 30 gennaio 2024. "
    clause = "Le domande si inviano dalle ore 12:00 del 13 dicembre 2023 alle ore 18:00 del 14 febbraio 2024."
    rule = dates_rule(a_call(text=headline + clause))
    assert rule is not None
    assert rule.closes == Moment(rome(2024, 2, 14, 18), hour_known=True)


def test_a_period_opens_before_it_closes_or_has_no_opening() -> None:
    rule = dates_rule(a_call(text="Domande entro le ore 12 del 3 marzo 2025; erogazione dalle ore 9 del 4 marzo 2026."))
    assert rule is not None
    assert (rule.opens, rule.closes) == (None, Moment(rome(2025, 3, 3, 12), hour_known=True))


@pytest.mark.parametrize(
    ("text", "lasts"),
    [
        ("L'agevolazione è concessa con procedura valutativa a sportello.", True),
        ("Il bando chiude il 3 marzo, salvo esaurimento dei fondi.", True),
        ("Domande finanziate in ordine cronologico, fino ad esaurimento delle risorse.", True),
        ("I progetti sono finanziati secondo la graduatoria, fino all'esaurimento delle risorse.", False),
        ("Il contributo è assegnato in base al punteggio, fino ad esaurimento della dotazione.", False),
    ],
)
def test_money_that_runs_down_a_ranking_closes_no_call(text: str, lasts: bool) -> None:
    rule = dates_rule(a_call(text=text))
    assert (rule is not None and rule.while_funds_last) is lasts


def test_the_hour_of_a_day_is_read_from_the_note_beside_it() -> None:
    note = (
        "Domande a partire dalle ore 14:00 del 10/07/2024 sino alle ore 12:00 del 31/12/2026, salvo esaurimento fondi."
    )
    days = {"opens": Moment(rome(2024, 7, 10)), "closes": Moment(rome(2026, 12, 30))}
    rule = dates_rule(a_call(**days, extra=(("note_apertura_chiusura", note),)))
    assert rule is not None
    assert rule.opens == Moment(rome(2024, 7, 10, 14), hour_known=True)
    assert rule.closes == days["closes"], "the note speaks of another day: the field stands"
    assert rule.while_funds_last


def test_fields_win_over_the_text() -> None:
    closes = Moment(rome(2026, 1, 1))
    rule = dates_rule(a_call(closes=closes, text="domande entro le ore 12:00 del 15 luglio 2025"))
    assert rule is not None
    assert (rule.closes, rule.origin) == (closes, "closes")
