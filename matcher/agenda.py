"""Actors and working styles of the strategic agenda, read by rule: what a record names, and what its driver asks for.

    fields of the record (lead, owner, body, applicants) ──┐
    phrases of its text ───────────────────────────────────┴──► actors, styles       evidence: the words themselves
    its drivers ──► the style that the agenda gives the driver ──► style             evidence: ``plan:<driver>``

Nothing is learnt here, and where neither words nor driver speak there is no tag. The agenda speaks of what the
metropolitan city and its communes do: its lines are laid over their needs, projects and assets, and not over what
others publish or were funded for.
"""

import re
from collections.abc import Iterable, Iterator

from matcher.records import FundingCall, Need, Precedent, Project, PublicAsset
from matcher.strategy import (
    ACTOR,
    COMMUNES,
    CONCERTED,
    COORDINATED,
    COPLANNED,
    DIRECT,
    DRIVER,
    INTERMEDIATE,
    LINKED,
    METROPOLITAN,
    PARTNERSHIP,
    STYLE,
    SUPPORTING,
    DecidedBy,
    Tag,
    Tagged,
    text_to_tag,
)

STYLES_OF_DRIVER: dict[str, tuple[str, ...]] = {
    "1": (CONCERTED,),
    "2": (DIRECT, SUPPORTING),
    "3": (SUPPORTING,),
    "4": (COORDINATED, PARTNERSHIP),
    "5": (LINKED,),
    "6": (CONCERTED,),
    "7": (COPLANNED,),
    "8": (COORDINATED, DIRECT),
    "9": (SUPPORTING,),
    "10": (LINKED,),
}
"""Driver → how the agenda of the strategic plan says that the metropolitan city works on it."""
PLAN = "plan:"
"""What evidence begins with that is a line of the agenda; the driver's code follows."""

_ACTOR_PHRASES = {
    METROPOLITAN: r"citt[àa]'? metropolitana|provincia di milano|\bafol\b",
    # "Comune" alone is also an adjective: only where it names bodies.
    COMMUNES: r"\bcomun[ei] d(?:i |')|\b(?:i|dei|ai|tra|fra|tra i|fra i|con i|più|altri|unione di|unione dei) comuni\b|"
    r"amministrazion[ei] comunal[ei]|\benti locali\b|\bente locale\b|\bcomuni\b(?= con| fino| sotto| singol| in forma)|"
    r"\bcomuni[;,.]|^comuni\b",
    INTERMEDIATE: r"associazion[ei]\b|terzo settore|\bcooperativ[ae]\b|volontariato|\bfondazion[ei]\b|universit[àa]|"
    r"\batene[oi]\b|politecnico|parti sociali|sindacat[oi]\b|\bats\b|\basst\b|\baler\b|privato sociale|parrocchi[ae]\b|"
    r"camera di commercio|confindustria|consorzi[oe]?\b|organismi di ricerca",
}
_STYLE_PHRASES = {
    DIRECT: r"gestione diretta|gestit[oae] direttamente|realizzat[oaei] direttamente|azione diretta",
    COORDINATED: r"\bregia\b|gestione associata|gestione unica|gestore unico|governo (?:integrato|unitario)|"
    r"coordinamento (?:tra|fra|sovracomunale|metropolitano|territoriale)",
    LINKED: r"\braccordo\b|tavol[oi] (?:permanent[ei]|di lavoro|di confronto|territorial[ei])|"
    r"integrazione (?:tra|fra) (?:i )?(?:servizi|enti)|in rete (?:con|tra|fra)",
    SUPPORTING: r"(?:supporto|sostegno|accompagnamento|assistenza tecnica)(?: \w+)? (?:ai|agli|dei|degli) "
    r"(?:comuni|enti locali)|sportello (?:unico )?(?:per i|ai) comuni",
    CONCERTED: r"protocoll[oi] d['’]intesa|accord[oi] (?:di programma|quadro|territorial[ei]|di partenariato)|"
    r"\bconvenzion[ei] (?:con|tra|fra)\b|\bintes[ae] (?:con|tra|fra)\b|\bpatto (?:per|di|territoriale)\b",
    PARTNERSHIP: r"partenariat[oi] pubblico[ -]privat[oi]|partnership pubblico[ -]privat[ao]|project financing|"
    r"finanza di progetto|\bppp\b|concessione di valorizzazione",
    COPLANNED: r"co-?progett\w+|co-?programmazion\w+|percors[oi] partecipat\w+|patt[oi] di collaborazione|"
    r"progettazione partecipata|amministrazione condivisa|con (?:i cittadini|gli abitanti|le famiglie|la comunità)",
}
_ACTORS = {code: re.compile(phrases, re.IGNORECASE | re.MULTILINE) for code, phrases in _ACTOR_PHRASES.items()}
_STYLES = {code: re.compile(phrases, re.IGNORECASE) for code, phrases in _STYLE_PHRASES.items()}


def agenda_tags(record: Tagged, tags: Iterable[Tag]) -> tuple[Tag, ...]:
    """Return the actors and styles of a record; ``tags`` are its others, of which the certain drivers count.

    What the record's fields or text name is certain; a style that only its driver gives is as sure as the driver is.
    """
    text = text_to_tag(record)
    found: dict[tuple[str, str], Tag] = {}
    for tag in (*_named(record), *_said(ACTOR, text), *_said(STYLE, text)):
        found.setdefault(tag.key, tag)
    if isinstance(record, Need | Project | PublicAsset) and not any(scheme == STYLE for scheme, _ in found):
        for tag in _planned(tags):
            found.setdefault(tag.key, tag)
    return tuple(found.values())


def _named(record: Tagged) -> Iterator[Tag]:
    """Yield the actors that the record's own fields name."""
    if isinstance(record, Need) and record.commune_istat:
        yield Tag(ACTOR, COMMUNES, 1.0, "", DecidedBy.SOURCE)
    for words in _fields(record):
        for code, phrases in _ACTORS.items():
            if match := phrases.search(words):
                yield Tag(ACTOR, code, 1.0, match.group().strip(" ;,."), DecidedBy.SOURCE)


def _fields(record: Tagged) -> tuple[str, ...]:
    if isinstance(record, Project):
        return (record.lead, *record.partners)
    if isinstance(record, PublicAsset):
        return (record.owner,)
    if isinstance(record, Precedent):
        return (record.body,)
    return (record.applicants_text,) if isinstance(record, FundingCall) else ()


def _said(scheme: str, text: str) -> Iterator[Tag]:
    for code, phrases in (_ACTORS if scheme == ACTOR else _STYLES).items():
        if match := phrases.search(text):
            yield Tag(scheme, code, 1.0, match.group().strip(" ;,."), DecidedBy.RULE)


def _planned(tags: Iterable[Tag]) -> Iterator[Tag]:
    """Yield the styles that the agenda gives the drivers, those of the surest driver first."""
    drivers = sorted((tag for tag in tags if tag.scheme == DRIVER and tag.certain), key=lambda tag: -tag.probability)
    for driver in drivers:
        for code in STYLES_OF_DRIVER[driver.code]:
            yield Tag(STYLE, code, driver.probability, f"{PLAN}{driver.code}", DecidedBy.RULE)
