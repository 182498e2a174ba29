"""``remix demo`` and ``remix recommend`` as a person types them, with the real encoder and the embedded corpus."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from service.cli import main

NEED = "Riscaldare la scuola costa troppo: cappotto termico e fotovoltaico"
ON = ("--on-date", "2025-05-13")


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


Remix = Callable[..., Ran]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, default_encoder_folder: Path) -> Path:
    return tmp_path_factory.mktemp("remix")


@pytest.fixture(scope="module")
def remix(home: Path) -> Remix:
    """Run ``remix`` as its own process in an empty folder, in Italian, wide enough to read."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("REMIX_")} | {"REMIX_HOME": str(home)}

    def run(*words: str, **variables: str) -> Ran:
        command = [sys.executable, "-m", "service.cli", *words]
        done = subprocess.run(  # noqa: S603 - our own command line
            command, capture_output=True, text=True, check=False, env=environment | variables, timeout=120
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="module")
def demo(remix: Remix) -> Ran:
    """The first run on a fresh machine: database, corpus and artifact are made."""
    return remix("demo")


@pytest.fixture(scope="module")
def ready(remix: Remix, demo: Ran) -> Remix:
    assert demo.code == 0, demo.err
    return remix


def test_the_demo_answers_a_need_a_project_and_an_asset_of_three_communes(demo: Ran) -> None:
    assert demo.code == 0, demo.err
    for words in ("Gudo Visconti (015112)", "Milano (015146)", "Gorgonzola (015108)", "13/05/2025"):
        assert words in demo.out
    assert "chi può fare domanda: ✔ sì" in demo.out
    assert demo.out.count("Perché") == 3


def test_a_second_demo_says_the_same(demo: Ran, remix: Remix) -> None:
    assert remix("demo").out == demo.out


def test_a_need_gets_calls_with_reasons_and_a_verdict_per_criterion(ready: Remix) -> None:
    answer = json.loads(ready("recommend", "--commune", "Rho", NEED, "--k", "5", "--json", *ON).out)
    assert answer["commune"] == "015182"
    assert [item["rank"] for item in answer["recommendations"]] == [1, 2, 3, 4, 5]
    for item in answer["recommendations"]:
        assert item["eligibility"] in {"met", "unknown"}
        assert {"applicant", "territory"} <= {c["criterion"] for c in item["criteria"]}
        assert item["score"] == pytest.approx(sum(item["contributions"].values()))
        assert item["passages"][0]["call"]


def test_a_commune_may_be_named_or_numbered(ready: Remix) -> None:
    by_code = ready("recommend", "--commune", "015182", NEED, "--json", *ON)
    by_name = ready("recommend", "--commune", "rho", NEED, "--json", *ON)
    assert by_code.code == 0
    assert by_code.out == by_name.out


def test_the_table_for_people_can_be_read_in_english(ready: Remix) -> None:
    shown = ready("recommend", "--commune", "Rho", NEED, "--k", "1", *ON, REMIX_LANGUAGE="en").out
    assert "who may apply" in shown
    assert "deadlines judged on 13/05/2025" in shown


def test_calls_that_were_ruled_out_are_shown_with_the_reason(ready: Remix) -> None:
    shown = ready("recommend", "--commune", "Rho", NEED, "--show-excluded", "--json", *ON)
    excluded = json.loads(shown.out)["excluded"]
    assert excluded
    assert all(any(c["verdict"] == "not_met" for c in item["criteria"]) for item in excluded)


def test_without_eligibility_calls_for_others_come_back(ready: Remix) -> None:
    answer = json.loads(ready("recommend", "--commune", "Rho", NEED, "--no-eligibility", "--json", *ON).out)
    assert answer["ruled_out"] == 0
    assert "not_met" in {item["eligibility"] for item in answer["recommendations"]}


def test_a_file_of_queries_becomes_a_run_file(ready: Remix, tmp_path: Path) -> None:
    queries = tmp_path / "q.jsonl"
    rows = [
        {"query_id": "a", "kind": "need", "commune": "Rho", "text": NEED},
        {"query_id": "b", "kind": "asset", "commune": "015146", "text": "Cascina abbandonata"},
    ]
    queries.write_text("\n".join(json.dumps(row) for row in rows))
    out = tmp_path / "run.tsv"
    done = ready("recommend", "--queries", str(queries), "--k", "4", "--any-date", "--out", str(out))
    assert done.code == 0, done.err
    header, *lines = [line.split("\t") for line in out.read_text().splitlines()]
    assert header == ["query_id", "call_id", "rank", "score", "eligibility"]
    assert [(q, int(rank)) for q, _, rank, _, _ in lines] == [(q, r) for q in "ab" for r in (1, 2, 3, 4)]
    assert {verdict for *_, verdict in lines} <= {"met", "unknown"}
    single = json.loads(ready("recommend", "--commune", "Rho", NEED, "--k", "4", "--any-date", "--json").out)
    assert [call for q, call, *_ in lines if q == "a"] == [i["call_id"] for i in single["recommendations"]]
    scores = [float(score) for q, _, _, score, _ in lines if q == "a"]
    assert scores == pytest.approx([i["score"] for i in single["recommendations"]], rel=1e-5)


