"""How much a call pays and how large a project must be: fields, the catalogue's bounds of expense, the text.

A call names dozens of ceilings (of a kind of expense, of State aid, of an advance): the sentence tells which is meant.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from matcher.eligibility.numbers import NUMBER, number
from matcher.eligibility.rules import ConditionRule
from matcher.eligibility.sections import sentence_around
from matcher.records import FundingCall
from matcher.verdicts import Criterion

BODY_LENGTH = 60_000
"""Characters of a long call in which conditions are looked for: annexes and forms repeat them with other meanings."""
SAME_CLAUSE = 2_000
"""Characters after a first ceiling in which those of the other lines of the same call stand."""
SENTENCE_BEFORE = 150

_MONEY = rf"(?:(?:euro|€)\.?\s*(?P<n>{NUMBER})|(?P<m>{NUMBER})\s*(?:\([^)]{{0,40}}\)\s*)?(?:euro\b|€))(?!\s*/)"
_GAP = r"[^.;\d]{0,60}"
# Within a sentence, where a point may stand in a number or after a reference.
_INSIDE = r"(?:[^.;]|\.(?=\d)|(?<=\bn)\.|(?<=\bco)\.|(?<=\bart)\.|(?<=\breg)\.)"
_AT_MOST = (
    r"(?:nel|fino al|entro il) limite massimo(?: complessivo)?|(?:fino )?ad? un (?:importo )?massimo|con un massimo"
    r"|non oltre un massimo|non (?:può|puo|potrà) (?:superare|essere superiore)|importo (?:unitario )?massimo"
    r"|(?:per un )?ammontare massimo"
)
_COST = r"investimento|spesa|costo"
_WORDS = {
    "min_award": r"contributo minimo|importo minimo del contributo",
    "max_award": r"contributo massimo(?: concedibile)?|importo massimo del(?:l['’])? ?(?:contributo|agevolazione)"
    rf"|massimale di contributo|(?:contributo|agevolazione|sovvenzione){_INSIDE}{{0,220}}?(?:{_AT_MOST})",
    "min_cost": rf"(?:{_COST}|importo)(?: complessiv\w)?(?: ammissibile)? minim[oa](?: \w+)?"
    r"|(?:spese|costi) ammissibili[^.;]{0,160}?(?:inferior[ei] a|almeno pari a|pari ad almeno)",
    "max_cost": rf"(?:{_COST})(?: complessiv\w)?(?: ammissibile)? massim[oa](?: \w+)?|importo massimo di spesa"
    r"|massimale di spesa[^.;\d]{0,80}",
}
_AMOUNTS = {
    name: re.compile(rf"(?:{words.replace(' ', chr(92) + 's+')}){_GAP}{_MONEY}", re.IGNORECASE)
    for name, words in _WORDS.items()
}
# What a ceiling or a floor is about when it is not about the project.
_OTHER = re.compile(
    r"fattur|imponibil|pubblicit|polizz|fideius|de minimis|impresa unica|garanzi|anticip|premial|per evento|finanziabil"
    r"|finanziamento agevolato|titolo di finanziamento|apporto|linee di credito|prestit|ammortament|computo metrico",
    re.IGNORECASE,
)
_BARE = re.compile(r"importo(?: complessivo)?\s+minimo", re.IGNORECASE)
_OF_A_PROJECT = re.compile(r"spes|progett|investiment|intervent|lavori|ammissibil", re.IGNORECASE)
_EXPENSE_FIELDS = (("spesa_min", "min_cost"), ("spesa_max", "max_cost"))


@dataclass(frozen=True, slots=True)
class _Amount:
    """An amount in euro and the words that it was read from."""

    value: Decimal
    match: re.Match[str]


def amount_rule(call: FundingCall) -> ConditionRule | None:
    """The bounds of award and cost that a call states, its fields before its text; None where it states none."""
    stated = dict(_of_fields(call))
    read = {name: amount for name in _AMOUNTS if name not in stated and (amount := _of_text(name, call.text))}
    facts = tuple(
        (name, stated[name][1] if name in stated else str(read[name].value))
        for name in _WORDS
        if name in stated or name in read
    )
    if not facts:
        return None
    if stated:
        quote = "; ".join(f"{field}: {value} EUR" for field, value in stated.values())
        origin = next(field for field, _ in stated.values())
    else:
        first = min((amount.match for amount in read.values()), key=re.Match.start)
        quote, origin = sentence_around(call.text, first), f"text:{first.start()}"
    return ConditionRule(of=Criterion.AMOUNT, facts=facts, missing="project_cost", quote=quote, origin=origin)


def _of_fields(call: FundingCall) -> Iterator[tuple[str, tuple[str, str]]]:
    """Parameter, and the name of the field with its value as text."""
    for name, money in (("min_award", call.min_award), ("max_award", call.max_award)):
        if money is not None:
            yield name, (name, str(money.amount))
    extra = dict(call.extra)
    for field, name in _EXPENSE_FIELDS:
        value = extra.get(field, "").replace(",", ".")
        # The catalogue writes 0 where the administration gave none.
        if value.replace(".", "", 1).isdecimal() and Decimal(value) > 0:
            yield name, (field, value)


def _of_text(name: str, text: str) -> _Amount | None:
    found = list(_about_projects(name, text))
    if not found or name.startswith("min"):
        return found[0] if found else None
    # Ceilings of kinds of expense are lower than that of the whole; those of other lines stand near the first.
    if name == "max_award":
        found = [amount for amount in found if amount.match.start() <= found[0].match.start() + SAME_CLAUSE]
    return max(found, key=lambda amount: amount.value)


def _about_projects(name: str, text: str) -> Iterator[_Amount]:
    for match in _AMOUNTS[name].finditer(text, 0, BODY_LENGTH):
        start = max(text.rfind(". ", 0, match.start()), match.start() - SENTENCE_BEFORE, 0)
        around = text[start : match.end()]
        bare = _BARE.match(match.group()) and not _OF_A_PROJECT.search(around)
        if not bare and not _OTHER.search(around):
            yield _Amount(number((match["n"] or match["m"]).lower()), match)
