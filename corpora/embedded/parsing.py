"""From a TOML table or a CSV row to a frozen record, field by field and strictly.

The keys of a table are the field names of the record. What a field may hold follows from its type:

    str, StrEnum        text
    int, float, bool    the TOML value, or its text in a CSV
    date                a TOML date, or its ISO text
    Moment              a TOML date (hour unknown) or local date-time (hour known), in Europe/Rome
    Money, Decimal      text ("250000.00"), so that nothing is rounded
    tuple[str, ...]     a list, or text parted by ";" in a CSV
    tuple of pairs      a table of names and values
    Provenance          the reference as text; the date comes from ``as_of`` beside it, else from the corpus
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from corpora.errors import EmbeddedCorpusError
from matcher.records import Moment, Money, Provenance, Record

ROME = ZoneInfo("Europe/Rome")
LAST_MINUTE = time(23, 59)
YES_AND_NO = {"true": True, "false": False}
R = TypeVar("R", bound=Record)


def parse(table: Mapping[str, Any], kind: type[R], *, file: str, entry: int, as_of: date) -> R:
    """Make one record of class ``kind`` from one table.

    ``entry`` is the 1-based number of the table in ``file``; ``as_of`` is the day for tables that state none.
    Raises EmbeddedCorpusError, naming file, entry, field and value, on an unknown or missing key, a value of the wrong
    kind, an empty text where one is required, and a record without a source.
    """
    where = f"{file}, entry {entry} ({_name(table)})"
    hints = get_type_hints(kind)
    known = {field.name: field for field in fields(kind)}
    unknown = table.keys() - known.keys() - {"as_of"}
    if unknown:
        name = min(unknown)
        raise EmbeddedCorpusError(
            f"{where}, field {name!r}, value {table[name]!r}: {kind.__name__} has no such field; "
            f"use one of {', '.join(sorted(known))}"
        )
    values = {name: _value(value, hints[name], f"{where}, field {name!r}") for name, value in _given(table)}
    if not values.get("provenance"):
        raise EmbeddedCorpusError(f"{where}, field 'provenance': missing; say where the record was read")
    day = _date(table["as_of"]) if "as_of" in table else as_of
    values["provenance"] = Provenance(values["provenance"].reference, day)
    _require(known, values, where)
    return kind(**values)


def _name(table: Mapping[str, Any]) -> str:
    return str(table.get("id") or table.get("istat") or "no id")


def _given(table: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in table.items() if name != "as_of"]


def _require(known: Mapping[str, Field[Any]], values: Mapping[str, Any], where: str) -> None:
    for name, field in known.items():
        required = field.default is MISSING and field.default_factory is MISSING
        if required and values.get(name) in (None, ""):
            raise EmbeddedCorpusError(f"{where}, field {name!r}: missing; every record of this kind must have it")


def _value(value: Any, hint: Any, where: str) -> Any:
    wanted = _without_none(hint)
    try:
        return _converter(wanted)(value)
    except (ValueError, TypeError, InvalidOperation) as error:
        reason = str(error) if isinstance(error, ValueError) else f"not readable as {wanted}"
        raise EmbeddedCorpusError(f"{where}, value {value!r}: {reason}") from error


def _without_none(hint: Any) -> Any:
    if isinstance(hint, UnionType):
        return next(part for part in get_args(hint) if part is not type(None))
    return hint


def _converter(wanted: Any) -> Callable[[Any], Any]:
    if get_origin(wanted) is tuple:
        return _texts if get_args(wanted)[0] is str else _pairs
    converter: Callable[[Any], Any] = wanted if issubclass(wanted, StrEnum) else _CONVERTERS[wanted]
    return converter


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("text in quotes expected")
    return value.strip()


def _texts(value: Any) -> tuple[str, ...]:
    items = value.split(";") if isinstance(value, str) else value
    if not isinstance(items, list):
        raise ValueError("a list of texts expected")
    return tuple(item for item in map(_text, items) if item)


def _pairs(value: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, Mapping):
        raise ValueError("a table of names and values expected")
    return tuple((name, _text(item)) for name, item in value.items())


def _integer(value: Any) -> int:
    if isinstance(value, bool | float):
        raise ValueError("a whole number expected")
    return int(value)


def _real(value: Any) -> float:
    if isinstance(value, bool):
        raise ValueError("a number expected")
    return float(value)


def _yes_or_no(value: Any) -> bool:
    answer = YES_AND_NO.get(value) if isinstance(value, str) else value
    if not isinstance(answer, bool):
        raise ValueError("true or false expected")
    return answer


def _date(value: Any) -> date:
    if isinstance(value, str):
        return date.fromisoformat(value)
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError("a day expected, as 2025-05-05")
    return value


def _moment(value: Any) -> Moment:
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            raise ValueError("a local time expected, without an offset: the corpus speaks in Europe/Rome")
        return Moment(value.replace(tzinfo=ROME), hour_known=True)
    return Moment(datetime.combine(_date(value), LAST_MINUTE, ROME))


def _decimal(value: Any) -> Decimal:
    number = Decimal(_text(value))
    if not number.is_finite() or number < 0:
        raise ValueError("an amount or share from zero up expected")
    return number


def _money(value: Any) -> Money:
    return Money(_decimal(value))


def _provenance(value: Any) -> Provenance:
    reference = _text(value)
    if not reference:
        raise ValueError("missing; say where the record was read")
    return Provenance(reference)


_CONVERTERS: dict[Any, Callable[[Any], Any]] = {
    str: _text,
    int: _integer,
    float: _real,
    bool: _yes_or_no,
    date: _date,
    Moment: _moment,
    Decimal: _decimal,
    Money: _money,
    Provenance: _provenance,
}
