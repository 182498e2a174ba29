"""One record has one text, and the text gives the record back."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given

from matcher.errors import SerializationError
from matcher.records import Commune, FundingCall, Level, Moment, Money, Precedent, Provenance
from matcher.serialization import ROME, content_hash, from_data, from_json, to_data, to_json
from tests.strategies import records

CALL = FundingCall(id="prova:1", source="prova", title="Asili nido")


@given(records())
def test_every_record_comes_back_as_it_went(record):
    assert from_json(type(record), to_json(record)) == record


@given(records())
def test_a_record_that_came_back_has_the_same_text(record):
    text = to_json(record)
    assert to_json(from_json(type(record), text)) == text


def test_absent_values_are_left_out_and_stated_defaults_kept():
    call = replace(CALL, level=Level.UNKNOWN, themes=(), max_award=Money(Decimal(5)))
    assert to_data(call) == {
        "id": "prova:1",
        "illustrative": False,
        "max_award": {"amount": "5", "currency": "EUR"},
        "source": "prova",
        "title": "Asili nido",
    }


@pytest.mark.parametrize(
    ("written", "same"), [("100.00", "100"), ("1E+6", "1000000"), ("-0.0", "0"), ("0.50", "0.5"), ("12.30", "12.3")]
)
def test_equal_amounts_have_one_text(written, same):
    assert to_json(replace(CALL, cofinancing=Decimal(written))) == to_json(replace(CALL, cofinancing=Decimal(same)))


def test_one_instant_has_one_text_in_whatever_zone_it_was_read():
    rome = Moment(datetime(2025, 3, 31, 12, tzinfo=ROME), hour_known=True)
    utc = Moment(datetime(2025, 3, 31, 10, tzinfo=UTC), hour_known=True)
    assert content_hash(to_json(replace(CALL, closes=rome))) == content_hash(to_json(replace(CALL, closes=utc)))


def test_a_deadline_comes_back_in_the_time_of_rome():
    call = replace(CALL, closes=Moment(datetime(2025, 1, 31, 23, 30, tzinfo=UTC)))
    assert from_json(FundingCall, to_json(call)).closes.at.date().isoformat() == "2025-02-01"


@pytest.mark.parametrize(
    ("record", "field"),
    [
        (replace(CALL, total_amount=Money(Decimal("NaN"))), "total_amount.amount"),
        (replace(CALL, total_amount=Money(Decimal("1E+999999999"))), "total_amount.amount"),
        (replace(CALL, closes=Moment(datetime(2025, 1, 1))), "closes.at"),  # noqa: DTZ001 - the naive one is the case
        (replace(CALL, title="a\0b"), "title"),
        (replace(CALL, extra=(("nome", "a\0b"),)), "extra"),
        (replace(CALL, provenance=Provenance("\ud800")), "provenance"),
        (Commune(istat="015146", name="Milano", lat=float("inf")), "lat"),
    ],
)
def test_a_value_that_no_field_may_hold_is_refused_by_name(record, field):
    with pytest.raises(SerializationError) as refused:
        to_json(record)
    assert (refused.value.record, refused.value.field) == (record.id, field)


def test_a_text_about_nul_characters_is_not_taken_for_one():
    call = replace(CALL, title="il carattere \\u0000")
    assert from_json(FundingCall, to_json(call)) == call


@pytest.mark.parametrize(
    "data",
    [
        {"id": "p:1", "source": "p", "title": "t", "colour": "red"},
        {"id": "p:1", "source": "p"},
        {"id": "p:1", "source": "p", "title": "t", "amount": {"amount": "many"}},
    ],
)
def test_json_of_another_shape_is_refused(data):
    with pytest.raises(SerializationError, match="p:1"):
        from_data(Precedent, data)


def test_text_that_is_not_json_is_refused():
    with pytest.raises(SerializationError, match="not JSON"):
        from_json(Precedent, "{")
