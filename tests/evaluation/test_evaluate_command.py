"""``remix evaluate`` as people run it: over small official files of our own, with the real encoder."""

import csv
import gzip
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from evaluation.results import read_results
from evaluation.running import Asked
from evaluation.systems import SYSTEMS
from service.cli import app

MEASURES = (
    ("M4C1I1.01.00", "Piano per asili nido e scuole dell'infanzia"),
    ("M2C4I2.02.00", "Efficienza energetica dei comuni"),
    ("M5C2I2.01.00", "Rigenerazione urbana contro il degrado sociale"),
)
COMMUNES = (("015155", "Nosate", "622"), ("015182", "Rho", "50904"))
QUERIES = (
    {"query_id": "q1", "kind": "need", "commune": "015155", "text": "Mancano posti all'asilo nido"},
    {"query_id": "q2", "kind": "project", "commune": "Rho", "text": "Recupero di un edificio degradato"},
)
QRELS = "query_id\tcall_id\trelevance\nq1\tpnrr-misure:M4C1I1.01.00\t3\nq2\tpnrr-misure:M5C2I2.01.00\t2\n"


@pytest.fixture
def folder(tmp_path: Path, default_encoder_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with queries, qrels and official files; the encoder is the product's, vectors are kept here."""
    data = tmp_path / "data"
    data.mkdir()
    with gzip.open(data / "comuni_italiani.csv.gz", "wt", encoding="utf-8") as stream:
        columns = "istat,comune,popolazione_2022,provincia,regione,cod_regione,cod_catastale,lat,lon\n"
        stream.write(columns)
        stream.writelines(
            f"{istat},{name},{size},Milano,Lombardia,03,F955,45.5,8.7\n" for istat, name, size in COMMUNES
        )
    with (data / "pnrr_misure.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["cod_submisura", "submisura", "misura", "amministrazione_titolare", "importo_totale"])
        writer.writerows([code, title, "", "MINISTERO", "1000000"] for code, title in MEASURES)
    (tmp_path / "q.jsonl").write_text("\n".join(map(json.dumps, QUERIES)), encoding="utf-8")
    (tmp_path / "qrels.tsv").write_text(QRELS, encoding="utf-8")
    (tmp_path / "encoders").symlink_to(default_encoder_folder.parent)
    monkeypatch.setenv("REMIX_SHARED", str(tmp_path))
    monkeypatch.setenv("REMIX_CACHE", str(tmp_path))
    monkeypatch.delenv("REMIX_ENCODER", raising=False)
    return tmp_path


def evaluate(*words: object) -> Result:
    return CliRunner().invoke(app, ["evaluate", *map(str, words)])


def own(folder: Path, *more: object) -> Result:
    return evaluate(
        "--queries", folder / "q.jsonl", "--qrels", folder / "qrels.tsv", "--source", "pnrr-misure", *more
    )  # fmt: skip


def test_a_set_of_ones_own_is_measured_for_every_system_and_written_as_json(folder: Path) -> None:
    done = own(folder, "--any-date", "--json", folder / "out.json")
    assert done.exit_code == 0, done.stderr
    results = read_results(folder / "out.json")
    (task,) = results.tasks
    assert results.systems(task.name) == tuple(SYSTEMS)
    assert {"nDCG@10", "R@20", "RR", "Success@1", "Success@5", "Success@10", "Judged@10"} <= set(
        results.measures(task.name)
    )
    assert results.result(task.name, "remix", "Success@1").per_query == {"q1": 1.0, "q2": 1.0}
    assert results.context["deadlines"] == "not judged"
    for shown in ("nDCG@10", "remix", "1.000 [1.000, 1.000]", "s in all"):
        assert shown in done.stdout
    assert all(len(line) <= 220 for line in done.stdout.splitlines())


def test_the_options_of_recommend_mean_here_what_they_mean_there(folder: Path) -> None:
    done = own(folder, "--on-date", "2025-05-05", "--system", "remix", "--no-eligibility", "--json", folder / "o.json")
    assert done.exit_code == 0, done.stderr
    assert read_results(folder / "o.json").context["deadlines"] == "2025-05-05"


def test_a_report_is_written_where_it_is_asked_for(folder: Path) -> None:
    done = own(folder, "--any-date", "--system", "bm25", "--system", "remix", "--out", folder / "new" / "report")
    assert done.exit_code == 0, done.stderr
    names = {path.name for path in (folder / "new" / "report").iterdir()}
    assert {"results.json", "report.md", "report.html"} <= names


def test_vectors_are_made_once(folder: Path) -> None:
    own(folder, "--any-date", "--system", "remix", "--json", folder / "a.json")
    (kept,) = (folder / "evaluation").glob("vectors-*.npz")
    before = kept.stat().st_mtime_ns
    own(folder, "--any-date", "--system", "remix", "--json", folder / "b.json")
    assert kept.stat().st_mtime_ns == before
    assert (folder / "a.json").read_bytes() == (folder / "b.json").read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--task", "wishes"], "--task 'wishes': choose one of needs"),
        (["--system", "magic"], "--system 'magic': choose one of random"),
        (["--split", "train", "--task", "needs"], "--split 'train': choose one of dev, test"),
        (["--task", "needs", "--any-date"], "--any-date goes with --queries and --qrels"),
        (["--queries", "q.jsonl"], "--queries and --qrels go together"),
        (["--qrels", "qrels.tsv"], "--queries and --qrels go together"),
        (["--queries", "q.jsonl", "--qrels", "qrels.tsv", "--task", "needs"], "contradict each other"),
        (["--queries", "q.jsonl", "--qrels", "qrels.tsv", "--on-date", "ieri"], "--on-date 'ieri': not a day"),
        (
            ["--queries", "q.jsonl", "--qrels", "qrels.tsv", "--on-date", "2025-05-05", "--any-date"],
            "contradict each other",
        ),
        (
            ["--queries", "q.jsonl", "--qrels", "qrels.tsv", "--source", "eu"],
            "--source 'eu': choose one of pnrr-misure",
        ),
        (["--queries", "none.jsonl", "--qrels", "qrels.tsv", "--source", "pnrr-misure"], "none.jsonl cannot be read"),
        (["--task", "needs", "--json", "no/such/place.json"], "--json no/such/place.json: cannot be written"),
    ],
)
def test_what_cannot_be_done_is_one_line_on_stderr_and_exit_code_2(
    folder: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.chdir(folder)
    done = evaluate(*words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stderr.startswith("remix: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_bad_row_is_named_by_file_line_and_field(folder: Path) -> None:
    (folder / "qrels.tsv").write_text(QRELS + "q2\tpnrr-misure:M2C4I2.02.00\tyes\n", encoding="utf-8")
    done = own(folder, "--any-date")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "qrels.tsv, line 4, field 'relevance': 'yes'" in done.stderr


def test_a_folder_without_the_official_files_is_named_with_the_variable(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("REMIX_SHARED", str(tmp_path / "nowhere"))
    done = evaluate("--task", "needs")
    assert done.exit_code == 2
    assert "REMIX_SHARED" in done.stderr
    assert str(tmp_path / "nowhere") in done.stderr


def test_the_context_says_how_to_run_the_same_again() -> None:
    assert Asked().command() == "remix evaluate --split dev"
    again = "remix evaluate --task needs --task pnrr --system remix --split test"
    assert Asked(("needs", "pnrr"), ("remix",), "test").command() == again
