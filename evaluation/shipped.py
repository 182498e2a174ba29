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
RESULTS = "results.json"
"""Too large for git, so only written, never compared: the summary is what stands beside the code."""
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
    """Return the figures of a report that ship: task → measure → system → mean, low, high.

    Raises ResultsError if the summary cannot be read or lacks one of them.
    """
    summary = _read(report / SUMMARY)
    try:
        figures: dict[str, Any] = {}
        for task, measure in FIGURES:
            systems = {name: summary[task][name][measure] for name in SYSTEMS if name in summary[task]}
            figures.setdefault(task, {})[measure] = systems
        return figures
    except KeyError as error:
        raise ResultsError(f"{report}: no {error} in it; write the report again with `remix evaluate`") from error


def write_shipped(report: Path = REPORT, target: Path = SHIPPED, ranker: Path = RANKER) -> None:
    """Write the figures, what was measured, and the hash of the ranker that they were measured with.

    Raises ResultsError if the report lacks a figure, or was not written by the same command.
    """
    results = _read(report / RESULTS)
    if "context" not in results:
        raise ResultsError(f"{report / RESULTS}: no context in it; write the report again with `remix evaluate`")
    context = {name: results["context"][name] for name in ("split", "encoder")}
    measured = {"ranker": sha256(ranker.read_bytes()).hexdigest(), "figures": shipped_figures(report)} | context
    target.write_text(json.dumps(measured, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _read(path: Path) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ResultsError(f"{path} cannot be read ({error}); write it with `remix evaluate`") from error
    return found


if __name__ == "__main__":
    write_shipped()
