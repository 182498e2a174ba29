"""``comuni``: the communes of Italy (ISTAT), in the official lists and with population, area, centre and zone.

    id  the ISTAT code, 6 digits; its first three are the historic code of the province (``015``, not ``215``)

Zones are the *zone omogenee* of Città metropolitana di Milano; Milano itself is in none. The official
lists have neither population nor place.
"""

import re

from corpora.reading import Importer, Layout, Row
from matcher.records import Commune, Provenance

NAME = "comuni"

_ISTAT = re.compile(r"\d{6}")
_REGION = re.compile(r"\d{2}")
_CADASTRAL = re.compile(r"[A-Z]\d{3}")
_REQUIRED = frozenset({"istat", "name", "province", "region", "region_code", "cadastral_code"})
_VERBATIM = frozenset({"name"})
_POPULATION_YEAR = 2022

_MEASURED = {
    "istat": "istat",
    "name": "comune",
    "province": "provincia",
    "region": "regione",
    "region_code": "cod_regione",
    "nuts3": "nuts3",
    "cadastral_code": "cod_catastale",
    "population": f"popolazione_{_POPULATION_YEAR}",
    "area": "area_kmq",
    "lat": "lat",
    "lon": "lon",
    "zone": "zona_omogenea",
    "zone_source": "zona_fonte",
}

LAYOUTS = (
    Layout(
        name="comuni con popolazione",
        columns=_MEASURED,
        required=_REQUIRED | {"population", "lat", "lon"},
        decimal=".",
        verbatim=_VERBATIM,
    ),
    Layout(
        name="Elenco dei comuni italiani",
        columns={
            "istat": "Codice Comune formato alfanumerico",
            "name": "Denominazione in italiano",
            "province": "Denominazione dell'Unità territoriale sovracomunale (valida a fini statistici)",
            "province_code": "Codice Provincia (Storico)(1)",
            "region": "Denominazione Regione",
            "region_code": "Codice Regione",
            "nuts3": "Codice NUTS3 2021",
            "cadastral_code": "Codice Catastale del comune",
        },
        required=_REQUIRED | {"province_code"},
        verbatim=_VERBATIM,
    ),
    Layout(
        name="SITUAS",
        columns={
            "istat": "Codice Comune (alfanumerico)",
            "name": "Comune (dizione italiana)",
            "province": "Provincia/Uts",
            "province_code": "Codice Provincia (Storico)",
            "region": "Regione",
            "region_code": "Codice Regione",
            "nuts3": "Codice NUTS3 2024",
            "cadastral_code": "Codice catasto",
        },
        required=_REQUIRED | {"province_code"},
        verbatim=_VERBATIM,
    ),
)


def _commune(row: Row) -> Commune:
    istat = _code(row, "istat", _ISTAT, "6 digits")
    province_code = row["province_code"] or istat[:3]
    if province_code != istat[:3]:
        raise row.error("province_code", f"not the province of the commune {istat}")
    population = row.integer("population")
    return Commune(
        istat=istat,
        name=row.required("name"),
        province=row.required("province"),
        province_code=province_code,
        region=row.required("region"),
        region_code=_code(row, "region_code", _REGION, "2 digits"),
        nuts3=row["nuts3"],
        cadastral_code=_code(row, "cadastral_code", _CADASTRAL, "a letter and three digits"),
        population=population,
        population_year=None if population is None else _POPULATION_YEAR,
        area_km2=_number(row, "area"),
        lat=_number(row, "lat"),
        lon=_number(row, "lon"),
        zone="" if "capoluogo" in row["zone"] else row["zone"],
        zone_verified="DA VERIFICARE" not in row["zone_source"] if row["zone_source"] else None,
        provenance=Provenance("ISTAT, codici dei comuni"),
    )


def _code(row: Row, name: str, form: re.Pattern[str], wanted: str) -> str:
    code = row.required(name)
    if not form.fullmatch(code):
        raise row.error(name, f"a code is text of {wanted}, with its leading zeros")
    return code


def _number(row: Row, name: str) -> float | None:
    number = row.number(name)
    return None if number is None else float(number)


SOURCE = Importer(NAME, "communes", LAYOUTS, _commune)
