"""The official files themselves: every row accounted for, and nothing changed by importing again.

How long it takes is printed by ``python -m tests.bench_register``.
"""

import pytest

from corpora.sources import get_source
from service.imports import import_source

SMALL_FILES = [
    ("pnrr-misure", "pnrr_misure.csv"),
    ("pnrr-avvisi", "pnrr_bandi_avvisi.csv"),
    ("pnrr-avvisi", "raw_samples/italia_domani/PNRR_Bandi e Avvisi.head200.csv"),
    ("padigitale", "padigitale_avvisi.csv"),
    ("padigitale", "raw_samples/padigitale2026/dati__avvisi.json"),
    ("regione-lombardia", "rl_bandi_fulltext.jsonl.gz"),
    ("confini", "confini_cm_milano.geojson"),
    ("comuni", "raw_samples/istat/situas_comuni.head200.csv"),
    ("comuni", "raw_samples/istat/Elenco-comuni-italiani.head200.csv"),
]


@pytest.mark.parametrize(("source", "file"), SMALL_FILES)
def test_an_official_file_imported_again_changes_nothing(engine, shared_data, source, file):
    first = import_source(engine, get_source(source), shared_data / file)
    again = import_source(engine, get_source(source), shared_data / file)
    assert first.rows_in == first.new + first.unchanged + first.quarantined > 0
    assert (again.new, again.changed, again.quarantined) == (0, 0, first.quarantined)
    assert again.rows_in == first.rows_in


def test_two_layouts_of_one_publisher_do_not_fight(engine, shared_data):
    files = [shared_data / file for source, file in SMALL_FILES if source == "pnrr-avvisi"]
    for file in files:
        import_source(engine, get_source("pnrr-avvisi"), file)
    settled = [import_source(engine, get_source("pnrr-avvisi"), file) for file in files]
    assert [(report.new, report.changed) for report in settled] == [(0, 0), (0, 0)]


@pytest.mark.slow
def test_each_of_fifty_thousand_projects_is_kept_or_quarantined(engine, shared_data):
    report = import_source(engine, get_source("pnrr-progetti"), shared_data / "pnrr_progetti_validati.csv.gz")
    assert report.rows_in == report.new + report.unchanged + report.quarantined == 50_813
