"""Public assets: the register of confiscated real estate, and the list that a commune keeps in a spreadsheet."""

from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from importing import Imported, import_file, write_table
from openpyxl import Workbook

from corpora.errors import LayoutError, SourceError
from corpora.rows import Quarantined, Read, Repairs
from corpora.sources.beni_comune import OwnList
from matcher.records import PublicAsset

CONFISCATED = {
    "s_bene": "I-MI-1-S",
    "categoria": "Unità immobiliare per uso di abitazione e assimilabile",
    "sottocategoria": "Villa",
    "provvedimento": "Confisca def.",
    "quota_confiscata": "100",
    "comune": "Rho",
    "provincia": "Milano",
    "istat": "015182",
    "tipologia_procedura": "Misure di Prevenzione",
}
OWN = {
    "Codice ISTAT": "015182",
    "Denominazione": "Ex macello",
    "Descrizione": "Padiglioni lungo il canale",
    "Tipologia": "padiglione",
    "Superficie (mq)": "1.200,5",
    "Stato": "in abbandono",
    "Vincolo culturale": "Sì",
    "Bonifica": "da verificare",
    "Percorso": "Concessione",
}


def own_list(path: Path, *rows: dict[str, str], delimiter: str = ";") -> Imported:
    return import_file("beni-comune", write_table(path / "beni.csv", *rows, delimiter=delimiter))


def workbook(path: Path, *rows: list[object], first_empty: bool = False) -> Path:
    book = Workbook()
    sheet = book.active if not first_empty else book.create_sheet("Beni")
    for row in rows:
        sheet.append(row)
    book.save(path / "beni.xlsx")
    return path / "beni.xlsx"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"s_bene": ""}, "s_bene"),
        ({"istat": "15182"}, "istat"),
        ({"quota_confiscata": "101"}, "quota_confiscata"),
        ({"sottocategoria": ""}, "sottocategoria"),
    ],
)
def test_a_confiscated_asset_that_cannot_be_told_is_set_apart(tmp_path: Path, change: dict[str, str], field: str):
    imported = import_file("beni-confiscati", write_table(tmp_path / "b.csv", CONFISCATED | change, CONFISCATED))
    assert len(imported.records) == 1
    assert [bad.field for bad in imported.quarantined] == [field]


def test_what_is_not_confiscated_for_good_or_not_whole_says_so(tmp_path: Path):
    first = CONFISCATED | {"provvedimento": "Confisca I", "quota_confiscata": "50"}
    (asset,) = import_file("beni-confiscati", write_table(tmp_path / "b.csv", first)).records
    assert isinstance(asset, PublicAsset)
    assert asset.constraints == ("confisca non definitiva", "quota confiscata 50%")
    assert asset.surface_m2 is None
    assert asset.heritage is None


def test_a_commune_called_none_keeps_its_name(tmp_path: Path):
    (asset,) = import_file("beni-confiscati", write_table(tmp_path / "b.csv", CONFISCATED | {"comune": "None"})).records
    assert isinstance(asset, PublicAsset)
    assert "None" in asset.title


def test_the_whole_register_is_read(shared_data: Path):
    imported = import_file("beni-confiscati", shared_data / "beni_confiscati_in_gestione.csv.gz")
    assert (imported.distinct_ids, len(imported.quarantined)) == (17_453, 0)
    official = import_file("beni-confiscati", shared_data / "raw_samples/anbsc/immobili_in_gestione.head200.csv")
    same = {record.id: record for record in imported.records}
    assert all(record == same[record.id] for record in official.records)


