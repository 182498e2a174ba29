"""Pooling: which pairs reach a judge, what the judge sees of them, and what is refused."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer import Typer
from typer.testing import CliRunner

from corpora.judged import JudgedQuery
from evaluation.errors import RunError
from evaluation.pooling import SUMMARY_LIMIT, main, nearest_sentences, pairs_to_reread, pool, sheets
from evaluation.runs import COLUMNS, read_run
from matcher.analyser import Analyser
from matcher.records import FundingCall

HEADER = "\t".join(COLUMNS)
QUERY = JudgedQuery(
    query_id="n01", kind="need", commune="015155", text="posti al nido", style="short", drivers=("7",), split="dev"
)


def run_file(path: Path, *rows: tuple[str, str, int], header: bool = True) -> Path:
    lines = [f"{query}\t{call}\t{rank}\t{1 / rank}\tunknown" for query, call, rank in rows]
    path.write_text("\n".join([HEADER, *lines] if header else lines), encoding="utf-8")
    return path


def call(own_id: str, **fields: str) -> FundingCall:
    return FundingCall(id=f"s:{own_id}", source="s", title=f"Bando {own_id}", **fields)


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("n01\ts:a\t0\t1.0\tmet", "rank"),
        ("n01\ts:a\tfirst\t1.0\tmet", "rank"),
        ("n01\ts:a\t1\thigh\tmet", "score"),
        ("n01\ts:a\t1\tnan\tmet", "score"),
        ("n01\ts:a\t1", "5 fields"),
    ],
)
def test_a_bad_row_of_a_run_is_refused_naming_file_line_and_field(tmp_path, row, field):
    path = tmp_path / "run.tsv"
    path.write_text(f"{HEADER}\n{row}\n")
    with pytest.raises(RunError, match=rf"run\.tsv, line 2.*{field}"):
        list(read_run(path))


def test_a_missing_run_is_refused_by_name(tmp_path):
    with pytest.raises(RunError, match=r"none\.tsv cannot be read"):
        list(read_run(tmp_path / "none.tsv"))


def test_a_run_is_read_the_same_with_and_without_its_header(tmp_path):
    rows = [("n01", "s:a", 1), ("n01", "s:b", 2)]
    with_header = list(read_run(run_file(tmp_path / "a.tsv", *rows)))
    assert with_header == list(read_run(run_file(tmp_path / "b.tsv", *rows, header=False)))
    assert [row.call_id for row in with_header] == ["s:a", "s:b"]


def test_the_pool_is_the_union_of_the_first_ranks_without_what_was_judged(tmp_path):
    first = run_file(tmp_path / "a.tsv", ("n01", "s:z", 1), ("n01", "s:b", 2), ("n01", "s:deep", 3))
    second = run_file(tmp_path / "b.tsv", ("n01", "s:b", 1), ("n01", "s:done", 2), ("n02", "s:done", 1))
    assert pool([first, second], depth=2, judged={("n01", "s:done")}) == {"n01": ["s:b", "s:z"], "n02": ["s:done"]}


@given(st.lists(st.tuples(st.sampled_from("qr"), st.sampled_from("abcdef"), st.integers(1, 9)), max_size=20))
def test_a_deeper_pool_holds_the_shallower_one(tmp_path_factory, rows):
    path = run_file(tmp_path_factory.mktemp("runs") / "run.tsv", *rows)
    shallow, deep = pool([path], depth=3), pool([path], depth=6)
    assert all(set(calls) <= set(deep[query]) for query, calls in shallow.items())


def test_a_pooled_call_that_no_source_holds_is_named():
    with pytest.raises(RunError, match="s:ghost"):
        list(sheets({"n01": ["s:ghost"]}, [QUERY], {}))


def test_a_sheet_shows_both_texts_and_not_who_found_the_call():
    known = {"s:a": call("a", summary="x " * SUMMARY_LIMIT, issuer="Regione", applicants_text="Comuni")}
    (sheet,) = sheets({"n01": ["s:a"], "n99": ["s:a"]}, [QUERY], known)
    (shown,) = sheet.calls
    assert (sheet.text, shown.title, shown.issuer, shown.applicants_text) == (
        "posti al nido",
        "Bando a",
        "Regione",
        "Comuni",
    )
    assert len(shown.summary) == SUMMARY_LIMIT + 1
    assert shown.summary.endswith("…")


def test_from_a_long_text_the_two_nearest_sentences_are_shown_in_reading_order():
    text = "Riferimenti di legge. Si finanziano posti nei nidi. Termini e scadenze. Ammessi i nidi comunali. Allegati."
    found = nearest_sentences(text, "più posti al nido", Analyser())
    assert found == ("Si finanziano posti nei nidi.", "Ammessi i nidi comunali.")


def test_a_text_that_shares_nothing_with_the_query_shows_no_sentence():
    assert nearest_sentences("Norme generali. Allegati.", "nido", Analyser()) == ()
    assert nearest_sentences("", "nido", Analyser()) == ()


def command() -> Typer:
    app = Typer()
    app.command()(main)
    return app


def labels_folder(tmp_path: Path) -> Path:
    query = {name: getattr(QUERY, name) for name in QUERY.__slots__}
    (tmp_path / "queries.jsonl").write_text(json.dumps({**query, "drivers": ["7"]}))
    (tmp_path / "judgments.tsv").write_text("query_id\tcall_id\tpurpose\tmay_apply\twhy\tjudge\tdate\n")
    return tmp_path


@pytest.mark.parametrize("calls", ["pnrr-misure", "nobody=calls.csv", "pnrr-misure=missing.csv"])
def test_the_command_refuses_calls_it_cannot_read(tmp_path, calls):
    run = run_file(tmp_path / "run.tsv", ("n01", "s:a", 1))
    out = tmp_path / "pool.jsonl"
    arguments = ["--runs", str(run), "--calls", calls, "--labels", str(labels_folder(tmp_path)), "--out", str(out)]
    result = CliRunner().invoke(command(), arguments)
    assert result.exit_code == 2
    assert not out.exists()


@pytest.mark.parametrize("also", [[], ["--reread", "judgments.tsv", "--runs", "run.tsv"]])
def test_the_command_takes_either_runs_or_a_reading(tmp_path, also):
    arguments = ["--calls", "pnrr-misure=x.csv", "--labels", str(labels_folder(tmp_path)), "--out", str(tmp_path / "o")]
    result = CliRunner().invoke(command(), [*arguments, *also])
    assert result.exit_code == 2
    assert "either" in result.output


def test_pairs_to_reread_are_those_of_a_reading_by_query(tmp_path):
    folder = labels_folder(tmp_path)
    rows = "".join(f"n01\ts:{call}\t1\tyes\twhy\treader\t2026-01-01\n" for call in "ba")
    header = (folder / "judgments.tsv").read_text()
    (folder / "second.tsv").write_text(header + rows)
    assert pairs_to_reread(folder, "second.tsv") == {"n01": ["s:a", "s:b"]}


def test_the_command_writes_sheets_from_real_calls(tmp_path, shared_data):
    run = run_file(
        tmp_path / "run.tsv", ("n01", "pnrr-misure:M4C1I1.01.00", 1), ("n01", "pnrr-misure:M1C1I1.05.00", 99)
    )
    out = tmp_path / "pool.jsonl"
    calls = f"pnrr-misure={shared_data / 'pnrr_misure.csv'}"
    arguments = ["--runs", str(run), "--calls", calls, "--labels", str(labels_folder(tmp_path)), "--out", str(out)]
    result = CliRunner().invoke(command(), arguments)
    assert result.exit_code == 0, result.output
    (sheet,) = [json.loads(line) for line in out.read_text().splitlines()]
    assert [shown["call_id"] for shown in sheet["calls"]] == ["pnrr-misure:M4C1I1.01.00"]
    assert "nido" in sheet["text"]
