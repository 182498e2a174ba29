"""Names of bodies, as registers and open data write them, and the kind that each denotes."""

import csv
import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.bodies import body_kind, public_body_kind
from matcher.records import ApplicantKind as Kind

NAMES = {
    Kind.COMMUNE: ["COMUNE DI CORSICO", "Comune Casciana Terme Lari", "ROMA CAPITALE", "Citta' di Torino"],
    Kind.UNION: [
        "UNIONE DEI COMUNI DELLA BASSA ROMAGNA",
        "Unione Lombarda dei Comuni di Bellusco e Mezzago",
        "XIII COMUNITA' MONTANA MONTI LEPINI",
        "Unione Montana Val Belluna",
    ],
    Kind.PROVINCE: [
        "PROVINCIA DI PAVIA",
        "AMMINISTRAZIONE PROVINCIALE DI COMO",
        "Città metropolitana di Milano",
        "CITTA' METROPOLITANA DI ROMA CAPITALE",
        "Libero Consorzio Comunale di Enna",
    ],
    Kind.REGION: ["REGIONE LOMBARDIA", "Regione Siciliana - Dipartimento del turismo", "Provincia Autonoma di Trento"],
    Kind.CENTRAL: [
        "MINISTERO DELLA CULTURA",
        "PCM - DIPARTIM. TRASFORMAZIONE DIGITALE",
        "Prefettura - UTG - Ferrara",
        "Agenzia delle Entrate",
        "INPS",
    ],
    Kind.SCHOOL: [
        "ISTITUTO COMPRENSIVO VIA DANTE",
        'I.C.S. "G. Rodari"',
        "I.I.S. F. ORIOLI",
        "Liceo Scientifico Leonardo da Vinci",
        "L.SC.CACCIOPPOLI-NAPOLI-",
        "LIC. CL. LING. SC. UMANE F. DE SANCTIS",
        "Centro Provinciale per l'Istruzione degli Adulti 5 Milano",
    ],
    Kind.HEALTH: [
        "ASST Rhodense",
        "Azienda Sanitaria Provinciale di Enna",
        "Agenzia di Tutela della Salute della Citta' Metropolitana di Milano",
        "Fondazione IRCCS Ca' Granda",
        "Azienda Ospedaliero-Universitaria di Modena",
    ],
    Kind.UNIVERSITY: [
        "UNIVERSITA' DEGLI STUDI DI PAVIA",
        "Politecnico di Milano",
        "Conservatorio di Como",
        "CONSIGLIO NAZIONALE DELLE RICERCHE",
        "Istituto Nazionale di Astrofisica",
    ],
    Kind.PUBLIC_BODY: [
        "ALER MILANO",
        "Ordine degli Avvocati di Trapani",
        "Camera di Commercio di Milano Monza Brianza Lodi",
        "Ente Parco Nazionale della Majella",
        "Autorità di Sistema Portuale del Mar Ligure",
        "Consorzio Intercomunale Servizi Socio Assistenziali",
        "Azienda per il Diritto agli Studi Universitari di Teramo",
        "Azienda Speciale Consortile Comuni Insieme",
    ],
    Kind.THIRD_SECTOR: [
        "ASSOCIAZIONE AMICI DEL NAVIGLIO APS",
        "Fondazione Comunitaria Nord Milano",
        "La Rondine Cooperativa Sociale Onlus",
        "Parrocchia di San Giorgio",
    ],
    Kind.FIRM: ["ALFA TRASPORTI S.R.L.", "Rete Ferroviaria Italiana S.p.A.", "Beta & C. snc", "Azienda agricola Rossi"],
}


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind, names in NAMES.items() for name in names])
def test_a_body_is_known_by_its_name(kind: Kind, name: str) -> None:
    assert body_kind(name) is kind


@pytest.mark.parametrize("name", ["", "Da definire", "GALILEO GALILEI", "X"])
def test_a_name_that_does_not_tell_is_not_guessed(name: str) -> None:
    assert body_kind(name) is None


def test_a_company_in_a_register_of_public_bodies_is_a_public_body() -> None:
    assert public_body_kind("Infratel Italia SpA") is Kind.PUBLIC_BODY
    assert public_body_kind("Comune di Rho") is Kind.COMMUNE


@given(st.text(max_size=80))
def test_any_name_can_be_read(name: str) -> None:
    assert body_kind(name) is None or isinstance(body_kind(name), Kind)


def test_the_register_of_public_bodies_agrees_with_the_names(shared_data: Path) -> None:
    expected = {"Comune": Kind.COMMUNE, "Comuni": Kind.COMMUNE, "Scuole": Kind.SCHOOL, "ASL": Kind.HEALTH}
    with gzip.open(shared_data / "enti_pubblici_ipa.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["tipologia_ente"] in expected]
    agreed = sum(body_kind(row["ente"]) is expected[row["tipologia_ente"]] for row in rows)
    wrong = sum(body_kind(row["ente"]) not in (None, expected[row["tipologia_ente"]]) for row in rows)
    assert agreed / len(rows) >= 0.99
    assert wrong / len(rows) <= 0.001
