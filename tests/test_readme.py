"""The README keeps its word: its commands work as they stand, and it names every option, setting, source and target."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from corpora.sources import NAMES
from service.cli import app
from service.settings import PREFIX, Settings

REPOSITORY = Path(__file__).resolve().parent.parent
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line and not line.startswith("make ")
]
DATA_FOLDER = "REMIX_SHARED"


def table(heading: str) -> list[list[str]]:
    """The cells of each row of the table whose first heading this is."""
    rows = README.partition(f"| {heading} |")[2].partition("\n\n")[0].splitlines()
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def code(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


@pytest.fixture
def run(tmp_path: Path, default_encoder_folder: Path):
    """Run a line of the README in a folder of its own, where ``.venv/bin/remix`` is this program."""
    remix = tmp_path / ".venv" / "bin" / "remix"
    remix.parent.mkdir(parents=True)
    remix.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m service.cli "$@"\n')
    remix.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environment |= {"PYTHONPATH": str(REPOSITORY), "REMIX_HOME": str(tmp_path / ".remix")}
    environment |= {"REMIX_CACHE": str(default_encoder_folder.parent.parent)}

    def line(command: str, **variables: str) -> str:
        done = subprocess.run(  # noqa: S603 - the README is ours
            ["/bin/sh", "-ec", command],
            cwd=tmp_path,
            env=environment | variables,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        return done.stdout

    return line


@pytest.mark.slow
def test_every_command_that_needs_no_other_data_succeeds_in_order(run, tmp_path: Path) -> None:
    own = [command for command in COMMANDS if DATA_FOLDER not in command]
    shown = [run(command) for command in own]
    assert len(own) >= 6
    assert "015182" in shown[1]
    assert len((tmp_path / "run.tsv").read_text().splitlines()) == 11


@pytest.mark.slow
def test_every_command_succeeds_in_order_on_real_data(run, shared_data: Path) -> None:
    shown = {command: run(command, REMIX_SHARED=str(shared_data.parent)) for command in COMMANDS}
    assert sum(DATA_FOLDER in command for command in shown) >= 4
    assert any("padigitale" in text for text in shown.values())


def test_every_option_of_recommend_stands_in_the_readme_and_no_other() -> None:
    recommend = typer.main.get_command(app).commands["recommend"]
    options = {name for option in recommend.params for name in option.opts if name.startswith("--")}
    assert {name for row in table("option of `remix recommend`") for name in code(row[0])} == options


def test_every_setting_stands_in_the_readme_and_no_other() -> None:
    named = {code(row[0])[0]: row[1] for row in table("variable")}
    fields = {PREFIX + name.upper(): field for name, field in Settings.model_fields.items()}
    assert set(named) == set(fields)
    assert set(re.findall(rf"{PREFIX}[A-Z_]+", README)) == set(fields) | {DATA_FOLDER}
    for name in ("REMIX_HOME", "REMIX_ENCODER", "REMIX_LANGUAGE"):
        assert code(named[name]) == [str(fields[name].default)]


def test_every_source_stands_in_the_readme_and_no_other() -> None:
    assert sorted(name for row in table("source") for name in code(row[0])) == list(NAMES)


def test_every_command_that_the_readme_names_exists() -> None:
    named = set(re.findall(r"\bremix ([a-z]+)\b", " ".join([*COMMANDS, *code(README)])))
    assert named <= set(typer.main.get_command(app).commands)


def test_every_make_target_of_the_readme_is_listed_by_make_help_in_one_line() -> None:
    # Run by `make test`, a make within make would announce its folder.
    command = ["make", "--no-print-directory", "help"]
    listed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout  # noqa: S603
    targets = [line.split()[0] for line in listed.splitlines()]
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    declared = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert declared is not None
    assert sorted(targets) == sorted(declared[1].split())
    assert all(len(line.split()) > 2 for line in listed.splitlines())
    assert set(re.findall(r"\bmake ([a-z-]+)", README)) <= set(targets)
