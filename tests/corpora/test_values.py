"""Money, dates and ids as Italian publishers write them: read exactly, or refused with the reason."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from corpora.values import ROME, parse_date, parse_day, parse_int, parse_money, parse_number, slug

amounts = st.decimals(min_value=0, max_value=Decimal("999999999999"), places=2, allow_nan=False)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("114.000.000", "114000000"),
        ("1.234,50", "1234.50"),
        ("97500.0", "97500.0"),
        ("68196721,31", "68196721.31"),
        ("€ 1.234.567,89", "1234567.89"),
        ("500 000,00 EUR", "500000.00"),
        ("1,234,567.89", "1234567.89"),
        ("0,01", "0.01"),
        ("1.1854008e+06", "1185400.8"),
        ("0.123", "0.123"),
    ],
)
def test_an_amount_with_one_reading_is_read(text: str, amount: str) -> None:
    assert parse_money(text).amount == Decimal(amount)


@pytest.mark.parametrize("text", ["114.000", "1,234"])
def test_an_amount_with_two_readings_is_refused_until_the_decimal_sign_is_known(text: str) -> None:
    with pytest.raises(ValueError, match="may be read as thousands or as decimals"):
        parse_money(text)


@pytest.mark.parametrize(("decimal", "amount"), [(",", "114000"), (".", "114.000")])
def test_the_files_decimal_sign_settles_an_ambiguous_amount(decimal: str, amount: str) -> None:
    assert parse_money("114.000", decimal).amount == Decimal(amount)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("-5", "below zero"), ("tanti", "not a number"), ("1.23.456", "not a number"), ("1,2,3", "not a number"),
     ("NaN", "not a number"), ("1e400", "not a number"), ("Lotto 1: 3 partecipanti", "not a number")],
)  # fmt: skip
def test_what_is_no_amount_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_number(text)


@given(amounts)
def test_an_amount_written_in_italian_is_read_back_equal(amount: Decimal) -> None:
    italian = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    assert parse_money(italian).amount == amount
    assert parse_money(f"€ {italian}").amount == amount


@given(amounts)
def test_an_amount_written_in_plain_digits_is_read_back_equal(amount: Decimal) -> None:
    assert parse_money(f"{amount:f}").amount == amount


@pytest.mark.parametrize(("text", "decimal"), [("2788", ""), ("2788.0", ""), ("2.788", ",")])
def test_a_count_is_read_as_a_whole_number(text: str, decimal: str) -> None:
    assert parse_int(text, decimal) == 2788


def test_half_a_participant_is_refused() -> None:
    with pytest.raises(ValueError, match="not a whole number"):
        parse_int("12.5")


@pytest.mark.parametrize("text", ["2025-02-28", "28/02/2025", "2025-02-28T00:00:00", "2025-02-27T23:00:00Z"])
def test_a_day_without_its_hour_lasts_to_its_last_minute_in_rome(text: str) -> None:
    moment = parse_date(text)
    assert not moment.hour_known
    assert moment.at == datetime(2025, 2, 28, 23, 59, tzinfo=ROME)


@pytest.mark.parametrize(
    "text", ["28/02/2025 12:00", "2025-02-28T12:00:00", "2025-02-28T11:00:00Z", "28/02/2025 12.00"]
)
def test_a_known_hour_is_kept_in_romes_time(text: str) -> None:
    moment = parse_date(text)
    assert moment.hour_known
    assert moment.at == datetime(2025, 2, 28, 12, tzinfo=ROME)


@pytest.mark.parametrize("text", ["31/02/2025", "2025-13-01", "domani", "02/2025", "45123"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a date"):
        parse_date(text)


@pytest.mark.parametrize("text", ["0202-10-01", "9999-12-31"])
def test_a_year_that_cannot_be_right_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be right"):
        parse_date(text)


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_a_day_is_the_same_day_in_italian_and_in_iso_form(day: date) -> None:
    assert parse_day(f"{day:%d/%m/%Y}") == parse_day(day.isoformat()) == day


@given(st.integers(0, 4_000_000_000))
def test_an_instant_in_utc_is_the_same_instant_in_rome(seconds: int) -> None:
    instant = datetime.fromtimestamp(seconds, tz=UTC)
    assume(instant.astimezone(ROME).time() != time())
    assert parse_date(instant.isoformat()).at == instant


@pytest.mark.parametrize(
    "title",
    ['1.4.5 "Piattaforma Notifiche Digitali” Comuni', "1.4.5 'Piattaforma Notifiche Digitali' Comuni",
     "1.4.5  Piattaforma Notifiche Digitali -  Comuni ", "1.4.5 PIATTAFORMA notifiche digitali – comuni"],
)  # fmt: skip
def test_one_title_has_one_slug_however_it_is_typed(title: str) -> None:
    assert slug(title) == "1-4-5-piattaforma-notifiche-digitali-comuni"


def test_an_accent_does_not_cost_a_slug_its_letter() -> None:
    assert slug("Province e città metropolitane – L’Aquila") == "province-e-citta-metropolitane-l-aquila"


@given(st.text(max_size=60))
def test_a_slug_is_plain_and_its_own_slug(text: str) -> None:
    first = slug(text)
    assert first == slug(first) == slug(f"  {text} ")
    assert set(first) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
