"""What is printed, wherever it goes: a pipe, a narrow alphabet, a full disk, nowhere at all."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from service.progress import console, print_json, progress_bar
from service.row_counter import row_counter

BANDO = {"call_id": "prova:1", "title": "«Più alberi» – avviso", "quote": "parola " * 100}


def remix(
    *words: str, stdout: int = subprocess.PIPE, cwd: Path | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("REMIX_")} | variables
    return subprocess.run(  # noqa: S603 - our own command line
        [sys.executable, "-m", "service.cli", *words],
        stdout=stdout,
        cwd=cwd,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        env=environment,
        timeout=60,
    )


def test_a_short_import_leaves_no_trace_on_stderr() -> None:
    drawn = io.StringIO()
    with row_counter("comuni.csv", Console(file=drawn, force_terminal=False)) as count:
        count(500)
    assert drawn.getvalue() == ""


def test_a_bar_that_never_appeared_leaves_no_trace(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar("it") as progress:
        progress("passages", 1, 2)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("variable", ["FORCE_COLOR", "COLUMNS"])
def test_json_in_a_pipe_is_plain_whatever_terminals_want(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], variable: str
) -> None:
    monkeypatch.setenv(variable, "20")
    print_json(BANDO)
    assert json.loads(capsys.readouterr().out) == BANDO


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_json_survives_every_alphabet(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=encoding))
    print_json({"title": "«Più alberi» – ✔ avviso"})
    sys.stdout.flush()
    assert json.loads(written.getvalue().decode(encoding)) == {"title": "«Più alberi» – ✔ avviso"}


def test_a_process_without_an_output_prints_nothing_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    console().print("bando")
    print_json(BANDO)
    assert capfd.readouterr() == ("", "")


def test_an_alphabet_without_accents_costs_a_few_signs_and_no_answer() -> None:
    ran = remix("--help", PYTHONIOENCODING="ascii")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "ci?" in ran.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_is_one_clear_line_and_not_success(tmp_path: Path) -> None:
    with open("/dev/full", "w") as full:
        ran = remix("init", REMIX_HOME=str(tmp_path), stdout=full.fileno())
    assert ran.returncode != 0
    assert ran.stderr.splitlines() == ["remix: [Errno 28] No space left on device"]


def test_a_reader_who_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    words = f'"{sys.executable}" -m service.cli --help | head -n 1'
    ran = subprocess.run(["/bin/sh", "-c", words], capture_output=True, text=True, check=False)  # noqa: S603
    assert ran.stderr == ""


@pytest.mark.parametrize(
    ("variables", "dotenv", "said"),
    [
        ({}, "", "Consiglia bandi"),
        ({"REMIX_LANGUAGE": "en"}, "", "Recommend calls"),
        ({}, "REMIX_LANGUAGE=en\n", "Recommend calls"),
        ({"REMIX_LANGUAGE": "it"}, "REMIX_LANGUAGE=en\n", "Consiglia bandi"),
    ],
)
def test_the_help_speaks_the_reader_s_language(
    tmp_path: Path, variables: dict[str, str], dotenv: str, said: str
) -> None:
    (tmp_path / ".env").write_text(dotenv)
    assert said in remix("recommend", "--help", cwd=tmp_path, **variables).stdout