def test_a_list_with_italian_headings_is_read_with_its_three_answers(tmp_path: Path):
    (asset,) = own_list(tmp_path, OWN).records
    assert isinstance(asset, PublicAsset)
    assert (asset.heritage, asset.contamination) == (True, None)
    assert (asset.surface_m2, asset.path, asset.kind) == (1200.5, "concession", "padiglione")
    assert asset.id == "beni-comune:015182-ex-macello"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"Denominazione": ""}, "Denominazione"),
        ({"Denominazione": "!!"}, "Denominazione"),
        ({"Superficie (mq)": "grande"}, "Superficie (mq)"),
        ({"Superficie (mq)": "0"}, "Superficie (mq)"),
        ({"Vincolo culturale": "forse"}, "Vincolo culturale"),
        ({"Percorso": "regalo"}, "Percorso"),
        ({"Codice ISTAT": "15182"}, "Codice ISTAT"),
        ({"Latitudine": "4,5"}, "Latitudine"),
        ({"Latitudine": "nord"}, "Latitudine"),
        ({"Foto": "javascript:alert(1)"}, "Foto"),
    ],
)
def test_a_row_that_cannot_be_read_is_set_apart_and_the_others_go_on(tmp_path: Path, change, field):
    empty = {"Latitudine": "", "Foto": ""}
    imported = own_list(tmp_path, OWN | empty | change, OWN | empty | {"Denominazione": "Ex scuola"})
    assert [record.id for record in imported.records] == ["beni-comune:015182-ex-scuola"]
    assert [bad.field for bad in imported.quarantined] == [field]


def test_a_list_without_names_or_without_a_commune_is_refused_by_name(tmp_path: Path):
    with pytest.raises(LayoutError, match="'Denominazione'"):
        own_list(tmp_path, {"Codice ISTAT": "015182", "Superficie": "1"})
    with pytest.raises(LayoutError, match="'Codice istat'"):
        own_list(tmp_path, {"Denominazione": "Ex scuola"})


def test_the_list_of_one_commune_may_leave_it_out_and_may_not_name_another(tmp_path: Path):
    file = write_table(
        tmp_path / "b.csv", {"Nome": "Ex scuola", "Codice ISTAT": ""}, {"Nome": "Villa", "Codice ISTAT": "015146"}
    )
    read, apart = OwnList("015182").read(file, Repairs())
    assert isinstance(read, Read)
    assert read.record.commune_istat == "015182"
    assert isinstance(apart, Quarantined)
    assert apart.field == "Codice ISTAT"


def test_a_commune_is_found_by_its_name_where_only_one_has_it(tmp_path: Path):
    known = {"rho": ("015182",), "samone": ("001235", "022165")}
    rows = [{"Nome": f"Ex scuola {n}", "Comune": name} for n, name in enumerate(["RHO", "Samone", "Atlantide"])]
    outcomes = list(OwnList(communes=known).read(write_table(tmp_path / "b.csv", *rows), Repairs()))
    assert [type(outcome) for outcome in outcomes] == [Read, Quarantined, Quarantined]


def test_the_same_asset_twice_with_another_content_is_a_contradiction(tmp_path: Path):
    imported = own_list(tmp_path, OWN, OWN | {"Stato": "in uso"})
    assert [bad.reason for bad in imported.quarantined] == ["the same id as line 2, with another content"]


def test_a_workbook_is_read_like_a_text_file(tmp_path: Path):
    file = workbook(
        tmp_path,
        ["Denominazione", "Codice ISTAT", "Superficie (mq)", "Vincolo culturale", None],
        ["Ex scuola", "015182", 640, True, None],
        [None, None, None, None, None],
        ["Ex asilo", "015182", 90.5, None, None],
        ["Villa", "015182", date(2020, 1, 1), None, None],
        ["Torre", "015182", 1, None, "oltre la tabella"],
        first_empty=True,
    )
    imported = import_file("beni-comune", file)
    assert [(one.surface_m2, one.heritage) for one in imported.records] == [(640.0, True), (90.5, None)]
    assert [bad.line for bad in imported.quarantined] == [5, 6]


def test_what_is_no_workbook_is_refused(tmp_path: Path):
    with ZipFile(tmp_path / "b.xlsx", "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    with pytest.raises(SourceError, match="not a readable XLSX"):
        import_file("beni-comune", tmp_path / "b.xlsx")
    with pytest.raises(SourceError, match="no sheet has a header"):
        import_file("beni-comune", workbook(tmp_path))


def test_a_workbook_that_unpacks_into_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("corpora.sheetfile.LARGEST_UNPACKED", 100)
    with pytest.raises(SourceError, match="unpacked"):
        import_file("beni-comune", workbook(tmp_path, ["Denominazione", "Codice ISTAT"]))
