"""``beni-confiscati``: real estate confiscated from organised crime, managed by its agency, not yet assigned (ANBSC).

    id      beni-confiscati:<s_bene>
    kind    the register's sub-category; owner: the agency, until the asset is assigned
    state   the decree: only what is confiscated for good can be assigned to a commune for social use

The register says neither where an asset lies in its commune, nor how large it is, nor what condition it is in.
"""

import re

from corpora.reading import Importer, Layout, Row
from matcher.records import Provenance, PublicAsset

NAME = "beni-confiscati"
OWNER = "Agenzia nazionale per i beni sequestrati e confiscati (ANBSC)"
PARTIAL, NOT_FINAL = "quota confiscata {share}%", "confisca non definitiva"

_ISTAT = re.compile(r"\d{6}")
_FINAL = "Confisca def."
_WHOLE = 100
_UNDEFINED = " - non definito"
_COMMON = {
    "id": "s_bene",
    "category": "categoria",
    "kind": "sottocategoria",
    "decree": "provvedimento",
    "share": "quota_confiscata",
    "procedure": "tipologia_procedura",
}
_REQUIRED = frozenset({"id", "category", "kind", "commune", "istat"})
_VERBATIM = frozenset({"commune"})

LAYOUTS = (
    Layout(
        name="beni immobili in gestione, con il comune",
        columns=_COMMON | {"commune": "comune", "province": "provincia", "istat": "istat"},
        required=_REQUIRED,
        verbatim=_VERBATIM,
    ),
    Layout(
        name="OpenRe.G.I.O., immobili in gestione",
        columns=_COMMON | {"commune": "nome_comune", "province": "nome_provincia", "istat": "CODISTAT"},
        required=_REQUIRED,
        verbatim=_VERBATIM,
    ),
)
# The register writes some names short, and with spaces that are none.
_NAMES = {
    "Unità uso abit. e assimil.": "Abitazione",
    "Unità a dest. comm. e ind.": "Locale commerciale o industriale",
    "Altra unità immobil.": "Altra unità immobiliare",
    "Unità per allog. e usi coll.": "Alloggio per usi collettivi",
}


def _asset(row: Row) -> PublicAsset:
    istat = row.required("istat")
    if not _ISTAT.fullmatch(istat):
        raise row.error("istat", "an ISTAT code is text of 6 digits, with its leading zeros")
    share = row.integer("share")
    if share is not None and share > _WHOLE:
        raise row.error("share", "more than the whole")
    kind, commune = _kind(row), row.required("commune")
    constraints = [NOT_FINAL] if row["decree"] != _FINAL else []
    if share is not None and 0 < share < _WHOLE:
        constraints.append(PARTIAL.format(share=share))
    return PublicAsset(
        id=f"{NAME}:{row.required('id')}",
        title=f"{kind}, bene confiscato a {commune}",
        text=_text(row, kind, commune),
        commune_istat=istat,
        owner=OWNER,
        kind=kind,
        state="confiscato, non ancora assegnato",
        constraints=tuple(constraints),
        path="undecided",
        provenance=Provenance("ANBSC, OpenRe.G.I.O., immobili in gestione"),
    )


def _kind(row: Row) -> str:
    name = " ".join(row.required("kind").split())
    undefined = name.endswith(_UNDEFINED)
    name = name.removesuffix(_UNDEFINED)
    if name in ("Altro", ""):
        return " ".join(row.required("category").split())
    return _NAMES.get(name, name) if undefined else name


def _text(row: Row, kind: str, commune: str) -> str:
    place = f"{commune} ({row['province']})" if row["province"] else commune
    decree = row["decree"].replace("def.", "definitiva")
    category = " ".join(row["category"].split())
    what = kind if kind.startswith(category) else f"{category}: {kind}"
    sentences = [
        f"{what}, a {place}.",
        "Bene confiscato alla criminalità organizzata, in gestione all'Agenzia nazionale e non ancora destinato.",
        f"Provvedimento: {decree}." if decree else "",
        f"{row['procedure']}." if row["procedure"] else "",
    ]
    return " ".join(filter(None, sentences))


SOURCE = Importer(NAME, "assets", LAYOUTS, _asset)
