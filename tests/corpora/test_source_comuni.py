"""The communes of Italy: codes that are text, places that ISTAT does not give, zones that are not sure."""

from collections import Counter
from pathlib import Path

import pytest
from importing import import_file, write_table

from corpora.errors import LayoutError
from matcher.records import Commune

ROW = {
    "istat": "015182",
    "comune": "Rho",
    "sigla": "MI",
    "provincia": "Milano",
    "regione": "Lombardia",
    "cod_regione": "03",
    "cod_catastale": "H264",
    "nuts3": "ITC4C",
    "popolazione_2022": "50904.0",
    "area_kmq": "22.244",
    "lat": "45.53",
    "lon": "9.04",
}


def one_problem(path: Path, **changes: str) -> tuple[str, str]:
    imported = import_file("comuni", write_table(path / "comuni.csv", ROW | changes))
    assert not imported.records
    (problem,) = imported.quarantined
    return problem.field, problem.reason


def test_a_code_that_lost_its_leading_zeros_is_set_apart(tmp_path: Path) -> None:
    assert one_problem(tmp_path, istat="1001") == ("istat", "a code is text of 6 digits, with its leading zeros")
    assert one_problem(tmp_path, cod_regione="3")[0] == "cod_regione"


def test_a_population_that_is_no_number_is_set_apart(tmp_path: Path) -> None:
    assert one_problem(tmp_path, popolazione_2022="circa 50.000")[0] == "popolazione_2022"


def test_a_commune_without_a_name_is_set_apart(tmp_path: Path) -> None:
    assert one_problem(tmp_path, comune=" ")[0] == "comune"


def test_a_commune_said_twice_differently_keeps_the_first(tmp_path: Path) -> None:
    path = write_table(tmp_path / "comuni.csv", ROW, ROW | {"popolazione_2022": "1"}, ROW)
    imported = import_file("comuni", path)
    assert [commune.population for commune in imported.records] == [50904, 50904]
    assert imported.quarantined[0].line == 3


def test_a_file_without_codes_is_refused(tmp_path: Path) -> None:
    path = write_table(tmp_path / "comuni.csv", {name: text for name, text in ROW.items() if name != "istat"})
    with pytest.raises(LayoutError, match="'istat'"):
        import_file("comuni", path)


def test_three_decimals_of_an_area_are_no_thousands(tmp_path: Path) -> None:
    (rho,) = import_file("comuni", write_table(tmp_path / "comuni.csv", ROW)).records
    assert rho.area_km2 == 22.244


def test_no_place_and_no_population_stay_unknown(tmp_path: Path) -> None:
    path = write_table(tmp_path / "comuni.csv", ROW | {"lat": "", "lon": "", "popolazione_2022": ""})
    (rho,) = import_file("comuni", path).records
    assert (rho.lat, rho.lon, rho.population, rho.population_year) == (None, None, None, None)


def test_all_communes_of_italy_are_read(shared_data: Path) -> None:
    imported = import_file("comuni", shared_data / "comuni_italiani.csv.gz")
    assert (len(imported.records), imported.distinct_ids, imported.quarantined) == (7_899, 7_899, [])
    assert {len(commune.istat) for commune in imported.records} == {6}
    assert sum(commune.lat is None for commune in imported.records) == 4


def test_napoli_and_none_are_communes_and_not_absent_values(shared_data: Path) -> None:
    imported = import_file("comuni", shared_data / "comuni_italiani.csv.gz")
    napoli = imported["063049"]
    assert (napoli.name, napoli.province, napoli.province_code) == ("Napoli", "Napoli", "063")
    assert sum(commune.province == "Napoli" for commune in imported.records) == 92
    assert imported["001168"].name == "None"


def test_a_commune_of_torino_keeps_its_zeros(shared_data: Path) -> None:
    aglie = import_file("comuni", shared_data / "comuni_italiani.csv.gz")["001001"]
    assert aglie == Commune(
        istat="001001",
        name="Agliè",
        province="Torino",
        province_code="001",
        region="Piemonte",
        region_code="01",
        nuts3="ITC11",
        cadastral_code="A074",
        population=2_568,
        population_year=2022,
        area_km2=13.2851,
        lat=45.36588,
        lon=7.77609,
        provenance=aglie.provenance,
    )


def test_zones_are_verified_only_where_their_source_is_official(shared_data: Path) -> None:
    imported = import_file("comuni", shared_data / "comuni_cm_milano.csv")
    assert Counter(commune.zone_verified for commune in imported.records) == {True: 79, False: 53, None: 1}
    assert imported["015002"].zone == "Magentino e Abbiatense"
    assert imported["015146"].zone == ""
    zones = {commune.zone for commune in imported.records if commune.zone}
    assert len(zones) == 7


@pytest.mark.parametrize("file", ["Elenco-comuni-italiani.head200.csv", "situas_comuni.head200.csv"])
def test_the_official_lists_say_nothing_of_population_or_zones(shared_data: Path, file: str) -> None:
    imported = import_file("comuni", shared_data / "raw_samples" / "istat" / file)
    assert (imported.distinct_ids, imported.quarantined) == (200, [])
    aglie = imported["001001"]
    assert (aglie.name, aglie.cadastral_code, aglie.province, aglie.province_code) == ("Agliè", "A074", "Torino", "001")
    assert (aglie.region, aglie.region_code, aglie.nuts3) == ("Piemonte", "01", "ITC11")
    assert (aglie.population, aglie.zone, aglie.zone_verified) == (None, "", None)
