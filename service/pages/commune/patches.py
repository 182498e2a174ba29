"""From the fields of a form to the patch of a record, and what to show when somebody else was quicker."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from service.errors import StaleError
from service.pages.commune.words import FIELDS, label, told

MONEY = "amount"
NUMBERS = frozenset({MONEY, "surface_m2", "population", "population_year", "area_km2"})
LISTS = frozenset({"themes", "constraints"})
"""Fields of several words with commas between them."""
ANSWERS: Mapping[str, bool] = {"yes": True, "no": False}
YES_OR_NO = frozenset({"heritage", "contamination"})
"""Fields that are yes, no, or not said."""
LINES = frozenset({"partners", "communes"})
"""Fields of several names, one a line."""
_THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+")


def patch_of(sent: Mapping[str, str | Sequence[str]], data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form changes: fields as they were are left out, emptied ones are taken away."""
    wanted = {name: _value(name, words) for name, words in sent.items()}
    return {name: value for name, value in wanted.items() if not _same(value, data.get(name))}


def conflict(error: StaleError, language: str) -> list[dict[str, str]]:
    """Return each field that differs, as it is stored now and as it was sent."""
    return [
        {"field": label(name, language), "now": told(name, now, language), "sent": told(name, sent, language)}
        for name, (now, sent) in error.difference.items()
        if name in FIELDS
    ]


def plain_number(words: str) -> str:
    """Return a number as programs write it: ``1.250.000,50 €`` is 1250000.50; what is none stays as it was typed."""
    bare = re.sub(r"[\s€’']", "", words)
    if "," in bare:
        return bare.replace(".", "").replace(",", ".")
    return bare.replace(".", "") if _THOUSANDS.fullmatch(bare) else bare


def _value(name: str, words: str | Sequence[str]) -> Any:
    if not isinstance(words, str):
        return list(dict.fromkeys(words)) or None
    # Browsers end lines as they did on teletypes.
    plain = words.strip().replace("\r\n", "\n")
    if name in LISTS | LINES:
        parts = re.split(r"\n" if name in LINES else r"[,;\n]", plain)
        return list(dict.fromkeys(part.strip() for part in parts if part.strip())) or None
    if name in NUMBERS:
        plain = plain_number(plain)
    elif name == "cup":
        plain = re.sub(r"\s", "", plain).upper()
    if name in YES_OR_NO:
        return ANSWERS.get(plain)
    if name == MONEY and plain:
        return {"amount": plain, "currency": "EUR"}
    return plain or None


def _same(value: Any, stored: Any) -> bool:
    if value is None:
        return stored in (None, "", [], ())
    if isinstance(value, list):
        return value == list(stored or [])
    if isinstance(value, Mapping) and isinstance(stored, Mapping):
        return _same(value["amount"], stored.get("amount"))
    if isinstance(stored, int | float) and not isinstance(stored, bool):
        try:
            return float(value) == float(stored)
        except ValueError:
            return False
    return str(value) == str(stored)