TOMORROW = (date.today() + timedelta(days=2)).isoformat()  # noqa: DTZ011 - any day that is surely not here yet


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--commune", "Rho", ""), "the text is empty"),
        (("--commune", "Rho", "   "), "the text is empty"),
        (("--commune", "Atlantide", NEED), "commune 'Atlantide': unknown"),
        (("--commune", "999999", NEED), "ISTAT code '999999': unknown"),
        (("--commune", "Rho", NEED, "--kind", "wish"), "kind 'wish'"),
        (("--commune", "Rho", NEED, "--on-date", TOMORROW), "lies in the future"),
        (("--commune", "Rho", NEED, "--on-date", "5 maggio"), "not a day"),
        (("--commune", "Rho", NEED, "--any-date", *ON), "contradict"),
        (("--commune", "Rho", NEED, "--source", "nobody"), "no calls of this source"),
        ((NEED,), "commune ''"),
        ((), "give either a text"),
        (("--queries", "none.jsonl", "--out", "run.tsv"), "none.jsonl: cannot be read"),
        (("--queries", "none.jsonl"), "give either a text"),
    ],
)
def test_a_bad_question_is_one_clear_line_and_not_success(
    ready: Remix,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    message: str,
) -> None:
    # In this process: thirteen others would take half a minute to start.
    monkeypatch.setenv("REMIX_HOME", str(home))
    monkeypatch.setattr(sys, "argv", ["remix", "recommend", *words])
    with pytest.raises(SystemExit) as stopped:
        main()
    printed = capsys.readouterr()
    assert stopped.value.code == 2
    assert printed.out == ""
    assert message in printed.err
    assert len(printed.err.strip().splitlines()) == 1


def test_a_megabyte_of_text_and_a_nul_byte_are_refused_in_a_file(ready: Remix, tmp_path: Path) -> None:
    for text, message in (("parola " * 150_000, "the text has 1050000 characters"), ("a\0b", "NUL byte")):
        path = tmp_path / "q.jsonl"
        path.write_text(json.dumps({"query_id": "a", "kind": "need", "commune": "Rho", "text": text}))
        ran = ready("recommend", "--queries", str(path), "--out", str(tmp_path / "run.tsv"))
        assert (ran.code, message in ran.err) == (2, True)
        assert not (tmp_path / "run.tsv").exists()


def test_a_corrupt_artifact_is_refused_by_name_and_built_again_on_request(ready: Remix, home: Path) -> None:
    current = json.loads((home / "artifacts" / "current.json").read_text())["version"]
    broken = home / "artifacts" / current / "vectors.npy"
    content = bytearray(broken.read_bytes())
    content[len(content) // 2] ^= 255
    broken.write_bytes(content)
    ran = ready("recommend", "--commune", "Rho", NEED)
    assert ran.code == 2
    assert "vectors.npy: missing or changed since it was built" in ran.err
    rebuilt = ready("build")
    assert rebuilt.code == 0
    assert ", 0 letti ora" in rebuilt.out
    assert ready("recommend", "--commune", "Rho", NEED, *ON).code == 0


@pytest.mark.slow
def test_the_first_command_works_whichever_it_is(remix: Remix, tmp_path: Path, shared_data: Path) -> None:
    fresh = {"REMIX_HOME": str(tmp_path / "fresh")}
    ran = remix("recommend", "--commune", "Rho", NEED, "--k", "1", *ON, **fresh)
    assert (ran.code, "Rho (015182)" in ran.out) == (0, True), ran.err
    imported = {"REMIX_HOME": str(tmp_path / "imported")}
    remix("import", "padigitale", str(shared_data / "padigitale_avvisi.csv"), **imported)
    answer = remix("recommend", "--commune", "Rho", "Servizi in cloud", "--any-date", "--json", **imported)
    found = {item["call_id"].split(":")[0] for item in json.loads(answer.out)["recommendations"]}
    assert found == {"padigitale"}
