"""``ets``: the bodies admitted to the 5x1000 (Agenzia delle Entrate), the widest open list of the third sector.

    id          ets:<slug of the name>-<ISTAT code of the seat>
    kind        third sector where the list says so, otherwise from the name: hospitals and universities are on it, too

The list gives a name, a seat and categories, never what a body does. Amounts that people gave are not read.
"""

from corpora.reading import Importer, Layout, Row
from corpora.values import slug
from matcher.bodies import body_kind
from matcher.records import ApplicantKind as Kind
from matcher.records import Organisation, Provenance

NAME = "ets"

LAYOUTS = (
    Layout(
        name="elenco degli enti del 5x1000",
        columns={
            "name": "denominazione",
            "commune": "comune",
            "istat": "istat",
            "region": "regione",
            "categories": "categorie",
        },
        required=frozenset({"name", "istat", "categories"}),
        verbatim=frozenset({"commune"}),
    ),
)
_SOCIAL = frozenset({"ets_e_onlus", "asd"})


def third_sector_id(name: str, istat: str) -> str:
    """The id of a body that no register gives a code: its name and the commune of its seat."""
    return f"{NAME}:{slug(name)}-{istat}"


def _organisation(row: Row) -> Organisation:
    name, istat = " ".join(row.required("name").split()), row.required("istat")
    if not (len(istat) == 6 and istat.isdigit()):
        raise row.error("istat", "an ISTAT code is text of 6 digits, with its leading zeros")
    social = _SOCIAL & set(row["categories"].split(";"))
    return Organisation(
        id=third_sector_id(name, istat),
        name=name,
        kind=Kind.THIRD_SECTOR if social else body_kind(name) or Kind.PUBLIC_BODY,
        category=row["categories"],
        commune_istat=istat,
        commune_name=row["commune"],
        region=row["region"],
        provenance=Provenance("Elenco permanente del 5x1000, Agenzia delle Entrate"),
    )


SOURCE = Importer(NAME, "organisations", LAYOUTS, _organisation)
