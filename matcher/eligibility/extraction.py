"""From a call to its rules: fields where the source has them, the text otherwise, evidence where neither says.

applicants_text ─► beneficiary sentences of the text ─► bodies funded before + words ─► ApplicantRule
issuer, territory_text, title ─► TerritoryRule       title, applicants_text, sentences ─► PopulationRule
opens, closes, status, text ─► DatesRule             fields, sentences, text ─► ConditionRule
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from matcher.eligibility.applicants import ApplicantsRead, applicant_kinds, plain
from matcher.eligibility.conditions import condition_rules
from matcher.eligibility.dates import dates_rule
from matcher.eligibility.likelihood import with_funded, word_chances
from matcher.eligibility.places import territory_rule
from matcher.eligibility.rules import KINDS, ApplicantRule, PopulationRule, Rule
from matcher.eligibility.sections import MAX_QUOTE, Sentence, beneficiary_sentences
from matcher.eligibility.thresholds import population_rule
from matcher.records import ApplicantKind, FundingCall

MOST_BODY = 3_000
"""Characters of a text in which words are weighed; of summary and text together twice as many."""
FEW_OF_A_KIND = 0.05
"""Chance of a commune where only provincial capitals are meant: 110 of 7,900, but the large ones ask more often."""
FEW_PROJECTS = 5
"""A reform that has funded fewer bodies than this finances nobody's project."""
POSSIBLE_LEAST, POSSIBLE_MOST = 0.3, 0.7
"""Chances of a kind that the words leave open: they name it, but as one of several or under a condition."""
_REFORM = re.compile(r"^M\d+C\d+R")
_ONLY = re.compile(r"\bsol[oi]\b|soltanto|esclusiv|unicamente|riservat")
_REFORM_KINDS = frozenset({ApplicantKind.CENTRAL, ApplicantKind.REGION})


_PLURALS = {
    ApplicantKind.COMMUNE: "comuni",
    ApplicantKind.UNION: "unioni di comuni",
    ApplicantKind.PROVINCE: "province e città metropolitane",
    ApplicantKind.REGION: "regioni",
    ApplicantKind.CENTRAL: "amministrazioni centrali",
    ApplicantKind.SCHOOL: "scuole",
    ApplicantKind.HEALTH: "enti sanitari",
    ApplicantKind.UNIVERSITY: "università ed enti di ricerca",
    ApplicantKind.PUBLIC_BODY: "altri enti pubblici",
    ApplicantKind.THIRD_SECTOR: "terzo settore",
    ApplicantKind.FIRM: "imprese",
    ApplicantKind.PERSON: "persone",
}
# Figures are quoted in the language of the sources that they stand beside.


def extract_rules(call: FundingCall, funded: Mapping[ApplicantKind, int] | None = None) -> tuple[Rule, ...]:
    """Read the rules of one call, at most one per criterion.

    ``funded`` counts the bodies that the call's measure has funded before, by kind: evidence, never certainty.
    """
    sentences = beneficiary_sentences(call.text) if call.text else ()
    rules: list[Rule | None] = [
        _applicant_rule(call, funded or {}, sentences),
        territory_rule(call),
        _population_rule(call, sentences),
        dates_rule(call),
        *condition_rules(call, sentences),
    ]
    return tuple(rule for rule in rules if rule is not None)


def _applicant_rule(
    call: FundingCall, funded: Mapping[ApplicantKind, int], sentences: tuple[Sentence, ...]
) -> ApplicantRule | None:
    read, origin = _read_applicants(call, sentences)
    if read is None:
        return _reform_rule(call, funded) or _evidence_rule(call, funded)
    title = applicant_kinds(call.title) if read.possible or not read.complete else None
    excluded = read.excluded | (title.excluded if title else frozenset())
    evidence = _chances(call, funded)
    coarse = "ente_pubblico" in call.applicants_text
    chances = []
    for kind in KINDS:
        if kind in excluded:
            chance = 0.0
        elif kind in read.kinds:
            chance = 1.0
        elif kind in read.possible:
            chance = evidence[kind] if coarse else min(POSSIBLE_MOST, max(POSSIBLE_LEAST, evidence[kind]))
        elif kind in read.few:
            chance = FEW_OF_A_KIND
        else:
            chance = 0.0 if read.complete else evidence[kind]
        chances.append(chance)
    return ApplicantRule(chances=tuple(chances), quote=read.quote, origin=origin)


def _read_applicants(call: FundingCall, sentences: tuple[Sentence, ...]) -> tuple[ApplicantsRead | None, str]:
    """What the applicants field says, else what the sentences of the text do; None where neither is understood."""
    if call.applicants_text.strip():
        read = applicant_kinds(call.applicants_text)
        if read.kinds or read.possible or read.few or read.excluded:
            return read, "applicants_text"
    if sentences:
        read = applicant_kinds(" ; ".join(sentence.text for sentence in sentences))
        if read.kinds or read.possible:
            quote = " ".join(sentences[0].text.split())[:MAX_QUOTE]
            # A sentence in passing admits whom it names; only a section of its own, or "only", shuts the others out.
            closed = sentences[0].in_section or _ONLY.search(plain(sentences[0].text)) is not None
            return replace(read, quote=quote, complete=read.complete and closed), f"text:{sentences[0].offset}"
    return None, ""


def _reform_rule(call: FundingCall, funded: Mapping[ApplicantKind, int]) -> ApplicantRule | None:
    kind = next((value for name, value in call.extra if name == "tipo"), "")
    if not (_REFORM.match(call.programme) or kind == "Riforma") or sum(funded.values()) >= FEW_PROJECTS:
        return None
    chances = tuple(POSSIBLE_LEAST if k in _REFORM_KINDS else 0.0 for k in KINDS)
    quote, origin = (kind, "tipo") if kind else (call.programme, "programme")
    return ApplicantRule(chances=chances, quote=quote, origin=origin)


def _evidence_rule(call: FundingCall, funded: Mapping[ApplicantKind, int]) -> ApplicantRule:
    chances = _chances(call, funded)
    total = sum(funded.values())
    if total:
        most_first = sorted(funded.items(), key=lambda item: -item[1])
        counts = ", ".join(f"{number} di {_PLURALS[kind]}" for kind, number in most_first)
        quote, origin = f"{call.programme}: {total} progetti finanziati, {counts}"[:MAX_QUOTE], "funded_bodies"
    else:
        quote, origin = call.title.strip()[:MAX_QUOTE], "title"
    return ApplicantRule(chances=tuple(chances[kind] for kind in KINDS), quote=quote, origin=origin, read=False)


def _chances(call: FundingCall, funded: Mapping[ApplicantKind, int]) -> dict[ApplicantKind, float]:
    body = f"{call.summary} {call.text[:MOST_BODY]}"
    for theme in call.themes:
        body = body.replace(theme, " ")
    classes = call.applicants_text if "ente_pubblico" in call.applicants_text else ""
    words = word_chances(call.title, body[: 2 * MOST_BODY], call.issuer, classes)
    return with_funded(words, funded)


def _population_rule(call: FundingCall, sentences: tuple[Sentence, ...]) -> PopulationRule | None:
    """The first threshold among the places where one is a condition; elsewhere in a text it sets a rate or a score."""
    places = [("applicants_text", call.applicants_text), ("title", call.title), ("territory_text", call.territory_text)]
    places += [(f"text:{sentence.offset}", sentence.text) for sentence in sentences]
    return next(filter(None, (population_rule(text, origin) for origin, text in places if text)), None)
