"""``remix init``, ``import``, ``quarantine`` and ``history`` as a person types them."""

import csv
import io
import json

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from corpora.errors import LayoutError, SourceError
from corpora.sources import NAMES
from service import row_counter as row_counter_module
from service.commands import imports
from service.errors import DatabaseError, ImportFailedError, UnknownRecordError
from service.imports import ImportReport
from service.reports import report_lines, summary
from service.row_counter import row_counter

RHO = {
    "istat": "015182",
    "comune": "Rho",
    "provincia": "Milano",
    "regione": "Lombardia",
    "cod_regione": "03",
    "cod_catastale": "H264",
    "nuts3": "ITC4C",
    "popolazione_2022": "50961",
    "area_kmq": "22.24",
    "lat": "45.53",
    "lon": "9.04",
    "zona_omogenea": "Nord Ovest",
}
BAD_CODE = RHO | {"istat": "15182"}


@pytest.fixture
def remix(tmp_path, monkeypatch):
    """Run a command in an empty folder; an error of ours is raised as it is."""
    monkeypatch.chdir(tmp_path)
    for name in ("REMIX_HOME", "REMIX_DATABASE_URL", "REMIX_LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    app = typer.Typer()
    imports.register(app)

    def run(*words):
        result = CliRunner().invoke(app, list(words))
        if result.exception is not None:
            raise result.exception
        return result.stdout

    return run


def communes_file(path, *rows, without=""):
    columns = [column for column in RHO if column != without]
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def test_an_unknown_source_is_refused_with_the_known_ones_and_makes_no_database(remix, tmp_path):
    (tmp_path / "f.csv").touch()
    with pytest.raises(SourceError, match="pnrr-avvisi"):
        remix("import", "pnrr-avisi", "f.csv")
    assert not (tmp_path / ".remix").exists()


def test_the_help_names_every_source():
    listed = imports.SOURCES_HELP.removeprefix("Fonti: ").removesuffix(".")
    assert tuple(listed.split(", ")) == NAMES


def test_a_file_that_is_not_there_is_refused_by_name(remix):
    with pytest.raises(ImportFailedError, match=r"nowhere\.csv"):
        remix("import", "comuni", "nowhere.csv")


def test_a_folder_is_not_a_file(remix, tmp_path):
    with pytest.raises(ImportFailedError, match="folder"):
        remix("import", "comuni", str(tmp_path))


def test_a_file_without_a_needed_column_is_refused(remix, tmp_path):
    path = communes_file(tmp_path / "comuni.csv", RHO, without="cod_catastale")
    with pytest.raises(LayoutError, match=r"comuni\.csv"):
        remix("import", "comuni", path)


def test_nothing_is_listed_before_there_is_a_database(remix):
    with pytest.raises(DatabaseError, match="remix init"):
        remix("quarantine")


def test_an_import_says_what_became_of_the_rows_and_where_to_look(remix, tmp_path):
    path = communes_file(tmp_path / "comuni.csv", RHO, BAD_CODE)
    said = remix("import", "comuni", path)
    assert "2 righe lette: 1 nuove, 0 cambiate, 0 invariate, 1 in quarantena" in said
    assert "remix quarantine --source comuni" in said


def test_importing_again_says_that_nothing_changed(remix, tmp_path, monkeypatch):
    path = communes_file(tmp_path / "comuni.csv", RHO)
    remix("import", "comuni", path)
    assert "0 nuove, 0 cambiate, 1 invariate" in remix("import", "comuni", path)
    assert json.loads(remix("import", "comuni", path, "--json"))["summary"].startswith(
        "1 rows read: 0 new, 0 changed, 1 unchanged"
    )
    monkeypatch.setenv("REMIX_LANGUAGE", "en")
    assert "0 new, 0 changed, 1 unchanged" in remix("import", "comuni", path)


def test_the_quarantine_is_listed_with_field_value_and_reason(remix, tmp_path):
    remix("import", "comuni", communes_file(tmp_path / "comuni.csv", RHO, BAD_CODE))
    said = remix("quarantine", "--source", "comuni")
    assert all(word in said for word in ("comuni.csv", "3", "istat", "15182"))
    listed = json.loads(remix("quarantine", "--json"))
    assert listed["total"] == 1
    assert (listed["rows"][0]["line"], listed["rows"][0]["value"]) == (3, "15182")


def test_a_long_quarantine_says_how_many_rows_are_not_shown(remix, tmp_path):
    rows = [RHO | {"istat": str(number)} for number in range(3)]
    remix("import", "comuni", communes_file(tmp_path / "comuni.csv", *rows))
    assert "3, mostrate 2" in remix("quarantine", "--limit", "2")


def test_an_empty_quarantine_says_so(remix, tmp_path):
    remix("import", "comuni", communes_file(tmp_path / "comuni.csv", RHO))
    assert "Nessuna riga" in remix("quarantine")


def test_the_history_tells_what_changed(remix, tmp_path):
    remix("import", "comuni", communes_file(tmp_path / "2022.csv", RHO))
    remix("import", "comuni", communes_file(tmp_path / "2023.csv", RHO | {"popolazione_2022": "51033"}))
    first, second = json.loads(remix("history", "015182", "--json"))["versions"]
    assert (first["version"], first["file"], first["changes"]) == (1, "2022.csv", {})
    assert (second["version"], second["file"]) == (2, "2023.csv")
    assert second["changes"] == {"population": {"old": 50961, "new": 51033}}
    assert all(word in remix("history", "015182") for word in ("population", "50961", "51033"))


def test_the_history_of_nothing_is_refused(remix):
    remix("init")
    with pytest.raises(UnknownRecordError, match="prova:1"):
        remix("history", "prova:1")


def test_init_loads_the_corpus_once(remix):
    assert json.loads(remix("init", "--json"))["new"] > 100
    again = json.loads(remix("init", "--json"))
    assert (again["new"], again["changed"], again["quarantined"]) == (0, 0, 0)


def test_thousands_are_written_as_the_language_writes_them():
    report = ImportReport(
        source="prova", file="f", rows_in=1983, new=1981, changed=0, unchanged=0, quarantined=2, repairs={}
    )
    assert summary(report) == (
        "1.983 righe lette: 1.981 nuove, 0 cambiate, 0 invariate, 2 in quarantena (1.981 new, 0 changed, 0 unchanged)"
    )
    assert summary(report, "en") == "1,983 rows read: 1,981 new, 0 changed, 0 unchanged, 2 in quarantine"


def test_repairs_are_told():
    report = ImportReport(
        source="prova", file="f", rows_in=1, new=1, changed=0, unchanged=0, quarantined=0, repairs={"decimal comma": 12}
    )
    assert report_lines(report)[1] == "Riparato senza perdite: virgola decimale (12)"


@pytest.mark.parametrize(("terminal", "patience", "appears"), [(True, 0, True), (True, 60, False), (False, 0, False)])
def test_the_bar_appears_on_terminals_once_the_work_takes_long(monkeypatch, terminal, patience, appears):
    monkeypatch.setattr(row_counter_module, "PATIENCE_S", patience)
    drawn = io.StringIO()
    with row_counter("comuni.csv", Console(file=drawn, force_terminal=terminal)) as count:
        count(500)
    assert ("comuni.csv" in drawn.getvalue()) is appears
