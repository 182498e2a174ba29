"""PA digitale 2026, calls of the Department for digital transformation: the title is the only key all layouts share."""

import re

from corpora.reading import Importer, Layout, Row
from corpora.sources.calls import extras, one_line, sentences, status_of
from corpora.values import slug
from matcher.records import CallStatus, FundingCall, Level, Provenance

NAME = "padigitale"

_ISSUER = "Dipartimento per la trasformazione digitale"
_DETAILS = "https://areariservata.padigitale2026.gov.it/Pa_digitale2026_dettagli_avviso?id="
_PROVENANCE = Provenance("PA digitale 2026, open data degli avvisi (CC BY 4.0)")
_STATUSES = {"terminato": CallStatus.CLOSED, "in corso": CallStatus.OPEN, "aperto": CallStatus.OPEN}
_MEASURE_NUMBER = re.compile(r"(\d)\.(\d)(?:\.(\d))? (?!e )")
_EXTRA = (
    "stato",
    "misura",
    "importo_misura",
    "id_avviso",
    "ente_promotore",
    "platea_potenziale",
    "fondi_disponibili",
    "n_enti_finanziati",
)

_TIDY = Layout(
    "padigitale_avvisi.csv, or avvisi.csv and avvisi.json of the folder data/",
    {
        "title": "titolo",
        "misura": "misura",
        "opens": "data_inizio_bando",
        "closes": "data_fine_bando",
        "stato": "stato",
        "total_amount": "totale_importo_stanziato",
        "importo_misura": "totale_importo_misura",
        "applicants": "soggetti_destinatari",
        "id_avviso": "id",
        "subject": "oggetto",
        "ente_promotore": "ente_promotore",
        "platea_potenziale": "platea_potenziale",
        "fondi_disponibili": "fondi_disponibili",
        "n_enti_finanziati": "n_enti_finanziati",
    },
    frozenset({"title", "misura", "opens", "closes", "total_amount", "applicants"}),
    decimal=".",
)
_PORTAL = Layout(
    "avvisi.json of the folder dati/",
    {
        "title": "name",
        "misura": "misura",
        "opens": "startDate",
        "closes": "endDate",
        "stato": "status",
        "total_amount": "totalProgramAmount",
        "applicants": "beneficiari",
        "id_avviso": "id",
        "subject": "oggettoBando",
        "ente_promotore": "entePromotore",
        "platea_potenziale": "plateaPotenziale",
        "fondi_disponibili": "fondiDisponibili",
    },
    frozenset({"title", "misura", "opens", "closes", "total_amount", "applicants"}),
    decimal=".",
)


def call_id(title: str) -> str:
    """The id of the call of that title, the same however a layout writes its quotes, blanks and accents."""
    return f"{NAME}:{slug(title)}"


def _build(row: Row) -> FundingCall:
    title = one_line(row.required("title"))
    return FundingCall(
        id=call_id(title),
        source=NAME,
        title=title,
        issuer=_ISSUER,
        summary=sentences([one_line(row["subject"]), one_line(row["misura"])]),
        url=_DETAILS + row["id_avviso"] if row["id_avviso"] else "",
        level=Level.NATIONAL,
        status=status_of(row["stato"], _STATUSES),
        opens=row.moment("opens"),
        closes=row.moment("closes"),
        total_amount=row.money("total_amount"),
        applicants_text=row["applicants"],
        programme=_programme(row["misura"]),
        extra=extras(row, _EXTRA),
        provenance=_PROVENANCE,
    )


def _programme(measure: str) -> str:
    """The PNRR code: every measure of PA digitale 2026 is an investment 1.x of M1C1 (1.4.3 is M1C1I1.04.03)."""
    number = _MEASURE_NUMBER.match(measure)
    return f"M1C1I{number[1]}.0{number[2]}.0{number[3] or 0}" if number else ""


SOURCE = Importer(NAME, "calls", (_TIDY, _PORTAL), _build)
