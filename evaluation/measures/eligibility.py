"""What eligibility lets through that it should not, and keeps out that it should not."""

from collections.abc import Mapping

from evaluation.errors import MeasureError
from evaluation.results import PerQuery, Run
from matcher.verdicts import Verdict

INELIGIBLE = "Ineligible@10"
FALSE_EXCLUSIONS = "FalseExclusions"


def ineligible_share(run: Run, may_apply: Mapping[str, Mapping[str, str]], depth: int = 10) -> PerQuery:
    """Return, per query that was judged, the share of its first ``depth`` calls that a reader judged ``no``.

    ``may_apply``: query id → call id → yes, no or unknown. A call that nobody judged is not counted as ``no``, so the
    share is a lower bound: read it beside Judged@10. A query without results has 0.
    """
    return {query_id: _share(run, answers, query_id, depth) for query_id, answers in sorted(may_apply.items())}


def _share(run: Run, answers: Mapping[str, str], query_id: str, depth: int) -> float:
    top = [call_id for call_id, _ in run.get(query_id, ())[:depth]]
    return sum(answers.get(call_id) == "no" for call_id in top) / len(top) if top else 0.0


def false_exclusions(verdicts: Mapping[str, Mapping[str, Verdict]]) -> PerQuery:
    """Return, per body, the share of its known-good calls that eligibility judged not met.

    ``verdicts``: body (or query) id → id of a call that did fund it, or that a reader admits it to → verdict. Bodies
    without a known-good call are left out.
    """
    return {
        body: sum(verdict is Verdict.NOT_MET for verdict in known.values()) / len(known)
        for body, known in sorted(verdicts.items())
        if known
    }


def false_exclusion_rate(verdicts: Mapping[str, Mapping[str, Verdict]]) -> float:
    """Return the share of all known-good (body, call) pairs judged not met; raises MeasureError if there is none."""
    known = [verdict for found in verdicts.values() for verdict in found.values()]
    if not known:
        raise MeasureError(f"{FALSE_EXCLUSIONS}: no known-good pair of a body and a call was given")
    return sum(verdict is Verdict.NOT_MET for verdict in known) / len(known)
