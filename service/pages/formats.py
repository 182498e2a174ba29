"""Amounts, days and numbers as people write them in either language."""

from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent

from service.moments import ROME

_LOCALES = {"it": "it_IT", "en": "en_GB"}


def locale(language: str) -> str:
    """Return the locale in which a language is written here."""
    return _LOCALES[language]


def money(amount: Decimal | str | None, currency: str, language: str) -> str:
    """Return an amount such as ``1.250.000 €``; cents only where there are any."""
    if amount is None:
        return ""
    value = Decimal(amount)
    digits = value == value.to_integral_value()
    pattern = "#,##0 ¤" if digits else None
    return format_currency(value, currency, pattern, locale=_LOCALES[language], currency_digits=not digits)


def number(value: float, language: str) -> str:
    """Return a number with the language's separators."""
    return format_decimal(value, locale=_LOCALES[language])


def share(value: Decimal | str | float, language: str) -> str:
    """Return a share of 1 as a percentage."""
    return format_percent(Decimal(str(value)), locale=_LOCALES[language])


def day(value: date | datetime | str, language: str, style: str = "long") -> str:
    """Return a day such as ``30 novembre 2026``; a moment's day is that of Rome."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        value = value.astimezone(ROME).date()
    return format_date(value, style, locale=_LOCALES[language])


def hour(value: datetime | str) -> str:
    """Return the hour of a moment in Rome, such as ``12:00``."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return f"{value.astimezone(ROME):%H:%M}"


def fine_share(value: float, language: str) -> str:
    """Return a share of 1 as a percentage with one decimal, or as many as it takes for a tiny one not to be zero."""
    digits = "0.0" if value == 0 or value >= 0.0005 else "0.0###"
    return format_percent(value, f"{digits}%", locale=_LOCALES[language])
