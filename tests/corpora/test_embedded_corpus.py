"""What the default corpus holds: its counts, its references, its honesty about sources, and whose words it uses."""

import csv
import re
from collections import Counter
from dataclasses import fields
from pathlib import Path
from typing import TypeVar

import pytest

from corpora.embedded import load
from matcher.analyser import fold
from matcher.records import Commune, FrameItem, Need, Organisation, Project, PublicAsset, Record

R = TypeVar("R")
TEN_DRIVERS = {f"driver:{number}" for number in range(1, 11)}
RUN = 8
NAMED_IN_THE_DOCUMENTS = """
Abitare in borgo; De Lemene; Agenzia sociale per la locazione; sfitti; MI 4.1.1.b; Quartieri Connessi;
domotica; Residenzialità sociale temporanea; Mappa digitale degli alloggi; Jannacci; via Pucci; WEMI; da
Baggio; bike sharing; Trentatré aree; Sempione; Giambellino; piazza della Repubblica; Solari-Tortona;
innovazione inclusiva; Scuola dei Quartieri; Lorenteggio; Crowdfunding civico; Sistema unico del patrimonio;
Sistema unico dei servizi di welfare; Sistema informativo territoriale; Interoperabilità; Campus digitale; 5G;
smart land; DITA; CERN; Rete verde; Parco Agricolo Sud Milano; Parco metropolitano; DECIWATT; ENEA; comunità
energetiche; tariffa comune; Materiali edili riciclati; Acquisti pubblici sostenibili; Depuratori; Rete duale;
Gestore unico; CAP Holding; Cambio; PULS; PUMS; Luoghi urbani per la mobilità; Metro Hub; Poli produttivi;
Scuole aperte; Centri per l'impiego; GOL; AFOL Metropolitana; Silam; Consulta Economia e Lavoro; Patto per il
lavoro; Next Re-Generation; Student Housing; Ospedali di comunità; Piani di zona; ATS della Città
metropolitana; Tavolo metropolitano; Tavolo permanente delle Università; MM SpA; Aler Milano; Remix; VALO.RI;
Bando Periferie; 31 Comuni; Mappatura dei progetti; Portale metropolitano; Coordinamento intersettoriale;
Finanza sostenibile; tecnici comunali; Politecnico di Milano; Università degli Studi di Milano; Regione
Lombardia; AMUSS
"""


@pytest.fixture(scope="module")
def corpus() -> list[Record]:
    return list(load())


def of_kind(corpus: list[Record], kind: type[R]) -> list[R]:
    return [record for record in corpus if isinstance(record, kind)]


def texts(record: Record) -> list[str]:
    values = (getattr(record, field.name) for field in fields(record))
    return [value for value in values if isinstance(value, str)]


def words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def runs(text: str) -> set[tuple[str, ...]]:
    parts = words(text)
    return {tuple(parts[start : start + RUN]) for start in range(len(parts) - RUN + 1)}


def seeds(shared_data: Path) -> list[str]:
    return [file.read_text(encoding="utf-8") for file in sorted((shared_data.parent / "seeds").glob("*.txt"))]


def drivers_of(records: list[Project] | list[Need]) -> set[str]:
    return {driver for record in records for driver in record.drivers}


def test_the_corpus_is_large_enough_to_try_everything(corpus: list[Record]) -> None:
    counts = Counter(type(record) for record in corpus)
    assert counts[Commune] == 133
    assert counts[Project] >= 60
    assert counts[Organisation] >= 40
    assert counts[PublicAsset] >= 24
    assert counts[Need] >= 28


def test_every_commune_has_valid_codes_and_a_place_in_the_metropolitan_area(corpus: list[Record]) -> None:
    for commune in of_kind(corpus, Commune):
        assert re.fullmatch(r"015\d{3}", commune.istat), commune
        assert re.fullmatch(r"[A-Z]\d{3}", commune.cadastral_code), commune
        assert (commune.province_code, commune.region_code, commune.nuts3) == ("015", "03", "ITC4C")
        assert commune.population is not None
        assert commune.population > 500
        assert commune.population_year == 2022
        assert commune.area_km2 is not None
        assert commune.area_km2 > 0
        assert commune.lat is not None
        assert 45.1 < commune.lat < 45.7
        assert commune.lon is not None
        assert 8.6 < commune.lon < 9.6


