"""Two accounts of one record, as dicts of JSON: one laid over the other, and what differs between them.

What one account does not say is no contradiction: the other's value stays. ``extra`` is compared name by name.
"""

from collections.abc import Iterable, Iterator
from typing import Any

Data = dict[str, Any]
EXTRA = "extra"
PROVENANCE = "provenance"


def lay_over(under: Data, over: Data) -> Data:
    """Return one account of a record: what ``over`` says, and where it says nothing what ``under`` says."""
    merged = under | over
    if EXTRA in under and EXTRA in over:
        merged[EXTRA] = [[name, value] for name, values in _merged_extra(under[EXTRA], over[EXTRA]) for value in values]
    return merged


def keep_fields(merged: Data, before: Data, names: Iterable[str]) -> Data:
    """Return ``merged`` with the fields of these names as they were before, absent ones too."""
    kept = set(names)
    others = {name: value for name, value in merged.items() if name not in kept}
    return others | {name: before[name] for name in kept & before.keys()}


def difference(before: Data, after: Data) -> dict[str, list[Any]]:
    """Map each field that differs to its old and new value, None for absent; where it was read is not what it says."""
    old, new = _by_field(before), _by_field(after)
    names = sorted(old.keys() | new.keys())
    return {name: [old.get(name), new.get(name)] for name in names if old.get(name) != new.get(name)}


def _by_field(data: Data) -> Data:
    fields = {name: value for name, value in data.items() if name not in (EXTRA, PROVENANCE)}
    for name, values in _grouped(data.get(EXTRA, ())).items():
        fields[f"{EXTRA}.{name}"] = values[0] if len(values) == 1 else values
    return fields


def _merged_extra(under: Iterable[list[str]], over: Iterable[list[str]]) -> Iterator[tuple[str, list[str]]]:
    said = _grouped(over)
    for name, values in _grouped(under).items():
        yield name, said.pop(name, values)
    yield from said.items()


def _grouped(pairs: Iterable[list[str]]) -> dict[str, list[str]]:
    """Collect the values of each name, as publishers may name a field twice."""
    groups: dict[str, list[str]] = {}
    for name, value in pairs:
        groups.setdefault(name, []).append(value)
    return groups
