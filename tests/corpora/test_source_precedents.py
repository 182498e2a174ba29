"""The funded projects of the PNRR, the complementary plan and the cohesion policy, in every layout."""

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from importing import Imported, import_file, write_table

from corpora.errors import LayoutError
from matcher.records import ApplicantKind as Kind
from matcher.records import Milestone, Money

ITALIA_DOMANI = Path("raw_samples/italia_domani")
OPENCOESIONE = Path("raw_samples/opencoesione")

PROJECT = {
    "cup": "J61F22000330006",
    "codice_locale": "PRJ_1",
    "cod_submisura": "M1C1I1.02.00",
    "submisura": "Abilitazione al cloud per le PA locali",
    "cod_procedura": "1000000237",
    "titolo": "Cloud",
    "sintesi": "MIGRAZIONE",
    "cup_natura": "ACQUISTO O REALIZZAZIONE DI SERVIZI",
    "cup_categoria": "",
    "finanziamento_pnrr": "42576.0",
    "soggetto_attuatore": "COMUNE DI RHO",
    "istat_comuni": "015182",
    "comuni": "RHO",
    "regioni": "LOMBARDIA",
    "data_aggiornamento": "2023-02-21",
    "beneficiario_privato": "False",
}
TENDER = {
    "codice_univoco_submisura": "M5C2I2.01.00",
    "descrizione_submisura": "Rigenerazione urbana",
    "cup": "C61B19000480004",
    "cig": "8271602500",
    "oggetto_principale_del_contratto": "LAVORI",
    "oggetto_gara": "NUOVA PIAZZA",
    "importo_complessivo_gara": "100000.0",
    "denominazione_aggiudicatario": "IMPRESA UNO SRL",
    "data_di_estrazione": "2023-03-01",
}


@pytest.fixture(scope="module")
def projects(shared_data: Path) -> Imported:
    return import_file("pnrr-progetti", shared_data / "pnrr_progetti_validati.csv.gz")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cup", "J61F2200033"),
        ("codice_locale", ""),
        ("cod_submisura", "M1"),
        ("finanziamento_pnrr", "42.576,5,0"),
        ("istat_comuni", "Rho"),
        ("data_aggiornamento", "ieri"),
    ],
)
def test_a_project_with_an_unreadable_field_is_set_apart_and_the_others_go_on(
    tmp_path: Path, field: str, value: str
) -> None:
    path = write_table(tmp_path / "progetti.csv", PROJECT | {field: value}, PROJECT)
    imported = import_file("pnrr-progetti", path)
    assert [problem.field for problem in imported.quarantined] == [field]
    assert [problem.line for problem in imported.quarantined] == [2]
    assert len(imported.records) == 1


def test_a_file_of_tenders_is_not_taken_for_projects(tmp_path: Path) -> None:
    path = write_table(tmp_path / "gare.csv", TENDER)
    with pytest.raises(LayoutError):
        import_file("pnrr-progetti", path)


def test_a_project_said_twice_is_read_twice_and_a_contradiction_is_set_apart(tmp_path: Path) -> None:
    path = write_table(tmp_path / "progetti.csv", PROJECT, PROJECT, PROJECT | {"titolo": "Altro"})
    imported = import_file("pnrr-progetti", path)
    assert len(imported.records) == 2
    assert imported.distinct_ids == 1
    assert [problem.line for problem in imported.quarantined] == [4]


def test_every_validated_project_is_read(projects: Imported) -> None:
    assert (len(projects.records), projects.distinct_ids, projects.quarantined) == (50_813, 50_813, [])
    assert len({project.measure for project in projects.records}) == 73
    assert {project.year for project in projects.records} <= set(range(2001, 2024))


def test_a_validated_project_carries_body_place_amount_and_procedure(projects: Imported) -> None:
    project = projects["pnrr-progetti:J61F22000330006:J61F22000330006"]
    assert (project.measure, project.procedure, project.year) == ("M1C1I1.02.00", "1000000237", 2022)
    assert (project.body, project.communes, project.commune_names) == (
        "COMUNE DI TORRICELLA",
        ("073028",),
        ("TORRICELLA",),
    )
    assert project.amount == Money(Decimal(42_576))
    assert project.region == "PUGLIA"
    assert project.provenance.as_of == date(2023, 2, 21)


def test_no_body_stands_for_a_private_beneficiary(projects: Imported) -> None:
    without_body = [project for project in projects.records if not project.body]
    assert len(without_body) == 5_520
    firms = [project for project in projects.records if project.beneficiary is Kind.FIRM]
    assert Counter(project.measure for project in firms).most_common(1) == [("M1C2I5.01.01", 4_265)]
    assert not any(project.body for project in firms)


