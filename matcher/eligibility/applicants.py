"""Who a phrase admits: ``Comuni e Unioni di Comuni``, ``Amministrazioni pubbliche, esclusi i Comuni``, ``PMI``.

The vocabulary is read in order and each match is taken out of the text; exclusions and conditions are read apart.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from matcher.eligibility.sections import MAX_QUOTE
from matcher.eligibility.vocabulary import NOISE, WORDS
from matcher.records import ApplicantKind as Kind


@dataclass(frozen=True, slots=True)
class ApplicantsRead:
    """What a beneficiary phrase says.

    ``kinds`` are admitted, ``excluded`` ruled out in words, ``possible`` left open by them (``partenariati
    pubblico/privati``, the class ``ente_pubblico``), ``few`` admitted only
    for some of the kind (``Comuni capoluogo``). ``complete`` says that whoever is not named may not apply; it is
    false where nothing was recognised or the list is open (``altri soggetti``). ``quote`` is the phrase, cut.
    """

    kinds: frozenset[Kind]
    complete: bool
    excluded: frozenset[Kind]
    quote: str
    possible: frozenset[Kind] = frozenset()
    few: frozenset[Kind] = frozenset()


_EXCLUSION = re.compile(
    r"\b(?:esclus[eoi]\b|ad esclusione\b|ad eccezione\b|con l.esclusione\b|divers[eoi] d|salvo\b|tranne\b|eccetto\b)"
    r"(?P<what>[^.;:)]*)"
)
_CONDITIONAL = re.compile(r"\bo,? in (?:assenza|mancanza),?(?P<what>[^.;:]*)")
_FOOTNOTE = re.compile(r"(?<=[a-z])\d{1,2}\b")
_OPEN_LIST = re.compile(
    r"\baltri (?:soggetti|enti pubblici)|(?<!- )\baltro\b|\becc\b|\beventuali altri|pubblici (?:e|o|e/o) privati"
)


@lru_cache(maxsize=512)
def plain(text: str) -> str:
    """Lower case without accents, straight apostrophes, single blanks: the form that the patterns are written for."""
    lowered = text.lower()
    if not lowered.isascii():
        folded = unicodedata.normalize("NFKD", lowered.replace("’", "'"))
        lowered = "".join(c for c in folded if not unicodedata.combining(c))
    return " ".join(lowered.split())


@dataclass(slots=True)
class _Found:
    named: set[Kind] = field(default_factory=set)
    classes: set[Kind] = field(default_factory=set)
    possible: set[Kind] = field(default_factory=set)
    few: set[Kind] = field(default_factory=set)

    def read(self, text: str) -> "_Found":
        """Take every word of the vocabulary out of an already plain text."""
        for word in WORDS:
            text, times = word.pattern.subn(" # ", text)
            if times:
                (self.classes if word.is_class else self.named).update(word.kinds)
                self.possible.update(word.possible)
                self.few.update(word.few)
        return self


def applicant_kinds(text: str) -> ApplicantsRead:
    """Read a beneficiary phrase or list (lists joined by ``;`` or commas) or a sentence that admits bodies."""
    words = NOISE.sub(" ", _FOOTNOTE.sub("", plain(text)))
    exclusions = [match.group("what") for match in _EXCLUSION.finditer(words)]
    words = _EXCLUSION.sub(" ; ", words)
    conditional = _Found()
    for match in _CONDITIONAL.finditer(words):
        conditional.read(match.group("what"))
    found = _Found().read(_CONDITIONAL.sub(" ", words))
    barred = _Found()
    for phrase in exclusions:
        barred.read(phrase)
    # "Università, ad esclusione delle telematiche" bars a part of what it admits, not the kind.
    excluded = frozenset(barred.named | barred.classes) - found.named
    kinds = frozenset(found.named | found.classes) - excluded
    possible = frozenset(found.possible | conditional.named) - kinds - excluded
    few = frozenset(found.few) - kinds - possible - excluded
    recognised = bool(kinds or possible or few)
    complete = recognised and not _OPEN_LIST.search(words)
    return ApplicantsRead(kinds, complete, excluded, text.strip()[:MAX_QUOTE], possible, few)
