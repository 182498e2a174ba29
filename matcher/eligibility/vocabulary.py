"""The words by which Italian calls name those who may apply, in the order in which they are looked for.

Each word is taken out of the text when it is found, so the order carries meaning: *province autonome* (regions) comes
before *province*, *imprese sociali* before *imprese*, *unioni di comuni* before *comuni*.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Word:
    """A way of naming applicants: kinds that it admits, leaves open, or admits few of, and whether it is a class.

    A class (``enti locali``) stands for several kinds, so that one of them can be taken out again (``esclusi i
    Comuni``) without contradiction.
    """

    kinds: frozenset[Kind]
    possible: frozenset[Kind]
    few: frozenset[Kind]
    is_class: bool
    pattern: re.Pattern[str]


def _word(
    admits: Iterable[Kind],
    *patterns: str,
    possible: Iterable[Kind] = (),
    few: Iterable[Kind] = (),
    is_class: bool = False,
) -> Word:
    return Word(frozenset(admits), frozenset(possible), frozenset(few), is_class, re.compile("|".join(patterns)))


NOISE = re.compile(
    "|".join(
        (
            r"registro (?:delle )?imprese(?: (?:presso|della|delle) (?:la |le )?camer[ae] di commercio)?",
            r"camer[ae] di commercio \(?sezione",
            r"regolamento \(?ue\)?[^,;.]*",
            r"elenco (?:analitico )?istat(?: delle)?(?: amministrazioni pubbliche)?",
            r"elenco delle amministrazioni pubbliche",
            r"""riordino delle comunita montane[^,;.\"”]*""",
            r"""disciplina delle unioni di comuni[^,;.\"”]*""",
            r"comunita energetic\w+(?: rinnovabil\w+)?",
            r"amministrazioni locali competenti",
            r"ente competente",
            r"uffic\w+ (?:\w+ )?dell.agenzia delle entrate",
            r"ministero [a-z' ,]*",
            r"(?:parti|beni|spazi|obiettivi|regole|finalita) comuni",
            r"mercat[oi] comun[ei]",
            r"in comune\b",
            r"comune interesse",
            r"organizzazioni di produttori",
            r"associazioni temporanee",
            r"associazione temporanea",
            r"(?:gestione|spesa|risorse|opere|interesse|servizi\w*|edific\w+|ordine) (?:di )?pubblic[aoi]\b",
        )
    )
)
"""Words that name bodies without admitting them."""

