"""Any record that an importer may hand over, for property tests."""

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from matcher.records import (
    Boundary,
    Commune,
    FrameItem,
    FundingCall,
    Need,
    Organisation,
    Precedent,
    Project,
    PublicAsset,
    Record,
)
from matcher.serialization import ROME

RECORD_TYPES = (Commune, Organisation, FundingCall, Precedent, Need, Project, PublicAsset, FrameItem, Boundary)
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8)
SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    bool: st.booleans(),
    int: st.integers(0, 10**9),
    float: st.floats(allow_nan=False, allow_infinity=False),
    Decimal: st.decimals(0, 10**12, allow_nan=False, places=2),
    date: st.dates(),
    # What Europe/Rome skips or repeats in the nights of the change has no single text.
    datetime: st.datetimes(
        min_value=datetime(1990, 1, 1),  # noqa: DTZ001 - hypothesis wants it naive
        max_value=datetime(2100, 1, 1),  # noqa: DTZ001
        timezones=st.just(ROME),
        allow_imaginary=False,
    ),
}


def records(record_types: tuple[type[Record], ...] = RECORD_TYPES) -> st.SearchStrategy[Record]:
    """Any record of these types; the keys are valid, the other values are anything their fields may hold."""
    return st.one_of([_instances(record_type) for record_type in record_types])


def _instances(value_type: type[Any]) -> st.SearchStrategy[Any]:
    hints = get_type_hints(value_type)
    values = {field.name: _values(hints[field.name]) for field in fields(value_type)}
    if value_type in (Commune, Boundary):
        values["istat"] = st.from_regex(r"[0-9]{6}", fullmatch=True, alphabet=st.characters(codec="ascii"))
    elif "id" in values:
        values["id"] = st.from_regex(r"prova:[a-z0-9]{1,6}", fullmatch=True)
    return st.builds(value_type, **values)


def _values(hint: Any) -> st.SearchStrategy[Any]:
    if isinstance(hint, UnionType):
        return st.none() | st.one_of([_values(option) for option in get_args(hint) if option is not NoneType])
    if get_origin(hint) is tuple:
        inner = get_args(hint)
        if inner[-1] is Ellipsis:
            return st.lists(_values(inner[0]), max_size=3).map(tuple)
        return st.tuples(*map(_values, inner))
    if is_dataclass(hint):
        return _instances(hint)
    if issubclass(hint, Enum):
        return st.sampled_from(hint)
    return SCALARS[hint]
