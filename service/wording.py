"""The sentences that people read, made from codes and evidence in one place: Italian first, English second.

Verdicts are told in words and shape, never by colour alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from matcher.explanation import Contribution, PassageMatch, Recommendation, Variant
from matcher.records import FundingCall, Moment, Money
from matcher.verdicts import Criterion, CriterionResult, Verdict
from service.moments import ROME

Language = str


_WORDS: dict[str, tuple[str, str]] = {
    "met": ("✔ ammissibile", "✔ eligible"),
    "unknown": ("? da verificare", "? to be checked"),
    "not_met": ("✘ non ammissibile", "✘ not eligible"),
    "criterion.met": ("✔ sì", "✔ met"),
    "criterion.unknown": ("? da verificare", "? to be checked"),
    "criterion.not_met": ("✘ no", "✘ not met"),
    "applicant": ("chi può fare domanda", "who may apply"),
    "territory": ("territorio", "territory"),
    "population": ("popolazione", "population"),
    "dates": ("termini", "dates"),
    "partnership": ("partenariato", "partnership"),
    "asset": ("bene o proprietà", "asset or ownership"),
    "amount": ("importi", "amounts"),
    "cofinancing": ("cofinanziamento", "co-financing"),
    "missing": ("manca", "missing"),
    "missing.applicants": ("la fonte non dice chi può fare domanda", "the source does not say who may apply"),
    "missing.applicant_kind": ("quale tipo di ente fa domanda", "which kind of body applies"),
    "missing.territory": ("la fonte non dice per quale territorio", "the source does not say for which territory"),
    "missing.places": ("quali comuni del territorio sono ammessi", "which communes of the territory are admitted"),
    "missing.commune": ("il comune che fa domanda", "the commune that applies"),
    "missing.population": ("la popolazione del comune", "the population of the commune"),
    "missing.closing_date": ("la data di scadenza", "the closing date"),
    "missing.remaining_funds": ("se ci sono ancora risorse", "whether funds are left"),
    "missing.reference_date": ("scadenza non valutata", "deadline not judged"),
    "missing.partners": ("i partner con cui fare domanda", "the partners to apply with"),
    "missing.ownership": ("di chi è il bene", "who owns the asset"),
    "missing.project_cost": ("quanto costa il progetto", "what the project costs"),
    "missing.own_funds": ("la quota a carico del comune", "the share that the commune pays"),
    "from_field": ("dato della fonte", "stated by the source"),
    "closes": ("scade il", "closes on"),
    "closed": ("scaduto il", "closed on"),
    "hour": ("ore", "at"),
    "no_hour": ("ora non indicata", "hour not stated"),
    "days": ("giorni", "days"),
    "today": ("oggi", "today"),
    "tomorrow": ("domani", "tomorrow"),
    "no_closing": ("scadenza non indicata", "no closing date stated"),
    "funds_last": ("fino a esaurimento risorse", "while funds last"),
    "opens": ("apre il", "opens on"),
    "total": ("dotazione", "budget"),
    "award_up_to": ("fino a", "up to"),
    "award_from": ("da", "from"),
    "each": ("per progetto", "per project"),
    "pays": ("copre il", "pays"),
    "of_cost": ("del costo", "of the cost"),
    "same_subject": ("parla della stessa cosa", "is about the same thing"),
    "same_field": ("tratta lo stesso tema", "is on the same subject"),
    "near_field": ("è solo vicino per tema", "is only near in subject"),
    "notices": ("Nei suoi avvisi:", "In its notices:"),
    "funded_before": ("Progetti già finanziati:", "Projects funded before:"),
    "fact.min_award": ("contributo minimo", "smallest grant"),
    "fact.max_award": ("contributo massimo", "largest grant"),
    "fact.min_cost": ("costo minimo del progetto", "smallest project cost"),
    "fact.max_cost": ("costo massimo del progetto", "largest project cost"),
    "fact.covered": ("quota coperta", "share covered"),
    "origin.title": ("dal titolo", "from the title"),
    "origin.issuer": ("da chi lo emana", "from its issuer"),
    "origin.summary": ("dalla sintesi", "from the summary"),
    "origin.funded_bodies": ("da chi è stato finanziato finora", "from who was funded before"),
    "like_yours": ("è tra i più adatti a un comune come il vostro", "is among those that suit a commune like yours"),
    "precedents_counted": ("ha già finanziato progetti simili", "has funded similar projects before"),
    "shared_words": ("ha in comune le parole", "shares the words"),
    "variant.same_notice": ("lo stesso avviso, altrove", "the same notice elsewhere"),
    "variant.edition": ("altra edizione", "another edition"),
    "variant.notice_of_the_measure": ("avviso della misura", "notice of the measure"),
    "variant.measure_of_the_notice": ("misura dell'avviso", "measure of the notice"),
    "more_variants": ("e altri", "and others:"),
    "reviewed": ("verificato da una persona il", "checked by a person on"),
    "illustrative": ("esempio illustrativo", "illustrative example"),
}


def say(key: str, language: Language = "it") -> str:
    """Return one fixed phrase; an unknown key is a mistake of ours and raises KeyError."""
    return _WORDS[key][0 if language == "it" else 1]


def knows(key: str) -> bool:
    """Whether there is a fixed phrase of this name."""
    return key in _WORDS


def verdict(value: Verdict, language: Language = "it") -> str:
    """Return the verdict on a whole call, in words and shape."""
    return say(value.value, language)


def criterion(result: CriterionResult, language: Language = "it") -> str:
    """Return one criterion with its verdict, what is missing, and the words it was read from."""
    line = f"{say(result.criterion.value, language)}: {say(f'criterion.{result.verdict.value}', language)}"
    if result.verdict is Verdict.UNKNOWN and result.missing:
        line += f" ({missing(result.missing, language)})"
    if result.reviewed_on:
        line += f" [{say('reviewed', language)} {result.reviewed_on:%d/%m/%Y}]"
    if is_field(result.origin):
        return f"{line} — {say('from_field', language)}"
    if not result.quote:
        return line
    where = f" ({origin(result.origin, language)})" if origin(result.origin, language) else ""
    return f"{line} — «{result.quote}»{where}"


def origin(where: str, language: Language = "it") -> str:
    """Return where a criterion was read, empty where it is the text that everybody sees."""
    key = "from_field" if is_field(where) else f"origin.{where}"
    return say(key, language) if key in _WORDS else ""


def is_field(where: str) -> bool:
    """Whether a criterion was read from a number, date or state that the source gives as such, in no sentence."""
    return where in _FIELDS


def missing(code: str, language: Language = "it") -> str:
    """Return what an unknown criterion lacks; a code without a phrase of its own is named as it is."""
    key = f"missing.{code}"
    return say(key, language) if key in _WORDS else f"{say('missing', language)}: {code.replace('_', ' ')}"


def variant(found: Variant, on: datetime | None, language: Language = "it") -> str:
    """Return another call of the group in one line: why it is here, whether it may be applied for, until when."""
    why_here = say(f"variant.{found.kind.value}", language)
    judged = verdict(found.eligibility.verdict, language)
    return f"{why_here}: {found.call.title} · {judged} · {deadline(found, on, language)} · {found.call.id}"


def deadline(found: Recommendation | Variant, on: datetime | None, language: Language = "it") -> str:
    """Return when a call closes, as its source states or its text says, with the hour and the days left."""
    return _deadline(_with_dates_read(found), on, language)


def _with_dates_read(found: Recommendation | Variant) -> FundingCall:
    """Return the call with the dates that eligibility read in its text, where the source's fields have none."""
    read = {
        name: _read_moment(value)
        for result in found.eligibility.criteria
        if result.criterion is Criterion.DATES
        for name, value in result.facts
        if name in ("opens", "closes")
    }
    call = found.call
    return replace(call, opens=call.opens or read.get("opens"), closes=call.closes or read.get("closes"))


