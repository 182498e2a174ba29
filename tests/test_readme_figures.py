"""The README quotes the report: every figure of its quality table stands in ``docs/evaluation/summary.json``."""

import json
import re
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
SYSTEMS = ("bm25", "dense", "hybrid", "remix")


def _rows() -> list[tuple[str, str, list[str]]]:
    found = []
    for line in (REPOSITORY / "README.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        named = re.fullmatch(r"`([\w-]+)` `([^`]+)`", cells[1]) if len(cells) == 2 + len(SYSTEMS) else None
        if named:
            found.append((named[1], named[2], [cell.strip("*") for cell in cells[2:]]))
    return found


def test_the_quality_table_quotes_the_report() -> None:
    summary = json.loads((REPOSITORY / "docs" / "evaluation" / "summary.json").read_text(encoding="utf-8"))
    rows = _rows()
    assert len(rows) >= 8
    for task, measure, quoted in rows:
        assert quoted == [f"{summary[task][system][measure]['mean']:.3f}" for system in SYSTEMS], (task, measure)


def test_what_is_worse_than_a_baseline_is_not_left_out() -> None:
    tasks = {task for task, _, _ in _rows()}
    summary = json.loads((REPOSITORY / "docs" / "evaluation" / "summary.json").read_text(encoding="utf-8"))
    ranked = {task for task, systems in summary.items() if "nDCG@10" in systems["remix"]}
    assert tasks == ranked