def test_the_official_validated_projects_are_read(shared_data: Path, projects: Imported) -> None:
    path = shared_data / ITALIA_DOMANI / "PNRR_Progetti_Dati_Validati.sample200.csv"
    official = import_file("pnrr-progetti", path)
    assert (len(official.records), official.distinct_ids, official.quarantined) == (198, 198, [])
    assert official.repairs["byte order mark"] == 1
    lascari = official["pnrr-progetti:J71F22000630006:PRJ_141COM0422X_000407"]
    assert (lascari.measure, lascari.body, lascari.communes) == ("M1C1I1.04.01", "COMUNE DI LASCARI", ())
    assert lascari.amount == Money(Decimal(79_922))
    other = projects[lascari.id]
    assert (lascari.body, lascari.amount, lascari.procedure) == (other.body, other.amount, other.procedure)


def test_the_projects_of_2022_have_italian_thousands_and_name_no_firm(shared_data: Path) -> None:
    imported = import_file("pnrr-progetti", shared_data / ITALIA_DOMANI / "PNRR_Progetti.head200.csv")
    assert (len(imported.records), imported.distinct_ids, imported.quarantined) == (200, 200, [])
    hub = imported["pnrr-progetti:J51B21002940006:J51B21002940006"]
    assert hub.amount == Money(Decimal(114_000_000))
    assert hub.title == "SEGRETARIATO GENERALE - VIA DI VILLA ADA 55 ROMA - HUB TURISMO DIGITALE"
    loan = imported["pnrr-progetti:E61B21008520006:80006/FF/FP"]
    assert loan.amount == Money(Decimal(70_280))
    assert loan.title.startswith("FINANZIAMENTI PER L'INTERNAZIONALIZZAZIONE")
    assert (loan.beneficiary, loan.body) == (Kind.FIRM, "")


def test_a_tender_for_two_measures_is_two_precedents(tmp_path: Path) -> None:
    other = TENDER | {"codice_univoco_submisura": "M5C2I2.03.01"}
    imported = import_file("pnrr-gare", write_table(tmp_path / "gare.csv", TENDER, other))
    assert [tender.id for tender in imported.records] == [
        "pnrr-gare:C61B19000480004:M5C2I2.01.00:8271602500",
        "pnrr-gare:C61B19000480004:M5C2I2.03.01:8271602500",
    ]


def test_a_tender_with_two_winners_is_one_precedent_and_no_winner_is_read(tmp_path: Path) -> None:
    other = TENDER | {"denominazione_aggiudicatario": "IMPRESA DUE SRL"}
    imported = import_file("pnrr-gare", write_table(tmp_path / "gare.csv", TENDER, other))
    assert (len(imported.records), imported.distinct_ids, imported.quarantined) == (2, 1, [])
    assert "IMPRESA" not in repr(imported.records)


def test_tenders_without_cig_are_told_apart_by_their_object(tmp_path: Path) -> None:
    path = write_table(tmp_path / "gare.csv", TENDER | {"cig": ""}, TENDER | {"cig": "", "oggetto_gara": "ALTRO"})
    assert import_file("pnrr-gare", path).distinct_ids == 2


def test_a_tender_without_object_is_set_apart(tmp_path: Path) -> None:
    imported = import_file("pnrr-gare", write_table(tmp_path / "gare.csv", TENDER | {"oggetto_gara": "N/D"}))
    assert [problem.field for problem in imported.quarantined] == ["oggetto_gara"]


def test_every_tender_is_read(shared_data: Path) -> None:
    imported = import_file("pnrr-gare", shared_data / "pnrr_gare_universo.csv.gz")
    assert (len(imported.records), imported.distinct_ids, imported.quarantined) == (58_737, 58_737, [])
    assert Counter(tender.theme for tender in imported.records)["LAVORI"] == 7_734
    assert len({tender.measure for tender in imported.records}) == 57


def test_the_official_tenders_are_read(shared_data: Path) -> None:
    name = "PNRR_Gare_Aggiudicatari-Universo_REGIS.normalizzato_ondata.head200.csv"
    imported = import_file("pnrr-gare", shared_data / ITALIA_DOMANI / name)
    assert (len(imported.records), imported.distinct_ids, imported.quarantined) == (155, 139, [])
    tender = imported["pnrr-gare:I51C22000970001:M1C1I1.02.00:9443593B77"]
    assert (tender.title, tender.theme) == ("ADESIONE CONVENZIONE CONSIP EA6", "FORNITURE")
    assert tender.amount == Money(Decimal("851570.31"))


def test_every_project_of_the_complementary_plan_is_read(shared_data: Path) -> None:
    imported = import_file("pnc", shared_data / "pnc_progetti.csv.gz")
    assert (len(imported.records), imported.distinct_ids, imported.quarantined) == (5_751, 5_751, [])
    assert len({project.measure for project in imported.records}) == 36
    assert sum(project.beneficiary is Kind.FIRM for project in imported.records) == 1_987
    project = imported["pnc:E77H21012890001:B.1.1.0"]
    assert (project.measure, project.body, project.communes) == ("PNC-B.1.1.0", "COMUNE DI CAMPLI", ("067008",))
    assert project.amount == Money(Decimal(120_000))


