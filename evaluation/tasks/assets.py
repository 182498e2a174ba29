"""``asset-needs``, ``need-assets``, ``asset-calls``: public assets, the needs they could serve, who pays for both.

The first two rank needs and assets, not calls, and are measured while they are loaded.
"""

from dataclasses import replace
from pathlib import Path

from corpora.funded_bodies import load_funded_bodies
from corpora.funded_themes import load_funded_themes, read_precedents
from corpora.judged import load_judgments, load_queries, qrels
from corpora.judged_assets import load_places, pair_of
from evaluation.asset_needs import LABELS, assets_of_needs, measured, needs_of_assets, read_set
from evaluation.measures.coverage import size_class
from evaluation.results import QueryInfo, TaskInfo
from evaluation.tasks.data import read_calls, read_communes
from evaluation.tasks.needs import may_apply_of
from evaluation.tasks.task import DEPTH, Checked, Fold, Material, Task, best_calls, strata_of_calls
from evaluation.workplace import open_encoder
from matcher.assets.conditions import words_of
from matcher.assets.matching import need_text
from matcher.assets.queries import asset_query
from matcher.precedents import chosen_precedents
from matcher.recommender import Request

ASSET_NEEDS, NEED_ASSETS, ASSET_CALLS = "asset-needs", "need-assets", "asset-calls"
CALL_LABELS = LABELS.with_name("asset-calls")


def load_needs_of_assets(data: Path, split: str) -> Checked:
    """Rank the needs of the neighbourhood for each asset; raises CorporaError for a file that cannot be read."""
    asked, communes = read_set(split), read_communes(data)
    runs = needs_of_assets(asked, communes, open_encoder(_quiet))
    queries = tuple(QueryInfo(one.id, words_of(one), {"split": (split,)}) for one in asked.assets)
    about = "Which needs of its commune and the neighbours could an unused public place serve? Judged by reading."
    info = TaskInfo(ASSET_NEEDS, "Beni pubblici e fabbisogni che potrebbero servire", about, queries, asked.grades)
    return Checked(info, measured(ASSET_NEEDS, runs, asked.grades), ())


def load_assets_of_needs(data: Path, split: str) -> Checked:
    """Rank the assets of the neighbourhood for each need; raises CorporaError for a file that cannot be read."""
    asked, communes = read_set(split), read_communes(data)
    grades = asked.transposed
    runs = assets_of_needs(asked, communes, open_encoder(_quiet))
    queries = tuple(QueryInfo(one.id, need_text(one), {"split": (split,)}) for one in asked.needs if one.id in grades)
    about = "Which unused public places near by could serve a need? The same labels, asked the other way round."
    info = TaskInfo(NEED_ASSETS, "Fabbisogni e beni pubblici vicini", about, queries, grades)
    return Checked(info, measured(NEED_ASSETS, runs, grades), ())


def load_calls_of_assets(data: Path, split: str) -> Task:
    """Load the pairs of an asset and a need with their judged calls; raises CorporaError as the others do."""
    communes, places = read_communes(data), load_places(LABELS)
    asked = [query for query in load_queries(CALL_LABELS) if query.split == split]
    ids = {query.query_id for query in asked}
    judgments = [one for one in load_judgments(CALL_LABELS) if one.query_id in ids]
    calls = read_calls(data)
    precedents = chosen_precedents(read_precedents(data), {call.programme for call in calls})
    material = Material(calls, load_funded_bodies(), load_funded_themes(), tuple(precedents))
    usable, by_id = qrels(judgments, usable=True), {call.id: call for call in calls}
    queries = []
    for query in asked:
        asset, need = pair_of(query.query_id)
        composed = asset_query(places.assets[asset], communes[query.commune], places.needs[need])
        queries.append(replace(composed, id=query.query_id))
    return Task(
        name=ASSET_CALLS,
        title="Bandi per un bene pubblico messo al servizio di un fabbisogno",
        about="Which calls pay for putting this place to the use of this need, and may its commune apply? "
        "Judged by reading; dates do not count.",
        folds=(Fold(material, tuple(queries)),),
        qrels=usable,
        purpose=qrels(judgments, usable=False),
        may_apply=may_apply_of(judgments),
        strata={
            query.query_id: {
                "split": (split,),
                "size": (size_class(communes[query.commune].population),),
                **strata_of_calls(best_calls(usable.get(query.query_id, {})), by_id, material.themes),
            }
            for query in asked
        },
        request=Request(k=DEPTH),
    )


def _quiet(_what: str, _done: int, _total: int) -> None:
    """Say nothing: these tasks take a second."""
