"""The words of the report: what measures and strata are called, and how numbers are written."""

from math import isnan

from evaluation.comparison import Comparison, Interval

# Measure → what a row or axis calls it; the part behind "purpose " is named the same way.
_MEASURES = {
    "nDCG@10": "nDCG@10",
    "R@20": "recall@20",
    "RR": "reciprocal rank",
    "Success@1": "hit@1",
    "Success@5": "hit@5",
    "Success@10": "hit@10",
    "Judged@10": "judged@10",
    "Ineligible@10": "ineligible in the top ten",
    "FalseExclusions": "false exclusions",
    "CallCoverage@10": "calls shown to anybody",
    "SizeGap": "largest communes − smallest",
    "ECE": "calibration error",
    "Additive": "contributions sum to the score",
    "FallsWithoutPassage": "score falls without the quote",
}
_STRATA = {
    "precedents": "Warm and cold",
    "kind": "Kind of query",
    "size": "Size of the commune (inhabitants)",
    "source": "Source of the best calls",
    "level": "Level of the best calls",
    "style": "Style of the text",
    "split": "Split",
}
STRATA_FIRST = tuple(_STRATA)
_EXPLAINED = {
    "precedents": "Warm: something is known of what the best calls have funded before. Cold: the calls are new.",
}


def measure_name(measure: str) -> str:
    """Return what people call a measure."""
    if measure.startswith("purpose "):
        return f"{measure_name(measure.removeprefix('purpose '))}, purpose alone"
    if measure.startswith("Loss("):
        return measure.removeprefix("Loss(").partition(")")[0]
    return _MEASURES.get(measure, measure)


def stratum_name(stratum: str) -> str:
    """Return what people call a stratum."""
    return _STRATA.get(stratum, stratum.capitalize())


def stratum_explained(stratum: str) -> str:
    """Return what the values of a stratum mean, where they do not say so themselves."""
    return _EXPLAINED.get(stratum, "")


def number(value: float) -> str:
    """Write a value with three decimals; a dash for nan."""
    return "–" if isnan(value) else f"{value:.3f}"


def signed(value: float) -> str:
    """Write a difference with its sign, a true minus."""
    return f"{value:+.3f}".replace("-", "−")


def interval(found: Interval) -> str:
    """Write a mean with its 95% interval."""
    return f"{number(found.mean)} [{number(found.low)}, {number(found.high)}]"


def difference(found: Interval) -> str:
    """Write a difference with its 95% interval."""
    return f"{signed(found.mean)} [{signed(found.low)}, {signed(found.high)}]"


def p_value(p: float) -> str:
    """Write a p value."""
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def italian(value: float, decimals: int = 2) -> str:
    """Write a number as Italian readers do."""
    return f"{value:.{decimals}f}".replace(".", ",")


def verdict(comparison: Comparison) -> str:
    """Say in three words what a comparison found at the 5% level."""
    if comparison.p_holm >= 0.05:
        return "no clear difference"
    return "higher" if comparison.difference.mean > 0 else "lower"
