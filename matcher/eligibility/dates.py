"""When one may apply: the date fields, the publisher's word that a call is closed, an interval in the text."""

import re
from datetime import datetime, time, timedelta

from matcher.eligibility.rules import DatesRule
from matcher.eligibility.sections import MAX_QUOTE, sentence_around
from matcher.records import CallStatus, FundingCall, Moment
from matcher.serialization import ROME

_MONTHS = (
    *("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno"),
    *("luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"),
)
_DAY = (
    rf"(?:(?:luned|marted|mercoled|gioved|venerd)[iì]'? |sabato |domenica )?(?P<{{0}}day>\d{{{{1,2}}}})[°º]?[ /.-]"
    rf"(?P<{{0}}month>{'|'.join(_MONTHS)}|\d{{{{1,2}}}})[ /.-](?P<{{0}}year>20\d\d)"
)
_HOUR = (
    r"(?:ore\s+(?P<{0}hour>\d{{1,2}})(?:[.:,](?P<{0}minute>\d{{2}}))?(?::\d{{2}})?\s+"
    r"(?:di |del(?:l[ao'’])? |giorno |dì )*)?"
)
_INTERVAL = re.compile(
    rf"(?:dal(?:le|l[a'’])?|a partire dal(?:le)?)\s+(?:giorno )?{_HOUR.format('from_')}{_DAY.format('from_')}"
    r"[^.;]{0,60}?"
    rf"(?:al(?:le|l[a'’])?|entro(?: (?:e non oltre )?l[ae])?|sino al(?:le)?|fino al(?:le)?)\s+(?:giorno )?"
    rf"{_HOUR.format('to_')}{_DAY.format('to_')}",
    re.IGNORECASE,
)
_DEADLINE = re.compile(
    rf"(?:entro(?: e non oltre)?(?: le| il| la)?|scad\w+ (?:il|alle|è fissat\w+ a\w*)|fino al(?:le)?)\s+(?:giorno )?"
    rf"{_HOUR.format('to_')}{_DAY.format('to_')}",
    re.IGNORECASE,
)
_ABOUT_APPLYING = re.compile(
    r"domand|presentazion|candidatur|istanz|sportello|apertura|partecipa|proposte", re.IGNORECASE
)
_FUNDS_LAST = re.compile(
    r"(?:fino|sino) a(?:d|ll['’])? ?esaurimento (?:dell[ea] |di |dei )?(?:risors|dotazion|fond)"
    r"|procedura [“\"]?a sportello",
    re.IGNORECASE,
)
AROUND = 160
"""Characters around a date in which a word must speak of applying."""


def dates_rule(call: FundingCall) -> DatesRule | None:
    """When the call is open, from its fields, else from its text; None where neither says."""
    closed = _closed_since(call)
    funds = _FUNDS_LAST.search(call.text) if call.while_funds_last is None else None
    lasts = bool(call.while_funds_last) or funds is not None
    if call.opens or call.closes or closed or call.while_funds_last:
        quote = "; ".join(filter(None, (_shown("opens", call.opens), _shown("closes", call.closes))))
        state = f"status: {call.status.value}" if closed else ("while_funds_last" if lasts else "")
        return DatesRule(
            opens=call.opens,
            closes=call.closes,
            while_funds_last=lasts,
            closed_since=closed,
            quote=quote or state,
            origin="closes" if call.closes else ("status" if closed else "opens"),
        )
    return _from_text(call, lasts) or (_funds_only(funds) if funds else None)


def _closed_since(call: FundingCall) -> datetime | None:
    """The start of the day for which a publisher says that a call without a closing date is closed."""
    if call.status is not CallStatus.CLOSED or call.closes is not None:
        return None
    day = call.provenance.as_of if call.provenance else None
    return datetime.combine(day, time(), ROME) if day else None


def _shown(name: str, moment: Moment | None) -> str:
    if moment is None:
        return ""
    return f"{name}: {moment.at.strftime('%Y-%m-%d %H:%M' if moment.hour_known else '%Y-%m-%d')}"


def _from_text(call: FundingCall, lasts: bool) -> DatesRule | None:
    for pattern in (_INTERVAL, _DEADLINE):
        for match in pattern.finditer(call.text):
            start, end = max(0, match.start() - AROUND), match.end() + AROUND
            if not _ABOUT_APPLYING.search(call.text, start, end):
                continue
            closes = _moment(match, "to_")
            if pattern is _DEADLINE and closes is not None and not closes.hour_known:
                continue  # without an hour it is as often the end of the works
            opens = _moment(match, "from_") if pattern is _INTERVAL else None
            if closes is not None and (opens is None or opens.at < closes.at):
                quote, origin = " ".join(match.group().split())[:MAX_QUOTE], f"text:{match.start()}"
                return DatesRule(opens=opens, closes=closes, while_funds_last=lasts, quote=quote, origin=origin)
    return None


def _funds_only(match: re.Match[str]) -> DatesRule:
    quote = sentence_around(match.string, match)
    return DatesRule(while_funds_last=True, quote=quote, origin=f"text:{match.start()}")


def _moment(match: re.Match[str], prefix: str) -> Moment | None:
    day, month, year = (match[prefix + part] for part in ("day", "month", "year"))
    hour = match[prefix + "hour"]
    try:
        number = _MONTHS.index(month.lower()) + 1 if month.isalpha() else int(month)
        at = datetime(int(year), number, int(day), tzinfo=ROME)
        if hour is None:
            return Moment(at)
        return Moment(at + timedelta(hours=int(hour), minutes=int(match[prefix + "minute"] or 0)), hour_known=True)
    except ValueError:
        return None  # a day that no calendar has is a misprint, not a deadline