WORDS = (
    _word(
        (),
        r"comun[ei] capoluog\w+(?: di (?:provincia|regione|citta metropolitana))?",
        r"capoluoghi(?: di (?:provincia|regione))?",
        few={Kind.COMMUNE},
    ),
    _word(
        (),
        r"partenariat\w+ (?:tra )?pubblic\w+[ /e-]+privat\w+",
        possible=LOCAL | {Kind.PUBLIC_BODY, Kind.FIRM},
    ),
    _word(
        (),
        r"ente[_ ]pubblico\b(?! economic)",
        possible=PUBLIC,
        is_class=True,
    ),
    _word(
        {Kind.REGION},
        r"provinc(?:e|ie|ia) autonom[ae](?: di \w+(?: e (?:di )?\w+)?)?",
        r"\bp\.? ?a\.? di \w+",
    ),
    _word(
        {Kind.PROVINCE},
        r"citta metropolitan[ae]",
    ),
    _word(
        {Kind.REGION, Kind.PUBLIC_BODY},
        r"enti regionali",
        r"organismi regionali(?: e delle)?",
        r"agenzie regionali(?! sanit)",
    ),
    _word(
        {Kind.HEALTH, Kind.PUBLIC_BODY},
        r"agenzie regionali sanitarie",
    ),
    _word(
        {Kind.UNION},
        r"union[ei] (?:lombard[ae] )?(?:dei |di |tra )?comuni(?: lombard[ae])?",
        r"union[ei] montan[ae]",
        r"comunita (?:montan|isolan|collinar)\w+",
        r"forme associative (?:di|tra|fra) (?:enti locali|comuni)",
        r"comuni associati",
    ),
    _word(
        {Kind.PUBLIC_BODY},
        r"ambit[oi] (?:territorial[ei] )?social[ei](?: territorial[ei])?",
        possible={Kind.COMMUNE, Kind.UNION},
    ),
    _word(
        {Kind.PUBLIC_BODY},
        r"consorzi (?:ex art|(?:di|tra|fra) (?:enti locali|comuni))",
    ),
    _word(
        (),
        r"convenzioni (?:ex art|(?:tra|fra) (?:enti locali|comuni))",
        possible={Kind.COMMUNE},
    ),
    _word(
        (),
        r"enti iscritti all.albo[a-z ]*",
        possible=LOCAL | {Kind.PUBLIC_BODY, Kind.THIRD_SECTOR},
    ),
    _word(
        {Kind.PUBLIC_BODY},
        r"ambit[oi] territorial[ei](?: social[ei])?",
        r"piani? di zona",
        possible={Kind.COMMUNE, Kind.UNION},
    ),
    _word(
        {Kind.PUBLIC_BODY},
        r"\begato\b(?: operativi)?",
        r"ent[ei] di governo d.? ?ambito",
        r"autorita (?:di )?(?:sistema )?portual[ei]",
        r"\badsp\b",
        r"consorzi di bonifica",
        r"\baler\b",
        r"\bater\b",
        r"aziende lombarde per l.edilizia\w*",
        r"ent[ei] parco",
        r"ent[ei] gestori d\w+ parchi",
        r"camer[ae] di commercio",
        r"ordini professionali",
        r"aziende speciali",
        r"aziende (?:di )?servizi alla persona",
    ),
    _word(
        {Kind.CENTRAL},
        r"(?:pubbliche )?amministrazioni (?:pubbliche )?centrali",
        r"\bpa centrali",
        r"\bpac\b",
        r"ministeri\b",
    ),
    _word(
        {Kind.CENTRAL, Kind.PUBLIC_BODY},
        r"\baoo\b",
        r"aree organizzative omogenee",
    ),
    _word(
        {Kind.CENTRAL},
        r"\binail\b",
        r"\bagenas\b",
        r"istituto nazionale per l.assicurazione[^,;.]*",
        r"agenzia nazionale[^,;.]*",
    ),
    _word(
        {Kind.UNIVERSITY},
        r"istituto superiore di sanita(?: \(iss\))?",
        r"scuole superiori (?:a|ad) ordinamento speciale",
        r"istituti universitari[a-z ]*",
        r"ent[ei] (?:pubblic[oi] )?(?:nazional[ei] )?di ricerca",
        r"enti e istituzioni di ricerca",
        r"(?:organism[oi]|centr[oi]|istitut[oi]|consorzi[o]?) di ricerca",
        r"(?:istituzioni|istituti) (?:per|di) l?.?alta formazione[a-z ]*",
        r"\bafam\b",
        r"universit\w+",
        r"atene[oi]",
        r"politecnic[oi]",
        r"gruppo di ricerca",
        r"unita operativa",
        r"professori",
        r"\bricerca\b(?=;|$)",
        r"conservatori(?: di musica)?\b",
    ),
    _word(
        {Kind.PERSON},
        r"giovani ricercatori",
        r"ricercator[ei]",
        r"student[ei](?: scuole superiori)?",
        r"dottorand[ie]",
    ),
    _word(
        {Kind.HEALTH},
        r"\basl\b",
        r"\basst\b",
        r"\baulss\b",
        r"\bausl\b",
        r"aziende? (?:unita )?(?:socio ?-?)?sanitari\w+(?: local[ei])?(?: e osped\w+)?",
        r"(?:aziende? )?ospedalier[ae]",
        r"ospedali\w*",
        r"\birccs\b",
        r"istituti di ricovero[a-z ]*",
        r"istituti zooprofilattici(?: sperimentali)?",
        r"\bizs\b",
        r"agenzie? di tutela della salute",
        r"\bats\b(?= |,|;)(?=.{0,20}asst)",
    ),
    _word(
        {Kind.SCHOOL},
        r"istituzion[ei] scolastic\w+",
        r"istitut[oi] (?:scolastic[oi]|comprensiv[oi]|di istruzione)",
        r"\bscuole\b(?! (?:dell|di inf))",
    ),
    _word(
        LOCAL | {Kind.REGION},
        r"enti pubblici territoriali",
        r"enti territoriali",
        is_class=True,
    ),
    _word(
        LOCAL,
        r"ent[ei] local[ei](?: territorial[ei])?",
        r"autonomie locali",
        r"\bpa locali",
        r"amministrazioni locali",
        is_class=True,
    ),
    _word(
        {Kind.COMMUNE},
        r"\bcomuni\b",
        r"\bcomune\b(?! (?:interesse|accordo))",
        r"amministrazion[ei] comunal[ei]",
        r"roma capitale",
        r"municipalita",
    ),
    _word(
        {Kind.REGION},
        r"\bregioni\b",
        r"^regione\b",
        r";regione\b",
    ),
    _word(
        {Kind.PROVINCE},
        r"\bprovinc(?:e|ie)\b",
    ),
    _word(
        {Kind.THIRD_SECTOR},
        r"terzo[ _]settore",
        r"\bets\b",
        r"cooperativ[ae] social[ei]",
        r"impres[ae] social[ei]",
        r"associazioni?(?! di (?:imprese|categoria|produttori))",
        r"fondazion[ei]",
        r"organizzazioni di volontariato",
        r"\bodv\b",
        r"\baps\b",
        r"\bonlus\b",
        r"enti (?:ecclesiastic|religios)\w+",
        r"parrocchi[ae]",
        r"societa sportive",
        r"\b[as]sd\b",
        r"(?:enti )?no[nt]?[ -]profit",
        r"senza (?:fini|scopo) di lucro",
    ),
    _word(
        {Kind.UNION, Kind.PUBLIC_BODY},
        r"\baltri enti\b",
        is_class=True,
    ),
    _word(
        PUBLIC,
        r"(?:amministrazion[ei] pubblic|pubblic\w+ amministrazion)\w+",
        r"(?<!altri )(?:ent[ei]|soggett[oi]|organism[oi]) pubblic[oi](?! o privat)(?: economici)?",
        is_class=True,
    ),
    _word(
        {Kind.FIRM, Kind.PERSON},
        r"liber[oi] professionist[ie]",
        r"professionist[ie]",
        r"partita_iva",
        r"lavorator[ei] autonom[oi]",
    ),
    _word(
        {Kind.FIRM},
        r"(?:micro|piccole|medie|grandi)[a-z, ]* imprese",
        r"\bm?pmi\b",
        r"microimpres[ae]",
        r"impres[ae]\b",
        r"imprenditor[ei]\w*",
        r"operator[ei] (?:economic[oi]|del|turistic)\w*",
        r"start[- ]?up",
        r"aziende agricole",
        r"aziende\b",
        r"societa (?:agricol|cooperativ|di (?:capitali|persone|gestione))\w*",
        r"cooperativ[ae]",
        r"consorzi\b",
        r"concessionari[oi]?",
        r"ditte\b",
        r"istituto_finanziario",
        r"confidi",
        r"intermediari finanziari",
        r"produttori",
        r"gestori d\w+",
        r"esercenti",
        r"societa\b",
    ),
    _word(
        {Kind.PERSON},
        r"individui",
        r"person[ae][ _]fisic(?:a|he)",
        r"cittadini",
        r"famiglie",
        r"nuclei familiari",
        r"esperti",
        r"disoccupat[ie]",
        r"lavorator[ei]\b",
    ),
)