def test_the_official_complementary_plan_has_its_quotes_back(shared_data: Path) -> None:
    path = shared_data / ITALIA_DOMANI / "OpenData_PNC_Progetti.normalizzato_ondata.head200.csv"
    imported = import_file("pnc", path)
    assert (len(imported.records), imported.distinct_ids, imported.quarantined) == (200, 200, [])
    assert imported.repairs["double-encoded text"] > 0
    assert not any("\x80" <= letter <= "\x9f" for project in imported.records for letter in project.title)


def test_every_project_of_the_cohesion_policy_is_read(shared_data: Path) -> None:
    imported = import_file("opencoesione", shared_data / "opencoesione_2021_2027.csv.gz")
    assert (len(imported.records), imported.distinct_ids, imported.quarantined) == (1_983, 1_983, [])
    kinds = Counter(project.beneficiary for project in imported.records)
    assert kinds[Kind.COMMUNE] == 823
    assert kinds[Kind.UNION] == 5
    assert not any(project.body for project in imported.records if project.beneficiary in (Kind.FIRM, Kind.PERSON))
    assert not any(code.endswith("000") for project in imported.records for code in project.communes)
    assert sum("Ã" in project.title + project.text for project in imported.records) <= 1


def test_the_official_cohesion_layout_says_the_same_as_the_cut(shared_data: Path) -> None:
    whole = import_file("opencoesione", shared_data / "opencoesione_2021_2027.csv.gz")
    official = import_file(
        "opencoesione", shared_data / OPENCOESIONE / "progetti_esteso_2021-2027_20240831.head200.csv"
    )
    assert (len(official.records), official.distinct_ids, official.quarantined) == (200, 200, [])
    pairs = [(project, whole[project.id]) for project in official.records]
    for name in ("measure", "procedure", "communes", "body", "beneficiary", "state", "year"):
        assert all(getattr(one, name) == getattr(other, name) for one, other in pairs), name
    assert official["opencoesione:13LA23012PA0586P0001"].amount == Money(Decimal(26_474_000))


def test_a_trainee_is_not_named_by_the_title_of_the_project(shared_data: Path) -> None:
    imported = import_file("opencoesione", shared_data / OPENCOESIONE / "OC_100_raw_2014-2020.csv")
    assert (len(imported.records), imported.distinct_ids, imported.quarantined) == (100, 100, [])
    assert imported.repairs["a trainee's name left out"] == 96
    trainees = [project for project in imported.records if project.procedure == "PRATT8841"]
    assert {(project.title, project.text) for project in trainees} == {
        ("Tirocini extra-curriculari ex misura 5 PON-IOG", "")
    }


FOLLOWED = {
    "cod_locale_progetto": "1MIPROVA",
    "cup": "J61F22000330006",
    "oc_titolo_progetto": "Nuovo nido",
    "oc_sintesi_progetto": "",
    "CUP_DESCR_NATURA": "",
    "OC_CODICE_PROGRAMMA": "2014IT16M2OP004",
    "OC_DESCRIZIONE_PROGRAMMA": "PON METRO",
    "COD_PROCED_ATTIVAZIONE": "PRATT1",
    "DESCR_PROCED_ATTIVAZIONE": "Avviso",
    "FINANZ_TOTALE_PUBBLICO": "100000.0",
    "OC_DENOM_BENEFICIARIO": "COMUNE DI RHO",
    "OC_CODFISC_BENEFICIARIO": "",
    "OC_DESCR_FORMA_GIU_BENEFICIARIO": "Comune",
    "OC_STATO_PROGETTO": "In corso",
    "oc_link": "",
    "OC_TEMA_SINTETICO": "",
    "DEN_REGIONE": "LOMBARDIA",
    "COD_COMUNE": "015182",
    "DEN_COMUNE": "RHO",
    "OC_DATA_FINE_PROGETTO_PREVISTA": "20241231",
    "OC_DATA_FINE_PROGETTO_EFFETTIVA": "",
    "IMPEGNI": "80000.0",
    "TOT_PAGAMENTI": "30254.97",
    "DATA_AGGIORNAMENTO": "20240630",
}
"""A row of the official file of OpenCoesione, with the columns that say how far a project is."""


def test_the_cohesion_file_says_how_far_a_project_is(tmp_path):
    (project,) = import_file("opencoesione", write_table(tmp_path / "oc.csv", FOLLOWED)).records
    assert project.milestones == (Milestone("Fine del progetto", date(2024, 12, 31), None),)
    assert (project.committed, project.spent) == (Money(Decimal(80_000)), Money(Decimal("30254.97")))
    assert project.provenance.as_of == date(2024, 6, 30)


@pytest.mark.parametrize("rounded", ["20241232.0", "2.0241232e+07"])
def test_a_day_that_was_rounded_to_a_number_is_not_guessed(tmp_path, rounded):
    row = FOLLOWED | {"OC_DATA_FINE_PROGETTO_PREVISTA": rounded}
    imported = import_file("opencoesione", write_table(tmp_path / "oc.csv", row))
    assert imported.records[0].milestones == ()
    assert imported.repairs["day rounded to a number left out"] == 1
