"""incentivi.gov.it, the national catalogue of incentives: open data export, Solr export, and the tidy catalogue.

All three number the incentives alike: ``ID_Incentivo`` 51, node 51 and ``INC51`` are one incentive.
"""

import re

from corpora.reading import Importer, Row
from corpora.sources.calls import extras, items, labelled, level_of, one_line, plain_text, sentences, status_of
from corpora.sources.incentivi_layouts import EXPORT, SOLR, TIDY
from matcher.records import CallStatus, FundingCall, Money, Provenance

NAME = "incentivi"

_REFERENCE = "incentivi.gov.it, catalogo degli incentivi, Ministero delle Imprese e del Made in Italy (IODL 2.0)"
_SITE = "https://www.incentivi.gov.it"
_STATUSES = {"aperto": CallStatus.OPEN, "scaduto": CallStatus.CLOSED}
_WORDS = {
    "ricerca_sviluppo": "ricerca e sviluppo",
    "transizione_ecologica": "transizione ecologica",
    "liquidita": "liquidità",
    "startup": "nuove imprese",
    "inclusione": "inclusione sociale",
    "fondo_perduto": "contributo a fondo perduto",
    "credito_imposta": "credito d’imposta",
    "finanziamento_agevolato": "finanziamento agevolato",
    "capitale_rischio": "capitale di rischio",
    "riduzione_contributi": "riduzione dei contributi",
}
_ALL_SECTORS = frozenset({"tutti", "Tutti i settori economici ammissibili a ricevere aiuti"})
_HEADINGS = re.compile(r"\b(Cos['’]è|A chi si rivolge|Cosa prevede)\s+")
_WHAT_IS_PAID = ("Cos'è", "Cosa prevede")
_EXTRA = (
    "obiettivo",
    "settore",
    "forma",
    "dimensione",
    "costi_ammessi",
    "spesa_min",
    "spesa_max",
    "note_apertura_chiusura",
    "ambito_territoriale",
    "comuni",
    "codici_ateco",
    "base_normativa",
    "provvedimento_attuativo",
    "gazzetta_ufficiale",
    "altre_caratteristiche",
    "stato",
    "scheda",
)


def _build(row: Row) -> FundingCall:
    issuer = one_line(plain_text(row["issuer"]))
    text = plain_text(row["text"])
    objectives = _words(row["obiettivo"])
    return FundingCall(
        id=f"{NAME}:INC{_number(row)}",
        source=NAME,
        title=one_line(plain_text(row.required("title"))),
        issuer=issuer,
        summary=sentences([*_what_is_paid(text), *_fields_in_words(row, objectives)]),
        text=text,
        url=row["url"] or _page(row),
        level=level_of(issuer),
        status=status_of(row["stato"], _STATUSES),
        opens=row.moment("opens"),
        closes=row.moment("closes"),
        total_amount=_stated(row, "total_amount"),
        min_award=_stated(row, "min_award"),
        max_award=_stated(row, "max_award"),
        applicants_text=row["applicants"],
        territory_text=row["territory"],
        themes=objectives,
        extra=tuple((name, _page(row) if name == "scheda" else value) for name, value in extras(row, _EXTRA)),
        provenance=Provenance(_REFERENCE, row.day("as_of")),
    )


def _number(row: Row) -> str:
    number = row.required("number").removeprefix("INC")
    if not number.isdecimal():
        raise row.error("number", "not the number of an incentive")
    return number


def _stated(row: Row, name: str) -> Money | None:
    """An amount; the catalogue writes 0 where the administration gave none."""
    money = row.money(name)
    return money if money and money.amount else None


def _page(row: Row) -> str:
    page = row["scheda"]
    return _SITE + page if page.startswith("/") else page


def _what_is_paid(text: str) -> list[str]:
    """What the catalogue's own page says under the headings on what the incentive is and provides."""
    pieces = _HEADINGS.split(text)
    if len(pieces) == 1:
        return [text]
    titled = zip(pieces[1::2], pieces[2::2], strict=True)
    return [one_line(body) for heading, body in titled if heading.replace("’", "'") in _WHAT_IS_PAID]


def _fields_in_words(row: Row, objectives: tuple[str, ...]) -> list[str]:
    sectors = _words(row["settore"])
    return [
        labelled("Obiettivi", objectives),
        labelled("Settori", () if _ALL_SECTORS & set(sectors) else sectors),
        labelled("Forma di sostegno", _words(row["forma"])),
        labelled("Spese ammesse", _words(row["costi_ammessi"])),
    ]


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORDS.get(item, item) for item in items(text))


SOURCE = Importer(NAME, "calls", (EXPORT, SOLR, TIDY), _build)
