"""What errors that were read leave to be won."""

import math
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer import Typer
from typer.testing import CliRunner

from corpora.errors import CorporaError
from corpora.judged import Judgment
from evaluation.ceilings import ceilings, gain, main, second_reader

DRAWN = "task\tqueries\thopeless\terrors\twrong\tndcg\tndcg_wrong\tranker"
READ = "task\tquery_id\tshown\tright\treason\tfits\tgrade\tjudge\tdate"
CALLS = [f"s:{letter}" for letter in "abcdefghijklm"]


def folder(path: Path, draws: list[str], readings: list[str]) -> Path:
    rankings = {reading.split("\t")[0] + "\t" + reading.split("\t")[1] for reading in readings}
    (path / "drawn.tsv").write_text("\n".join([DRAWN, *draws]) + "\n")
    (path / "readings.tsv").write_text("\n".join([READ, *readings]) + "\n")
    rows = [f"{one}\t{' '.join(CALLS[:10])}" for one in sorted(rankings)]
    (path / "rankings.tsv").write_text("\n".join(["task\tquery_id\tcalls", *rows]) + "\n")
    return path


def reading(query: str, right: str, reason: str, fits: str = "", task: str = "pnrr-warm") -> str:
    return "\t".join([task, query, "s:a", right, reason, fits, "", "model-reading-1", "2026-11-22"])


def judged(call: str, purpose: int, query: str = "q") -> Judgment:
    return Judgment(
        query_id=query, call_id=call, purpose=purpose, may_apply="yes", why="w", judge="j", date=date(2026, 1, 1)
    )


def test_a_folder_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(CorporaError, match=r"rankings\.tsv cannot be read"):
        ceilings(tmp_path)


@given(rank=st.integers(1, 13))
def test_an_answer_is_worth_less_the_lower_it_stands_and_nothing_below_the_tenth(rank: int) -> None:
    assert gain(CALLS, [CALLS[rank - 1]]) == (1 / math.log2(1 + rank) if rank <= 10 else 0)


def test_an_answer_as_good_counts_where_it_stands_and_only_in_the_share_of_wrong_queries(tmp_path: Path) -> None:
    errors = [reading("q1", "s:c", "fits-as-well", "s:a"), reading("q2", "s:c", "ranking")]
    (found,) = ceilings(folder(tmp_path, ["pnrr-warm\t10\t0\t4\t4\t0.8\t0.5\tabc"], errors))
    assert found.accepted.mean == pytest.approx(0.8 + 0.4 * (1 - 0.5) / 2)
    assert found.generous == found.accepted
    assert found.accepted.low <= found.accepted.mean <= found.accepted.high


def test_a_text_that_says_nothing_counts_only_generously_and_stays_lost_for_a_perfect_ranker(tmp_path: Path) -> None:
    errors = [reading("q1", "s:x", "unsaid"), reading("q2", "s:c", "call-poor")]
    (found,) = ceilings(folder(tmp_path, ["pnrr-warm\t10\t0\t4\t4\t0.8\t0.5\tabc"], errors))
    assert found.accepted.mean == found.perfect.mean == pytest.approx(0.8)
    assert found.generous.mean == pytest.approx(0.8 + 0.4 / 2)


def test_a_perfect_ranker_has_the_right_call_first_or_tosses_among_those_that_fit(tmp_path: Path) -> None:
    errors = [reading("q1", "s:x", "ranking"), reading("q2", "s:x", "fits-as-well", "s:a")]
    (found,) = ceilings(folder(tmp_path, ["pnrr-warm\t10\t0\t10\t10\t0\t0\tabc"], errors))
    assert found.perfect.mean == pytest.approx((1 + (1 + 1 / math.log2(3)) / 2) / 2)


def test_errors_drawn_apart_add_to_those_of_their_task(tmp_path: Path) -> None:
    errors = [reading("q1", "s:x", "ranking"), reading("q2", "s:c", "ranking", task="pnrr-warm-near")]
    draws = ["pnrr-warm\t10\t0\t2\t2\t0.6\t0\tabc", "pnrr-warm-near\t10\t0\t4\t4\t0.6\t0.5\tabc"]
    (found,) = ceilings(folder(tmp_path, draws, errors))
    assert found.reasons["ranking"] == 2
    assert found.perfect.mean == pytest.approx(0.6 + 0.2 * 1 + 0.4 * 0.5)


def test_two_readers_who_agree_leave_nothing_and_one_who_turns_the_order_leaves_less() -> None:
    first = [judged("s:a", 3), judged("s:b", 1), judged("s:c", 0)]
    turned = [replace(one, purpose=3 - one.purpose) for one in first]
    assert second_reader(first, first).mean == 1
    assert second_reader(first, turned).mean < 1


def test_calls_that_the_second_reader_grades_alike_share_their_places() -> None:
    first = [judged("s:a", 2), judged("s:b", 0), judged("s:c", 0, "other")]
    alike = [judged("s:a", 1), judged("s:b", 1), judged("s:c", 1, "other")]
    found = second_reader(first, alike)
    assert found.n == 1
    assert found.mean == pytest.approx((1 + 1 / math.log2(3)) / 2)


def test_what_was_read_in_the_repository_leaves_the_figures_of_the_page() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "evaluation" / "ceilings.md").read_text(encoding="utf-8")
    for one in ceilings():
        figures = (one.today, one.accepted.mean, one.generous.mean, one.perfect.mean)
        row = next(line for line in page.splitlines() if line.startswith(f"| `{one.task}` | 0"))
        assert [cell.split()[0] for cell in row.strip("| ").split(" | ")[1:5]] == [f"{value:.3f}" for value in figures]
        counts = next(
            line for line in page.splitlines() if line.startswith(f"| `{one.task}` | {sum(one.reasons.values())} |")
        )
        assert [int(cell) for cell in counts.strip("| ").split(" | ")[2:]] == list(one.reasons.values())


def test_the_command_prints_every_task() -> None:
    app = Typer()
    app.command()(main)
    outcome = CliRunner().invoke(app, [], env={"COLUMNS": "200"})
    assert outcome.exit_code == 0
    assert all(name in outcome.output for name in ("pnrr-warm", "pnrr-cold", "needs", "second reader"))
