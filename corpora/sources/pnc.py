"""``pnc``: the projects of the complementary plan, Piano nazionale complementare (Italia Domani, OpenData PNC).

id          pnc:<CUP>:<intervention>
measure     PNC-<intervention> (``PNC-C.2.1.2``); programme: the title of its programme
"""

from corpora.reading import Importer, Layout, Row
from corpora.sources import _funded as funded
from matcher.records import Precedent, Provenance

NAME = "pnc"

_REQUIRED = frozenset({"cup", "intervention", "title", "nature", "body", "amount"})

LAYOUTS = (
    Layout(
        name="PNC con localizzazioni",
        columns={
            "cup": "cup",
            "intervention": "cod_intervento",
            "programme": "programma",
            "title": "titolo",
            "nature": "cup_natura",
            "theme": "cup_categoria",
            "body": "soggetto_attuatore",
            "amount": "finanziamento_pnc",
            "communes": "istat_comuni",
            "commune_names": "comuni",
            "region": "regioni",
            "updated": "data_estrazione",
        },
        required=_REQUIRED | {"communes"},
        decimal=".",
    ),
    Layout(
        name="OpenData_PNC_Progetti",
        columns={
            "cup": "cup",
            "intervention": "codice_intervento",
            "programme": "programma",
            "title": "titolo_unita_di_rilevazione",
            "nature": "natura_investimento",
            "theme": "categoria_intervento_investimento",
            "body": "soggetto_attuatore",
            "tax_code": "codice_fiscale_soggetto_attuatore",
            "amount": "finanziamento_pnc",
            "updated": "data_di_estrazione",
        },
        required=_REQUIRED,
        decimal=".",
    ),
)


def _precedent(row: Row) -> Precedent:
    cup = funded.cup(row)
    intervention = row.required("intervention")
    title, _ = funded.title_and_text(row, "title")
    return Precedent(
        id=f"{NAME}:{cup}:{intervention}",
        source=NAME,
        title=title,
        cup=cup,
        measure=f"PNC-{intervention}",
        programme=row["programme"],
        theme=row["theme"],
        body=funded.body(row, "body", "tax_code"),
        beneficiary=funded.beneficiary(row["nature"]),
        communes=funded.communes(row, "communes"),
        commune_names=funded.commune_names(row, "commune_names"),
        region=row["region"],
        amount=funded.amount(row, "amount"),
        year=funded.decision_year(cup),
        provenance=Provenance("Italia Domani, progetti del PNC", row.day("updated")),
    )


SOURCE = Importer(NAME, "precedents", LAYOUTS, _precedent)
