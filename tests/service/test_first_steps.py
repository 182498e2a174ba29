"""What a person meets on the first day: no communes, no calls, a slip of the pen, no call that fits."""

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from matcher.errors import QueryError
from matcher.explanation import Recommendations
from matcher.recommender import Query, Request
from matcher.records import QueryKind
from service.cli import app
from service.database import open_database
from service.errors import BadQueriesError, UnknownCommuneError, UsageError
from service.imports import import_source
from service.presentation import show
from service.settings import Settings
from tests.fakes import HashingEncoder
from tests.service.sources import ListedSource, bad, call
from tests.world import RHO

Remix = Callable[..., str]
NEED = "Riscaldare la scuola costa troppo"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def remix(home: Path, monkeypatch: pytest.MonkeyPatch) -> Remix:
    """Run a command with an encoder that needs no weights; an error of ours is raised as it is."""
    monkeypatch.setattr("service.recommending.open_encoder", lambda *_: HashingEncoder())
    environment = {"REMIX_HOME": str(home), "REMIX_DATABASE_URL": "", "REMIX_LANGUAGE": "it"}

    def run(*words: str, **variables: str) -> str:
        result = CliRunner(env=environment | variables).invoke(app, list(words))
        if result.exception is not None:
            raise result.exception
        return result.stdout

    return run


def fill(home: Path, *rows: object) -> None:
    engine = open_database(Settings(home=home, database_url=""), writing=True)
    (home / "prova.csv").touch()
    import_source(engine, ListedSource(*rows), home / "prova.csv")
    engine.dispose()


def test_after_an_import_of_calls_alone_the_included_communes_can_ask_and_the_included_calls_stay_aside(
    home: Path, remix: Remix
) -> None:
    fill(home, call(title="Scuole calde"))
    answer = json.loads(remix("recommend", "--commune", "Rho", NEED, "--json"))
    assert [item["call_id"] for item in answer["recommendations"]] == ["prova:1"]


def test_without_calls_the_message_says_where_they_come_from(home: Path, remix: Remix) -> None:
    fill(home, RHO)
    with pytest.raises(UsageError, match=r"no calls yet.*remix init.*remix import"):
        remix("recommend", "--commune", "Rho", NEED)


def test_calls_and_communes_are_enough_without_the_included_corpus(home: Path, remix: Remix) -> None:
    fill(home, RHO, call(title="Scuole calde"))
    answer = json.loads(remix("recommend", "--commune", "Rho", NEED, "--json"))
    assert [item["call_id"] for item in answer["recommendations"]] == ["prova:1"]


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("--commune", "Atlantide", NEED), UnknownCommuneError),
        (("--commune", "Rho", " "), QueryError),
        (("--commune", "Rho", "--kind", "wish", NEED), QueryError),
        (("--queries", "none.jsonl", "--out", "run.tsv"), BadQueriesError),
    ],
)
def test_a_slip_is_told_before_anything_is_built(
    home: Path, remix: Remix, words: tuple[str, ...], error: type[Exception]
) -> None:
    fill(home, RHO, call())
    with pytest.raises(error):
        remix("recommend", *words)
    assert not (home / "artifacts").exists()


@pytest.mark.parametrize("option", [("--commune", "Rho"), ("--kind", "asset"), ("--json",), ("--show-excluded",)])
def test_an_option_for_one_question_is_not_dropped_in_silence_for_a_file(remix: Remix, option: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match=rf"{option[0]}: .*one text"):
        remix("recommend", "--queries", "needs.jsonl", "--out", "run.tsv", *option)


def test_a_source_that_nobody_knows_has_no_quarantine(home: Path, remix: Remix) -> None:
    fill(home, bad())
    with pytest.raises(UsageError, match=r"--source 'padigtale'.*padigitale"):
        remix("quarantine", "--source", "padigtale")
    assert "Nessuna riga" in remix("quarantine", "--source", "padigitale")
    assert json.loads(remix("quarantine", "--source", "prova", "--json"))["total"] == 1


@pytest.mark.parametrize(
    ("language", "said"), [("it", "Nessun bando: 12 su 12 sono scartati"), ("en", "No call: 12 of 12 are ruled out")]
)
def test_an_answer_without_calls_is_a_sentence_and_not_an_empty_table(language: str, said: str) -> None:
    nothing = Recommendations("", QueryKind.NEED, NEED, RHO.istat, (), (), 12, 12, "")
    console = Console(record=True, width=100, file=io.StringIO())
    show(console, Query(NEED, RHO), nothing, Request(), language)
    shown = console.export_text()
    assert said in shown
    assert "--show-excluded" in shown
    assert "┏" not in shown


@pytest.mark.parametrize(("language", "said"), [("it", "2 brani, 2 letti ora"), ("en", "2 passages, 2 encoded anew")])
def test_a_build_is_told_in_the_reader_s_language(home: Path, remix: Remix, language: str, said: str) -> None:
    fill(home, call(title="Scuole calde"), call(2, title="Piste ciclabili"))
    assert said in remix("build", REMIX_LANGUAGE=language)
