"""What is looked for in the register: one shape for lists, exports, matrix and map, and its form in an address.

?programma=programme:pnrr&zona=Nord+Ovest&da=100000 ──► RegisterFilters ──► the conditions of a query
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any

PARAMETERS: Mapping[str, str] = {
    "cerca": "text",
    "programma": "programme",
    "stato": "state",
    "comune": "commune",
    "zona": "zone",
    "linea": "driver",
    "missione": "mission",
    "fonte": "source",
    "anno": "year",
    "da": "least_amount",
    "a": "most_amount",
    "in_ritardo": "late",
    "in_silenzio": "silent",
}
"""The name of each filter in the address of a page."""
STATES = ("idea", "defined", "funded", "under_way", "completed", "suspended", "postponed")
METROPOLITAN = "Città metropolitana"
"""Asks, in place of a zone, for what lies in any of them, or in the whole territory."""
UNKNOWN_STATE = "unknown"
"""Asks for the projects of which nobody says a state."""
_MOST = Decimal(10) ** 12
_LONGEST = 200
_LONGEST_SILENCE = 3650


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFilters:
    """Which projects are looked for; everything given must hold, and what is empty or None asks for nothing.

    ``text``: words that stand in title, body or CUP, in any order. ``programme``: a frame item's id, with all that is
    below it, or the beginning of a measure's code (``M5``, ``M5C2I2.02``, ``PNC-C``). ``state``: a word of ``Project``,
    or ``unknown``. ``commune``: ISTAT code. ``zone``: the name that communes have it by. ``driver`` and ``mission``:
    codes (``9``, ``M5``) among the stored tags. Amounts in EUR, both bounds inside; who states none is outside.
    ``late``: a planned day passed without its own; ``silent``: nothing was said for more than so many days.
    """

    text: str = ""
    programme: str = ""
    state: str = ""
    commune: str = ""
    zone: str = ""
    driver: str = ""
    mission: str = ""
    source: str = ""
    year: int | None = None
    least_amount: Decimal | None = None
    most_amount: Decimal | None = None
    late: bool = False
    silent: int | None = None


def filters_in(pairs: Iterable[tuple[str, str]]) -> tuple[RegisterFilters, str]:
    """Return the filters of an address, and the name of the first parameter that could not be read ("" if none).

    What is no filter of ours is passed over, and so is what could not be read; the last of several values counts.
    """
    found, wrong = RegisterFilters(), ""
    for name, value in pairs:
        field, sent = PARAMETERS.get(name, ""), value.strip()
        if not field or not sent:
            continue
        try:
            read: dict[str, Any] = {field: _read(field, sent)}
            found = replace(found, **read)
        except (ValueError, InvalidOperation):
            wrong = wrong or name
    return found, wrong


def pairs_of(filters: RegisterFilters) -> list[tuple[str, str]]:
    """Return filters as the parameters of an address: ``filters_in`` reads the same filters from them."""
    names = {field: name for name, field in PARAMETERS.items()}
    written = ((names[field.name], getattr(filters, field.name)) for field in fields(filters))
    return [
        (name, _written(value)) for name, value in written if value is not None and value is not False and value != ""
    ]


def _written(value: Any) -> str:
    return "1" if value is True else str(value)


def _read(field: str, sent: str) -> Any:
    if field == "late":
        return sent.casefold() not in ("0", "no", "false")
    if field == "silent":
        return _within(int(sent), 1, _LONGEST_SILENCE)
    if field == "year":
        return _within(int(sent), 1900, 2200)
    if field in ("least_amount", "most_amount"):
        return _within(Decimal(sent), Decimal(0), _MOST)
    if field == "state" and sent not in (*STATES, UNKNOWN_STATE):
        raise ValueError(sent)
    if len(sent) > _LONGEST or "\0" in sent:
        raise ValueError(sent)
    return sent


def _within(value: Any, least: Any, most: Any) -> Any:
    if not least <= value <= most:
        raise ValueError(value)
    return value