def test_communes_agree_with_the_open_data(corpus: list[Record], shared_data: Path) -> None:
    with (shared_data / "comuni_cm_milano.csv").open(encoding="utf-8-sig", newline="") as file:
        published = {row["istat"]: row for row in csv.DictReader(file)}
    communes = of_kind(corpus, Commune)
    assert {commune.istat for commune in communes} == published.keys()
    for commune in communes:
        row = published[commune.istat]
        assert (commune.name, commune.cadastral_code) == (row["comune"], row["cod_catastale"])
        assert commune.population == int(float(row["popolazione_2022"]))
        assert commune.area_km2 == pytest.approx(float(row["area_kmq"]), abs=0.006)


def test_zones_are_verified_only_where_their_source_is_official(corpus: list[Record], shared_data: Path) -> None:
    with (shared_data / "comuni_cm_milano.csv").open(encoding="utf-8-sig", newline="") as file:
        to_check = {row["istat"] for row in csv.DictReader(file) if "DA VERIFICARE" in row["zona_fonte"]}
    for commune in of_kind(corpus, Commune):
        if commune.name == "Milano":
            assert (commune.zone, commune.zone_verified) == ("", None)
        else:
            assert commune.zone_verified is (commune.istat not in to_check), commune


def test_every_zone_of_a_commune_is_a_frame_item(corpus: list[Record]) -> None:
    zones = {item.label for item in of_kind(corpus, FrameItem) if item.kind == "zone"}
    assert {commune.zone for commune in of_kind(corpus, Commune) if commune.zone} == zones
    assert len(zones) == 7


def test_the_frame_is_complete(corpus: list[Record]) -> None:
    kinds = Counter(item.kind for item in of_kind(corpus, FrameItem))
    wanted = {"driver": 10, "mission": 6, "sttm": 3, "axis": 4, "service": 6, "pilot_area": 3, "zone": 7}
    assert {kind: kinds[kind] for kind in wanted} == wanted
    assert kinds["programme"] >= 12


def test_every_driver_is_tied_to_a_mission_and_used_by_a_project_and_a_need(corpus: list[Record]) -> None:
    items = {item.id: item for item in of_kind(corpus, FrameItem)}
    for driver in TEN_DRIVERS:
        assert any(link.startswith("mission:") for link in items[driver].links), driver
    assert drivers_of(of_kind(corpus, Project)) == TEN_DRIVERS
    assert drivers_of(of_kind(corpus, Need)) == TEN_DRIVERS


def test_every_reference_points_at_a_record(corpus: list[Record]) -> None:
    frame = {item.id for item in of_kind(corpus, FrameItem)}
    communes = {commune.istat for commune in of_kind(corpus, Commune)}
    bodies = {body.name for body in of_kind(corpus, Organisation)}
    for item in of_kind(corpus, FrameItem):
        assert set(item.links) <= frame, item.id
    for project in of_kind(corpus, Project):
        assert set(project.communes) <= communes, project.id
        assert {project.programme, *project.drivers} <= frame, project.id
        assert project.axis in {"", *frame}, project.id
        assert {project.lead, *project.partners} <= bodies, project.id
    for record in (*of_kind(corpus, Need), *of_kind(corpus, PublicAsset)):
        assert record.commune_istat in communes, record.id
        assert set(record.drivers) <= frame, record.id
    for asset in of_kind(corpus, PublicAsset):
        assert asset.pilot_area in {"", *frame}, asset.id
    for body in of_kind(corpus, Organisation):
        assert body.commune_istat in {"", *communes}, body.id


def test_works_and_social_support_point_at_each_other(corpus: list[Record]) -> None:
    projects = {project.id: project for project in of_kind(corpus, Project)}
    paired = [project for project in projects.values() if project.paired_with]
    assert len(paired) >= 14
    for project in paired:
        assert projects[project.paired_with].paired_with == project.id
        assert {project.axis, projects[project.paired_with].axis} == {"axis:pon-metro-3", "axis:pon-metro-4"}


def test_projects_say_in_which_state_they_are_and_one_was_postponed(corpus: list[Record]) -> None:
    states = Counter(project.state for project in of_kind(corpus, Project))
    assert states["postponed"] == 1
    assert states.keys() <= {"idea", "defined", "funded", "under_way", "completed", "suspended", "postponed"}


