"""What kind of body an Italian name denotes: ``COMUNE DI CORSICO`` is a commune, ``ALER MILANO`` a public body.

Registers and open data write one body in many ways (``CITTA' METROPOLITANA``, ``I.C.S. "G. Rodari"``, ``S.P.A.``), so
names are folded first (capitals, no accents, no dots) and then read by an ordered table: the first pattern that fits
decides. Order carries meaning: a university hospital is a health body, a students' aid agency is no university.
"""

import re
import unicodedata
from functools import lru_cache

from matcher.records import ApplicantKind as Kind

_LETTERED = re.compile(r"\b[A-Z](?:\.[A-Z]\b)+\.?")
_NOT_WORD = re.compile(r"[^A-Z0-9&]+")

# (kind, patterns on the folded name, which starts and ends with a blank); a kind comes back where its rest follows
_TABLE: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    (
        Kind.PUBLIC_BODY,
        (
            r"DIRITTO (?:ALLO|AGLI|ALL[AO]) STUDI",
            r"STUDI SUPERIORI ER GO",
            r" ERSU ",
            r" ARDSU ",
            r" EDISU ",
            r"^ (?:AZIENDA SPECIALE|AZIENDA (?:SERVIZI|CONSORTILE|SOCIALE)|ISTITUZIONE DEL COMUNE) ",
        ),
    ),
    (
        Kind.SCHOOL,
        (
            r"^ ISTITUZIONE SCOLASTICA ",
            r"^ (?:ISTITUTO )?COMPRENSIVO ",
        ),
    ),
    (
        Kind.PROVINCE,
        (
            r"^ CITTA METROPOLITANA ",
            r"LIBERO CONSORZIO COMUNALE",
            r"LIBERI CONSORZI COMUNALI",
        ),
    ),
    (
        Kind.HEALTH,
        (
            r" TUTELA DELLA SALUTE ",
            r"^ ATS (?:DELLA |DI )?(?:CITTA|MILANO|BRIANZA|INSUBRIA|BERGAMO|BRESCIA|VAL)",
        ),
    ),
    (
        Kind.UNION,
        (
            r"COMUNITA (?:MONTANA|DI MONTAGNA|COLLINARE|COMPRENSORIALE)",
            r"COMUNITA (?:ISOLANA|DI VALLE|DELLA VAL\w*|VAL\w+|ALTO GARDA)",
            r"^ (?:NUOVA |SUB )?UNION[EI] (?:DEI |DI |DELLE |DELLA |LOMBARDA )?(?:COMUN[EI]|MONTAN[AE]|TERR[AE]) ",
            r"^ (?:NUOVA |SUB )?UNION[EI] (?:DEI |DI |DELLE |DELLA )?(?:COMUNALE|VALLI?|BASSA|ALTA|COLLI\w*|RENO) ",
            r"^ UNION[EI] (?:DEI |DI |DELLE |DELLA )?(?:VERSILIA|LOMBARDA|PEDEMONTANA|VALDERA|VALDARNO) ",
            r" UNIONE (?:LOMBARDA )?(?:DEI |DI )COMUNI ",
            r" UNIONE MONTANA ",
            r" UNITES? DES COMMUNES ",
        ),
    ),
    (
        Kind.COMMUNE,
        (
            r"^ (?:SOPPRESSO )?(?:COMUNE|AMMINISTRAZIONE COMUNALE|GEMEINDE|COMMUNE) ",
            r" ROMA CAPITALE ",
            r"^ CITTA DI (?!CASTELLO )",
            r"^ MUNICIPIO (?:DI|DELLA) ",
        ),
    ),
    (
        Kind.REGION,
        (
            r"^ (?:AMMINISTRAZIONE )?REGION[EI] ",
            r"^ REGIONALE ",
            r"^ PROVINCIA AUTONOMA ",
            r" GIUNTA REGIONALE ",
            r"^ CONSIGLIO REGIONALE (?:D|VALLE)",
        ),
    ),
    (
        Kind.PROVINCE,
        (r"^ (?:PROVINCIA|AMMINISTRAZIONE PROVINCIALE|PROVINCE) ",),
    ),
    (
        # Public research bodies by law (d.lgs. 218/2016), though their names sound of the administration.
        Kind.UNIVERSITY,
        (
            r" ISTITUTO SUPERIORE DI SANITA ",
            r" ISTITUTO SUPERIORE PER LA PROTEZIONE",
            r" ISPRA ",
            r" ISTAT | NAZIONALE DI STATISTICA ",
        ),
    ),
    (
        Kind.CENTRAL,
        (r" AGENAS ",),
    ),
    (
        Kind.HEALTH,
        (
            r" (?:IRCCS|AOU|ASST|AUSL|ULSS|AULSS|ASUR|ASREM|ARNAS|ESTAR|AREUS|ISPRO) ",
            r" ZOOPROFILATTICO ",
            r"OSPEDALIER",
            r"^ (?:ASL|USL|ASUFC|ASUGI|ASFO) ",
            r" AZIENDA (?:U S L|USL|UNITA SANITARI|UNITA LOCALE|ULS|ZERO|TUTELA) ",
            r" (?:AZIENDA|AGENZIA|UNITA) (?:\w+ ){0,3}(?:SANITARI|SOCIO ?SANITARI|PER I SERVIZI SANITARI)\w* ",
            r"CARATTERE SCIENTIFICO",
            r" OSPEDALE ",
            r" POLICLINICO ",
            r"ISTITUTO (?:ORTOPEDICO|ONCOLOGICO|NEUROLOGICO|TUMORI)",
            r"^ AZIENDA UNITA ",
            r" (?:AZIENDA|AGENZIA) REGIONALE (?:DELLA |DI |DELL )(?:SANITA|SALUTE|EMERGENZA)",
        ),
    ),
    (
        Kind.CENTRAL,
        (
            r"^ (?:MIN |MINIST|PCM |PRESIDENZA D|PREFETTURA)",
            r"^ (?:QUESTURA|DIP(?:ARTIM(?:ENTO)?)? |MIMIT |MEF |MIT |MUR )",
            r"^ (?:AVVOCATURA|CORTE |CONSIGLIO DI STATO|GIUSTIZIA)",
            r"^ (?:TRIBUNALE|GUARDIA DI|ARMA DEI|STATO MAGGIORE|POLIZIA)",
            r"^ (?:COMMISSARI|SOPRINTENDENZA|UFFICIO SCOLASTICO|PROVVEDITORAT|GARANTE |SEGRETARIATO|DIREZIONE GEN)",
            r"^ AGENZIA (?:NAZIONALE|ITALIANA|DELLE)",
            r"^ AGENZIA (?:DEL DEMANIO|INDUSTRIE|SPAZIALE|PER (?:LA COES|L ITALIA|LA CYB))",
            r"^ AGENZIA PER LA (?:COESIONE|CYBERSICUREZZA|RAPPRESENTANZA)",
            r"^ AUTORITA (?:NAZIONALE|GARANTE|PER L[AE] )",
            r" (?:INPS|INAIL|ANPAL|AGID|ENIT|FORMEZ(?: PA)?) ",
            r"NAZIONALE (?:DELLA )?PREVIDENZA SOCIALE",
            r" ISTITUTO NAZIONALE (?:PER L ASSICURAZIONE|PREVIDENZA)",
        ),
    ),
    (
        Kind.UNIVERSITY,
        (
            r" (?:UNIVERSIT\w*|POLITECNICO|ALMA MATER|ATENEO|LUISS|HUMANITAS UNIVERSITY|AFAM) ",
            r" (?:CONSERVATORIO|ACCADEMIA) (?!DELLE? (?:CRUSCA|SCIENZE))",
            r"^ ISIA ",
            r"SCUOLA (?:NORMALE|IMT|SUP(?:ERIORE)? )",
            r"SCUOLA INTERNAZIONALE SUP",
            r"^ GRAN SASSO ",
            r"^ (?:SISSA|IMT) ",
            r"ISTITUTO (?:UNIVERSITARIO|(?:STATALE )?SUPERIORE (?:DI STUDI|PER LE IND|IND))",
            r"^ (?:CNR|INFN|INAF|INGV|OGS|CREA|ENEA|INDIRE|INVALSI|INRIM|CIRA|ASI) ",
            r"NAZIONALE DELLE RICERCHE",
            r" ISTITUTO NAZIONALE (?:DI|PER LA?) ?(?:FISICA|ASTRO|GEOF|OCEAN|RICERC|ALTA MAT|VALUT|DOCUM|INNOV)",
            r"ISTITUTO ITALIANO DI (?:TECNOLOGIA|STUDI)",
            r"ISTITUTO DI RICERCA",
            r"ENTE DI RICERCA",
            r"AREA SCIENCE PARK",
            r"STAZIONE ZOOLOGICA",
            r"MUSEO STORICO DELLA FISICA",
            r"CENTRO NAZIONALE (?:DI RICERCA|PER L[OA])",
            r"RICERCA IN ",
        ),
    ),
    (
        Kind.SCHOOL,
        (
            r"^ (?:SOPPRESSO )?(?:[12I]+ )?(?:ISTITUTO|IST(?:IT)?) (?:\w+ )?(?:COMPR\w*|COMP|OMNIC\w*|PLURIC\w*)",
            r" (?:ISTITUT[OI]|IST(?:IT)?) (?:STATALE|TEC\w*|TECNOLOGICO|PROF\w*|MAGISTRALE|SUP\w*|D?I? ?ISTR\w*) ",
            r" ISTITUTO (?:D ISTRUZIONE|D ARTE|SECONDARI\w*) ",
            r" ISTITUTO (?:GLOBALE|PARITARIO|AGRARIO|ALBERGHIERO|PER GEOMETRI) ",
            r" (?:LICE[OI]|LICEALE|SCUOL[AE]|SC UMANE) ",
            r"^ L SC ",
            r" (?:SCOLASTIC\w+|ISTRUZIONE (?:SECONDARIA|SUPERIORE)|DIREZIONE DIDATTICA) ",
            r" (?:CIRCOLO DIDATTICO|DIDATTICO|CPIA\d*|CONVITTO) ",
            r" (?:EDUCANDATO|\w*SCHULSPRENGEL|GYMNASIUM|SCHULZENTRUM|POLO TECNICO) ",
            r"CENTRO (?:PROVINCIALE |PROV LE |PROV )?(?:PER |DELL |D |DI |L )*ISTR\w* (?:PER |DEGLI |GLI )*ADULTI",
            r"OBERSCHULE",
            r"FACHOBERSCHULE",
            r"MITTELSCHULE",
            r"^ (?:SOPPRESSO )?(?:\d |[12]\w? |NA )?(?:IC|ICS|IT|IP|IO|IOC|IPSC) ",
            r"^ (?:ISI|IIS|IISS|IPSIA|IPSSAR|IPSSEOA|ITIS|ITI|ITE) ",
            r"^ (?:ITT|ITC|ITCG|ISIS|ISISS|IPSAR|IPIA|IPS|ITS|CD|DD|SMS|LS|LC|ITET|IPSEOA|ITAS|IS) ",
            r" (?:IC|ICS|IIS|IISS|ITIS|ISIS|IPSIA|COMPRENSIVO|OMNICOMPRENSIVO) (?:\w+ )*$",
        ),
    ),
    (
        Kind.PUBLIC_BODY,
        (
            r"^ (?:ORDINE|COLLEGIO|CONSIGLIO)",
            r"^ (?:CAMERA DI COMM|CCIAA|UNIONCAMERE|UNIONE (?:REGIONALE|ITALIANA) DELLE CAM)",
            r"FEDERAZIONE (?:NAZIONALE|REGIONALE) (?:D\w+ )?(?:ORDIN|COLLEG|MEDIC)",
            r"^ ENTE (?:DI|PARCO|PARCHI|REG|AUT)",
            r" (?:ALER|ATER|ACER|IACP|ERAP|ARCA|AIPO|ARPA\w?|ARPAE|ERSAF|POLIS|EGATO|AATO|ATERSIR|IPAB|APSP) ",
            r"PARC(?:O|HI) (?:NAZIONAL|REGIONAL|NATURAL|DELL|ADDA|NORD|AGRIC|LOMB|LOCAL|ARCHEO|TICINO)",
            r"AREE? PROTETT",
            r"AUTORITA (?:DI SISTEMA|PORTUALE|D? ?I? ?BACINO|D AMBITO|DI AMBITO|DISTRETTUAL|IDRIC|REGIONAL)",
            r"^ (?:AMBIT[OI] |PIANO DI ZONA|DISTRETTO SOCI)",
            r"^ (?:ASSEMBLEA TERRITORIALE|UFFICIO D AMBITO|AUTORITA |ENTE )",
            r"SERVIZI (?:ALLE|ALLA) PERSON",
            r"^ ASP ",
            r"^ AZIENDA (?:TERRITORIALE|LOMBARDA|REGIONALE|PER |SERVIZI|CASA)",
            r"^ AGENZIA (?:REG|PROV|PER|TERR|FORM|DI |METRO|LOC|MOB|INT|DEL)",
            r"^ (?:ISTITUTO AUTONOMO|CASSA NAZ|ACI )",
        ),
    ),
    (
        Kind.THIRD_SECTOR,
        (
            r"(?:COOPERATIV[AE]|COOP|COOPERATIVE) (?:\w+ )?SOC(?:IAL[EI])? ",
            r" SOC COOP SOC",
            r"CONSORZIO (?:\w+ )?COOP\w* SOC",
        ),
    ),
    (
        Kind.PUBLIC_BODY,
        (r" CONS(?:ORZIO|OZIO) (?:DI |DEI |TRA |FRA |PER |INTERC|BONIF|COMUN|SERV|SOC|ENTI|DELLA BONIF)",),
    ),
    (
        Kind.THIRD_SECTOR,
        (
            r" (?:ONLUS|ETS|ODV|APS|ONG|ASD|SSD|AVIS|ANFFAS|CARITAS|ARCI|ACLI|AUSER|ANPAS|PRO LOCO|PROLOCO) ",
            r" (?:ASSOCIAZION[EI]|FONDAZION[EI]|PARROCCHIA|DIOCESI|ENTE MORALE|ENTE RELIGIOSO|ISTITUTO RELIGIOSO) ",
            r" (?:VOLONTARIATO|MISERICORDIA|CROCE ROSSA|ENTI DEL TERZO SETTORE|IMPRESA SOCIALE|COMITATO) ",
        ),
    ),
    (
        Kind.FIRM,
        (
            r" (?:SRLS?|SPA|SNC|SAS|SCARL|SCRL|SCPA|SAPA) (?:\w+ ){0,4}$",
            r" (?:SOC COOP|SC|S C A R L|GMBH|AG|KG|CONSULTING|HOLDING) (?:\w+ ){0,4}$",
            r" (?:SRLS?|SPA|SNC|SCARL) ",
            r"SOCIETA (?:PER AZIONI|A RESP|COOP|AGRIC|ITALIANA PER LE IMPRESE|IN NOME|CONSORT|BENEF)",
            r"^ (?:AZIENDA AGRICOLA|IMPRESA |DITTA |SOCIETA |BANCA |FARMACIA )",
            r"COOPERATIVA",
        ),
    ),
)
_RULES = tuple((kind, re.compile("|".join(patterns))) for kind, patterns in _TABLE)


def fold(name: str) -> str:
    """Capitals without accents, dots joined (``S.P.A.`` is ``SPA``), single blanks, one blank at either end."""
    plain = unicodedata.normalize("NFKD", name.upper().replace("’", "'"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    joined = _LETTERED.sub(lambda m: m.group().replace(".", "") + " ", plain)
    return f" {_NOT_WORD.sub(' ', joined).strip()} "


@lru_cache(maxsize=65_536)
def body_kind(name: str) -> Kind | None:
    """The kind of body that a name denotes, None where the name does not tell."""
    folded = fold(name)
    return next((kind for kind, pattern in _RULES if pattern.search(folded)), None)


def public_body_kind(name: str) -> Kind:
    """The kind of a body that a register of public bodies lists: a public company or foundation is a public body."""
    kind = body_kind(name)
    return Kind.PUBLIC_BODY if kind in (None, Kind.FIRM, Kind.THIRD_SECTOR, Kind.PERSON) else kind
