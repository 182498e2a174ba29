"""Exported decisions become examples; what does not hold together is refused by file, line, field and value."""

import json
from pathlib import Path

import numpy as np
import pytest

from corpora.errors import CorporaError
from matcher.feedback import ENOUGH, ENOUGH_COMMUNES, DecisionKind, Reason
from service.work.tables import DecisionKind as StoredKind
from service.work.tables import Reason as StoredReason
from training.feedback import feedback_examples, load_decisions
from training.feedback_size import Effect, Ranked, decide, effects, helps_from, learn

ROW = {
    "commune": "015182", "call_id": "padigitale:app-io", "kind": "saved", "at": "2026-05-04T09:00:00+02:00",
    "text": "Servizi digitali", "item_id": "need-1",
}  # fmt: skip


def exported(tmp_path: Path, *rows: dict[str, object]) -> Path:
    path = tmp_path / "decisions.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("field", "value"),
    [("commune", "15182"), ("call_id", "app-io"), ("kind", "liked"), ("at", "yesterday"), ("at", "2026-05-04T09:00:00"),
     ("reason", "no_staff"), ("text", 5), ("query_kind", "wish")],
)  # fmt: skip
def test_a_bad_decision_is_refused(tmp_path: Path, field: str, value: object) -> None:
    with pytest.raises(CorporaError, match=rf"decisions\.jsonl, line 2, field '{field}'"):
        load_decisions(exported(tmp_path, ROW, {**ROW, field: value}))


@pytest.mark.parametrize("reason", [None, "boring"])
def test_a_call_is_not_for_us_for_one_of_the_reasons(tmp_path: Path, reason: str | None) -> None:
    with pytest.raises(CorporaError, match="line 1, field 'reason'"):
        load_decisions(exported(tmp_path, {**ROW, "kind": "not_for_us", "reason": reason}))


def test_a_file_of_enough_decisions_teaches_and_a_shorter_one_says_how_far_it_is(tmp_path: Path) -> None:
    rows = [{**ROW, "call_id": f"s:{n}", "commune": f"{n % ENOUGH_COMMUNES:06d}"} for n in range(ENOUGH)]
    found, so_far = feedback_examples(exported(tmp_path, *rows))
    assert (len(found), so_far.enough) == (ENOUGH, True)
    found, so_far = feedback_examples(exported(tmp_path, *rows[:7]))
    assert (found, str(so_far)) == ([], f"7 of {ENOUGH} decisions, 7 of {ENOUGH_COMMUNES} communes so far")


def test_what_is_stored_and_what_is_learnt_from_have_one_vocabulary() -> None:
    assert {str(kind) for kind in StoredKind} == {str(kind) for kind in DecisionKind}
    assert {str(reason) for reason in StoredReason} == {str(reason) for reason in Reason}


def lists(n_queries: int = 8, n_calls: int = 16) -> tuple[list[Ranked], dict[str, dict[str, int]]]:
    """Calls whose first feature tells what is wanted, and whose second, noise, orders them."""
    chance = np.random.default_rng(1)
    found, grades = [], {}
    for number in range(n_queries):
        wanted = np.arange(n_calls) % 4 == 0
        noise = chance.normal(size=n_calls)
        order = np.argsort(-(0.2 * wanted + noise))
        ids = tuple(f"s:{i}" for i in range(n_calls))
        found.append(Ranked(f"q{number}", ids, np.column_stack([0.2 * wanted, noise])[order]))
        grades[f"q{number}"] = {ids[row]: 3 * int(wanted[i]) for row, i in enumerate(order)}
    return found, grades


def test_decisions_move_weight_to_the_feature_that_tells_what_is_wanted() -> None:
    found, grades = lists()
    scale = np.vstack([one.contributions for one in found]).std(axis=0)
    few, many = (learn(*decide(found, grades, n, 0.1, np.random.default_rng(2)), scale) for n in (5, 800))
    assert many[0] > few[0]
    assert np.abs(few - 1).max() < np.abs(many - 1).max()


def test_more_decisions_do_more_good_where_there_is_something_to_learn() -> None:
    found, grades = lists()
    first, last = effects(found, grades, 0.1, sizes=(10, 800), repeats=4)
    assert last.mean > max(first.mean, 0)
    assert last.worst <= last.mean
    assert effects(found, grades, 0.1, sizes=(10,), repeats=1) == effects(found, grades, 0.1, sizes=(10,), repeats=1)


def test_a_number_of_decisions_is_enough_only_if_every_larger_one_is() -> None:
    good, bad = Effect(100, 0.01, 0.0), Effect(200, 0.02, -0.01)
    assert helps_from([Effect(50, 0.01, 0.0), bad, good]) == 100
    assert helps_from([good, bad]) is None
    assert helps_from([Effect(50, -0.01, 0.0), good]) == 100
