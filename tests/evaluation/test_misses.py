"""Errors to be read: which are drawn, and where their texts may go."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.judged_errors import load_draws, load_rankings
from evaluation.errors import TaskError
from evaluation.misses import Miss, Slice, draw, draw_all, inversions, late, run_product, sheet
from evaluation.results import Run, TaskInfo
from evaluation.tasks.task import NOWHERE, Checked, Fold, Material, Task
from matcher.recommender import Query
from matcher.records import FundingCall, QueryKind

GRADES = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3), max_size=8)


def run(**rankings: str) -> Run:
    return {query: [(call, float(-rank)) for rank, call in enumerate(calls)] for query, calls in rankings.items()}


def test_a_place_inside_the_repository_is_refused_before_any_work() -> None:
    with pytest.raises(TaskError, match="outside the repository"):
        next(draw_all(Path(__file__).parent / "sheets"))


def test_a_task_that_ranks_nothing_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    checked = Checked(TaskInfo("leaks", "", "", ()), (), ())
    monkeypatch.setattr("evaluation.misses.load_task", lambda *_: checked)
    monkeypatch.setenv("REMIX_SHARED", str(tmp_path))
    (tmp_path / "data").mkdir()
    with pytest.raises(TaskError, match="'leaks' has no ranking"):
        run_product("leaks")


def test_a_right_call_is_late_from_the_first_place_after_those_allowed() -> None:
    found = run(q1="abc", q2="bac", q3="bca")
    right = {query: {"a": 1} for query in found}
    assert late(found, right, Slice("t", 1)) == [Miss("q2", "b", "a"), Miss("q3", "b", "a")]
    assert late(found, right, Slice("t", 2)) == [Miss("q3", "b", "a")]
    assert late(found, right, Slice("t", 1, until=2)) == [Miss("q2", "b", "a")]


def test_a_call_that_stands_above_a_better_one_is_an_inversion_and_the_best_below_is_named() -> None:
    grades = {"q": {"a": 1, "b": 3, "c": 2, "d": 3}}
    assert inversions(run(q="xabc"), grades) == [Miss("q", "x", "b"), Miss("q", "a", "b"), Miss("q", "c", "d")]


@given(grades=GRADES, order=st.permutations("abcdefgh"))
def test_a_page_has_no_inversion_exactly_when_it_is_in_the_order_of_the_grades(grades, order) -> None:
    ranked = [grades.get(call, 0) for call in order]
    found = inversions(run(q="".join(order)), {"q": grades})
    assert (not found) == (ranked == sorted(ranked, reverse=True))


def test_the_same_errors_are_drawn_whatever_the_order_of_the_queries() -> None:
    rankings = {f"q{n:02}": "ba" for n in range(30)}
    right = {query: {"a": 1} for query in rankings}
    drawn, found = draw("pnrr-warm", run(**rankings), right, n=7)
    assert len(drawn) == 7
    assert len(found) == 30
    assert draw("pnrr-warm", run(**dict(reversed(rankings.items()))), right, n=7) == (drawn, found)


def test_of_needs_two_errors_are_drawn_of_each_query_the_worst_ranked_first() -> None:
    rankings, right = run(bad="xyzwa", good="axyzw"), {"bad": {"a": 3}, "good": {"a": 3, "w": 1}}
    drawn, found = draw("needs", rankings, right, n=3)
    assert [miss.query_id for miss in drawn] == ["bad", "bad", "good"]
    assert len(found) == 4 + 3


def test_what_is_drawn_is_written_as_the_readings_want_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls = tuple(FundingCall(id=f"s:{one}", source="s", title=f"Bando {one}") for one in "abcdefg")
    query = Query("posti al nido", NOWHERE, QueryKind.NEED, "q")
    ranking = {"q": [(call.id, float(-rank)) for rank, call in enumerate(calls)]}

    def asked(name: str) -> tuple[Task, Run]:
        right = {"q": {"s:g": 1}} if name == "needs" else {"q": {"s:c": 1}}
        return Task(name=name, title="", about="", folds=(Fold(Material(calls), (query,)),), qrels=right), ranking

    monkeypatch.setattr("evaluation.misses.run_product", asked)
    said = list(draw_all(tmp_path))
    assert said == [
        "pnrr-cold: 0 of 0 errors",
        "pnrr-cold-near: 1 of 1 errors",
        "pnrr-warm: 1 of 1 errors",
        "needs: 2 of 6 errors",
    ]
    draws, rankings = load_draws(tmp_path), load_rankings(tmp_path)
    assert (draws["needs"].errors, draws["needs"].wrong, draws["pnrr-warm"].ndcg) == (6, 1, 0.5)
    assert rankings["needs", "q"] == tuple(call.id for call in calls)
    assert "posti al nido" in (tmp_path / "pnrr-cold-near.md").read_text()


def test_the_sheet_shows_query_right_call_and_what_stood_above_with_their_labels() -> None:
    calls = tuple(FundingCall(id=f"s:{one}", source="s", title=f"Bando {one}") for one in "ab")
    query = Query("posti al nido", NOWHERE, QueryKind.NEED, "q")
    task = Task(name="needs", title="", about="", folds=(Fold(Material(calls), (query,)),), qrels={"q": {"s:a": 2}})
    blocks = list(sheet(task, {"q": [("s:b", 2.0), ("s:a", 1.0)]}, [Miss("q", "s:b", "s:a")]))
    assert "posti al nido" in blocks[0]
    assert blocks[1].startswith("- RIGHT, rank 2, label 2: `s:a` Bando a")
    assert blocks[2].startswith("- shown, rank 1, label no label: `s:b` Bando b")
