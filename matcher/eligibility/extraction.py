"""From a call to its rules: fields where the source has them, the text otherwise, evidence where neither says.

beneficiary section ─► applicants_text ─► other sentences ─► bodies funded before + words ─► ApplicantRule
issuer, territory_text, title ─► TerritoryRule       title, applicants_text, sentences ─► PopulationRule
opens, closes, status, text ─► DatesRule             fields, sentences, text ─► ConditionRule
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from matcher.eligibility.applicants import ApplicantsRead, applicant_kinds, plain
from matcher.eligibility.conditions import condition_rules
from matcher.eligibility.dates import dates_rule
from matcher.eligibility.likelihood import with_funded, word_chances
from matcher.eligibility.places import territory_rule
from matcher.eligibility.rules import KINDS, ApplicantRule, PopulationRule, Rule
from matcher.eligibility.sections import MAX_QUOTE, Sentence, beneficiary_sentences
from matcher.eligibility.thresholds import population_rule, small_commune_rule
from matcher.eligibility.vocabulary import PUBLIC
from matcher.records import ApplicantKind, FundingCall

MOST_BODY = 3_000
"""Characters of a text in which words are weighed; of summary and text together twice as many."""
NOTICED, NOTICED_AGAINST, UNNOTICED = 0.95, 0.5, 0.3
"""Chance of a kind that a notice of the same measure admits, the same where the measure's words speak against it (local
bodies among those that may host a doctorate), and the factor for a kind that all its notices leave out."""
SPOKEN_AGAINST = 0.05
OPEN_LEAST = 0.1
"""Floor for a kind that a list leaves out which ends with *altri soggetti*."""
FEW_OF_A_KIND = 0.05
"""Chance of a commune where only provincial capitals are meant: 110 of 7,900, but the large ones ask more often."""
FEW_PROJECTS = 5
"""A reform that has funded fewer bodies than this finances nobody's project."""
POSSIBLE_LEAST, POSSIBLE_MOST = 0.3, 0.7
"""Chances of a kind that the words leave open: they name it, but as one of several or under a condition."""
_REFORM = re.compile(r"^M\d+C\d+R")
_ONLY = re.compile(r"\bsol[oi]\b|soltanto|esclusiv|unicamente|riservat")
_PUBLIC_BARRED = re.compile(
    r"(?:soggetti|enti|organismi)\s+pubblici\s+non\s+possono\s+(?:beneficiare|presentare|accedere)", re.IGNORECASE
)
# A title that speaks of public owners says more than a recipients field that forgets them.
_TITLE_OWNERS = re.compile(
    r"pubblic[ih]e? (?:non (?:appartenenti|statali)|e privat)|di proprieta (?:pubblica|comunale)"
)
_CLASS_NAMES = (
    ("ente pubblico", "ente_pubblico"),
    ("cooperative/associazioni non profit", "terzo_settore"),
    ("universita/ente di ricerca", "ricerca"),
)
_PIECES = re.compile(r"(?<=[.;])\s")
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


def extract_rules(
    call: FundingCall, funded: Mapping[ApplicantKind, int] | None = None, notices: Sequence[FundingCall] = ()
) -> tuple[Rule, ...]:
    """Read the rules of one call, at most one per criterion.

    Evidence for a call that does not say who may apply, never certainty: ``funded`` counts the bodies that its measure
    has funded before, by kind; ``notices`` are the calls published under the same measure (``notices_by_programme``).
    """
    sentences = beneficiary_sentences(call.text) if call.text else ()
    rules: list[Rule | None] = [
        _applicant_rule(call, funded or {}, notices, sentences),
        territory_rule(call),
        _population_rule(call, notices, sentences),
        dates_rule(call),
        *condition_rules(call, sentences),
    ]
    return tuple(rule for rule in rules if rule is not None)


def notices_by_programme(calls: Iterable[FundingCall]) -> dict[str, tuple[FundingCall, ...]]:
    """The calls that say who may apply, by the programme or measure code under which they were published."""
    found: dict[str, list[FundingCall]] = {}
    for call in calls:
        if call.programme and call.applicants_text:
            found.setdefault(call.programme, []).append(call)
    return {programme: tuple(notices) for programme, notices in found.items()}


def _applicant_rule(
    call: FundingCall,
    funded: Mapping[ApplicantKind, int],
    notices: Sequence[FundingCall],
    sentences: tuple[Sentence, ...],
) -> ApplicantRule | None:
    read, origin = _read_applicants(call, sentences)
    if read is None:
        return _reform_rule(call, funded) or _evidence_rule(call, funded, notices)
    if _TITLE_OWNERS.search(plain(call.title)):
        read = replace(read, complete=False)
    title = applicant_kinds(call.title) if read.possible or not read.complete else None
    excluded = read.excluded | (title.excluded if title else frozenset())
    evidence = _chances(call, funded)
    coarse = bool(_classes(call.applicants_text))
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
            chance = 0.0 if read.complete else max(OPEN_LEAST, evidence[kind])
        chances.append(chance)
    return ApplicantRule(chances=tuple(chances), quote=read.quote, origin=origin)


