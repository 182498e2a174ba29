"""What a source says of a project, in the form in which the entries of several sources are compared.

    Precedent ──┐
                ├──► ProjectEntry ──► said(entry): distinctive words, lots
    Project ────┘

Distinctive words are stems without function words, without what any public work says, and without the places' names.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from matcher.analyser import Analyser, name_key
from matcher.records import Precedent, Project
from matcher.stopwords import STOP_WORDS

_CUP = re.compile(r"\b[A-Z]\d{2}[A-Z]\d{11}\b")
_PARTS = "lotto|stralcio|fase|padiglione|pad|corpo|edificio|blocco|tratto|annualita|pop"
_PART_NUMBERED = re.compile(rf"\b({_PARTS}) (?:n |prestazionale |funzionale )?([0-9]{{1,4}}|[ivx]{{1,4}}|[a-h])\b")
_NUMBERED_PART = re.compile(r"\b([ivx]{1,4}|[0-9]{1,2}|primo|secondo|terzo|quarto) (lotto|stralcio|fase)\b")
_NUMBERS = {
    word: str(number)
    for number, words in enumerate(("i primo", "ii secondo", "iii terzo", "iv quarto", "v"), start=1)
    for word in words.split()
}
_OF_ANY_BODY = frozenset("comune di citta metropolitana provincia amministrazione regione ente spa srl il la".split())
_SAID_OF_ANY = """
lavori opere interventi intervento progetto progetti realizzazione manutenzione straordinaria ordinaria messa sicurezza
efficientamento energetico energetica adeguamento riqualificazione ristrutturazione rifacimento completamento
sistemazione ampliamento recupero restauro costruzione nuova nuovo ammodernamento sostituzione fornitura posa acquisto
servizio servizi incarico affidamento progettazione definitiva esecutiva definitivo esecutivo fattibilita tecnica
economica tecnico direzione coordinamento fase esecuzione collaudo verifica redazione relazione studio studi indagini
supporto rup professionale architettura ingegneria gara appalto accordo quadro lotto stralcio contratto procedura
diretto determina decreto legge dlgs dl art comma dm dgr delibera cup cig id cod codice
pnrr pnc investimento missione componente misura next generation eu finanziato finanziamento fondi contributo contributi
edificio edifici immobile immobili fabbricato impianto impianti struttura strutture scuola scolastico scolastica
comunale comunali municipale pubblico pubblica pubblici urbano urbana territorio territoriale locale sede area aree
via viale piazza corso strada strade largo localita loc frazione snc zona centro sito sita presso comune citta
sviluppo programma piano sistema rete parte vari varie altro altri mediante
digitale digitali cittadini cloud migrazione app pagopa spid cie pdnd notifiche piattaforma internet
"""


@dataclass(frozen=True, slots=True)
class ProjectEntry:
    """One entry of a project as its source gives it.

    ``origin`` is who says so: two entries of one origin are never proposed as one, as publishers give the shares,
    partners and lots of one CUP a row each. ``communes``: ISTAT codes; ``place_names``: their names. ``amount``: EUR.
    ``is_own``: written by a person, so that the title alone is what it is called by.
    """

    id: str
    origin: str
    title: str
    text: str = ""
    cup: str = ""
    measure: str = ""
    communes: frozenset[str] = frozenset()
    place_names: str = ""
    body: str = ""
    amount: Decimal | None = None
    year: int | None = None
    is_tender: bool = False
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """The distinctive words of what an entry is called by and of all that it says; which lots or phases it names."""

    named: frozenset[str]
    words: frozenset[str]
    parts: frozenset[str]


def entry_of(record: Precedent | Project, origin: str = "", *, tenders: Collection[str] = ()) -> ProjectEntry:
    """Return the entry of a record; ``tenders``: the sources whose rows are tenders.

    ``origin`` is the record's source where nothing else is given, and the record itself where it has none.
    """
    money = record.amount
    own = isinstance(record, Project)
    return ProjectEntry(
        id=record.id,
        origin=origin or (record.id if isinstance(record, Project) else record.source),
        title=record.title,
        text=record.text,
        cup=record.cup or cup_in(f"{record.title} {record.text}"),
        measure="" if isinstance(record, Project) else record.measure,
        communes=frozenset(record.communes),
        place_names="" if isinstance(record, Project) else " ".join((*record.commune_names, record.region)),
        body=record.lead if isinstance(record, Project) else record.body,
        amount=money.amount if money is not None and money.currency == "EUR" else None,
        year=None if isinstance(record, Project) else record.year,
        is_tender=not isinstance(record, Project) and record.source in tenders,
        is_own=own,
    )


def cup_in(text: str) -> str:
    """Return the CUP that a text names, "" where it names none or several."""
    found = set(_CUP.findall(text))
    return found.pop() if len(found) == 1 else ""


def said(entry: ProjectEntry) -> Said:
    """Read what an entry is called by."""
    every = f"{entry.title} {entry.text}"
    away = _general() | frozenset(_analyser().stems(entry.place_names))
    words = frozenset(_analyser().stems(_CUP.sub(" ", every))) - away
    named = frozenset(_analyser().stems(entry.title)) - away if entry.is_own else words
    return Said(named, words, parts_of(entry.title if entry.is_own else every))


def parts_of(text: str) -> frozenset[str]:
    """Return which lots, phases and buildings a text names, one way of writing for all: "II lotto" is "lotto 2"."""
    folded = name_key(text)
    named = [*_PART_NUMBERED.findall(folded), *((part, number) for number, part in _NUMBERED_PART.findall(folded))]
    return frozenset(f"{part} {_NUMBERS.get(number, number)}" for part, number in named)


def same_body(one: str, other: str) -> bool:
    """Return whether two names are of one body: of the words that tell bodies apart, one has all that the other has."""
    left, right = (frozenset(name_key(name).split()) - _OF_ANY_BODY for name in (one, other))
    return bool(left and right) and (left <= right or right <= left)


@cache
def _analyser() -> Analyser:
    return Analyser()


@cache
def _general() -> frozenset[str]:
    return frozenset(_analyser().stems(_SAID_OF_ANY)) | frozenset(_analyser().stems(" ".join(STOP_WORDS)))
