"""The bodies of the 5x1000: their kind comes from the list's categories, and no amount is read."""

from pathlib import Path

import pytest
from importing import import_file, write_table

from matcher.records import ApplicantKind as Kind

ROW = {
    "denominazione": "IL  SOLE SOCIETA' COOPERATIVA SOCIALE",
    "regione": "LOMBARDIA",
    "comune": "GESSATE",
    "istat": "015106",
    "categorie": "ets_e_onlus",
    "importo_totale_erogabile": "1234.5",
}


def test_a_body_is_known_by_its_name_and_the_commune_of_its_seat(tmp_path: Path):
    (body,) = import_file("ets", write_table(tmp_path / "ets.csv", ROW)).records
    assert body.id == "ets:il-sole-societa-cooperativa-sociale-015106"
    assert body.name == "IL SOLE SOCIETA' COOPERATIVA SOCIALE"
    assert "1234" not in repr(body)


@pytest.mark.parametrize(
    ("name", "categories", "kind"),
    [
        ("IL SOLE", "ets_e_onlus", Kind.THIRD_SECTOR),
        ("POLISPORTIVA GESSATE", "asd", Kind.THIRD_SECTOR),
        ("UNIVERSITA' DEGLI STUDI DI PAVIA", "ricerca_scientifica", Kind.UNIVERSITY),
        ("QUALCOSA DI IGNOTO", "beni_culturali", Kind.PUBLIC_BODY),
    ],
)
def test_the_kind_is_the_lists_own_where_it_says_one_and_the_names_elsewhere(
    tmp_path: Path, name: str, categories: str, kind: Kind
):
    file = write_table(tmp_path / "ets.csv", ROW | {"denominazione": name, "categorie": categories})
    (body,) = import_file("ets", file).records
    assert body.kind is kind


def test_a_row_without_a_seat_is_set_apart(tmp_path: Path):
    imported = import_file("ets", write_table(tmp_path / "ets.csv", ROW | {"istat": "15106"}))
    assert imported.records == []
    assert imported.quarantined[0].field == "istat"


def test_the_list_of_lombardy_is_read_whole(shared_data: Path):
    imported = import_file("ets", shared_data / "enti_5x1000_lombardia.csv.gz")
    assert len(imported.records) > 10_000
    assert len(imported.quarantined) < 50
