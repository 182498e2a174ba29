"""``pnrr-gare``: the objects of the tenders of all PNRR projects (Italia Domani, ReGiS *universo*).

    id          pnrr-gare:<CUP>:<sub-measure>:<CIG, or a hash of the object>
    title       the object of the tender; theme: what is bought (LAVORI, SERVIZI, FORNITURE)
    amount      that of the tender, not of the funding

One CUP has many tenders, and one tender may serve two sub-measures. Winners are never read. A tender without CIG, or in
the cut with places, which has no CIG, is known by its object.
"""

from hashlib import sha256

from corpora.reading import Importer, Layout, Row
from corpora.sources import _funded as funded
from matcher.records import Precedent, Provenance

NAME = "pnrr-gare"

_REQUIRED = frozenset({"cup", "measure", "title", "amount"})

LAYOUTS = (
    Layout(
        name="gare dell'universo con localizzazioni",
        columns={
            "cup": "cup",
            "measure": "cod_submisura",
            "programme": "submisura",
            "title": "oggetto",
            "theme": "tipo_contratto",
            "amount": "importo_gara",
            "communes": "istat_comuni",
            "commune_names": "comuni",
            "region": "regioni",
        },
        required=_REQUIRED | {"communes"},
        decimal=".",
    ),
    Layout(
        name="PNRR_Gare_Aggiudicatari universo",
        columns={
            "cup": "cup",
            "measure": "codice_univoco_submisura",
            "programme": "descrizione_submisura",
            "cig": "cig",
            "title": "oggetto_gara",
            "theme": "oggetto_principale_del_contratto",
            "amount": "importo_complessivo_gara",
            "updated": "data_di_estrazione",
        },
        required=_REQUIRED | {"cig"},
        decimal=".",
    ),
)


def _precedent(row: Row) -> Precedent:
    cup = funded.cup(row)
    measure = funded.measure_code(row, "measure")
    title = row.required("title")
    tender = row["cig"] or sha256(title.encode()).hexdigest()[:10]
    return Precedent(
        id=f"{NAME}:{cup}:{measure}:{tender}",
        source=NAME,
        title=title,
        cup=cup,
        measure=measure,
        programme=row["programme"],
        theme=row["theme"],
        communes=funded.communes(row, "communes"),
        commune_names=funded.commune_names(row, "commune_names"),
        region=row["region"],
        amount=funded.amount(row, "amount"),
        year=funded.decision_year(cup),
        provenance=Provenance("Italia Domani, gare del PNRR (ReGiS)", row.day("updated")),
    )


SOURCE = Importer(NAME, "precedents", LAYOUTS, _precedent)
