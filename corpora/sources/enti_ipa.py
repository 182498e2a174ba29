"""``enti-ipa``: the public bodies of the IndicePA (indicepa.gov.it) and those that PA digitale 2026 funded.

    id          enti-ipa:<IPA code in lower case>
    kind        from the register's category where that names one, otherwise from the body's name

Names, mail addresses and telephones of the people in charge are in the official file and are never read.
"""

import re
from collections.abc import Mapping

from corpora.reading import Importer, Layout, Row
from matcher.bodies import public_body_kind
from matcher.records import ApplicantKind as Kind
from matcher.records import Organisation, Provenance

NAME = "enti-ipa"

_ISTAT = re.compile(r"\d{6}")
_REQUIRED = frozenset({"ipa_code", "name", "category", "istat"})

LAYOUTS = (
    Layout(
        name="enti finanziati da PA digitale 2026",
        columns={
            "ipa_code": "codice_ipa",
            "name": "ente",
            "category": "tipologia_ente",
            "istat": "istat",
            "commune": "comune",
            "province": "provincia",
            "region": "regione",
        },
        required=_REQUIRED | {"commune", "province", "region"},
        verbatim=frozenset({"commune"}),
    ),
    Layout(
        name="enti dell'IndicePA",
        columns={
            "ipa_code": "Codice_IPA",
            "name": "Denominazione_ente",
            "category": "Codice_Categoria",
            "istat": "Codice_comune_ISTAT",
            "updated": "Data_aggiornamento",
        },
        required=_REQUIRED,
    ),
)

# The categories of the IndicePA (www.indicepa.gov.it, "categorie degli enti") whose title names a kind of body.
_KINDS: Mapping[str, Kind] = {
    "Comuni": Kind.COMMUNE,
    "Comune": Kind.COMMUNE,
    "Scuole": Kind.SCHOOL,
    "ASL": Kind.HEALTH,
    "L6": Kind.COMMUNE,
    "L18": Kind.UNION,
    "L12": Kind.UNION,
    "L5": Kind.PROVINCE,
    "L45": Kind.PROVINCE,
    "L4": Kind.REGION,
    "L33": Kind.SCHOOL,
    "L17": Kind.UNIVERSITY,
    "L43": Kind.UNIVERSITY,
    "L28": Kind.UNIVERSITY,
    "C8": Kind.UNIVERSITY,
    "L7": Kind.HEALTH,
    "L8": Kind.HEALTH,
    "L22": Kind.HEALTH,
    "C12": Kind.HEALTH,
    "C1": Kind.CENTRAL,
    "C2": Kind.CENTRAL,
    "C5": Kind.CENTRAL,
    "C10": Kind.CENTRAL,
    "C11": Kind.CENTRAL,
    "L46": Kind.CENTRAL,
    "L47": Kind.CENTRAL,
}
# "Comuni e loro Consorzi e Associazioni": the last two are neither communes nor unions.
_WITH_CONSORTIA = frozenset({"L4", "L5", "L6", "L12", "L18"})
# In this register "Unione Val d'Enza" is one of communes, "Unione Province d'Italia" is not.
_UNION = re.compile(
    r"(unione (?!province|nazionale|italiana|regionale|delle )|(magnifica )?comunit[aà]'? d)", re.IGNORECASE
)
_CONSORTIUM = re.compile(r"(consorzio|associazione|ufficio d'ambito|autorit[aà])\b", re.IGNORECASE)


def _organisation(row: Row) -> Organisation:
    code = row.required("ipa_code").lower()
    if re.search(r"\s", code):
        raise row.error("ipa_code", "not an IPA code: it has a space in it")
    if row["istat"] and not _ISTAT.fullmatch(row["istat"]):
        raise row.error("istat", "an ISTAT code is text of 6 digits, with its leading zeros")
    name = row.required("name")
    return Organisation(
        id=f"{NAME}:{code}",
        name=name,
        kind=_kind(row["category"], name),
        category=row["category"],
        ipa_code=code,
        commune_istat=row["istat"],
        commune_name=row["commune"],
        province=row["province"],
        region=row["region"],
        provenance=Provenance("IndicePA", row.day("updated")),
    )


def _kind(category: str, name: str) -> Kind:
    if category in _WITH_CONSORTIA and _CONSORTIUM.match(name):
        return Kind.PUBLIC_BODY
    kind = _KINDS.get(category) or public_body_kind(name)
    return Kind.UNION if kind is Kind.PUBLIC_BODY and _UNION.match(name) else kind


SOURCE = Importer(NAME, "organisations", LAYOUTS, _organisation)
