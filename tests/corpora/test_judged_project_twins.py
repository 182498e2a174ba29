"""The judged pairs of projects: what is refused and in which words, and how a proposal is compared with them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.errors import CorporaError
from corpora.judged_pairs import Share, pair_agreement
from corpora.judged_project_twins import COLUMNS, load_project_twins

ROW = {
    "first_id": "pnc:1",
    "second_id": "pnrr-progetti:1",
    "cups": "read",
    "same": "yes",
    "why": "one CUP",
    "judge": "reader-a",
    "date": "2026-01-31",
}


def file_with(tmp_path: Path, *rows: dict[str, str]) -> Path:
    path = tmp_path / "judgments.tsv"
    path.write_text("\n".join(["\t".join(COLUMNS), *("\t".join(row.values()) for row in rows)]), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("field", "value"),
    [("first_id", "no-source"), ("second_id", "a:0"), ("second_id", "pnc:1"), ("cups", "guessed"), ("same", "maybe"),
     ("why", ""), ("judge", " "), ("date", "yesterday")],
)  # fmt: skip
def test_a_bad_pair_is_refused_naming_file_line_field_and_value(tmp_path: Path, field: str, value: str) -> None:
    with pytest.raises(CorporaError, match=rf"judgments\.tsv, line 3, field '{field}'"):
        load_project_twins(file_with(tmp_path, ROW, {**ROW, "second_id": "pnrr-progetti:2", field: value}))


def test_a_pair_is_judged_once_with_its_cups_and_once_without(tmp_path: Path) -> None:
    hidden = {**ROW, "cups": "hidden"}
    assert [one.cups for one in load_project_twins(file_with(tmp_path, ROW, hidden))] == ["read", "hidden"]
    with pytest.raises(CorporaError, match="earlier line"):
        load_project_twins(file_with(tmp_path, ROW, hidden, {**ROW, "same": "no"}))


def test_precision_is_of_what_was_proposed_and_recall_of_what_is_right(tmp_path: Path) -> None:
    rows = [
        {**ROW, "second_id": f"pnrr-progetti:{number}", "same": same}
        for number, same in enumerate(["yes", "yes", "no"])
    ]
    judged = load_project_twins(file_with(tmp_path, *rows))
    known = {"pnc:1", *(row["second_id"] for row in rows)}
    measured = pair_agreement(judged, {judged[0].pair, judged[2].pair, ("a:1", "b:1")}, known)
    assert (measured.precision, measured.recall) == (Share(1, 2), Share(1, 2))
    with pytest.raises(CorporaError, match="read the official files"):
        pair_agreement(judged, set(), {"pnc:1"})


def test_the_interval_is_wilsons() -> None:
    low, high = Share(190, 200).interval
    assert (round(low, 4), round(high, 4)) == (0.9104, 0.9726)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_lies_between_none_and_all(counts: tuple[int, int]) -> None:
    share = Share(*counts)
    low, high = share.interval
    assert 0 <= low <= share.value + 1e-12 <= high + 2e-12 <= 1 + 3e-12
