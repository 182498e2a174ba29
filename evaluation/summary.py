"""The figures of an evaluation alone, small enough to keep beside the code: what the README quotes."""

import json
from pathlib import Path

from evaluation.comparison import mean_interval
from evaluation.errors import ResultsError
from evaluation.results import Results

FILE = "summary.json"
Figures = dict[str, dict[str, dict[str, dict[str, float]]]]
"""Task → system → measure → mean, low and high (95%); for what belongs to a whole task, mean alone."""


def summarise(results: Results) -> Figures:
    """Return the mean of each measure with its 95% interval, and the totals."""
    figures: Figures = {}
    for result in results.results:
        interval = mean_interval(result.per_query.values())
        figure = {"mean": interval.mean, "low": interval.low, "high": interval.high}
        _at(figures, result.task, result.system)[result.measure] = {name: round(v, 6) for name, v in figure.items()}
    for total in results.totals:
        _at(figures, total.task, total.system)[total.measure] = {"mean": round(total.value, 6)}
    return figures


def _at(figures: Figures, task: str, system: str) -> dict[str, dict[str, float]]:
    return figures.setdefault(task, {}).setdefault(system, {})


def write_summary(results: Results, folder: Path) -> Path:
    """Write ``summary.json`` into a folder that exists; raises ResultsError if it cannot be written."""
    path = folder / FILE
    text = json.dumps(summarise(results), indent=1, sort_keys=True) + "\n"
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ResultsError(f"{path} cannot be written ({error.strerror}); choose another folder") from error
    return path
