"""What was read of a call's conditions, told without judging any commune."""

from collections.abc import Mapping
from typing import Any

from matcher.eligibility.rules import KINDS
from service import wording
from service.pages.formats import number
from service.pages.names import applicant_name
from service.pages.translations import translations


def rule_line(data: Mapping[str, Any], language: str) -> dict[str, str]:
    """Return one condition as a page shows it: its name, what was read, the words it was read from."""
    origin = f"origin.{data['origin']}"
    return {
        "name": wording.say(data["criterion"], language),
        "told": _told(data["criterion"], data["read"], language),
        "quote": data["quote"],
        "origin": wording.say(origin, language) if wording.knows(origin) else "",
        "reviewed_on": data["reviewed_on"] or "",
    }


def _told(criterion: str, read: Mapping[str, Any], language: str) -> str:
    if criterion == "applicant":
        return _applicants(read, language)
    if criterion == "population":
        return _population(read, language)
    return ""


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
