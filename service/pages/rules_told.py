"""What was read of a call's conditions, told without judging any commune."""

from collections.abc import Iterable, Mapping
from typing import Any

from matcher.eligibility.rules import KINDS
from service import wording
from service.pages.formats import money, number, share
from service.pages.names import applicant_name
from service.pages.translations import translations


def rule_line(data: Mapping[str, Any], language: str) -> dict[str, str]:
    """Return one condition as a page shows it: its name, what was read, the words it was read from."""
    return {
        "name": wording.say(data["criterion"], language),
        "told": _told(data["criterion"], data["read"], language),
        "quote": "" if wording.is_field(data["origin"]) else data["quote"],
        "origin": wording.origin(data["origin"], language),
        "reviewed_on": data["reviewed_on"] or "",
    }


def _told(criterion: str, read: Mapping[str, Any], language: str) -> str:
    if criterion == "applicant":
        return _applicants(read, language)
    if criterion == "population":
        return _population(read, language)
    return stated_facts(read.get("facts", ()), language)


def stated_facts(facts: Iterable[tuple[str, str]], language: str) -> str:
    """Return the amounts and shares of a condition as people write them; facts of other kinds are left out."""
    known = [(name, value) for name, value in facts if wording.knows(f"fact.{name}")]
    return ", ".join(
        f"{wording.say(f'fact.{name}', language)} {_figure(name, value, language)}" for name, value in known
    )


def _figure(name: str, value: str, language: str) -> str:
    return share(value, language) if name == "covered" else money(value, "EUR", language)


def _applicants(read: Mapping[str, Any], language: str) -> str:
    words = translations(language)
    pairs = zip(KINDS, read["chances"], strict=True)
    named = [applicant_name(kind.value, language) for kind, chance in pairs if chance >= 1]
    if not read.get("read", True):
        return words.gettext("la fonte non lo dice; lo si stima da chi è stato finanziato finora")
    return ", ".join(named) or words.gettext("la fonte non lo dice")


def _population(read: Mapping[str, Any], language: str) -> str:
    words = translations(language)
    parts = []
    if read.get("minimum") is not None:
        parts.append(words.gettext("almeno %(count)s abitanti") % {"count": number(read["minimum"], language)})
    if read.get("maximum") is not None:
        parts.append(words.gettext("non più di %(count)s abitanti") % {"count": number(read["maximum"], language)})
    return ", ".join(parts)
