"""Conditions on the project: partners and lead, who must own the asset, how much, and what part the call pays."""

import re
from collections.abc import Iterator
from decimal import Decimal

from matcher.eligibility.amounts import BODY_LENGTH, amount_rule
from matcher.eligibility.numbers import NUMBER, number
from matcher.eligibility.rules import ConditionRule
from matcher.eligibility.sections import Sentence, sentence_around
from matcher.records import FundingCall
from matcher.verdicts import Criterion

_N = rf"(?P<n>{NUMBER})"
_PARTNERS = re.compile(
    rf"(?:almeno|minimo(?: di)?|non meno di)\s+{_N}(?:\s*\(\w+\))?\s+"
    r"(?P<who>partner|soggett\w+|comuni|imprese|enti|organizzazion\w+|pmi|aziende|organismi|membri)",
    re.IGNORECASE,
)
_PARTNERSHIP_WORDS = re.compile(
    r"partenariat|partner|aggregazion|raggruppament|capofila|ret[ei] d|consorz", re.IGNORECASE
)
_LEAD = re.compile(
    r"capofila (?:è|e'|sia|deve essere|può essere)[^.;\n]{0,40}\b(?P<lead>pubblic\w|comune\b|ente locale)"
    # "Quale comune capofila" tells who the lead is, not who must be.
    r"|(?<!quale )\b(?P<lead2>comun[ei]|ent[ei] local[ei])\s+(?:\w+ )?capofila",
    re.IGNORECASE,
)
_OWNER = re.compile(
    r"(?:di|in)\s+(?:esclusiva )?propriet[àa]'?\s+(?:esclusiva )?"
    r"(?P<public>pubblica|comunale|dei comuni|dell['’]ente|degli enti locali)"
    r"|(?:in qualità di |essere |soggetti |enti locali )proprietar\w+(?: esclusiv\w+)?(?: \w+){0,6}",
    re.IGNORECASE,
)
_SHARE = re.compile(
    r"(?:fino (?:al|all['’]|a(?:d)? un massimo del)|nella misura (?:massima )?del|nel limite (?:massimo )?del"
    r"|pari al(?:l['’])?|massimo del"
    r"|copre (?:fino a?l? ?)?il)\s*"
    r"(?P<n>\d{1,3}(?:,\d{1,2})?)\s*(?:%|per cento)"
    r"(?:[^.;]{0,60}?(?:spes|cost|investiment)"
    r"|\s+(?:di|sotto\s+forma\s+di)\s+(?:contributo|sovvenzione)\s+a\s+fondo\s+perduto)",
    re.IGNORECASE,
)
_GRANT_WORDS = re.compile(r"contribut|agevolazion|sovvenzion|fondo perduto|intensit", re.IGNORECASE)
_OTHER_SHARES = re.compile(
    r"forfett|personale|conto termico|acconto|anticip|saldo|fideiuss|sono ammissibili fino|la spesa è ammissibile"
    r"|riduzion",
    re.IGNORECASE,
)


def condition_rules(call: FundingCall, sentences: tuple[Sentence, ...]) -> Iterator[ConditionRule]:
    """The conditions of one call, at most one per criterion, from its fields, else from its text."""
    readers = (_partnership, _asset)
    where = [Sentence(call.applicants_text, -1), Sentence(call.title, -2), *sentences]
    if call.text:
        where.append(Sentence(call.text[:BODY_LENGTH], 0))
    for reader in readers:
        found = next(filter(None, (reader(sentence) for sentence in where if sentence.text)), None)
        if found:
            yield found
    yield from filter(None, (amount_rule(call), _cofinancing(call)))


def _origin(sentence: Sentence, at: int) -> str:
    if sentence.offset < 0:
        return "applicants_text" if sentence.offset == -1 else "title"
    return f"text:{sentence.offset + at}"


def _partnership(sentence: Sentence) -> ConditionRule | None:
    facts: list[tuple[str, str]] = []
    found: re.Match[str] | None = None
    for match in _PARTNERS.finditer(sentence.text):
        near = sentence.text[max(0, match.start() - 120) : match.end() + 60]
        if _PARTNERSHIP_WORDS.search(near) and 1 < number(match["n"].lower()) <= 20:
            facts.append(("min_partners", str(number(match["n"].lower()))))
            found = match
            break
    lead = _LEAD.search(sentence.text)
    if lead:
        facts.append(("lead", "public" if (lead["lead"] or "").lower().startswith("pubblic") else "commune"))
    first = found or lead
    if first is None:
        return None
    quote, origin = sentence_around(sentence.text, first), _origin(sentence, first.start())
    return ConditionRule(of=Criterion.PARTNERSHIP, facts=tuple(facts), missing="partners", quote=quote, origin=origin)


def _asset(sentence: Sentence) -> ConditionRule | None:
    match = _OWNER.search(sentence.text)
    if match is None:
        return None
    owner = "public" if match["public"] else "applicant"
    quote, origin = sentence_around(sentence.text, match), _origin(sentence, match.start())
    return ConditionRule(of=Criterion.ASSET, facts=(("owner", owner),), missing="ownership", quote=quote, origin=origin)


def _cofinancing(call: FundingCall) -> ConditionRule | None:
    if call.cofinancing is not None:
        share, quote, origin = call.cofinancing, f"cofinancing: {call.cofinancing}", "cofinancing"
    else:
        match = next(filter(lambda match: _is_grant_share(call.text, match), _shares(call.text)), None)
        if match is None:
            return None
        share = Decimal(match["n"].replace(",", ".")) / 100
        quote, origin = sentence_around(call.text, match), f"text:{match.start()}"
    if not 0 < share <= 1:
        return None
    missing = "" if share == 1 else "own_funds"
    facts = (("covered", str(share.normalize())),)
    return ConditionRule(of=Criterion.COFINANCING, facts=facts, missing=missing, quote=quote, origin=origin)


def _shares(text: str) -> Iterator[re.Match[str]]:
    return _SHARE.finditer(text, 0, BODY_LENGTH)


def _is_grant_share(text: str, match: re.Match[str]) -> bool:
    """Whether a share of the cost is what the call pays, not a ceiling on one kind of expense or an advance."""
    before = text[max(0, match.start() - 140) : match.end()]
    return bool(_GRANT_WORDS.search(before)) and not _OTHER_SHARES.search(before)
