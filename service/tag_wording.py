"""Strategy tags as people read them (Italian first, English second) and as programs do."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import cache
from itertools import groupby
from typing import Any

import corpora.embedded
from matcher.agenda import PLAN
from matcher.records import FrameItem
from matcher.strategy import (
    ACTOR,
    COMMUNES,
    COMPONENT,
    CONCERTED,
    COORDINATED,
    COPLANNED,
    DIRECT,
    DRIVER,
    INTERMEDIATE,
    LINKED,
    METROPOLITAN,
    MISSION,
    PARTNERSHIP,
    STTM,
    STYLE,
    SUPPORTING,
    DecidedBy,
    Tag,
)

_SCHEMES = {
    DRIVER: ("Driver del piano strategico", "Drivers of the strategic plan"),
    MISSION: ("Missioni PNRR", "PNRR missions"),
    COMPONENT: ("Componenti PNRR", "PNRR components"),
    STTM: ("Strategie tematico-territoriali (STTM)", "Thematic strategies (STTM)"),
    ACTOR: ("Attori", "Actors"),
    STYLE: ("Stile di lavoro", "Working style"),
}
_AGENDA = {
    METROPOLITAN: ("Città metropolitana", "Metropolitan city"),
    COMMUNES: ("Comuni", "Communes"),
    INTERMEDIATE: ("Corpi intermedi e altri attori", "Intermediate bodies and other actors"),
    DIRECT: ("azione diretta", "direct action"),
    COORDINATED: ("regia", "direction of many"),
    LINKED: ("raccordo e confronto", "linking and consulting"),
    SUPPORTING: ("sostegno ai comuni", "support to communes"),
    CONCERTED: ("accordi e intese", "agreements"),
    PARTNERSHIP: ("partenariato pubblico-privato", "public-private partnership"),
    COPLANNED: ("progettazione insieme alla comunità", "planning with the community"),
}
_COMPONENTS = {
    "M1C1": ("Digitalizzazione e innovazione nella PA", "Digital public administration"),
    "M1C2": ("Digitalizzazione e competitività delle imprese, reti veloci", "Digital and competitive firms, fast nets"),
    "M1C3": ("Turismo e cultura", "Tourism and culture"),
    "M2C1": ("Economia circolare e agricoltura sostenibile", "Circular economy and sustainable farming"),
    "M2C2": ("Energia rinnovabile e mobilità sostenibile", "Renewable energy and sustainable mobility"),
    "M2C3": ("Efficienza energetica degli edifici", "Energy efficiency of buildings"),
    "M2C4": ("Tutela del territorio e della risorsa idrica", "Protection of land and water"),
    "M3C1": ("Ferrovie e strade sicure", "Railways and safe roads"),
    "M3C2": ("Intermodalità e logistica integrata", "Intermodal and integrated logistics"),
    "M4C1": ("Istruzione: dagli asili nido alle università", "Education, from nurseries to universities"),
    "M4C2": ("Dalla ricerca all'impresa", "From research to firms"),
    "M5C1": ("Politiche per il lavoro", "Labour policies"),
    "M5C2": ("Infrastrutture sociali, famiglie, comunità, terzo settore", "Social infrastructure and third sector"),
    "M5C3": ("Interventi speciali per la coesione territoriale", "Special measures for territorial cohesion"),
    "M6C1": ("Reti di prossimità e telemedicina", "Local health networks and telemedicine"),
    "M6C2": ("Innovazione e ricerca del servizio sanitario", "Innovation and research of the health service"),
}
_DECIDED = {
    DecidedBy.MODEL: ("modello", "model"),
    DecidedBy.SOURCE: ("scritto nella scheda", "stated by the record"),
    DecidedBy.RULE: ("letto per regola", "read by rule"),
    DecidedBy.PERSON: ("deciso da una persona", "decided by a person"),
}
_DOUBTFUL = ("da verificare", "to be checked")
_NONE = (
    "Nessun tag: il testo non basta per assegnarne.",
    "No tag: the text is not enough to give one.",
)


def tag_lines(tags: Sequence[Tag], language: str) -> Iterator[str]:
    """Yield the lines of a terminal: scheme by scheme, ✔ for what is given and ? for what a person should look at."""
    english = language == "en"
    if not tags:
        yield _NONE[english]
    for scheme, group in groupby(tags, key=lambda tag: tag.scheme):
        yield _SCHEMES[scheme][english]
        yield from (f"  {_line(tag, english)}" for tag in group)


def tags_data(tags: Iterable[Tag], language: str) -> list[dict[str, Any]]:
    """Return tags for programs: every field of a tag, and the name of its code."""
    return [{**asdict(tag), "label": label(tag.scheme, tag.code, language)} for tag in tags]


def label(scheme: str, code: str, language: str) -> str:
    """Return the name of a code; drivers, missions and strategies keep their Italian names, as the frame has them."""
    if scheme == COMPONENT:
        return _COMPONENTS[code][language == "en"]
    if scheme in (ACTOR, STYLE):
        return _AGENDA[code][language == "en"]
    return _frame()[scheme, code]


def scheme_name(scheme: str, language: str) -> str:
    """Return the name of a scheme."""
    return _SCHEMES[scheme][language == "en"]


def evidence_words(evidence: str, language: str) -> str:
    """Return what speaks for a tag as people read it: words quoted, a line of the plan by its name; "" for nothing."""
    if evidence.startswith(PLAN):
        name = label(DRIVER, evidence.removeprefix(PLAN), language)
        return (f"dall’agenda del piano: {name}", f"from the agenda of the plan: {name}")[language == "en"]
    return f"«{evidence}»" if evidence else ""


def _line(tag: Tag, english: bool) -> str:
    who = _DECIDED[tag.decided_by][english]
    if tag.decided_by is DecidedBy.MODEL:
        who = f"{who}, {tag.probability:.0%}"
    doubt = "" if tag.certain else f" {_DOUBTFUL[english]}"
    said = evidence_words(tag.evidence, "en" if english else "it")
    quote = f" {said}" if said else ""
    name = label(tag.scheme, tag.code, "en" if english else "it").removeprefix(f"STTM {tag.code}: ")
    return f"{'✔' if tag.certain else '?'} {tag.code} {name} ({who}){doubt}{quote}"


@cache
def _frame() -> dict[tuple[str, str], str]:
    items = (record for record in corpora.embedded.load() if isinstance(record, FrameItem))
    return {(item.kind, item.code): item.label for item in items}
