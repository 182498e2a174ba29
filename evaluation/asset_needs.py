"""Ranking needs for an asset, and assets for a need, by the product and by plain baselines, on the labels.

labels ──► every asset of a split × every need of it ──► baselines and the product ──► measures

``hybrid-near``: text alone, but what lies within reach comes first.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpora.judged import load_judgments, qrels
from corpora.judged_assets import Places, load_places
from evaluation.measures.ranking import ranking_measures
from evaluation.results import Qrels, Result, Run
from matcher.analyser import Analyser
from matcher.assets.conditions import REACH_KM, words_of
from matcher.assets.matching import AssetMatcher, need_text
from matcher.assets.places import distances_km, place_of
from matcher.assets.weights import Weights
from matcher.encoder import Encoder
from matcher.lexical import LexicalIndex
from matcher.records import Commune, Need, PublicAsset

LABELS = Path(__file__).resolve().parents[1] / "corpora" / "judgments" / "asset-needs"
DEPTH = 20
OWN = "remix"
Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class AssetSet:
    """The assets and needs of one split, with the usable grades of their pairs: asset id → need id → grade."""

    assets: tuple[PublicAsset, ...]
    needs: tuple[Need, ...]
    grades: Qrels

    @property
    def transposed(self) -> Qrels:
        """Need id → asset id → grade, of the needs that some asset can serve."""
        found: dict[str, dict[str, int]] = {}
        for asset, grades in self.grades.items():
            for need, grade in grades.items():
                found.setdefault(need, {})[asset] = grade
        return {need: grades for need, grades in found.items() if any(grades.values())}


def read_set(split: str, labels: Path = LABELS) -> AssetSet:
    """Read the labels of one split; raises CorporaError for a file that does not hold together."""
    places: Places = load_places(labels)
    usable = qrels(load_judgments(labels), usable=True)
    assets = places.assets_of(split)
    return AssetSet(assets, places.needs_of(split), {one.id: usable[one.id.partition(":")[2]] for one in assets})


def needs_of_assets(asked: AssetSet, communes: Mapping[str, Commune], encoder: Encoder) -> dict[str, Run]:
    """Return the needs that each system ranks for each asset: system → asset id → (need id, score)."""
    matcher = AssetMatcher(communes, encoder.encode_queries)
    own = {
        asset.id: [(one.need.id, one.score) for one in matcher.needs_for(asset, asked.needs, DEPTH).items]
        for asset in asked.assets
    }
    ids = [need.id for need in asked.needs]
    scored = _baselines(asked, communes, encoder)
    runs = {name: _run([a.id for a in asked.assets], ids, values) for name, values in scored.items()}
    return {**runs, OWN: own}


def assets_of_needs(asked: AssetSet, communes: Mapping[str, Commune], encoder: Encoder) -> dict[str, Run]:
    """Return the assets that each system ranks for each need that some asset can serve."""
    matcher = AssetMatcher(communes, encoder.encode_queries)
    wanted = asked.transposed
    own = {
        need.id: [(one.asset.id, one.score) for one in matcher.assets_for(need, asked.assets, DEPTH).items]
        for need in asked.needs
        if need.id in wanted
    }
    ids = [asset.id for asset in asked.assets]
    scored = _baselines(asked, communes, encoder)
    runs = {name: _run([n.id for n in asked.needs], ids, values.T) for name, values in scored.items()}
    return {**{name: {q: found for q, found in run.items() if q in wanted} for name, run in runs.items()}, OWN: own}


def measured(task: str, runs: Mapping[str, Run], grades: Qrels) -> tuple[Result, ...]:
    """Return the measures of each system's ranking."""
    return tuple(
        Result(task, system, measure, values)
        for system, run in runs.items()
        for measure, values in ranking_measures(run, grades).items()
    )


def cross_validated(
    asked: AssetSet,
    communes: Mapping[str, Commune],
    encoder: Encoder,
    fit: Callable[[Sequence[PublicAsset]], Weights],
) -> float:
    """Return nDCG@10 where each asset is ranked by weights that were fitted without it."""
    run = {}
    for left_out in asked.assets:
        weights = fit([asset for asset in asked.assets if asset is not left_out])
        matcher = AssetMatcher(communes, encoder.encode_queries, weights)
        run[left_out.id] = [(one.need.id, one.score) for one in matcher.needs_for(left_out, asked.needs, DEPTH).items]
    values = ranking_measures(run, asked.grades)["nDCG@10"]
    return sum(values.values()) / len(values)


def _baselines(asked: AssetSet, communes: Mapping[str, Commune], encoder: Encoder) -> dict[str, Matrix]:
    """Return the scores of each baseline for every pair: float64, (n_assets, n_needs)."""
    assets, needs = [words_of(one) for one in asked.assets], [need_text(one) for one in asked.needs]
    where = [communes[need.commune_istat] for need in asked.needs]
    there = [(commune.lat, commune.lon) for commune in where]
    near = np.array([-distances_km(place_of(one, communes.get(one.commune_istat)), there) for one in asked.assets])
    lexical = LexicalIndex.build(needs, Analyser()).scores(assets).astype(np.float64)
    dense = (encoder.encode_queries(assets) @ encoder.encode_queries(needs).T).astype(np.float64)
    hybrid = _standard(dense) + 0.5 * _standard(lexical)
    within = np.where(near >= -REACH_KM, hybrid, hybrid - 2 * np.abs(hybrid).max() - 1)
    return {"nearest": near, "bm25": lexical, "dense": dense, "hybrid": hybrid, "hybrid-near": within}


def _run(queries: Sequence[str], ids: Sequence[str], values: Matrix) -> Run:
    order = np.argsort(-values, axis=1, kind="stable")[:, :DEPTH]
    return {query: [(ids[i], float(values[row, i])) for i in order[row]] for row, query in enumerate(queries)}


def _standard(values: Matrix) -> Matrix:
    spread = np.maximum(values.std(axis=1, keepdims=True), 1e-9)
    standard: Matrix = (values - values.mean(axis=1, keepdims=True)) / spread
    return standard
