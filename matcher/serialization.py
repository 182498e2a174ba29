"""Records as canonical JSON: what the database keeps, what content hashes are made of.

    record ── to_data ──► dict ── canonical ──► text ── content_hash ──► 32 hex digits
    record ◄── from_data ── dict ◄── json.loads ── text

One record has one text: fields in alphabetical order, absent values left out, decimals as text without idle zeros,
dates in ISO 8601, enums by value, tuples as lists, moments with the offset of Europe/Rome. Hand-written because no
library leaves out what is *absent* (None, empty, ``unknown``) and keeps a default that says something (``EUR``, False).
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from hashlib import blake2b
from math import isfinite
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from matcher.errors import SerializationError
from matcher.records import Record

ROME = ZoneInfo("Europe/Rome")
LARGEST_EXPONENT = 30
"""Powers of ten beyond which a number is a mistake of the file and not an amount."""

R = TypeVar("R", bound=Record)
Data = dict[str, Any]
Convert = Callable[[Any], Any]

_encode_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class _FieldPlan:
    """How one field travels; ``absent`` is what stands for *the source does not say*, if the field can be left out."""

    name: str
    encode: Convert | None
    decode: Convert | None
    omissible: bool
    absent: Any


@dataclass(frozen=True, slots=True)
class _Shape:
    """How the fields of one type travel, in alphabetical order."""

    plans: tuple[_FieldPlan, ...]
    decoders: dict[str, Convert | None]


_SHAPES: dict[Any, _Shape] = {}


def to_data(record: Record) -> Data:
    """Turn a record into a dict that JSON can hold, without its absent values.

    Raises SerializationError, naming record, field and value, if a value is not what its field may hold.
    """
    return _to_data(record, _shape_of(type(record)).plans)


def canonical(data: Mapping[str, Any]) -> str:
    """Write the dict of a record as the one JSON text that stands for it."""
    return _encode_json(data)


def to_json(record: Record) -> str:
    """Write a record as its canonical JSON text; raises SerializationError like ``to_data`` does."""
    data = to_data(record)
    try:
        text = canonical(data)
        text.encode()
    except UnicodeEncodeError as error:
        raise SerializationError(record.id, _field_with(record, error.object[error.start]), "broken Unicode") from error
    except TypeError as error:
        raise SerializationError(record.id, "", str(error)) from error
    if "\\u0000" in text and (name := _field_with(record, "\0")):
        raise SerializationError(record.id, name, "a NUL character, which no text may hold")
    return text


def from_data(record_type: type[R], data: Mapping[str, Any]) -> R:
    """Build the record that ``to_data`` turned into ``data``; raises SerializationError if it does not fit the type."""
    record: R = _from_data(record_type, data)
    return record


def from_json(record_type: type[R], text: str | bytes) -> R:
    """Read a record from its JSON text; raises SerializationError if the text does not fit the type."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise SerializationError(record_type.__name__, "", f"not JSON: {error}") from error
    return from_data(record_type, data)


def content_hash(text: str) -> str:
    """Hash a canonical text: BLAKE2b of 128 bits, 32 hex digits."""
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _to_data(value: Any, plans: Iterable[_FieldPlan]) -> Data:
    data: Data = {}
    for plan in plans:
        item = getattr(value, plan.name)
        if plan.omissible and item == plan.absent:
            continue
        if plan.encode is not None:
            try:
                item = plan.encode(item)
            except SerializationError as error:
                raise SerializationError(_name(value), f"{plan.name}.{error.field}", error.reason) from error
            except (ValueError, TypeError, AttributeError) as error:
                raise SerializationError(_name(value), plan.name, f"{item!r:.200}: {error}") from error
        data[plan.name] = item
    return data


def _from_data(value_type: type[Any], data: Mapping[str, Any]) -> Any:
    decoders = _shape_of(value_type).decoders
    try:
        return value_type(
            **{name: item if (decode := decoders[name]) is None else decode(item) for name, item in data.items()}
        )
    except (KeyError, TypeError, ValueError, ArithmeticError, SerializationError) as error:
        name = str(data.get("id", value_type.__name__))
        raise SerializationError(name, "", f"{type(error).__name__}: {error}") from error


def _name(value: object) -> str:
    return str(getattr(value, "id", type(value).__name__))


def _shape_of(value_type: Any) -> _Shape:
    shape = _SHAPES.get(value_type)
    if shape is None:
        hints = get_type_hints(value_type)
        plans = tuple(_plan(field, hints[field.name]) for field in sorted(fields(value_type), key=lambda f: f.name))
        shape = _SHAPES[value_type] = _Shape(plans, {plan.name: plan.decode for plan in plans})
    return shape


def _plan(field: Field[Any], hint: Any) -> _FieldPlan:
    encode, decode = _converters(hint)
    default = None if field.default is MISSING else field.default
    omissible = field.default is not MISSING and is_absent(default)
    return _FieldPlan(field.name, encode, decode, omissible, default)


def is_absent(value: object) -> bool:
    """Whether a field's value says that the source does not say: None, empty, or ``unknown``."""
    return value is None or value == "" or value == () or (isinstance(value, Enum) and value.value == "unknown")


def _converters(hint: Any) -> tuple[Convert | None, Convert | None]:
    """How a value of one type becomes JSON and comes back; None where it travels as it is."""
    if isinstance(hint, UnionType):
        (inner,) = (option for option in get_args(hint) if option is not NoneType)
        return _converters(inner)
    if get_origin(hint) is tuple:
        encode, decode = _converters(get_args(hint)[0])
        return _list_of(encode), _tuple_of(decode)
    if is_dataclass(hint):
        assert isinstance(hint, type)  # noqa: S101 - tells mypy what is_dataclass does not
        plans = _shape_of(hint).plans
        return (lambda value: _to_data(value, plans)), (lambda data: _from_data(hint, data))
    if issubclass(hint, Enum):
        return (lambda value: value.value), hint
    return _SCALARS.get(hint, (None, None))


def _list_of(encode: Convert | None) -> Convert:
    return list if encode is None else lambda values: [encode(value) for value in values]


def _tuple_of(decode: Convert | None) -> Convert:
    return tuple if decode is None else lambda values: tuple(decode(value) for value in values)


def _decimal_text(value: Decimal) -> str:
    if not value.is_finite() or abs(value.adjusted()) > LARGEST_EXPONENT:
        raise ValueError("not an amount")
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _moment_text(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return value.astimezone(ROME).isoformat()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(ROME)


def _finite(value: float) -> float:
    number = float(value)
    if not isfinite(number):
        raise ValueError("not a finite number")
    return number


_SCALARS: dict[Any, tuple[Convert | None, Convert | None]] = {
    Decimal: (_decimal_text, Decimal),
    datetime: (_moment_text, _moment),
    date: (date.isoformat, date.fromisoformat),
    float: (_finite, float),
}


def _field_with(record: Record, character: str) -> str:
    """Name the field whose text holds a character; empty if none does."""
    names = (field.name for field in fields(record))
    return next((name for name in names if _holds(getattr(record, name), character)), "")


def _holds(value: object, character: str) -> bool:
    if isinstance(value, str):
        return character in value
    if isinstance(value, tuple):
        return any(_holds(item, character) for item in value)
    if is_dataclass(value):
        return any(_holds(getattr(value, field.name), character) for field in fields(value))
    return False
