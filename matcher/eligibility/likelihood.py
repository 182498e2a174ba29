"""How probable it is that a kind of body may apply, where nobody says who may: from words and from who was funded.

Each cue is a family of words that speaks for some kinds of body and against the rest. Its weights are log-odds, set by
hand from reading calls and checked on notices whose recipients are published (``tests/matcher/test_likelihoods.py``).
Bodies funded before count more than words, the more of them there are.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matcher.eligibility.applicants import LOCAL, plain
from matcher.eligibility.rules import KINDS
from matcher.records import ApplicantKind as Kind

MOST, LEAST = 0.97, 0.01
"""Evidence never reaches certainty: only words that admit or exclude do."""

BASE = {kind: -1.4 for kind in KINDS} | {Kind.COMMUNE: -0.6, Kind.FIRM: -0.8, Kind.CENTRAL: -1.0}
"""Log-odds before any evidence: a third of the measures that say nothing were open to communes."""

BODY_WEIGHT, BODY_MOST = 0.4, 1.2
"""A word in the objectives or procedures says less than in the title, and all of them together at most so much (in
log-odds): they tell how the money flows, too."""

ABSENCE_COUNT = 2.0
"""Funded bodies without one of the kind: each counts against it, this many count half."""
SHARE_SCALE = 0.08
"""Share of the funded bodies at which a kind is about two thirds likely to be one that may apply."""
TRUST_COUNT = 4.0
"""Funded bodies that weigh as much as the words."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A family of words: log-odds ``for_`` the kinds that it speaks of and ``against`` all others."""

    name: str
    kinds: frozenset[Kind]
    for_: float
    against: float
    pattern: re.Pattern[str]


def _cue(name: str, kinds: Sequence[Kind] | frozenset[Kind], for_: float, against: float, *patterns: str) -> Cue:
    return Cue(name, frozenset(kinds), for_, against, re.compile("|".join(patterns)))


