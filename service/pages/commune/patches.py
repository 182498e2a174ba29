"""From the fields of a form to the patch of a record, and what to show when somebody else was quicker."""

from collections.abc import Mapping
from typing import Any

from service.errors import StaleError
from service.pages.commune.words import FIELDS, label, told

MONEY = "amount"


def patch_of(sent: Mapping[str, str], data: Mapping[str, Any]) -> dict[str, Any]:
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


def _value(name: str, words: str) -> Any:
    # Browsers end lines as they did on teletypes.
    plain = words.strip().replace("\r\n", "\n")
    if name == MONEY and plain:
        return {"amount": plain, "currency": "EUR"}
    return plain or None


def _same(value: Any, stored: Any) -> bool:
    if value is None:
        return stored in (None, "")
    if isinstance(value, Mapping) and isinstance(stored, Mapping):
        return _same(value["amount"], stored.get("amount"))
    if isinstance(stored, int | float) and not isinstance(stored, bool):
        try:
            return float(value) == float(stored)
        except ValueError:
            return False
    return str(value) == str(stored)
