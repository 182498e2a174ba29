"""What an e-mail says of one call, in words: deadline, verdict, amounts, why, what changed. Pure."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel.dates import format_date

from matcher.records import Moment, Money
from matcher.verdicts import Verdict
from service import wording
from service.digests.content import Change, Entry
from service.moments import ROME
from service.pages import formats
from service.pages.names import field_name
from service.pages.translations import translations

LONGEST_TITLE, LONGEST_NAME, LONGEST_VALUE = 200, 120, 120
"""Characters told of a title, of an issuer or an item, of a value that changed: the call's page has the rest."""
MOST_TO_CHECK = 2
NEAR_DAYS = 5
"""Working days from which on a deadline is shown as near."""
_KEPT = 20_000


def _(text: str) -> str:
    """Mark words of this module for translation; they are translated when they are shown."""
    return text


STATUSES = {
    "forecasted": _("annunciato"),
    "open": _("aperto"),
    "closed": _("chiuso"),
    "suspended": _("sospeso"),
    "unknown": _("non indicato"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One call in words; ``changes``: field, old and new value, both empty where only that it changed is said."""

    title: str
    issuer: str
    verdict: str
    verdict_words: str
    to_check: str
    deadline: str
    time_left: str
    is_near: bool
    amounts: str
    why: str
    changes: tuple[tuple[str, str, str], ...]


@lru_cache(_KEPT)
def said(entry: Entry, at: datetime, language: str, resolution_days: int) -> Said:
    """Return an entry in words, as of a moment; remembered, as many communes are told of one call."""
    return Said(
        title=short(entry.title, LONGEST_TITLE),
        issuer=short(entry.issuer, LONGEST_NAME),
        verdict=entry.verdict.value,
        verdict_words=wording.verdict(entry.verdict, language),
        to_check=_to_check(entry, language),
        deadline=deadline(entry, at, language),
        time_left=time_left(entry, language, resolution_days),
        is_near=entry.working_days is not None and entry.working_days <= NEAR_DAYS,
        amounts=_amounts(entry, language),
        why=f"{wording.why_said(entry.why, language)}." if entry.why else "",
        changes=tuple(_change(change, language) for change in entry.changes),
    )


def deadline(entry: Entry, at: datetime, language: str) -> str:
    """Return until when one may apply; a deadline of the day or the next by that name, with its hour."""
    if entry.closes is None:
        words = translations(language)
        return wording.say("funds_last", language) if entry.while_funds_last else words.gettext("non indicata")
    when = when_words(entry.closes, at, language)
    if entry.closes.at < at:
        return f"{wording.say('closed', language)} {when}"
    if entry.opens is not None and entry.opens.at > at:
        opens = when_words(entry.opens, at, language)
        return f"{wording.say('opens', language)} {opens}; {wording.say('closes', language)} {when}"
    return when


def when_words(moment: Moment, at: datetime, language: str) -> str:
    """Return a moment as people say it: ``oggi, lunedì 23 novembre 2026, alle 12:00``."""
    words = translations(language)
    day = moment.at.astimezone(ROME).date()
    named = _long_day(day, language)
    distance = (day - at.astimezone(ROME).date()).days
    if distance in (0, 1):
        named = f"{words.gettext('oggi') if distance == 0 else words.gettext('domani')}, {named}"
    if not moment.hour_known:
        return f"{named} ({wording.say('no_hour', language)})"
    return words.gettext("%(day)s, alle %(hour)s") % {"day": named, "hour": formats.hour(moment.at)}


def time_left(entry: Entry, language: str, resolution_days: int) -> str:
    """Return the working days left, and whether they are enough for a resolution of the *giunta*."""
    left = entry.working_days
    if left is None:
        return ""
    words = translations(language)
    if left == 0:
        return words.gettext("è l’ultimo giorno")
    days = words.ngettext("%(num)s giorno lavorativo", "%(num)s giorni lavorativi", left) % {"num": left}
    if not resolution_days:
        return days
    after = left - resolution_days
    if after <= 0:
        few = words.gettext("%(days)s: meno dei %(usual)s che di solito prende una delibera di giunta")
        return few % {"days": days, "usual": resolution_days}
    return words.gettext("%(days)s, %(num)s dopo una delibera di giunta") % {"days": days, "num": after}


def _to_check(entry: Entry, language: str) -> str:
    if entry.verdict is not Verdict.UNKNOWN:
        return ""
    return "; ".join(wording.missing(code, language) for code in entry.to_check[:MOST_TO_CHECK])


def _amounts(entry: Entry, language: str) -> str:
    parts = []
    if entry.max_award:
        most = _money(entry.max_award, language)
        parts.append(f"{wording.say('award_up_to', language)} {most} {wording.say('each', language)}")
    if entry.cofinancing is not None:
        share = formats.share(entry.cofinancing, language)
        parts.append(f"{wording.say('pays', language)} {share} {wording.say('of_cost', language)}")
    if entry.total_amount:
        parts.append(f"{wording.say('total', language)} {_money(entry.total_amount, language)}")
    return " · ".join(parts)


def _money(value: Money, language: str) -> str:
    return formats.money(value.amount, value.currency, language)


def _change(change: Change, language: str) -> tuple[str, str, str]:
    name, words = field_name(change.field, language), translations(language)
    label = f"{name[:1].upper()}{name[1:]}"
    if not change.before and not change.after:
        return label, "", ""
    before = _value(change.field, change.before, language) or words.gettext("non c’era")
    return label, before, _value(change.field, change.after, language) or words.gettext("non c’è più")


def _value(field: str, text: str, language: str) -> str:
    """Return a stored value as people write it, empty where there is none."""
    value: Any = json.loads(text) if text else None
    words = translations(language)
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return words.gettext("sì") if value else words.gettext("no")
    if isinstance(value, dict) and "at" in value:
        return _moment_text(value, language)
    if isinstance(value, dict) and "amount" in value:
        return formats.money(value["amount"], value.get("currency", "EUR"), language)
    if field == "cofinancing":
        return formats.share(Decimal(str(value)), language)
    if field == "status":
        return words.gettext(STATUSES.get(str(value), str(value)))
    written = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return short(written, LONGEST_VALUE)


def _moment_text(value: dict[str, Any], language: str) -> str:
    at = datetime.fromisoformat(value["at"])
    day = formats.day(at, language)
    if not value.get("hour_known"):
        return f"{day} ({wording.say('no_hour', language)})"
    return translations(language).gettext("%(day)s, alle %(hour)s") % {"day": day, "hour": formats.hour(at)}


def short(text: str, most: int) -> str:
    """Return a text on one line, cut where it is longer."""
    written = " ".join(text.split())
    return written if len(written) <= most else written[: most - 1].rstrip() + "…"


@lru_cache(_KEPT)
def _long_day(day: date, language: str) -> str:
    pattern = "EEEE d MMMM y"
    return format_date(day, pattern, locale=formats.locale(language))