def _read_applicants(call: FundingCall, sentences: tuple[Sentence, ...]) -> tuple[ApplicantsRead | None, str]:
    """What the text's own section on beneficiaries says, else the applicants field, else sentences in passing.

    A field beside a full text is somebody's summary of it: wider (*enti pubblici* for communes and unions) or wrong.
    """
    in_text = _read_sentences(call.text, sentences)
    if in_text is not None and sentences[0].in_section:
        return in_text, f"text:{sentences[0].offset}"
    if call.applicants_text.strip():
        read = applicant_kinds(call.applicants_text)
        if read.kinds or read.possible or read.few or read.excluded:
            return read, "applicants_text"
    return (in_text, f"text:{sentences[0].offset}") if in_text is not None else (None, "")


def _read_sentences(text: str, sentences: tuple[Sentence, ...]) -> ApplicantsRead | None:
    read = applicant_kinds(" ; ".join(sentence.text for sentence in sentences))
    if not (read.kinds or read.possible):
        return None
    quote = " ".join(sentences[0].text.split())[:MAX_QUOTE]
    # A sentence in passing admits whom it names; only a section of its own, or "only", shuts the others out.
    closed = sentences[0].in_section or _ONLY.search(plain(sentences[0].text)) is not None
    barred = PUBLIC - read.kinds if _PUBLIC_BARRED.search(text) else frozenset()
    return replace(read, quote=quote, complete=read.complete and closed, excluded=read.excluded | barred)


def _reform_rule(call: FundingCall, funded: Mapping[ApplicantKind, int]) -> ApplicantRule | None:
    kind = next((value for name, value in call.extra if name == "tipo"), "")
    if not (_REFORM.match(call.programme) or kind == "Riforma") or sum(funded.values()) >= FEW_PROJECTS:
        return None
    chances = tuple(POSSIBLE_LEAST if k in _REFORM_KINDS else 0.0 for k in KINDS)
    quote, origin = (kind, "tipo") if kind else (call.programme, "programme")
    return ApplicantRule(chances=chances, quote=quote, origin=origin)


def _evidence_rule(
    call: FundingCall, funded: Mapping[ApplicantKind, int], notices: Sequence[FundingCall]
) -> ApplicantRule:
    chances = _chances(call, funded)
    read = [(notice, rule) for notice in notices if (rule := _applicant_rule(notice, {}, (), ())) is not None]
    for column, kind in enumerate(KINDS if read else ()):
        chances[kind] = _with_notices(chances[kind], [rule.chances[column] for _, rule in read])
    total = sum(funded.values())
    if read:
        first = max(read, key=lambda pair: pair[1].chances[KINDS.index(ApplicantKind.COMMUNE)])[0]
        quote, origin = f"{first.title}: {first.applicants_text}"[:MAX_QUOTE], first.id
    elif total:
        most_first = sorted(funded.items(), key=lambda item: -item[1])
        counts = ", ".join(f"{number} di {_PLURALS[kind]}" for kind, number in most_first)
        quote, origin = f"{call.programme}: {total} progetti finanziati, {counts}"[:MAX_QUOTE], "funded_bodies"
    else:
        quote, origin = call.title.strip()[:MAX_QUOTE], "title"
    return ApplicantRule(chances=tuple(chances[kind] for kind in KINDS), quote=quote, origin=origin, read=False)


def _with_notices(chance: float, noticed: Sequence[float]) -> float:
    """The chance of a kind after what the notices of the same measure say of it, the most generous one first."""
    best = max(noticed)
    if best >= 1:
        return NOTICED if chance >= SPOKEN_AGAINST else NOTICED_AGAINST
    return max(chance, best) if best > 0 else chance * UNNOTICED


def _chances(call: FundingCall, funded: Mapping[ApplicantKind, int]) -> dict[ApplicantKind, float]:
    body = f"{call.summary} {call.text[:MOST_BODY]}"
    for theme in call.themes:
        body = body.replace(theme, " ")
    words = word_chances(call.title, body[: 2 * MOST_BODY], call.issuer, _classes(call.applicants_text))
    return with_funded(words, funded)


def _classes(applicants: str) -> str:
    """The classes of the national catalogue under one name each, empty where public bodies are not among them."""
    text = plain(applicants)
    for published, name in _CLASS_NAMES:
        text = text.replace(published, name)
    return text if "ente_pubblico" in text else ""


def _population_rule(
    call: FundingCall, notices: Sequence[FundingCall], sentences: tuple[Sentence, ...]
) -> PopulationRule | None:
    """The first threshold among the places where one is a condition; elsewhere in a text it sets a rate or a score.

    A call that does not say who may apply is read from its objectives and notices, too: then a threshold is a hint,
    and a commune outside it is not ruled out.
    """
    places = [("applicants_text", call.applicants_text), ("title", call.title), ("territory_text", call.territory_text)]
    places += [(f"text:{sentence.offset}", sentence.text) for sentence in sentences]
    rule = next(filter(None, (population_rule(text, origin) for origin, text in places if text)), None)
    rule = rule or small_commune_rule(call.title, "title")
    if rule is not None or call.applicants_text or sentences:
        return rule
    hints = [("summary", piece) for piece in _PIECES.split(call.summary[:MOST_BODY])]
    hints += [(notice.id, text) for notice in notices for text in (notice.title, notice.applicants_text)]
    hint = next(filter(None, (population_rule(text, origin) for origin, text in hints)), None)
    return replace(hint, strict=False) if hint else None