CUES = (
    _cue(
        "local bodies",
        LOCAL,
        2.6,
        0.0,
        r"\bcomuni\b(?! marginali)|enti locali|\bcomunal[ei]\b|municipalit|pa locali|distrett[oi] del commercio|distretti urbani",
    ),
    _cue(
        "local services and works",
        LOCAL,
        2.0,
        0.0,
        r"asil[oi] nido|prima infanzia|scuole dell.infanzia|rigenerazione urbana|piani urbani|edilizia scolastica|edifici "
        r"scolastici|nuove scuole|\bmense\b|palestre|tempo pieno|sport a scuola|impianti sportivi|sport e inclusione|ciclabil|"
        r"ciclovie|mobilita ciclistica|verde urban|servizi sociali|vulnerabilit|housing|senza dimora|persone con disabilit|anziani"
        r" non autosuff|capacita genitoriali|borghi|illuminazione pubblica|edilizia (?:residenziale|sociale|pubblica)|servizi "
        r"abitativi|bibliotec|politiche giovanili|e dei giovani|raccolta differenziata|rifiuti urbani|centri del riuso|beni "
        r"confiscati|edifici pubblici|polizia locale|mobilita urbana|rigenerazione|servizi pubblici digitali|pagopa|identita "
        r"digitale|anpr|servizi sociali|quartieri|periferi|aree interne|parchi e giardini|area urbana|beni comuni|"
        r"impiantistica sportiva|piccoli comuni|qualita dell.abitare|qualita abitativa|social housing",
    ),
    _cue(
        "local works, perhaps",
        LOCAL,
        0.9,
        0.0,
        r"comunita energetich|trasporto rapido|trasporto pubblico|bonifica|siti orfani|rischio idrogeologico|alluvion|"
        r"forestazione|musei|teatri|cinema|patrimonio culturale|eventi|manifestazioni|giovani|rifiuti|territorial|ricarica "
        r"elettrica|piste|strade|montagna|efficientamento|efficienza energetica|turismo sostenibile|accordo quadro",
    ),
    _cue(
        "research and universities",
        (Kind.UNIVERSITY,),
        2.6,
        3.6,
        r"universit|atene[oi]\b|dottorat|\bspoke\b|a cascata|partenariat\w+ estes|\bprin\b|ricercator|m4 ?c2|infrastrutture di "
        r"ricerca|trasferimento tecnologico|\butt\b|ecosistem\w+ dell.innovazione|proof of concept|\bpoc\b|borse di|alloggi per "
        r"studenti|\br&s\b|orizzonte europa|lauree|\bafam\b|ricerca (?:e sviluppo|industriale|di base|fondamentale|scientific)|"
        r"progetti di ricerca|centr[oi] nazional[ei]|fondo per la ricerca|ipcei|accordi (?:per l.|di )innovazione",
    ),
    _cue(
        "research, perhaps",
        (Kind.UNIVERSITY,),
        1.2,
        1.6,
        r"\bricerca\b|sperimentazion|scienti|innovation|horizon|technolog",
    ),
    _cue(
        "schools",
        (Kind.SCHOOL,),
        2.6,
        3.0,
        r"istituzioni scolastiche|personale scolastico|docenti|didattic|dirigenti scolastici|scuola 4|aule|classrooms|"
        r"competenze e nuovi linguaggi|\bits\b|istituti tecnic|divari territoriali|dispersione|transizione scuola|scuola connessa"
        r"|scuola di alta|formazione professionale",
    ),
    _cue(
        "health",
        (Kind.HEALTH, Kind.REGION),
        2.2,
        3.6,
        r"ospedal|sanit|\bssn\b|case della comunita|telemedicin|centrali operative|\badi\b|luogo di cura|cronic|biomedic|"
        r"farmac|medicin|grandi apparecchiature|\birccs\b|salute",
    ),
    _cue(
        "central administration",
        (Kind.CENTRAL,),
        2.0,
        3.4,
        r"ministero (?:della (?:giustizia|difesa|cultura)|dell.interno)|guardia di finanza|previdenza sociale|consiglio di stato"
        r"|tribunal|ufficio del processo|giustizia|vigili del fuoco|carabinieri|polo strategico|sportello digitale unico|"
        r"piattaforma (?:unica|di)|reclutamento|assistenza tecnica|cybersecurity|eprocurement|altre pac|\bpac\b|assunzione|"
        r"monitoraggio e comunicazione|portale|digital library|polo di conservazione|beni culturali|cloud.*cultura|satcom|"
        r"osservatorio|space|orbit|sistema avanzato|fascicolo|centri per l.impiego|servizio civile|parita di genere|"
        r"procedure|forza lavoro|istruzione e formazione|orientata ai risultati|supporto operativo|cultura e consapevolezza",
    ),
    _cue(
        "networks and great works",
        (Kind.FIRM, Kind.CENTRAL),
        1.2,
        3.6,
        r"ferrovi|alta velocita|\brfi\b|\banas\b|ertms|nodi |\bport[oi]\b|\bports\b|portual|banchine|aeronautic|aeroport|\bapt\b|"
        r"gasdotto|interconnessione|link\b|sa\.co\.i|smart grid|delle reti\b|reti? di trasmissione|rete di trasmissione|idrogeno|"
        r"biometano|offshore|eolic|batteri|\btreni\b|logistic|login|collegamenti|1 gbps|5g\b|isole minori|adriatica|"
        r"infrastrutture idriche|fondali|\bzes\b|zone economiche speciali|dvb|perdite nelle reti|fognatura|irrigu",
    ),
    _cue(
        "firms",
        (Kind.FIRM,),
        2.2,
        2.4,
        r"impres[ae]|\bpmi\b|start-? ?up|venture|filier[ae]|credit[oi] d.imposta|tax credit|transizione [45]|industri|brevett|"
        r"simest|internazionalizz|\bfier[ae]\b|\bfair\b|mercat[oi]|competitiv|microelettronica|agricol|agrisolare|agroaliment|"
        r"agro-?voltaic|meccanizzazione|pesca|cinecitt|cinematograf|ricettiv|tour operator|fondo rotativo|fondo (?:di fondi|dei "
        r"fondi)|garanzia|contratti di|capacita produttiva|fotovoltaic|bus elettrici|autobus a zero emissioni|tecnologie a|"
        r"materie prime|catene di|settori culturali|operatori culturali|settori produttivi|esportazion|export|partecipazione (?:a"
        r"|al|alla)\b|collettiva|vinitaly|salone|incubator|digitalizzazione forniti|accesso ai servizi|proprieta industriale",
    ),
    _cue(
        "persons and employers",
        (Kind.PERSON, Kind.FIRM),
        1.6,
        3.0,
        r"\bselezion\w+ (?:di |per )?(?:esperti|personale)|incaric|esperti|per la ricerca di|collocamento mirato|tirocin|voucher|"
        r"ecobonus|dote impresa|detenuti|lavoratori|competenze transizioni|certificazione|premio|fer\b|fer2|ferx|\bftv\b",
    ),
    _cue(
        "procurement",
        (Kind.FIRM,),
        2.0,
        3.4,
        r"\bgara\b|affidament|\bappalto|procedura aperta|fornitura|accordo quadro a|sdapa|project manager",
    ),
    _cue("one housing company", (Kind.PUBLIC_BODY,), 2.0, 3.0, r"\baler\b|\bater\b"),
    _cue(
        "aggregations",
        (Kind.UNION,),
        1.5,
        0.8,
        r"green communities|unioni di comuni|comunita montane|\bmontagna\b|montan",
    ),
    _cue("parks", (Kind.PUBLIC_BODY,), 2.0, 2.6, r"parchi nazionali|aree marine|area del po"),
    _cue("reforms", (Kind.CENTRAL, Kind.REGION), 0.5, 2.5, r"\briforma\b|semplificazione|legislazion"),
)

