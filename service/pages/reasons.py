"""From an answer as it is kept (codes and evidence) to what its page says, in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from matcher.explanation import Contribution, PassageMatch, PrecedentMatch
from matcher.records import Money, Precedent
from matcher.verdicts import Criterion, CriterionResult, Verdict
from service import wording
from service.pages import formats
from service.pages.rules_told import stated_facts
from service.pages.translations import translations
from service.precedent_wording import precedent

NEAR_DAYS = 10
"""Working days from which on a deadline is shown as near: a council meets about every two weeks."""
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """One criterion in words."""

    name: str
    verdict: str
    missing: str
    told: str
    quote: str
    origin: str
    reviewed_on: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One call as a page shows it: sentences made, evidence kept."""

    rank: int
    call: Data
    verdict: str
    verdict_words: str
    why: str
    deadline: str
    is_near: bool
    amounts: str
    criteria: tuple[CriterionLine, ...]
    passages: tuple[Data, ...]
    precedents: tuple[str, ...]
    variants: tuple[Data, ...]
    strength: float


def shown(recommendations: Sequence[Data], language: str) -> list[Shown]:
    """Return the recommendations of an answer ready to be laid out, in the order in which they were answered."""
    strengths = _strengths([float(one["score"]) for one in recommendations])
    return [_one(data, strength, language) for data, strength in zip(recommendations, strengths, strict=True)]


def criterion_line(data: Data, language: str) -> CriterionLine:
    """Return one judged criterion in words."""
    result = _criterion(data)
    unknown = result.verdict is Verdict.UNKNOWN and result.missing
    return CriterionLine(
        name=wording.say(result.criterion.value, language),
        verdict=wording.say(f"criterion.{result.verdict.value}", language),
        missing=wording.missing(result.missing, language) if unknown else "",
        told=stated_facts(result.facts, language) if wording.is_field(result.origin) else "",
        quote="" if wording.is_field(result.origin) else result.quote,
        origin=wording.origin(result.origin, language),
        reviewed_on=str(data.get("reviewed_on") or ""),
    )


def deadline(call: Data, language: str) -> str:
    """Return until when one may apply: day, hour or the note that none is stated, working days left."""
    words = translations(language)
    closes = call["closes"]
    if closes is None:
        return wording.say("funds_last" if call["while_funds_last"] else "no_closing", language)
    when = formats.day(closes, language)
    hour = f"{wording.say('hour', language)} {formats.hour(closes)}" if call["closing_hour_known"] else ""
    told = f"{when}, {hour or wording.say('no_hour', language)}"
    if call["state"] == "closed":
        return f"{wording.say('closed', language)} {told}"
    left = call["working_days_left"]
    if left is None:
        return told
    if left == 0:
        return f"{told} ({words.gettext('ultimo giorno')})"
    days = words.ngettext("%(num)s giorno lavorativo", "%(num)s giorni lavorativi", left) % {"num": left}
    return f"{told} ({days})"


def amounts(call: Data, language: str) -> str:
    """Return what the call gives to one project and what there is in all; empty where the source says nothing."""
    parts = []
    if most := call["max_award"]:
        least = (
            f"{wording.say('award_from', language)} {_money(call['min_award'], language)} " if call["min_award"] else ""
        )
        up_to = f"{wording.say('award_up_to', language)} {_money(most, language)}"
        parts.append(f"{least}{up_to} {wording.say('each', language)}")
    if call["cofinancing"] is not None:
        pays = formats.share(call["cofinancing"], language)
        parts.append(f"{wording.say('pays', language)} {pays} {wording.say('of_cost', language)}")
    if call["total_amount"]:
        parts.append(f"{wording.say('total', language)} {_money(call['total_amount'], language)}")
    return " · ".join(parts)


def _one(data: Data, strength: float, language: str) -> Shown:
    call = data["call"]
    left = call["working_days_left"]
    contributions = tuple(Contribution(name, 0.0, added) for name, added in data["contributions"].items())
    return Shown(
        rank=data["rank"],
        call=call,
        verdict=data["eligibility"],
        verdict_words=wording.verdict(Verdict(data["eligibility"]), language).partition(" ")[2],
        why=_sentence(wording.why_of(contributions, tuple(_match(m) for m in data["passages"]), language)),
        deadline=deadline(call, language),
        is_near=left is not None and left <= NEAR_DAYS and call["state"] != "closed",
        amounts=amounts(call, language),
        criteria=tuple(criterion_line(one, language) for one in data["criteria"]),
        passages=tuple(data["passages"]),
        precedents=tuple(_precedent(one, language) for one in data["precedents"]),
        variants=tuple(data["variants"]),
        strength=strength,
    )


def _sentence(text: str) -> str:
    return f"{_capital(text)}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _strengths(scores: Sequence[float]) -> list[float]:
    """Return how strong each reason is beside the first one's: 1 for the best, never below a tenth."""
    if not scores:
        return []
    best, span = max(scores), max(max(scores) - min(scores), 1e-9)
    return [max(0.1, 1 - 0.8 * (best - score) / span) for score in scores]


def _money(data: Data, language: str) -> str:
    return formats.money(data["amount"], data["currency"], language)


def _match(data: Data) -> PassageMatch:
    return PassageMatch(
        data["query"], data["call"], data["field"], data["offset"], data["similarity"], tuple(data["shared_terms"])
    )


def _precedent(data: Data, language: str) -> str:
    amount = Money(Decimal(data["amount"]), data["currency"]) if data["amount"] else None
    found = Precedent(
        id=data["id"], source=data["source"], title=data["title"], body=data["body"], amount=amount, year=data["year"]
    )
    return _capital(precedent(PrecedentMatch(found, data["similarity"]), language))


def _criterion(data: Data) -> CriterionResult:
    reviewed = data.get("reviewed_on")
    return CriterionResult(
        criterion=Criterion(data["criterion"]),
        verdict=Verdict(data["verdict"]),
        quote=data["quote"],
        origin=data["origin"],
        facts=tuple(data["facts"].items()),
        missing=data["missing"],
        reviewed_on=date.fromisoformat(reviewed) if reviewed else None,
    )


def moment_day(text: str, language: str) -> str:
    """Return the day and hour of a moment, as pages tell when something happened."""
    at = datetime.fromisoformat(text)
    return f"{formats.day(at, language)}, {formats.hour(at)}"