def _read_moment(text: str) -> Moment:
    at = datetime.fromisoformat(text)
    return Moment(at if at.tzinfo else at.replace(hour=23, minute=59, tzinfo=ROME), hour_known="T" in text)


def _deadline(call: FundingCall, on: datetime | None, language: Language) -> str:
    if call.closes is None:
        return say("funds_last" if call.while_funds_last else "no_closing", language)
    if on is not None and call.closes.at < on:
        return f"{say('closed', language)} {moment(call.closes, language)}"
    opens = ""
    if call.opens and on is not None and call.opens.at > on:
        opens = f"{say('opens', language)} {moment(call.opens, language)}, "
    left = f" ({_days_left(call.closes, on, language)})" if on is not None else ""
    return f"{opens}{say('closes', language)} {moment(call.closes, language)}{left}"


def moment(value: Moment, language: Language = "it") -> str:
    """Return a day, with its hour or the note that none is stated."""
    day = f"{value.at:%d/%m/%Y}"
    return (
        f"{day} {say('hour', language)} {value.at:%H:%M}" if value.hour_known else f"{day}, {say('no_hour', language)}"
    )


def euro(value: Money, language: Language = "it") -> str:
    """Return an amount as people write it: ``1.234,50 €``; other currencies by their code."""
    cents = "" if value.amount == value.amount.to_integral_value() else ".2f"
    text = f"{value.amount:,{cents or '.0f'}}"
    if language == "it":
        text = text.replace(",", "_").replace(".", ",").replace("_", ".")
    return f"{text} {'€' if value.currency == 'EUR' else value.currency}"


