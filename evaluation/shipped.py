"""The figures that ship with the ranker, so that an installed service can say how well it finds.

docs/evaluation/{summary,results}.json ──► matcher/trained/evaluation.json

``python -m evaluation.shipped`` writes them again after ``remix evaluate --split test --out docs/evaluation``.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from evaluation.errors import ResultsError
from evaluation.summary import FILE as SUMMARY

REPOSITORY = Path(__file__).resolve().parents[1]
REPORT = REPOSITORY / "docs" / "evaluation"
SHIPPED = REPOSITORY / "matcher" / "trained" / "evaluation.json"
RANKER = REPOSITORY / "matcher" / "trained" / "ranker" / "ranker.json"
FIGURES = (
    ("needs", "Success@5"),
    ("needs", "nDCG@10"),
    ("needs", "Ineligible@10"),
    ("pnrr-warm", "Success@10"),
    ("pnrr-cold", "Success@10"),
    ("padigitale-bodies", "FalseExclusions"),
)
"""Task and measure: what a page explains in a sentence each."""
SYSTEMS = ("remix", "bm25")


def shipped_figures(report: Path = REPORT) -> dict[str, Any]:
    """Return the figures of a report that ship: task → measure → system → mean, low, high, and what was measured.

    Raises ResultsError if the report cannot be read or lacks one of them.
    """
    summary, results = _read(report / SUMMARY), _read(report / "results.json")
    try:
        figures: dict[str, Any] = {}
        for task, measure in FIGURES:
            systems = {name: summary[task][name][measure] for name in SYSTEMS if name in summary[task]}
            figures.setdefault(task, {})[measure] = systems
        context = results["context"]
        return {"split": context["split"], "encoder": context["encoder"], "figures": figures}
    except KeyError as error:
        raise ResultsError(f"{report}: no {error} in it; write the report again with `remix evaluate`") from error


def write_shipped(target: Path = SHIPPED, ranker: Path = RANKER) -> None:
    """Write the figures beside the ranker that they were measured with, named by its hash."""
    measured = {"ranker": sha256(ranker.read_bytes()).hexdigest()} | shipped_figures()
    target.write_text(json.dumps(measured, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _read(path: Path) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path} cannot be read ({error}); write it with `remix evaluate`") from error
    return found


if __name__ == "__main__":
    write_shipped()
