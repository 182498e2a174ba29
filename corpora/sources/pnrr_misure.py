"""PNRR sub-measures (Italia Domani, financial programming): each is a line of funding with its code and amount."""

from corpora.reading import Importer, Layout, Row
from corpora.sources.calls import extras, one_line, sentences
from matcher.records import FundingCall, Level, Provenance

NAME = "pnrr-misure"

_PROVENANCE = Provenance("Italia Domani, Programmazione finanziaria del PNRR (open data)")
_REQUIRED = frozenset({"code", "title", "measure", "issuer", "total_amount"})
_EXTRA = (
    "tipo",
    "tipo_livello",
    "prestito_o_sovvenzione",
    "id_submisura",
    "cod_misura",
    "missione",
    "componente",
    "codice_cid",
    "procedure",
    "raccomandazioni_ue",
    "tag_clima_digitale",
    "sdg_goal",
    "n_progetti_validati_2023",
    "n_progetti_universo_2023",
    "importo_progetti_in_essere",
    "importo_fsc",
    "importo_progetti_nuovi",
    "versione",
)

_OFFICIAL = Layout(
    "Programmazione finanziaria, Italia Domani",
    {
        "code": "Codice Univoco Submisura",
        "title": "Descrizione Submisura",
        "measure": "Descrizione Misura",
        "component": "Descrizione Componente",
        "mission": "Descrizione Missione",
        "issuer": "Amministrazione Titolare",
        "total_amount": "Importo Totale",
        "tipo": "Investimento o Riforma",
        "tipo_livello": "Tipo Livello",
        "prestito_o_sovvenzione": "Prestito o Sovvenzione",
        "id_submisura": "ID Submisura",
        "cod_misura": "Codice Univoco Misura",
        "missione": "Missione",
        "componente": "Componente",
        "codice_cid": "Codice CID",
        "importo_progetti_in_essere": "Importo Progetti in essere",
        "importo_fsc": "Importo FSC",
        "importo_progetti_nuovi": "Importo Progetti nuovi",
    },
    _REQUIRED,
    decimal=",",
)
_TIDY = Layout(
    "pnrr_misure.csv",
    {
        "code": "cod_submisura",
        "title": "submisura",
        "measure": "misura",
        "component": "descrizione_componente",
        "mission": "descrizione_missione",
        "issuer": "amministrazione_titolare",
        "total_amount": "importo_totale",
        "objectives": "testo_obiettivi",
        "tipo": "investimento_o_riforma",
        "tipo_livello": "tipo_livello",
        "prestito_o_sovvenzione": "prestito_o_sovvenzione",
        "id_submisura": "id_submisura",
        "cod_misura": "cod_misura",
        "missione": "missione",
        "componente": "componente",
        "procedure": "testo_procedure",
        "raccomandazioni_ue": "raccomandazioni_ue",
        "tag_clima_digitale": "tag_clima_digitale",
        "sdg_goal": "sdg_goal",
        "n_progetti_validati_2023": "n_progetti_validati_2023",
        "n_progetti_universo_2023": "n_progetti_universo_2023",
        "versione": "versione",
    },
    _REQUIRED,
    decimal=".",
)


def _build(row: Row) -> FundingCall:
    code = row.required("code")
    title = one_line(row.required("title"))
    measure = one_line(row["measure"])
    return FundingCall(
        id=f"{NAME}:{code}",
        source=NAME,
        title=title,
        issuer=row["issuer"],
        summary=sentences(
            [
                "" if measure == title else measure,
                one_line(row["component"]),
                one_line(row["mission"]),
                *row["objectives"].split(" | "),
            ]
        ),
        # The titles of its procedures and notices say in plain words what the measure pays, and often to whom.
        text="\n\n".join(one_line(title) for title in row["procedure"].split(" | ")),
        level=Level.NATIONAL,
        total_amount=row.money("total_amount"),
        programme=code,
        themes=tuple(filter(None, (one_line(row["mission"]), one_line(row["component"])))),
        extra=extras(row, _EXTRA),
        provenance=_PROVENANCE,
    )


SOURCE = Importer(NAME, "calls", (_OFFICIAL, _TIDY), _build)
