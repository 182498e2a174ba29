"""The register as files to take along: CSV, XLSX and JSON, with the headings under which it can be read in again."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from matcher.serialization import to_data
from matcher.verdicts import Verdict
from service.assets.register import RegisterLine
from service.spreadsheets import CSV_TYPE, XLSX_TYPE, Cell, csv_table, xlsx_table

Format = Literal["csv", "xlsx", "json"]
JSON_TYPE = "application/json"
TYPES: Mapping[str, str] = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE, "json": JSON_TYPE}
HEADER = (
    "Codice",
    "Denominazione",
    "Descrizione",
    "Codice ISTAT",
    "Comune",
    "Indirizzo",
    "Proprietà",
    "Tipologia",
    "Superficie (mq)",
    "Stato",
    "Vincolo culturale",
    "Bonifica",
    "Altri vincoli",
    "Percorso",
    "Latitudine",
    "Longitudine",
    "Foto",
    "Ambito pilota",
    "Fonte",
)
"""The first seventeen are headings of ``corpora.sources.beni_comune``: what was taken along can be sent back."""
_PATHS = {"sale": "vendita", "concession": "concessione", "undecided": "da decidere"}
_ANSWERS = {Verdict.MET: "no", Verdict.NOT_MET: "sì", Verdict.UNKNOWN: ""}


def exported(lines: Iterable[RegisterLine], form: Format) -> bytes:
    """Return lines of the register as a file of one format."""
    if form == "json":
        items = [as_data(one) for one in lines]
        return json.dumps({"total": len(items), "items": items}, ensure_ascii=False, indent=1).encode()
    rows = [_row(one) for one in lines]
    return csv_table(HEADER, rows) if form == "csv" else xlsx_table("Beni pubblici", HEADER, rows)


def as_data(one: RegisterLine) -> dict[str, Any]:
    """Return one line for JSON: the record, and what was read in it."""
    area = one.area
    return {
        **to_data(one.asset),
        "source": one.source,
        "owner_istat": one.owner_istat,
        "commune_name": one.commune_name,
        "place_kind": one.kind.value,
        "pilot_area": area.area.value if area else "",
        "pilot_area_verified": None if area is None else area.stated or area.verified,
        "free_of_heritage": one.heritage.value,
        "free_of_contamination": one.contamination.value,
        "unused": one.unused.value,
    }


def _row(one: RegisterLine) -> tuple[Cell, ...]:
    asset = one.asset
    return (
        asset.id,
        asset.title,
        asset.text,
        asset.commune_istat,
        one.commune_name,
        asset.address,
        asset.owner,
        asset.kind,
        asset.surface_m2,
        asset.state,
        _ANSWERS[one.heritage],
        _ANSWERS[one.contamination],
        "; ".join(asset.constraints),
        _PATHS.get(asset.path, ""),
        asset.lat,
        asset.lon,
        " ".join(asset.photos),
        one.area.area.zone if one.area else "",
        one.source,
    )