def amounts(call: FundingCall, language: Language = "it") -> str:
    """Return what a call has and what it gives to one project; empty where the source says nothing."""
    parts = []
    if call.max_award:
        least = f"{say('award_from', language)} {euro(call.min_award, language)} " if call.min_award else ""
        up_to = f"{say('award_up_to', language)} {euro(call.max_award, language)}"
        parts.append(f"{least}{up_to} {say('each', language)}")
    if call.cofinancing is not None:
        parts.append(f"{say('pays', language)} {call.cofinancing * 100:.0f}% {say('of_cost', language)}")
    if call.total_amount:
        parts.append(f"{say('total', language)} {euro(call.total_amount, language)}")
    return " · ".join(parts)


def why(found: Recommendation, language: Language = "it") -> str:
    """Return in one sentence why a call is where it is: its subject, and the words it shares with the query."""
    return why_of(found.contributions, found.passages, language)


def why_of(contributions: Iterable[Contribution], passages: Sequence[PassageMatch], language: Language = "it") -> str:
    """Return the same sentence from its evidence alone."""
    return why_said(why_codes(contributions, passages), language)


def why_codes(contributions: Iterable[Contribution], passages: Sequence[PassageMatch]) -> tuple[str, ...]:
    """Return the reasons of a sentence as codes, what they speak of after a colon: ``shared_words:scuola, tetto``."""
    added = {c.feature: c.contribution for c in contributions}
    codes = [_nearness(passages)]
    terms = [term for match in passages for term in match.shared_terms]
    if terms and sum(v for k, v in added.items() if k.startswith("lexical")) > 0:
        codes.append(f"shared_words:{', '.join(dict.fromkeys(terms))}")
    if sum(v for k, v in added.items() if k in _OF_PRECEDENTS) > 0:
        codes.append("precedents_counted")
    return tuple(codes)


def why_said(codes: Iterable[str], language: Language = "it") -> str:
    """Return reasons as one sentence."""
    parts = [f"{say(code, language)} {of}".rstrip() for code, _, of in (reason.partition(":") for reason in codes)]
    return " e ".join(parts) if language == "it" else " and ".join(parts)


def call_passage(match: PassageMatch, language: Language = "it") -> str:
    """Return the call's passage that agrees with the query, named for what it is where it is not the call's own."""
    text = match.call_passage
    return f"{say(match.field, language)} {text}" if match.field in ("funded_before", "notices") else text


def _nearness(passages: Sequence[PassageMatch]) -> str:
    """Say how near the best passage is, by how often calls as near as that were judged to be of the same field."""
    value = max((match.similarity for match in passages), default=0.0)
    return next(word for least, word in _NEARNESS if value >= least)


_NEARNESS = ((0.88, "same_subject"), (0.86, "same_field"), (float("-inf"), "near_field"))
"""Cosine of the default encoder: of the judged dev pairs some 90%, 50% and 25% are of the query's own field."""
_OF_PRECEDENTS = frozenset(
    "funded_phrases project_best project_mean project_gap words_best words_mean words_gap n_projects".split()
)
"""Features that compare the query with what a call's programme has funded."""
_FIELDS = frozenset("opens closes status while_funds_last min_award max_award spesa_min spesa_max cofinancing".split())
"""Origins that are numbers and dates: no sentence to quote, told as people write them."""


def _days_left(closes: Moment, on: datetime, language: Language) -> str:
    days = (closes.at.date() - on.astimezone(closes.at.tzinfo).date()).days
    if days == 0:
        return say("today", language)
    return say("tomorrow", language) if days == 1 else f"{days} {say('days', language)}"
