"""The public bodies of the IndicePA: what kind each is, and that nobody's name or address is read."""

import json
from collections import Counter
from pathlib import Path

import pytest
from importing import import_file, write_table

from matcher.records import ApplicantKind as Kind

ROW = {
    "codice_ipa": "c_h264",
    "ente": "Comune di Rho",
    "tipologia_ente": "Comuni",
    "istat": "015182",
    "comune": "Rho",
    "provincia": "MI",
    "regione": "Lombardia",
}
OFFICIAL = {
    "Codice_IPA": "C_H264",
    "Denominazione_ente": "Comune di Rho",
    "Codice_Categoria": "L6",
    "Codice_comune_ISTAT": "015182",
    "Data_aggiornamento": "2025-11-20",
    "Nome_responsabile": "Ada",
    "Cognome_responsabile": "Inventata",
    "Titolo_responsabile": "Sindaca",
    "Mail1": "protocollo@example.org",
}


def kind_of(path: Path, category: str, name: str) -> Kind:
    file = path / "enti.json"
    file.write_text(json.dumps({"enti": [OFFICIAL | {"Codice_Categoria": category, "Denominazione_ente": name}]}))
    (body,) = import_file("enti-ipa", file).records
    return body.kind


@pytest.mark.parametrize("change", [{"codice_ipa": ""}, {"codice_ipa": "c h264"}, {"istat": "15182"}, {"ente": ""}])
def test_a_body_without_a_sound_code_or_name_is_set_apart(tmp_path: Path, change: dict[str, str]) -> None:
    imported = import_file("enti-ipa", write_table(tmp_path / "enti.csv", ROW | change, ROW))
    assert [body.id for body in imported.records] == ["enti-ipa:c_h264"]
    assert [problem.field for problem in imported.quarantined] == list(change)


def test_nobody_in_charge_is_read(tmp_path: Path) -> None:
    file = tmp_path / "enti.json"
    file.write_text(json.dumps({"enti": [OFFICIAL]}))
    (body,) = import_file("enti-ipa", file).records
    assert body.id == "enti-ipa:c_h264"
    assert not any(word in repr(body) for word in ("Ada", "Inventata", "Sindaca", "@"))


@pytest.mark.parametrize(
    ("category", "name", "kind"),
    [
        ("L6", "Montagna sulla strada del vino", Kind.COMMUNE),
        ("L6", "Consorzio dei Comuni dei Navigli", Kind.PUBLIC_BODY),
        ("L18", "Adda Martesana", Kind.UNION),
        ("L5", "Provincia di Lecco", Kind.PROVINCE),
        ("L45", "Citta' Metropolitana di Milano", Kind.PROVINCE),
        ("L4", "Provincia Autonoma di Trento", Kind.REGION),
        ("L33", "Carlo Porta", Kind.SCHOOL),
        ("L17", "Studi di Pavia", Kind.UNIVERSITY),
        ("L8", "Ca' Granda", Kind.HEALTH),
        ("C1", "Avvocatura dello Stato", Kind.CENTRAL),
        ("L39", "ALER Milano", Kind.PUBLIC_BODY),
        ("L37", "Acque del territorio S.p.A.", Kind.PUBLIC_BODY),
    ],
)
def test_the_category_tells_the_kind_before_the_name(tmp_path: Path, category: str, name: str, kind: Kind) -> None:
    assert kind_of(tmp_path, category, name) is kind


def test_every_body_that_pa_digitale_funded_is_read(shared_data: Path) -> None:
    imported = import_file("enti-ipa", shared_data / "enti_pubblici_ipa.csv.gz")
    assert (len(imported.records), imported.distinct_ids, imported.quarantined) == (17_458, 17_458, [])
    kinds = Counter(body.kind for body in imported.records)
    assert kinds[Kind.COMMUNE] == 7_873
    assert kinds[Kind.SCHOOL] >= 7_693
    assert kinds[Kind.HEALTH] >= 211
    assert kinds[Kind.PROVINCE] > 90
    by_name = {body.name: body.kind for body in imported.records}
    assert by_name["Politecnico di Milano"] is Kind.UNIVERSITY
    assert by_name["Citta' Metropolitana di Milano"] is Kind.PROVINCE
    assert by_name["Unione Val D'Enza"] is Kind.UNION
    assert by_name["Unione Province D'Italia"] is Kind.PUBLIC_BODY


def test_the_province_of_napoli_is_not_absent(shared_data: Path) -> None:
    imported = import_file("enti-ipa", shared_data / "enti_pubblici_ipa.csv.gz")
    assert sum(body.province == "NA" for body in imported.records) == 43


def test_the_official_register_is_read_from_its_api(shared_data: Path) -> None:
    imported = import_file("enti-ipa", shared_data / "raw_samples" / "indicepa" / "enti_ckan_api.sample200.json")
    assert (imported.distinct_ids, imported.quarantined) == (200, [])
    mori = imported["enti-ipa:c_f728"]
    assert (mori.name, mori.kind, mori.category) == ("Comune di Mori", Kind.COMMUNE, "L6")
    assert mori.commune_istat == "022123"
    assert str(mori.provenance.as_of) == "2025-11-20"
