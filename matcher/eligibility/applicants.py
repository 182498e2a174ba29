"""Who a phrase admits: ``Comuni e Unioni di Comuni``, ``Amministrazioni pubbliche, esclusi i Comuni``, ``PMI``.

The vocabulary is read in order and each match is taken out of the text, so that ``province autonome`` (regions) is
gone before ``province`` is looked for, and ``imprese sociali`` before ``imprese``.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from matcher.records import ApplicantKind as Kind

PUBLIC = frozenset(
    {
        Kind.COMMUNE,
        Kind.UNION,
        Kind.PROVINCE,
        Kind.REGION,
        Kind.CENTRAL,
        Kind.SCHOOL,
        Kind.HEALTH,
        Kind.UNIVERSITY,
        Kind.PUBLIC_BODY,
    }
)
LOCAL = frozenset({Kind.COMMUNE, Kind.UNION, Kind.PROVINCE})
MAX_QUOTE = 400


@dataclass(frozen=True, slots=True)
class ApplicantsRead:
    """What a beneficiary phrase says.

    ``kinds`` are admitted, ``excluded`` ruled out in words, ``possible`` left open by them (``partenariati
    pubblico/privati``, the class ``ente_pubblico``). ``complete`` says that whoever is not named may not apply; it is
    false where nothing was recognised or the list is open (``altri soggetti``). ``quote`` is the phrase, cut.
    """

    kinds: frozenset[Kind]
    complete: bool
    excluded: frozenset[Kind]
    quote: str
    possible: frozenset[Kind] = frozenset()


# Words that name bodies without admitting them.
_NOISE = (
    r"registro (?:delle |delle? piccole )?imprese(?: (?:presso|della|delle) (?:la |le )?camer[ae] di commercio)?",
    r"camer[ae] di commercio \(?sezione",
    r"regolamento \(?ue\)?[^,;.]*",
    r"elenco (?:analitico )?istat(?: delle)?(?: amministrazioni pubbliche)?",
    r"elenco delle amministrazioni pubbliche",
    r"riordino delle comunita montane[^,;.\"”]*",
    r"disciplina delle unioni di comuni[^,;.\"”]*",
    r"comunita energetic\w+(?: rinnovabil\w+)?",
    r"amministrazioni locali competenti|ente competente|uffic\w+ (?:\w+ )?dell.agenzia delle entrate",
    r"ministero [a-z' ,]*",
    r"(?:in|di|del|un|parti|beni|spazi|obiettivi|progetto di) comun[ei](?: interesse(?: europeo)?)?(?= interesse| accordo)",
    r"(?:parti|beni|spazi|obiettivi|regole|finalita) comuni|mercat[oi] comun[ei]|in comune\b|comune interesse",
    r"organizzazioni di produttori|associazioni temporanee|associazione temporanea",
    r"(?:gestione|spesa|risorse|opere|interesse|servizi\w*|edific\w+|ordine) (?:di )?pubblic[aoi]\b",
)

# (kinds admitted, kinds left possible, is it a class that stands for many kinds, pattern)
_WORDS: tuple[tuple[frozenset[Kind], frozenset[Kind], bool, str], ...] = tuple(
    (frozenset(kinds), frozenset(possible), generic, pattern)
    for kinds, possible, generic, pattern in (
        ((), LOCAL | {Kind.PUBLIC_BODY, Kind.FIRM}, False, r"partenariat\w+ (?:tra )?pubblic\w+[ /e-]+privat\w+"),
        ((), PUBLIC, True, r"ente_pubblico"),
        ((), PUBLIC | {Kind.THIRD_SECTOR, Kind.FIRM}, True, r"pubblici (?:e|o|e/o) privati(?! economici)"),
        (
            (Kind.REGION,),
            (),
            False,
            r"provinc(?:e|ie|ia) autonom[ae](?: di \w+(?: e (?:di )?\w+)?)?|\bp\.? ?a\.? di \w+",
        ),
        ((Kind.PROVINCE,), (), False, r"citta metropolitan[ae]"),
        (
            (Kind.REGION, Kind.PUBLIC_BODY),
            (),
            False,
            r"enti regionali|organismi regionali(?: e delle)?|agenzie regionali(?! sanit)",
        ),
        ((Kind.HEALTH, Kind.PUBLIC_BODY), (), False, r"agenzie regionali sanitarie"),
        (
            (Kind.UNION,),
            (),
            False,
            r"union[ei] (?:lombard[ae] )?(?:dei |di |tra )?comuni(?: lombard[ae])?|union[ei] montan[ae]|comunita (?:montan|isolan|"
            r"collinar)\w+|forme associative (?:di|tra|fra) (?:enti locali|comuni)|comuni associati",
        ),
        (
            (Kind.PUBLIC_BODY,),
            (Kind.COMMUNE, Kind.UNION),
            False,
            r"ambit[oi] (?:territorial[ei] )?social[ei](?: territorial[ei])?",
        ),
        ((Kind.PUBLIC_BODY,), (), False, r"consorzi (?:ex art|(?:di|tra|fra) (?:enti locali|comuni))"),
        ((), (Kind.COMMUNE,), False, r"convenzioni (?:ex art|(?:tra|fra) (?:enti locali|comuni))"),
        ((), LOCAL | {Kind.PUBLIC_BODY, Kind.THIRD_SECTOR}, False, r"enti iscritti all.albo[a-z ]*"),
        (
            (Kind.PUBLIC_BODY,),
            (Kind.COMMUNE, Kind.UNION),
            False,
            r"ambit[oi] territorial[ei](?: social[ei])?|piani? di zona",
        ),
        (
            (Kind.PUBLIC_BODY,),
            (),
            False,
            r"\begato\b(?: operativi)?|ent[ei] di governo d.? ?ambito|autorita (?:di )?(?:sistema )?portual[ei]|\badsp\b"
            r"|consorzi di bonifica|\baler\b|\bater\b|aziende lombarde per l.edilizia\w*|ent[ei] parco|ent[ei] gestori d\w+ "
            r"parchi|camer[ae] di commercio|ordini professionali|aziende speciali|aziende (?:di )?servizi alla persona",
        ),
        (
            (Kind.CENTRAL,),
            (),
            False,
            r"(?:pubbliche )?amministrazioni (?:pubbliche )?centrali|\bpa centrali|\bpac\b|ministeri\b",
        ),
        ((Kind.CENTRAL, Kind.PUBLIC_BODY), (), False, r"\baoo\b|aree organizzative omogenee"),
        (
            (Kind.CENTRAL,),
            (),
            False,
            r"istituto superiore di sanita(?: \(iss\))?|\binail\b|\bagenas\b|istituto nazionale per l.assicurazione[^,;.]*"
            r"|agenzia nazionale[^,;.]*",
        ),
        (
            (Kind.UNIVERSITY,),
            (),
            False,
            r"scuole superiori (?:a|ad) ordinamento speciale|istituti universitari[a-z ]*|ent[ei] (?:pubblic[oi] )?(?:nazional[ei]"
            r" )?di ricerca|enti e istituzioni di ricerca|(?:organism[oi]|centr[oi]|istitut[oi]|consorzi[o]?) di ricerca|"
            r"(?:istituzioni|istituti) (?:per|di) l?.?alta formazione[a-z ]*|\bafam\b|universit\w+|atene[oi]|politecnic[oi]|"
            r"gruppo di ricerca|unita operativa|professori|\bricerca\b(?=;|$)|conservatori(?: di musica)?\b",
        ),
        (
            (Kind.PERSON,),
            (),
            False,
            r"giovani ricercatori|ricercator[ei]|student[ei](?: scuole superiori)?|dottorand[ie]",
        ),
        (
            (Kind.HEALTH,),
            (),
            False,
            r"\basl\b|\basst\b|\baulss\b|\bausl\b|aziende? (?:unita )?(?:socio ?-?)?sanitari\w+(?: local[ei])?(?: e osped\w+)?|"
            r"(?:aziende? )?ospedalier[ae]|ospedali\w*|\birccs\b|istituti di ricovero[a-z ]*|istituti zooprofilattici"
            r"(?: sperimentali)?|\bizs\b|agenzie? di tutela della salute|\bats\b(?= |,|;)(?=.{0,20}asst)",
        ),
        (
            (Kind.SCHOOL,),
            (),
            False,
            r"istituzion[ei] scolastic\w+|istitut[oi] (?:scolastic[oi]|comprensiv[oi]|di istruzione)|\bscuole\b(?! (?:dell|di inf))",
        ),
        (tuple(LOCAL | {Kind.REGION}), (), True, r"enti pubblici territoriali|enti territoriali"),
        (
            tuple(LOCAL),
            (),
            True,
            r"ent[ei] local[ei](?: territorial[ei])?|autonomie locali|\bpa locali|amministrazioni locali",
        ),
        (
            (Kind.COMMUNE,),
            (),
            False,
            r"\bcomuni\b|\bcomune\b(?! (?:interesse|accordo))|amministrazion[ei] comunal[ei]|roma capitale|municipalita",
        ),
        ((Kind.REGION,), (), False, r"\bregioni\b|^regione\b|;regione\b"),
        ((Kind.PROVINCE,), (), False, r"\bprovinc(?:e|ie)\b"),
        (
            (Kind.THIRD_SECTOR,),
            (),
            False,
            r"terzo[ _]settore|\bets\b|cooperativ[ae] social[ei]|impres[ae] social[ei]|associazioni?(?! di (?:imprese|"
            r"categoria|produttori))|fondazion[ei]|organizzazioni di volontariato|\bodv\b|\baps\b|\bonlus\b|enti (?:ecclesiastic"
            r"|religios)\w+|parrocchi[ae]|societa sportive|\b[as]sd\b|(?:enti )?no[nt]?[ -]profit|senza (?:fini|scopo) di lucro",
        ),
        ((Kind.UNION, Kind.PUBLIC_BODY), (), True, r"\baltri enti\b"),
        (
            tuple(PUBLIC),
            (),
            True,
            r"(?:amministrazion[ei] pubblic|pubblic\w+ amministrazion)\w+|(?<!altri )(?:ent[ei]|soggett[oi]|organism[oi]) pubblic[oi]"
            r"(?! o privat)(?: economici)?",
        ),
        (
            (Kind.FIRM, Kind.PERSON),
            (),
            False,
            r"liber[oi] professionist[ie]|professionist[ie]|partita_iva|lavorator[ei] autonom[oi]",
        ),
        (
            (Kind.FIRM,),
            (),
            False,
            r"(?:micro|piccole|medie|grandi)[a-z, ]* imprese|\bm?pmi\b|microimpres[ae]|impres[ae]\b|imprenditor[ei]\w*|operator[ei]"
            r" (?:economic[oi]|del|turistic)\w*|start[- ]?up|aziende agricole|aziende\b|societa (?:agricol|cooperativ|di (?:capitali"
            r"|persone|gestione))\w*|cooperativ[ae]|consorzi\b|concessionari[oi]?|ditte\b|istituto_finanziario|confidi|"
            r"intermediari finanziari|produttori|gestori d\w+|esercenti|societa\b",
        ),
        (
            (Kind.PERSON,),
            (),
            False,
            r"individui|person[ae][ _]fisic(?:a|he)|cittadini|famiglie|nuclei familiari|esperti|disoccupat[ie]|lavorator[ei]\b",
        ),
    )
)
_COMPILED = tuple((kinds, possible, generic, re.compile(pattern)) for kinds, possible, generic, pattern in _WORDS)
_NOISE_PATTERN = re.compile("|".join(_NOISE))
_EXCLUSION = re.compile(
    r"(?:\besclus[eoi]\b|\bad esclusione\b|\bad eccezione\b|\bcon l.esclusione\b|\bdivers[eoi] d|\bsalvo\b|\btranne\b|\beccetto\b)"
    r"(?P<what>[^.;:)]*)"
)
_CONDITIONAL = re.compile(r"\bo,? in (?:assenza|mancanza),?(?P<what>[^.;:]*)")
_FOOTNOTE = re.compile(r"(?<=[a-z])\d{1,2}\b")
_OPEN_LIST = re.compile(r"\baltri (?:soggetti|enti pubblici)|\baltro\b|\becc\b|\beventuali altri|pubblici o privati")


def plain(text: str) -> str:
    """Lower case without accents, straight apostrophes, single blanks: the form that the patterns are written for.

    Characters are replaced one by one (an accented letter by its bare one), so offsets hold but for runs of blanks.
    """
    folded = unicodedata.normalize("NFKD", text.lower().replace("’", "'").replace("`", "'"))
    return " ".join("".join(c for c in folded if not unicodedata.combining(c)).split())


@dataclass(slots=True)
class _Found:
    named: set[Kind] = field(default_factory=set)
    generic: set[Kind] = field(default_factory=set)
    possible: set[Kind] = field(default_factory=set)

    def read(self, text: str) -> "_Found":
        """Take every word of the vocabulary out of an already plain text."""
        for kinds, possible, generic, pattern in _COMPILED:
            text, times = pattern.subn(" # ", text)
            if times:
                (self.generic if generic else self.named).update(kinds)
                self.possible.update(possible)
        return self


def applicant_kinds(text: str) -> ApplicantsRead:
    """Read a beneficiary phrase or list (Italian; lists joined by ``;`` or commas), or a sentence that admits bodies."""
    words = _NOISE_PATTERN.sub(" ", _FOOTNOTE.sub("", plain(text)))
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
    excluded = frozenset(barred.named | barred.generic) - found.named
    kinds = frozenset(found.named | found.generic) - excluded
    possible = frozenset(found.possible | conditional.named) - kinds - excluded
    recognised = bool(kinds or possible)
    complete = recognised and not _OPEN_LIST.search(words)
    return ApplicantsRead(kinds, complete, excluded, text.strip()[:MAX_QUOTE], possible)
