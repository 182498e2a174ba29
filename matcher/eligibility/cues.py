"""Families of words that speak for some kinds of applicant and against the others, with their weights.

Weights are log-odds, set by hand from reading calls and checked on notices whose recipients are published
(``tests/matcher/test_likelihood.py``). Patterns are for text in small letters without accents.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from matcher.eligibility.vocabulary import LOCAL
from matcher.records import ApplicantKind as Kind


@dataclass(frozen=True, slots=True)
class Cue:
    """A family of words: log-odds ``for_`` the kinds that it speaks of and ``against`` all others."""

    name: str
    kinds: frozenset[Kind]
    for_: float
    against: float
    pattern: re.Pattern[str]


def _cue(name: str, kinds: Iterable[Kind], for_: float, against: float, *patterns: str) -> Cue:
    return Cue(name, frozenset(kinds), for_, against, re.compile("|".join(patterns)))


CUES = (
    _cue(
        "local bodies",
        LOCAL,
        2.6,
        0.0,
        r"\bcomuni\b(?! marginali)|\benti locali|\bcomunal[ei]\b|municipalit|pa locali",
        r"ambit[oi] (?:sociali )?territorial",
        r"distrett[oi] del commercio|distretti urbani",
    ),
    _cue(
        "local services and works",
        LOCAL,
        2.0,
        0.0,
        r"asil[oi] nido|prima infanzia|scuole dell.infanzia|rigenerazione urbana|piani urbani",
        r"edilizia scolastica|edifici scolastici|nuove scuole|\bmense\b|palestre|tempo pieno",
        r"sport a scuola|impianti sportivi|sport e inclusione|ciclabil|ciclovie|mobilita ciclistica",
        r"verde urban|servizi sociali|vulnerabilit|housing|senza dimora|persone con disabilit",
        r"anziani non autosuff|capacita genitoriali|deistituzionalizz|borghi|illuminazione pubblica",
        r"edilizia (?:residenziale|sociale|pubblica)|servizi abitativi|bibliotec|politiche giovanili",
        r"e dei giovani|raccolta differenziata|rifiuti urbani|centri del riuso|beni confiscati",
        r"edifici pubblici|polizia locale|mobilita urbana|rigenerazione|servizi pubblici digitali",
        r"pagopa|identita digitale|anpr|quartieri|periferi|aree interne|parchi e giardini",
        r"area urbana|beni comuni|impiantistica sportiva|piccoli comuni|qualita dell.abitare",
        r"qualita abitativa|social housing",
    ),
    _cue(
        "local works, perhaps",
        LOCAL,
        0.9,
        0.0,
        r"comunita energetich|trasporto rapido|trasporto pubblico|bonifica|siti orfani",
        r"forestazione|musei|teatri|cinema|patrimonio culturale",
        r"eventi|manifestazioni|giovani|rifiuti|territorial|piste|strade|montagna",
        r"efficientamento|efficienza energetica|turismo sostenibile",
    ),
    _cue(
        "research and universities",
        {Kind.UNIVERSITY},
        2.6,
        3.6,
        r"universit|atene[oi]\b|dottorat|\bspoke\b|a cascata|partenariat\w+ estes|\bprin\b",
        r"ricercator|m4 ?c2|infrastrutture di ricerca|trasferimento tecnologico|\butt\b",
        r"ecosistem\w+ dell.innovazione|proof of concept|\bpoc\b|borse di|alloggi per studenti",
        r"\br&s\b|orizzonte europa|lauree|\bafam\b",
        r"ricerca (?:e sviluppo|industriale|di base|fondamentale|scientific)|progetti di ricerca",
        r"centr[oi] nazional[ei]|fondo per la ricerca|ipcei|accordi (?:per l.|di )innovazione",
    ),
    _cue(
        "research, perhaps",
        {Kind.UNIVERSITY},
        1.2,
        1.6,
        r"\bricerca\b|sperimentazion|scienti|innovation|horizon|technolog",
    ),
    _cue(
        "schools",
        {Kind.SCHOOL},
        2.6,
        3.0,
        r"istituzioni scolastiche|personale scolastico|docenti|didattic|dirigenti scolastici",
        r"scuola 4|aule|classrooms|competenze e nuovi linguaggi|\bits\b|istituti tecnic",
        r"divari territoriali|dispersione|transizione scuola|scuola connessa|scuola di alta|sistema duale",
        r"formazione professionale",
    ),
    _cue(
        "health",
        {Kind.REGION, Kind.HEALTH},
        2.2,
        3.6,
        r"ospedal|sanit|\bssn\b|case della comunita|telemedicin|centrali operative|\badi\b",
        r"luogo di cura|cronic|biomedic|farmac|medicin|grandi apparecchiature|\birccs\b|salute",
    ),
    _cue(
        "central administration",
        {Kind.CENTRAL},
        2.0,
        3.4,
        r"ministero (?:della (?:giustizia|difesa|cultura)|dell.interno)|guardia di finanza",
        r"previdenza sociale|consiglio di stato|tribunal|ufficio del processo|giustizia",
        r"vigili del fuoco|carabinieri|polo strategico|sportello digitale unico",
        r"piattaforma (?:unica|di)|reclutamento|assistenza tecnica|cybersecurity|eprocurement",
        r"altre pac|\bpac\b|assunzione|monitoraggio e comunicazione|portale|digital library",
        r"polo di conservazione|beni culturali|cloud.*cultura|satcom|osservatorio|space|orbit",
        r"sistema avanzato|fascicolo|centri per l.impiego|servizio civile|parita di genere|procedure",
        r"forza lavoro|istruzione e formazione|orientata ai risultati|supporto operativo"
        r"|luoghi di culto|edifici di culto|strategia digitale e piattaforme",
        r"cultura e consapevolezza",
    ),
    _cue(
        "networks and great works",
        {Kind.CENTRAL, Kind.FIRM},
        1.2,
        3.6,
        r"ferrovi|alta velocita|\brfi\b|\banas\b|ertms|nodi |\bport[oi]\b|\bports\b|portual|banchine",
        r"aeronautic|aeroport|\bapt\b|gasdotto|interconnessione|link\b|sa\.co\.i|smart grid",
        r"delle reti\b|reti? di trasmissione|rete di trasmissione|idrogeno|biometano|offshore|eolic",
        r"batteri|\btreni\b|logistic|login|collegamenti|1 gbps|5g\b|isole minori|adriatica",
        r"infrastrutture idriche|fondali|\bzes\b|zone economiche speciali|dvb|perdite nelle reti",
        r"fognatura|irrigu",
    ),
    _cue(
        "firms",
        {Kind.FIRM},
        2.2,
        2.4,
        r"impres[ae]|\bpmi\b|start-? ?up|venture|filier[ae]|credit[oi] d.imposta|tax credit",
        r"transizione [45]|industri|brevett|simest|internazionalizz|\bfier[ae]|\bfair\b",
        r"mercat[oi]|competitiv|microelettronica|agricol|agrisolare|agroaliment|agro-?voltaic",
        r"meccanizzazione|pesca|cinecitt|cinematograf|ricettiv|tour operator|fondo rotativo"
        r"|strumento finanziario|ricarica elettrica",
        r"fondo (?:di fondi|dei fondi)|garanzia|contratti di|capacita produttiva|fotovoltaic",
        r"bus elettrici|autobus a zero emissioni|tecnologie a|materie prime|catene di",
        r"settori culturali|operatori culturali|settori produttivi|esportazion|export",
        r"partecipazione (?:a|al|alla) (?!cultura)|collettiva|vinitaly|salone|incubator",
        r"proprieta industriale",
    ),
    _cue(
        "persons and employers",
        {Kind.FIRM, Kind.PERSON},
        1.6,
        3.0,
        r"\bselezion\w+ (?:di |per )?(?:esperti|personale)|incaric|esperti|per la ricerca di",
        r"collocamento mirato|tirocin|voucher|ecobonus|dote impresa|detenuti|lavoratori|\bcompetenze\b",
        r"competenze transizioni|certificazione|premio",
    ),
    _cue(
        "procurement",
        {Kind.FIRM},
        2.0,
        3.4,
        r"\bgara\b|affidament|\bappalto|procedura aperta|fornitura|accordo quadro a|sdapa",
        r"project manager",
    ),
    _cue(
        "services and incentives for any body",
        LOCAL | {Kind.SCHOOL, Kind.HEALTH, Kind.PUBLIC_BODY},
        4.0,
        0.0,
        r"\bedih\b|seal of excellence|servizi per la digitalizzazione|impianti (?:a fonti rinnovabili|eolici|ftv)",
        r"\bfer2\b|\bferx\b",
    ),
    _cue(
        "one housing company",
        {Kind.PUBLIC_BODY},
        2.0,
        3.0,
        r"\baler\b|\bater\b",
    ),
    _cue(
        "aggregations",
        {Kind.UNION},
        1.5,
        0.8,
        r"green communities|unioni di comuni|comunita montane|\bmontagna\b|montan",
    ),
    _cue(
        "third sector",
        {Kind.THIRD_SECTOR},
        2.0,
        1.6,
        r"terzo settore",
    ),
    _cue(
        "one named project",
        (),
        0.0,
        1.6,
        r"progetto sovracomunale|schema di convenzione|piano lombardia|accordo quadro di",
    ),
    _cue(
        "parks",
        {Kind.PUBLIC_BODY},
        2.0,
        2.6,
        r"parchi nazionali|aree marine|area del po",
    ),
    _cue(
        "reforms",
        {Kind.REGION, Kind.CENTRAL},
        0.5,
        2.5,
        r"\briforma\b|semplificazione|legislazion",
    ),
)
"""Words of titles and texts: whom the things that they name are for."""

ISSUER_CUES = (
    _cue(
        "research ministry",
        {Kind.UNIVERSITY},
        2.0,
        2.8,
        r"universit|ricerca|politecnico|cnr\b|infn|atene|enea\b",
    ),
    _cue(
        "health ministry",
        {Kind.REGION, Kind.HEALTH},
        2.0,
        2.6,
        r"minister\w* della salute",
    ),
    _cue(
        "justice",
        {Kind.CENTRAL},
        2.0,
        2.4,
        r"giustizia|consiglio di stato|giust amm",
    ),
    _cue(
        "industry ministry",
        {Kind.FIRM},
        1.6,
        2.0,
        r"made in italy|sviluppo economico|esteri|economia e|simest|invitalia",
    ),
    _cue(
        "chamber of commerce",
        {Kind.FIRM},
        1.6,
        1.8,
        r"camer[ae] di commercio|c\.?c\.?i\.?a\.?a|unioncamere",
    ),
    _cue(
        "tourism ministry",
        {Kind.CENTRAL, Kind.FIRM},
        0.8,
        1.6,
        r"ministero del turismo",
    ),
    _cue(
        "agriculture ministry",
        {Kind.FIRM},
        1.2,
        1.4,
        r"agric",
    ),
    _cue(
        "civil service",
        {Kind.CENTRAL, Kind.PERSON},
        0.8,
        1.2,
        r"funzione pubblica|struttura di missione|struttura commiss|protezione civile|politiche giovan",
    ),
    _cue(
        "home, labour, sport",
        LOCAL,
        0.9,
        0.0,
        r"interno|lavoro|sport|affari regionali|pol giovan",
    ),
    _cue(
        "school ministry",
        LOCAL | {Kind.SCHOOL},
        0.6,
        0.5,
        r"ministero dell.istruzione",
    ),
    _cue(
        "a single town",
        {Kind.THIRD_SECTOR, Kind.FIRM, Kind.PERSON},
        1.0,
        3.0,
        r"^comune d|^citta di",
    ),
    _cue(
        "sports bank",
        LOCAL,
        1.2,
        0.0,
        r"credito sportivo",
    ),
    _cue(
        "a region",
        LOCAL,
        0.4,
        0.0,
        r"^regione|direzione generale|^dg ",
    ),
)
"""Words of an issuer: whom such a body mostly funds."""

CLASS_CUES = (
    _cue(
        "public bodies only",
        LOCAL,
        0.8,
        0.0,
        r"^ente_pubblico$",
    ),
    _cue(
        "public bodies and third sector",
        LOCAL,
        1.2,
        0.0,
        r"^(?=.*ente_pubblico)(?=.*terzo_settore)(?!.*impresa)",
    ),
    _cue(
        "public bodies beside firms",
        {Kind.FIRM},
        0.0,
        0.5,
        r"^(?=.*ente_pubblico)(?=.*impresa)(?!.*terzo_settore)",
    ),
    _cue(
        "research bodies, too",
        {Kind.UNIVERSITY},
        1.0,
        1.2,
        r"^(?=.*ente_pubblico)(?=.*\bricerca\b)",
    ),
    _cue(
        "everybody",
        (),
        0.0,
        0.9,
        r"(?:\w+;){5}",
    ),
)
"""What the company of the class ``ente_pubblico`` says of it (vocabulary of the national catalogue of incentives)."""
