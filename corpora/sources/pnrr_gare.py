"""``pnrr-gare``: the objects of the tenders of all PNRR projects (Italia Domani, ReGiS *universo*).

    id          pnrr-gare:<CUP>:<sub-measure>:<CIG, or a hash of the object>
    title       the object of the tender; theme: what is bought (LAVORI, SERVIZI, FORNITURE)
    amount      that of the tender, not of the funding

One CUP has many tenders, and one tender may serve two sub-measures. Winners are never read. A tender without CIG, or in
the cut with places, which has no CIG, is known by its object.
"""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from corpora.reading import Layout, Row, read_records
from corpora.rows import Quarantined, Read, Repairs
from corpora.sources import _funded as funded
from matcher.records import Precedent, Provenance

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


class PnrrGare:
    """The tenders of the PNRR's projects."""

    name = "pnrr-gare"
    holds = "precedents"

    def read(self, path: Path, repairs: Repairs) -> Iterator[Read | Quarantined]:
        """As ``corpora.rows.Source`` says."""
        return read_records(path, repairs, LAYOUTS, _precedent)


SOURCE = PnrrGare()


def _precedent(row: Row) -> Precedent:
    cup = funded.cup(row)
    measure = funded.measure_code(row, "measure")
    title = row.required("title")
    tender = row["cig"] or sha256(title.encode()).hexdigest()[:10]
    return Precedent(
        id=f"{SOURCE.name}:{cup}:{measure}:{tender}",
        source=SOURCE.name,
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
