"""Regione Lombardia: its calls in full text, and its open data on tenders, which are recognised and set apart."""

import re

from corpora.reading import Importer, Layout, Row
from corpora.sources.calls import extras, one_line
from matcher.records import FundingCall, Level, Provenance

NAME = "regione-lombardia"

_PROVENANCE = Provenance("Regione Lombardia, testo ufficiale del bando")
_LONGEST_SUMMARY = 900
_HEADING = re.compile(r"^(?:[A-Z]\.\d+\.?\s*)?FINALIT[AÀ]['’]?(?: E OBIETTIVI)?\s+(?:1\. )?", re.IGNORECASE)
# "n." and "lett." end no sentence.
_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{5})[.;](?= )|(?<=[)”»])[.;](?= )")
# Where the extraction took the privacy notice for the aims of the call.
_NOT_AIMS = re.compile(r"^(?:Finalità )?Base giuridica|dati personali", re.IGNORECASE)

_CALLS = Layout(
    "rl_bandi_fulltext.jsonl",
    {
        "id": "id",
        "title": "titolo",
        "issuer": "ente",
        "territory": "regione",
        "applicants": "beneficiari",
        "themes": "temi",
        "aims": "finalita",
        "text": "testo",
        "sezione_beneficiari": "sezione_beneficiari",
        "file_origine": "file_origine",
        "pagine": "pagine",
    },
    frozenset({"id", "title", "applicants", "text"}),
)
_TENDERS = Layout(
    "Bandi di gara, Osservatorio regionale dei contratti pubblici",
    {"id": "codice_bando", "tender": "oggetto_dell_appalto", "issuer": "stazione_appaltante"},
    frozenset({"id", "tender", "issuer"}),
)


def _build(row: Row) -> FundingCall:
    if row.layout is _TENDERS:
        raise row.error("tender", "a tender (gara d'appalto): it buys works or services, it does not fund projects")
    return FundingCall(
        id=f"{NAME}:{row.required('id')}",
        source=NAME,
        title=one_line(row.required("title")),
        issuer=row["issuer"],
        summary=_summary(row["aims"]),
        text=row.required("text"),
        level=Level.REGIONAL,
        applicants_text=row["applicants"],
        territory_text=row["territory"],
        themes=tuple(filter(None, row["themes"].split(";"))),
        extra=extras(row, ("sezione_beneficiari", "file_origine", "pagine")),
        provenance=_PROVENANCE,
    )


def _summary(aims: str) -> str:
    """The first sentences of the aims; empty where the section holds something else."""
    text = _HEADING.sub("", one_line(aims))
    if _NOT_AIMS.search(text[:200]):
        return ""
    if len(text) <= _LONGEST_SUMMARY:
        return text
    ends = [found.end() for found in _SENTENCE_END.finditer(text, 0, _LONGEST_SUMMARY)]
    return text[: ends[-1]] if ends else text[: text.rfind(" ", 0, _LONGEST_SUMMARY)]


SOURCE = Importer(NAME, "calls", (_CALLS, _TENDERS), _build)
