"""Reading money, dates and numbers as Italian publishers write them, without ever guessing.

Each parser takes non-empty text and raises ValueError with the reason where two readings are possible.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from matcher.records import Moment, Money

ROME = ZoneInfo("Europe/Rome")

_PLAIN = re.compile(r"\d+(\.\d+)?")
_POWER_OF_TEN = re.compile(r"\d(\.\d+)?[eE]\+?(0?\d|1[0-2])")
_GROUPED = {".": re.compile(r"\d{1,3}(\.\d{3})+(,\d+)?"), ",": re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")}
_DECIMAL_COMMA = re.compile(r"\d+,\d+")
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}([.,])\d{3}")
_CURRENCY = re.compile(r"^(€|EUR\b|euro\b)|(€|\bEUR|\beuro)$", re.IGNORECASE)
_ITALIAN_DATE = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?:[ T]+(\d{1,2})[:.](\d{2})(?::\d{2})?)?")
_FIRST_YEAR, _LAST_YEAR = 1948, 2100


def parse_number(text: str, decimal: str = "") -> Decimal:
    """A number of zero or more, in Italian ("1.234,50"), English ("1,234.50") or plain form ("97500.0", "9.75e+04").

    ``decimal`` (``"."`` or ``","``) is the file's decimal sign where it is known; it settles "114.000", which without
    it may be read twice. Raises ValueError with the reason.
    """
    digits = text.strip().replace("\u00a0", "").replace(" ", "")
    ambiguous = _AMBIGUOUS.fullmatch(digits)
    if ambiguous:
        if not decimal:
            raise ValueError("may be read as thousands or as decimals")
        return Decimal(digits.replace(ambiguous[1], "." if ambiguous[1] == decimal else ""))
    if _PLAIN.fullmatch(digits):
        return Decimal(digits)
    if _POWER_OF_TEN.fullmatch(digits):
        return Decimal(f"{Decimal(digits):f}")
    if _DECIMAL_COMMA.fullmatch(digits):
        return Decimal(digits.replace(",", "."))
    for thousands, grouped in _GROUPED.items():
        if grouped.fullmatch(digits):
            return Decimal(digits.replace(thousands, "").replace(",", "."))
    if digits.startswith("-"):
        raise ValueError("below zero")
    raise ValueError("not a number")


def parse_money(text: str, decimal: str = "") -> Money:
    """An amount in euro, with or without its sign ("€ 114.000.000", "1.234,50", "97500.0").

    ``decimal`` as in ``parse_number``. Raises ValueError with the reason.
    """
    return Money(parse_number(_CURRENCY.sub("", text.strip()), decimal))


def parse_int(text: str, decimal: str = "") -> int:
    """A count ("2788", "2788.0", "2.788" where ``decimal`` is a comma); raises ValueError for a fraction."""
    number = parse_number(text, decimal)
    if number != number.to_integral_value():
        raise ValueError("not a whole number")
    return int(number)


def parse_date(text: str) -> Moment:
    """A day or an instant, in ISO form (with or without a zone) or day first ("28/02/2025", "28/02/2025 12:00").

    Without a zone it is Rome's time. Midnight means that only the day is known, and becomes its last minute. Raises
    ValueError with the reason.
    """
    at = _read_date(text.strip())
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise ValueError(f"the year {at.year} cannot be right")
    if at.time() != time():
        return Moment(at, hour_known=True)
    # Exports shift local midnight to UTC; back in Rome it is midnight again, and means the day.
    return Moment(at.replace(hour=23, minute=59))


def parse_day(text: str) -> date:
    """The day of ``parse_date``; raises ValueError with the reason."""
    return parse_date(text).at.date()


def slug(text: str) -> str:
    """The text as an id: ASCII letters and digits in lower case, joined by hyphens; the same for every spelling."""
    folded = unicodedata.normalize("NFKD", text.replace("’", "'")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", folded.lower()).strip("-")


def _read_date(text: str) -> datetime:
    italian = _ITALIAN_DATE.fullmatch(text)
    try:
        if italian:
            day, month, year, hour, minute = (int(part or 0) for part in italian.groups())
            return datetime(year, month, day, hour, minute, tzinfo=ROME)
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError("not a date") from error
    if at.tzinfo is None:
        return at.replace(tzinfo=ROME)
    return at.astimezone(UTC).astimezone(ROME)
