"""When one may apply: the date fields, the publisher's word that a call is closed, a period in its note or text."""

import re
from datetime import datetime, time

from matcher.eligibility.periods import Period, find_period
from matcher.eligibility.rules import DatesRule
from matcher.eligibility.sections import MAX_QUOTE, sentence_around
from matcher.records import CallStatus, FundingCall, Moment
from matcher.serialization import ROME

_FUNDS_LAST = re.compile(
    r"(?:(?:fino|sino)\s+a(?:d|ll['’])?|per|salvo)\s*esaurimento\s+(?:dell[ea]\s+|di\s+|dei\s+)?"
    r"(?:risors|dotazion|fond)"
    r"|(?:procedura|procedimento|è)\s+(?:valutativ[ao]\s+)?[“\"]?a\s+sportello",
    re.IGNORECASE,
)
_RANKED = re.compile(r"graduatoria|punteggi", re.IGNORECASE)
_FIRST_COME = re.compile(r"sportello|cronologic|salvo", re.IGNORECASE)
RANKED_AROUND = 250
"""Characters before *until the money ends* in which a ranking tells that it is not about who comes first."""
_NOTE = "note_apertura_chiusura"


def dates_rule(call: FundingCall) -> DatesRule | None:
    """When the call is open, from its fields, else from its text; None where neither says."""
    closed = _closed_since(call)
    note = next((value for name, value in call.extra if name == _NOTE), "")
    funds = _funds_last(note) or _funds_last(call.text) if call.while_funds_last is None else None
    lasts = bool(call.while_funds_last) or funds is not None
    if call.opens or call.closes or closed or call.while_funds_last:
        hours = find_period(note)
        opens = _with_hour(call.opens, hours.opens if hours else None)
        closes = _with_hour(call.closes, hours.closes if hours else None)
        quote = "; ".join(filter(None, (_shown("opens", opens), _shown("closes", closes))))
        state = f"status: {call.status.value}" if closed else ("while_funds_last" if lasts else "")
        return DatesRule(
            opens=opens,
            closes=closes,
            while_funds_last=lasts,
            closed_since=closed,
            quote=quote or state,
            origin="closes" if call.closes else ("status" if closed else "opens"),
        )
    period = find_period(call.text)
    if period is not None:
        return _of_period(call.text, period, lasts)
    return _funds_only(funds) if funds else None


def _closed_since(call: FundingCall) -> datetime | None:
    """The start of the day for which a publisher says that a call without a closing date is closed."""
    if call.status is not CallStatus.CLOSED or call.closes is not None:
        return None
    day = call.provenance.as_of if call.provenance else None
    return datetime.combine(day, time(), ROME) if day else None


def _with_hour(field: Moment | None, noted: Moment | None) -> Moment | None:
    """The day of a field with the hour that the note gives for the same day."""
    if field is None or noted is None or field.hour_known or not noted.hour_known:
        return field
    return noted if noted.at.date() == field.at.date() else field


def _shown(name: str, moment: Moment | None) -> str:
    if moment is None:
        return ""
    return f"{name}: {moment.at.strftime('%Y-%m-%d %H:%M' if moment.hour_known else '%Y-%m-%d')}"


def _funds_last(text: str) -> re.Match[str] | None:
    """The words that let money end a call; in a ranking they only say how far down it the money goes."""
    for match in _FUNDS_LAST.finditer(text):
        before = text[max(0, match.start() - RANKED_AROUND) : match.end()]
        if _FIRST_COME.search(before) or not _RANKED.search(before):
            return match
    return None


def _of_period(text: str, period: Period, lasts: bool) -> DatesRule:
    quote = " ".join(text[period.start : period.end].split())[:MAX_QUOTE]
    return DatesRule(
        opens=period.opens,
        closes=period.closes,
        while_funds_last=lasts,
        quote=quote,
        origin=f"text:{period.start}",
    )


def _funds_only(match: re.Match[str]) -> DatesRule:
    quote = sentence_around(match.string, match)
    return DatesRule(while_funds_last=True, quote=quote, origin=f"text:{match.start()}")