def test_projects_are_described_in_40_to_120_words(corpus: list[Record]) -> None:
    lengths = {project.id: len(words(project.text)) for project in of_kind(corpus, Project)}
    assert {id_: length for id_, length in lengths.items() if not 40 <= length <= 120} == {}


def test_assets_lie_in_every_pilot_area_and_take_a_known_path(corpus: list[Record]) -> None:
    assets = of_kind(corpus, PublicAsset)
    assert {asset.pilot_area for asset in assets} >= {
        "pilot-area:nord-milano",
        "pilot-area:alto-milanese",
        "pilot-area:sud-est",
    }
    assert {asset.path for asset in assets} == {"sale", "concession", "undecided"}
    assert all(asset.kind and asset.state for asset in assets)


def test_needs_come_from_the_smallest_and_the_largest_commune(corpus: list[Record]) -> None:
    population = {commune.istat: commune.population or 0 for commune in of_kind(corpus, Commune)}
    asking = [population[need.commune_istat] for need in of_kind(corpus, Need)]
    assert min(asking) == min(population.values())
    assert max(asking) == max(population.values())


def test_needs_are_long_and_short(corpus: list[Record]) -> None:
    lengths = [len(words(need.text)) for need in of_kind(corpus, Need)]
    assert min(lengths) < 25
    assert max(lengths) > 60


def test_every_record_says_where_it_comes_from_and_for_which_day(corpus: list[Record]) -> None:
    for record in corpus:
        assert record.provenance is not None, record.id
        assert record.provenance.as_of is not None, record.id
        assert len(record.provenance.reference) >= 10, record.id


def test_what_is_invented_says_so_and_what_is_real_does_not(corpus: list[Record]) -> None:
    for record in (*of_kind(corpus, Need), *of_kind(corpus, PublicAsset), *of_kind(corpus, Project)):
        assert record.provenance is not None
        assert record.illustrative is (record.provenance.reference == "esempio illustrativo"), record.id


def test_what_the_founding_documents_name_has_a_record(corpus: list[Record]) -> None:
    ours = [record for record in corpus if isinstance(record, FrameItem | Organisation | Project | PublicAsset)]
    said = "\n".join(text for record in ours for text in texts(record)).casefold()
    names = [" ".join(name.split()).casefold() for name in NAMED_IN_THE_DOCUMENTS.split(";")]
    assert [name for name in names if name not in said] == []


def test_no_record_holds_an_address_or_a_telephone_number(corpus: list[Record]) -> None:
    personal = re.compile(
        r"[\w.]+@[\w.]+|\b0\d{1,3}[./ ]\d{5,}|\b3\d{2}[ .]?\d{6,7}\b|\b(dott|sig|ing|arch|avv|prof)(\.|\b\.ssa)"
    )
    found = [(record.id, text) for record in corpus for text in texts(record) if personal.search(text)]
    assert found == []


def test_no_record_names_a_person_of_the_documents(corpus: list[Record], shared_data: Path) -> None:
    surnames = {match for seed in seeds(shared_data) for match in re.findall(r"\b\w\.(\w{4,})@", seed)}
    assert surnames
    for record in corpus:
        assert surnames.isdisjoint(word for text in texts(record) for word in words(text)), record.id


def test_no_record_repeats_eight_words_of_the_founding_documents(corpus: list[Record], shared_data: Path) -> None:
    theirs = set().union(*(runs(seed) for seed in seeds(shared_data)))
    assert theirs
    repeated = {
        (record.id, " ".join(run)) for record in corpus for text in texts(record) for run in runs(text) & theirs
    }
    assert repeated == set()


def test_the_page_about_the_corpus_counts_right(corpus: list[Record]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "embedded-corpus.md").read_text(encoding="utf-8")
    stated = {name: int(count) for name, count in re.findall(r"^\| `(\w+)\*?\.\w+` \| (\d+) \|", page, re.M)}
    counts = Counter(type(record) for record in corpus)
    assert stated == {
        "communes": counts[Commune],
        "frame": counts[FrameItem],
        "projects": counts[Project],
        "organisations": counts[Organisation],
        "assets": counts[PublicAsset],
        "needs": counts[Need],
    }
