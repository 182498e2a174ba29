"""``needs-small``: the judged needs over few calls with short texts, which a change can be held against in seconds.

Its figures are not those of the full catalogue and worth nothing beside them: they are there to fall when something
breaks. It holds all calls that a reader found to pay for anybody's need, whoever may apply, and others by lot.
"""

from dataclasses import replace
from pathlib import Path

from corpora.judged import load_judgments
from evaluation.results import Qrels
from evaluation.tasks import needs
from evaluation.tasks.task import Fold, Material, Task, sample
from matcher.records import FundingCall

TEXT = 600
"""Characters of a call's text that are kept: its first one or two passages."""
OTHERS = 200
"""Calls that pay for nobody's need in the same catalogue."""
PAYS = 2
"""The purpose from which a call pays for a need (see the labelling guide)."""


def load(data: Path, split: str, labels: Path = needs.LABELS) -> Task:
    """Load the queries of a split over the small catalogue; raises CorporaError for a file that is not as it should."""
    whole = needs.load(data, split, labels)
    paying = {judgment.call_id for judgment in load_judgments(labels) if judgment.purpose >= PAYS}
    (fold,) = whole.folds
    material = _small(fold.material, paying)
    known = {call.id for call in material.calls}
    return replace(
        whole,
        name="needs-small",
        title="Fabbisogni, progetti e beni dei comuni (pochi bandi)",
        about="The judged needs over a few hundred calls with short texts: there to fall when something breaks.",
        folds=(Fold(material, fold.queries),),
        qrels=_among(whole.qrels, known),
        purpose=_among(whole.purpose, known),
    )


def load_both(data: Path) -> Task:
    """Load the queries of both splits as one task; the stratum ``split`` tells them apart."""
    first, second = load(data, "dev"), load(data, "test")
    (fold,) = first.folds
    return replace(
        first,
        folds=(Fold(fold.material, (*first.queries, *second.queries)),),
        qrels={**first.qrels, **second.qrels},
        purpose={**first.purpose, **second.purpose},
        may_apply={**first.may_apply, **second.may_apply},
        strata={**first.strata, **second.strata},
    )


def _small(material: Material, paying: set[str]) -> Material:
    others = sample([call.id for call in material.calls if call.id not in paying], OTHERS, "needs-small")
    kept = paying.union(others)
    return replace(material, calls=tuple(_short(call) for call in material.calls if call.id in kept))


def _short(call: FundingCall) -> FundingCall:
    return replace(call, text=call.text[:TEXT])


def _among(qrels: Qrels, known: set[str]) -> dict[str, dict[str, int]]:
    return {query: {call: grade for call, grade in grades.items() if call in known} for query, grades in qrels.items()}
