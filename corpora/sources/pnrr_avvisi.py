"""PNRR calls and notices (Italia Domani, *Bandi e Avvisi*): grants, but also recruitment and tenders of ministries."""

from corpora.reading import Importer, Layout, Row
from corpora.sources.calls import extras, first_address, one_line, status_of
from matcher.records import CallStatus, FundingCall, Level, Provenance

NAME = "pnrr-avvisi"

_REFERENCE = "Italia Domani, Bandi e Avvisi del PNRR (open data)"
_STATUSES = {
    "in corso": CallStatus.OPEN,
    "chiuso": CallStatus.CLOSED,
    "aggiudicato": CallStatus.CLOSED,
    "gara deserta": CallStatus.CLOSED,
    "annullato dopo sospensione tar": CallStatus.CLOSED,
}
_YES_AND_NO = {"": None, "si": True, "sì": True, "no": False}
_REQUIRED = frozenset({"serial", "title", "programme", "issuer", "applicants", "opens", "closes"})
_EXTRA = (
    "stato",
    "submisura",
    "cig",
    "importo_totale",
    "importo_pnrr",
    "importo_altri_fondi",
    "n_richieste",
    "n_partecipanti",
    "importo_proposto",
    "n_aggiudicatari",
    "importo_aggiudicato",
)

_OFFICIAL = Layout(
    "Bandi e Avvisi, Italia Domani",
    {
        "serial": "Numero seriale",
        "title": "Titolo Bando o Avviso",
        "programme": "Codice Univoco Submisura",
        "submisura": "Descrizione Submisura",
        "cig": "CIG",
        "issuer": "Soggetto emanante",
        "applicants": "Destinatari del Bando o dell’Avviso",
        "importo_totale": "Importo complessivo gara",
        "importo_pnrr": "Importo previsto PNRR",
        "importo_altri_fondi": "Importo previsto altri fondi",
        "opens": "Data apertura bando",
        "closes": "Data chiusura effettiva bando",
        "while_funds_last": "Fino ad esaurimento risorse",
        "stato": "Stato del Bando",
        "link": "Link al bando",
        "n_richieste": "Numero richieste",
        "n_partecipanti": "Numero partecipanti",
        "importo_proposto": "Importo totale interventi-progetti proposti",
        "n_aggiudicatari": "Numero degli aggiudicatari",
        "importo_aggiudicato": "Importo Aggiudicato Totale",
        "as_of": "Data aggiornamento-osservazione bandi",
    },
    _REQUIRED,
    decimal=",",
)
_TIDY = Layout(
    "pnrr_bandi_avvisi.csv",
    {
        "serial": "id",
        "title": "titolo",
        "programme": "cod_submisura",
        "submisura": "submisura",
        "issuer": "ente",
        "applicants": "destinatari",
        "importo_totale": "importo_totale",
        "importo_pnrr": "importo_pnrr",
        "opens": "data_apertura",
        "closes": "data_chiusura",
        "while_funds_last": "fino_esaurimento",
        "stato": "stato",
        "link": "url",
        "n_richieste": "n_richieste",
        "n_partecipanti": "n_partecipanti",
        "importo_aggiudicato": "importo_aggiudicato",
        "as_of": "data_aggiornamento",
    },
    _REQUIRED,
    decimal=",",
)


def _build(row: Row) -> FundingCall:
    title = one_line(row.required("title"))
    measure = one_line(row["submisura"])
    return FundingCall(
        id=f"{NAME}:{row.required('serial')}",
        source=NAME,
        title=title,
        issuer=row["issuer"],
        summary=f"{measure}." if measure else "",
        url=first_address(row["link"]),
        level=Level.NATIONAL,
        status=status_of(row["stato"], _STATUSES),
        opens=row.moment("opens"),
        closes=row.moment("closes"),
        while_funds_last=_while_funds_last(row),
        total_amount=row.money("importo_totale") or row.money("importo_pnrr"),
        applicants_text=one_line(row["applicants"]),
        programme=row["programme"],
        extra=_extra(row),
        provenance=Provenance(_REFERENCE, row.day("as_of")),
    )


def _extra(row: Row) -> tuple[tuple[str, str], ...]:
    fields = tuple((name, one_line(value)) for name, value in extras(row, _EXTRA))
    link = one_line(row["link"])
    return fields if link == first_address(link) else (*fields, ("link", link))


def _while_funds_last(row: Row) -> bool | None:
    word = row["while_funds_last"].casefold()
    if word not in _YES_AND_NO:
        raise row.error("while_funds_last", "neither SI nor NO")
    return _YES_AND_NO[word]


SOURCE = Importer(NAME, "calls", (_OFFICIAL, _TIDY), _build)
