"""The judged pairs of calls: what is refused and in which words, and how a proposal is compared with them."""

from pathlib import Path

import pytest

from corpora.errors import CorporaError
from corpora.judged_duplicates import COLUMNS, load_duplicates
from corpora.judged_pairs import Share, pair_agreement

LABELS = Path(__file__).resolve().parents[2] / "corpora" / "judgments" / "duplicates" / "judgments.tsv"
ROW = {
    "first_id": "a:1",
    "second_id": "b:1",
    "same": "yes",
    "why": "one notice",
    "judge": "reader-a",
    "date": "2026-01-31",
}


def file_with(tmp_path: Path, *rows: dict[str, str]) -> Path:
    path = tmp_path / "judgments.tsv"
    path.write_text("\n".join(["\t".join(COLUMNS), *("\t".join(row.values()) for row in rows)]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("field", "value"),
    [("first_id", "no-source"), ("second_id", "a:0"), ("second_id", "a:1"), ("same", "maybe"), ("why", ""),
     ("why", "x" * 121), ("judge", " "), ("date", "yesterday")],
)  # fmt: skip
def test_a_bad_pair_is_refused_naming_file_line_field_and_value(tmp_path: Path, field: str, value: str) -> None:
    named = "second_id" if (field, value) == ("second_id", "a:1") else field
    with pytest.raises(CorporaError, match=rf"judgments\.tsv, line 3, field '{named}'"):
        load_duplicates(file_with(tmp_path, ROW, {**ROW, "second_id": "b:2", field: value}))


def test_a_pair_judged_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorporaError, match="earlier line"):
        load_duplicates(file_with(tmp_path, ROW, {**ROW, "same": "no"}))


def test_a_proposal_is_measured_on_the_labelled_pairs_alone(tmp_path: Path) -> None:
    rows = [{**ROW, "second_id": f"b:{n}", "same": same} for n, same in enumerate(("yes", "yes", "no", "no"))]
    judged = load_duplicates(file_with(tmp_path, *rows))
    known = {"a:1", *(f"b:{n}" for n in range(4))}
    found = pair_agreement(judged, {("a:1", "b:0"), ("a:1", "b:2"), ("x:1", "x:2")}, known)
    assert (found.precision, found.recall) == (Share(1, 2), Share(1, 2))
    with pytest.raises(CorporaError, match="no judged pair"):
        pair_agreement(judged, set(), {"x:1"})


def test_the_labels_hold_no_sentence_of_a_call_and_both_answers() -> None:
    judged = load_duplicates(LABELS)
    assert len(judged) >= 150
    assert {judgment.same for judgment in judged} == {True, False}
    assert all(judgment.judge and judgment.why for judgment in judged)
