"""``pnrr-progetti``: the projects of the PNRR (Italia Domani, ReGiS), in three forms.

    id          pnrr-progetti:<CUP>:<local code>
    measure     the sub-measure (``M1C1I1.02.00``); procedure: the activation procedure; amount: the PNRR's share

A cut of February 2023 with places and without tax codes; the official *dati validati*; the official file of 2022, which
has neither bodies nor procedures.
"""

from corpora.reading import Importer, Layout, Row
from corpora.sources import _funded as funded
from matcher.records import Precedent, Provenance

NAME = "pnrr-progetti"

_REQUIRED = frozenset({"cup", "local_code", "measure", "title", "nature", "amount"})

LAYOUTS = (
    Layout(
        name="progetti validati con localizzazioni",
        columns={
            "cup": "cup",
            "local_code": "codice_locale",
            "measure": "cod_submisura",
            "programme": "submisura",
            "procedure": "cod_procedura",
            "title": "titolo",
            "summary": "sintesi",
            "nature": "cup_natura",
            "theme": "cup_categoria",
            "amount": "finanziamento_pnrr",
            "body": "soggetto_attuatore",
            "communes": "istat_comuni",
            "commune_names": "comuni",
            "region": "regioni",
            "updated": "data_aggiornamento",
            "private": "beneficiario_privato",
        },
        required=_REQUIRED | {"body", "communes", "procedure"},
        decimal=".",
    ),
    Layout(
        name="PNRR_Progetti dati validati",
        columns={
            "cup": "CUP",
            "local_code": "Codice Locale Progetto",
            "measure": "Codice Univoco Submisura",
            "programme": "Descrizione Submisura",
            "procedure": "Codice identificativo Procedura di Attivazione",
            "title": "Titolo progetto",
            "summary": "Sintesi progetto",
            "nature": "CUP Descrizione Natura",
            "theme": "CUP Descrizione Categoria",
            "amount": "Finanziamento PNRR",
            "body": "Soggetto attuatore",
            "tax_code": "Codice fiscale soggetto attuatore",
            "updated": "Data aggiornamento",
        },
        required=_REQUIRED | {"body", "procedure"},
        decimal=".",
    ),
    Layout(
        name="PNRR_Progetti 2022",
        columns={
            "cup": "CUP",
            "local_code": "Codice Locale Progetto",
            "measure": "Codice Univoco submisura",
            "programme": "Descrizione submisura",
            "title": "Titolo progetto",
            "nature": "CUP_DESCR_NATURA",
            "amount": "FINANZIAMENTO_PNRR",
        },
        required=_REQUIRED,
        decimal=",",
    ),
)


def _precedent(row: Row) -> Precedent:
    cup = funded.cup(row)
    title, text = funded.title_and_text(row, "title", "summary")
    return Precedent(
        id=f"{NAME}:{cup}:{row.required('local_code')}",
        source=NAME,
        title=title,
        text=text,
        cup=cup,
        measure=funded.measure_code(row, "measure"),
        procedure=row["procedure"],
        programme=row["programme"],
        theme=row["theme"],
        body="" if row["private"] == "True" else funded.body(row, "body", "tax_code"),
        beneficiary=funded.beneficiary(row["nature"]),
        communes=funded.communes(row, "communes"),
        commune_names=funded.commune_names(row, "commune_names"),
        region=row["region"],
        amount=funded.amount(row, "amount"),
        year=funded.decision_year(cup),
        provenance=Provenance("Italia Domani, progetti del PNRR (ReGiS)", row.day("updated")),
    )


SOURCE = Importer(NAME, "precedents", LAYOUTS, _precedent)
