"""One record as an entry of the register: its columns and its places, read from the JSON that is stored."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from service.register.belonging import above, measure_in, programme_of, programme_of_measure, state_of_official
from service.register.kinds import EntryKind

Data = Mapping[str, Any]
NOT_PROJECTS = frozenset({"pnrr-gare"})
"""Sources of precedents that are no projects: a tender is a part of one, and its amount is not the funding."""


def entry_of(kind: EntryKind, data: Data) -> dict[str, Any]:
    """Return what the entry of a record says, without what only its row knows (source, owner, archived)."""
    own = _of_project(data) if kind is EntryKind.PROJECT else _of_precedent(data)
    return {
        "id": data["id"],
        "kind": kind,
        "title": data["title"],
        "cup": data.get("cup", ""),
        "amount": _euros(data.get("amount")),
        "illustrative": bool(data.get("illustrative", False)),
        **own,
    }


def places_of(data: Data) -> list[dict[str, str]]:
    """Return the rows that say where a record's project is, each commune once."""
    return [{"entry_id": data["id"], "commune_istat": code} for code in dict.fromkeys(data.get("communes", ()))]


def _of_project(data: Data) -> dict[str, Any]:
    programme, axis = data.get("programme", ""), data.get("axis", "")
    measure = data.get("action_code", "")
    if code := measure_in(programme):
        # Who writes by hand knows the measure better than the name of the programme.
        programme, measure = programme_of_measure(code, data.get("communes", ())), code
    elif above(axis) in (programme, "") or not programme:
        programme = axis or programme
    return {
        "programme": programme,
        "measure": measure,
        "measure_label": "",
        "state": data.get("state", ""),
        "year": None,
        "body": data.get("lead", ""),
        "paired_with": data.get("paired_with", ""),
    }


def _of_precedent(data: Data) -> dict[str, Any]:
    measure = data.get("measure", "")
    return {
        "programme": programme_of(data["source"], measure, data.get("communes", ())),
        "measure": measure,
        "measure_label": data.get("programme", ""),
        "state": state_of_official(data.get("state", "")),
        "year": data.get("year"),
        "body": data.get("body", ""),
        "paired_with": "",
    }


def _euros(money: Mapping[str, str] | None) -> Decimal | None:
    return Decimal(money["amount"]) if money and money.get("currency", "EUR") == "EUR" else None
