"""``remix label`` as a process: where it listens, what it refuses, and what is left when it is killed."""

import re
import signal
import socket
import urllib.error
import urllib.parse
import urllib.request

import pytest
from typer.testing import CliRunner

from corpora.judged import load_judgments
from service.cli import app
from tests.evaluation.labels import PAIRS, labels_folder, reading, serving, sheet, sheets_file


def send(address: str, pair: tuple[str, str]) -> str:
    fields = {"query_id": pair[0], "call_id": pair[1], "purpose": "2", "may_apply": "yes", "why": "a part"}
    body = urllib.parse.urlencode(fields).encode()
    request = urllib.request.Request(f"{address}/judge", body, {"Origin": address})  # noqa: S310 - our own page
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
        return answer.read().decode()


def invoke(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["label", *arguments])
    return result.exit_code, result.stderr


def test_killing_it_loses_no_judgment_and_the_next_run_goes_on_there(tmp_path):
    folder, sheets = labels_folder(tmp_path / "labels"), sheets_file(tmp_path / "sheets.jsonl")
    with serving(sheets, folder) as (process, address):
        send(address, PAIRS[0])
        send(address, PAIRS[1])
        process.kill()
        process.wait(timeout=20)
    assert [row.pair for row in load_judgments(folder)] == list(PAIRS[:2])
    with serving(sheets, folder) as (_, address), urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310
        assert 'name="call_id" value="s:c"' in answer.read().decode()


def test_closing_it_makes_the_qrels_anew(tmp_path):
    folder, sheets = labels_folder(tmp_path / "labels"), sheets_file(tmp_path / "sheets.jsonl")
    with serving(sheets, folder) as (process, address):
        send(address, PAIRS[0])
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=20)
    assert process.returncode == 0, said
    assert "1 giudizi" in said
    assert (folder / "qrels_purpose.tsv").read_text().splitlines()[1:] == ["n01\ts:a\t2"]


def test_disagreements_are_settled_and_what_has_no_sheet_is_said(tmp_path):
    first = [reading(pair, 2, "model-reading-1") for pair in PAIRS]
    second = [reading(pair, 1, "model-reading-2") for pair in (PAIRS[1], PAIRS[3])]
    folder = labels_folder(tmp_path / "labels", first, second)
    sheets = sheets_file(tmp_path / "sheets.jsonl", sheet("n01", ("s:a", "s:b", "s:c")))
    with serving(sheets, folder, "--disagreements", "second_reading.tsv") as (process, address):
        assert "Finito" in send(address, PAIRS[1])
        with pytest.raises(urllib.error.HTTPError, match="409"):
            send(address, PAIRS[2])
        process.kill()
    assert load_judgments(folder)[-1].pair == PAIRS[1]


def test_a_sheet_that_is_none_ends_with_one_line_and_code_2(tmp_path):
    sheets = tmp_path / "sheets.jsonl"
    sheets.write_text('{"query_id": "n01"}\n')
    code, said = invoke(str(sheets), "--labels", str(labels_folder(tmp_path / "labels")), "--judge", "reviewer")
    assert code == 2
    assert re.fullmatch(r"remix: .*sheets\.jsonl, line 1, field 'calls': None must be a list of objects\n", said)


@pytest.mark.parametrize("missing", ["sheets.jsonl", "labels/queries.jsonl", "labels/judgments.tsv"])
def test_a_missing_file_is_named(tmp_path, missing):
    folder, sheets = labels_folder(tmp_path / "labels"), sheets_file(tmp_path / "sheets.jsonl")
    (tmp_path / missing).unlink()
    code, said = invoke(str(sheets), "--labels", str(folder), "--judge", "reviewer")
    assert (code, said.count("\n")) == (2, 1)
    assert missing in said


def test_a_name_is_refused_before_anything_is_read(tmp_path):
    code, said = invoke(str(tmp_path / "none"), "--judge", "mario-rossi")
    assert code == 2
    assert "must be a role" in said


def test_a_port_that_is_taken_is_named(tmp_path):
    folder, sheets = labels_folder(tmp_path / "labels"), sheets_file(tmp_path / "sheets.jsonl")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, said = invoke(str(sheets), "--labels", str(folder), "--judge", "reviewer", "--port", port)
    assert code == 2
    assert f"--port {port}" in said


def test_hiding_and_showing_earlier_grades_at_once_is_refused(tmp_path):
    folder, sheets = labels_folder(tmp_path / "labels"), sheets_file(tmp_path / "sheets.jsonl")
    options = ("--again", "--disagreements", "second_reading.tsv")
    code, said = invoke(str(sheets), "--labels", str(folder), "--judge", "reviewer", *options)
    assert code == 2
    assert "give one of them" in said
