"""``needs``: hand-labelled needs, projects and assets of communes, over the calls of five official sources."""

from collections.abc import Iterable
from pathlib import Path

from corpora.funded_bodies import load_funded_bodies
from corpora.funded_themes import load_funded_themes, read_precedents
from corpora.judged import JudgedQuery, Judgment, load_judgments, load_queries, qrels
from evaluation.measures.coverage import size_class
from evaluation.results import Qrels
from evaluation.tasks.data import read_calls, read_communes
from evaluation.tasks.task import DEPTH, Fold, Material, Strata, Task, best_calls, strata_of_calls
from matcher.precedents import chosen_precedents
from matcher.recommender import Query, Request
from matcher.records import Commune, QueryKind

LABELS = Path(__file__).resolve().parents[2] / "corpora" / "judgments" / "needs"


def load(data: Path, split: str, labels: Path = LABELS) -> Task:
    """Load the queries of a split with their judgments; raises CorporaError for a file that does not hold together."""
    communes = read_communes(data)
    asked = [query for query in load_queries(labels) if query.split == split]
    ids = {query.query_id for query in asked}
    judgments = [judgment for judgment in load_judgments(labels) if judgment.query_id in ids]
    calls = read_calls(data)
    precedents = chosen_precedents(read_precedents(data), {call.programme for call in calls})
    material = Material(calls, load_funded_bodies(), load_funded_themes(), tuple(precedents))
    usable = qrels(judgments, usable=True)
    queries = tuple(_query(query, communes) for query in asked)
    return Task(
        name="needs",
        title="Fabbisogni, progetti e beni dei comuni",
        about="Which of the calls of five official sources pays for what a commune asks, and may it apply? "
        "Judged by reading; dates do not count.",
        folds=(Fold(material, queries),),
        qrels=usable,
        purpose=qrels(judgments, usable=False),
        may_apply=may_apply_of(judgments),
        strata=_strata(asked, communes, usable, material),
        request=Request(k=DEPTH),
        trusted=True,
    )


def _query(query: JudgedQuery, communes: dict[str, Commune]) -> Query:
    return Query(query.text, communes[query.commune], QueryKind(query.kind), query.query_id)


def may_apply_of(judgments: Iterable[Judgment]) -> dict[str, dict[str, str]]:
    """Return who may apply as it was judged: query id → call id → yes, no or unknown."""
    found: dict[str, dict[str, str]] = {}
    for judgment in judgments:
        found.setdefault(judgment.query_id, {})[judgment.call_id] = judgment.may_apply
    return found


def _strata(asked: list[JudgedQuery], communes: dict[str, Commune], usable: Qrels, material: Material) -> Strata:
    calls = {call.id: call for call in material.calls}
    return {
        query.query_id: {
            "kind": (query.kind,),
            "style": (query.style,),
            "split": (query.split,),
            "size": (size_class(communes[query.commune].population),),
            **strata_of_calls(best_calls(usable.get(query.query_id, {})), calls, material.themes),
        }
        for query in asked
    }