ISSUER_CUES = (
    _cue("research ministry", (Kind.UNIVERSITY,), 2.0, 2.8, r"universit|ricerca|politecnico|cnr\b|infn|atene|enea\b"),
    _cue("health ministry", (Kind.HEALTH, Kind.REGION), 2.0, 2.6, r"minister\w* della salute"),
    _cue("justice", (Kind.CENTRAL,), 2.0, 2.4, r"giustizia|consiglio di stato|giust amm"),
    _cue(
        "industry ministry",
        (Kind.FIRM,),
        1.6,
        2.0,
        r"made in italy|sviluppo economico|esteri|economia e|simest|invitalia",
    ),
    _cue("chamber of commerce", (Kind.FIRM,), 1.6, 1.8, r"camer[ae] di commercio|c\.?c\.?i\.?a\.?a|unioncamere"),
    _cue("tourism ministry", (Kind.FIRM, Kind.CENTRAL), 0.8, 1.6, r"ministero del turismo"),
    _cue("agriculture ministry", (Kind.FIRM,), 1.2, 1.4, r"agric"),
    _cue(
        "civil service",
        (Kind.CENTRAL, Kind.PERSON),
        0.8,
        1.2,
        r"funzione pubblica|struttura di missione|politiche giovan",
    ),
    _cue("home, labour, sport", LOCAL, 0.9, 0.0, r"interno|lavoro|sport|affari regionali|pol giovan"),
    _cue("school ministry", (*LOCAL, Kind.SCHOOL), 0.6, 0.5, r"ministero dell.istruzione"),
    _cue("a single town", (Kind.FIRM, Kind.PERSON, Kind.THIRD_SECTOR), 1.0, 3.0, r"^comune d|^citta di"),
    _cue("a region", LOCAL, 0.4, 0.0, r"^regione|direzione generale|^dg "),
)


CLASS_CUES = (
    _cue("public bodies only", LOCAL, 0.8, 0.0, r"^ente_pubblico$"),
    _cue("public bodies and third sector", LOCAL, 1.2, 0.0, r"^(?=.*ente_pubblico)(?=.*terzo_settore)(?!.*impresa)"),
    _cue("public bodies beside firms", (Kind.FIRM,), 0.0, 0.5, r"^(?=.*ente_pubblico)(?=.*impresa)(?!.*terzo_settore)"),
    _cue("research bodies, too", (Kind.UNIVERSITY,), 1.0, 1.2, r"^(?=.*ente_pubblico)(?=.*\bricerca\b)"),
    _cue("everybody", (), 0.0, 0.9, r"(?:\w+;){5}"),
)
"""What the company of the class ``ente_pubblico`` says of it (vocabulary of the national catalogue of incentives)."""


def word_chances(title: str, body: str, issuer: str, classes: str = "") -> dict[Kind, float]:
    """Chance per kind from the words of a title, a body of text, an issuer's name and a list of coarse classes."""
    logits = dict(BASE)
    for cues, text in ((CUES, title), (ISSUER_CUES, issuer), (CLASS_CUES, classes)):
        for kind, weight in _weights(cues, text).items():
            logits[kind] += weight
    for kind, weight in _weights(CUES, body).items():
        logits[kind] += max(-BODY_MOST, min(BODY_MOST, BODY_WEIGHT * weight))
    return {kind: _clip(1 / (1 + math.exp(-logit))) for kind, logit in logits.items()}


def _weights(cues: Sequence[Cue], text: str) -> dict[Kind, float]:
    words = plain(text)
    met = [cue for cue in cues if words and cue.pattern.search(words)]
    return {kind: sum(cue.for_ if kind in cue.kinds else -cue.against for cue in met) for kind in KINDS}


def with_funded(chances: Mapping[Kind, float], funded: Mapping[Kind, int]) -> dict[Kind, float]:
    """The chances after the kinds of the bodies funded before are counted in."""
    total = sum(funded.values())
    if not total:
        return dict(chances)
    return {kind: _clip(_after_counts(chance, funded.get(kind, 0), total)) for kind, chance in chances.items()}


def _after_counts(chance: float, count: int, total: int) -> float:
    if not count:
        return chance * ABSENCE_COUNT / (ABSENCE_COUNT + total)
    seen = 1 - math.exp(-count / total / SHARE_SCALE)
    trust = total / (total + TRUST_COUNT)
    return trust * seen + (1 - trust) * max(chance, 0.5)


def _clip(chance: float) -> float:
    return round(min(MOST, max(LEAST, chance)), 4)
