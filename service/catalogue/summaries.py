"""A call in short, as lists show it: dicts that JSON can hold, every code as a code."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from matcher.eligibility import ApplicantRule, DatesRule, Rule
from matcher.eligibility.judgement import closing_time
from matcher.eligibility.rules import KINDS
from matcher.records import FundingCall, Moment, Money
from service.moments import ROME
from service.working_days import working_days_between

OPEN, UPCOMING, CLOSED, UNKNOWN = STATES = ("open", "upcoming", "closed", "unknown")
"""Whether one can apply at a moment; unknown where neither the source nor the text tells a closing date."""
LONGEST_SUMMARY = 600


def call_summary(call: FundingCall, rules: Sequence[Rule], version: int) -> dict[str, Any]:
    """Return what a list shows of a call; dates as the source states them or as they were read in its text."""
    dates = dates_of(rules)
    opens, closes = (dates.opens, dates.closes) if dates else (call.opens, call.closes)
    return {
        "id": call.id,
        "version": version,
        "source": call.source,
        "title": call.title,
        "issuer": call.issuer,
        "summary": _short(call.summary),
        "url": call.url,
        "level": call.level.value,
        "status": call.status.value,
        "programme": call.programme,
        "themes": list(call.themes),
        "opens": moment_text(opens),
        "closes": moment_text(closes),
        "closing_hour_known": closes.hour_known if closes else None,
        "while_funds_last": call.while_funds_last,
        "total_amount": money(call.total_amount),
        "min_award": money(call.min_award),
        "max_award": money(call.max_award),
        "cofinancing": None if call.cofinancing is None else str(call.cofinancing),
        "applicants": applicants(rules),
        "illustrative": call.illustrative,
    }


def timing(dates: DatesRule | None, on: datetime) -> dict[str, Any]:
    """Return whether one can apply at a moment, and how many working days are left where the closing day is known."""
    closes = dates.closes if dates else None
    left = None
    if closes is not None and dates is not None and closing_time(dates) >= on:
        left = working_days_between(on.astimezone(ROME).date(), closes.at.astimezone(ROME).date())
    return {"state": state_at(dates, on), "working_days_left": left}


def state_at(dates: DatesRule | None, on: datetime) -> str:
    """Return one of ``STATES``."""
    if dates is None:
        return UNKNOWN
    if closing_time(dates) < on:
        return CLOSED
    if dates.opens is not None and dates.opens.at > on:
        return UPCOMING
    return OPEN if dates.closes or dates.while_funds_last else UNKNOWN


def dates_of(rules: Sequence[Rule]) -> DatesRule | None:
    """Return what was read of a call's dates."""
    return next((rule for rule in rules if isinstance(rule, DatesRule)), None)


def applicants(rules: Sequence[Rule]) -> list[str]:
    """Return the kinds of body that the call admits in words; empty where it does not say."""
    rule = next((rule for rule in rules if isinstance(rule, ApplicantRule)), None)
    if rule is None:
        return []
    return [kind.value for kind, chance in zip(KINDS, rule.chances, strict=True) if chance >= 1]


def money(value: Money | None) -> dict[str, str] | None:
    """Return an amount as decimal text with its currency."""
    return None if value is None else {"amount": str(value.amount), "currency": value.currency}


def moment_text(value: Moment | None) -> str | None:
    """Return a moment as ISO 8601 with its offset."""
    return None if value is None else value.at.isoformat()


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SUMMARY else text[: LONGEST_SUMMARY - 1].rstrip() + "…"
