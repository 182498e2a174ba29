"""Fitting the order of partners: additive, from the labelled projects of dev, with and without what they want.

    grades 0-3 ──► three questions (at least 1? 2? 3?), one logistic regression with the same slopes ──► tables

Proportional odds (McCullagh 1980): each grade has a threshold of its own and all share the features' bends. Bodies that
nobody judged are thought unsuitable, UNJUDGED of them a query. ``python -m training.partners`` writes what Remix ships.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from evaluation.measures.ranking import MAIN, ranking_measures
from evaluation.partner_material import labelled, read_directory
from evaluation.partner_systems import PartnerSystems, Ranked
from evaluation.workplace import data_folder
from matcher.partners.directory import GROUPS, Directory, Positions, Values
from matcher.partners.features import FEATURES, candidates
from matcher.partners.ranker import TABLES, PartnerRanker, PartnerTable

SEED = 7
FOLDS = 6
UNJUDGED = 300
UNJUDGED_WEIGHT = 100.0
"""What the unjudged bodies of a query weigh together, in judged ones."""
STRENGTH = 0.1
"""Inverse of the penalty; of 0.03, 0.1, 0.2, 0.4 the best on dev, six folds by project."""
CROWDING, ROOM = 0.5, 0.5
"""On dev the roles covered rise from 0.64 to 0.80 without loss of nDCG; above, it begins to fall."""
QUESTIONS = ((1, 0.6), (2, 1.0), (3, 1.4))
"""Grade asked for and what the answer weighs: the obvious partners count most, as in nDCG."""
KNOTS: dict[str, tuple[float, ...]] = {
    "wanted": (0, 0.5, 1, 1.5, 2),
    "spoken_of": (0, 0.5, 1, 2),
    "unasked": (0, 1),
    "nearer": (0, 1, 2, 3, 4, 5, 8),
    "alone": (1, 2, 3, 4, 6, 8),
    "distance": tuple(round(float(np.log1p(km)), 4) for km in (0, 2, 4, 6, 9, 13, 18, 25, 40)),
    "adjacency": (0, 1, 1.5, 2, 2.5, 3, 4, 6),
    "same_zone": (0, 1),
    "same_province": (0, 1),
    "words": (0, 0.1, 0.25, 0.5),
    "local_name": (0, 1),
    "alike_funded": (0, 0.1, 0.2, 0.4),
    "times_funded": (0, 0.7, 1.6, 2.5, 4),
    "same_programme": (0, 1),
    "size": (-2, -1, -0.4, 0, 0.4, 1, 2),
    "admitted": (0, 0.3, 0.7, 1),
}
"""Where each feature may bend, ascending."""


@dataclass(frozen=True, slots=True)
class PartnerExamples:
    """Bodies with grades: ``features`` (n, n_features), the others (n,); weights sum to 1."""

    features: Values
    groups: Positions
    grades: Positions
    weights: Values


def examples_of(directory: Directory, data: Path, split: str = "dev") -> dict[str, list[PartnerExamples]]:
    """Return the examples of each labelled project: what it wants told, and kept back."""
    dice = np.random.default_rng(SEED)
    found: dict[str, list[PartnerExamples]] = {}
    for wanted in (True, False):
        material = labelled(data, split, wanted=wanted)
        for query_id, query in material.queries.items():
            near = candidates(directory, query)
            grades = material.qrels.get(query_id, {})
            known = np.array([grades.get(directory.bodies[p].id, -1) for p in near.positions.tolist()], dtype=np.int64)
            found.setdefault(query_id, []).append(_chosen(near.features, near.groups, known, dice))
    return found


def _chosen(features: Values, groups: Positions, known: Positions, dice: np.random.Generator) -> PartnerExamples:
    judged, rest = np.flatnonzero(known >= 0), np.flatnonzero(known < 0)
    drawn = dice.choice(rest, min(UNJUDGED, len(rest)), replace=False)
    kept = np.concatenate([judged, drawn])
    each = min(1.0, UNJUDGED_WEIGHT / max(len(drawn), 1))
    weights = np.concatenate([np.ones(len(judged)), np.full(len(drawn), each)])
    return PartnerExamples(features[kept], groups[kept], np.maximum(known[kept], 0), weights / weights.sum())


def fit_ranker(parts: Sequence[PartnerExamples]) -> PartnerRanker:
    """Fit the tables to some examples."""
    features, groups = np.concatenate([p.features for p in parts]), np.concatenate([p.groups for p in parts])
    grades, weights = np.concatenate([p.grades for p in parts]), np.concatenate([p.weights for p in parts])
    matrix = basis(features, groups)
    asked = [np.column_stack([matrix, np.tile(np.eye(len(QUESTIONS))[n], (len(matrix), 1))]) for n in range(3)]
    answers = np.concatenate([grades >= grade for grade, _ in QUESTIONS])
    counted = np.concatenate([weights * weight for _, weight in QUESTIONS]) * 100
    model = LogisticRegression(C=STRENGTH, max_iter=5000).fit(np.concatenate(asked), answers, sample_weight=counted)
    slopes: Values = model.coef_[0][: matrix.shape[1]]
    return _ranker(slopes, features, groups, weights)


def basis(features: Values, groups: Positions) -> Values:
    """Return the bends of every feature for each group, and the groups: float64, (n, n_columns)."""
    columns = []
    for group in range(len(GROUPS)):
        own = (groups == group).astype(np.float64)
        columns.append(own)
        for at, feature in enumerate(FEATURES):
            columns.extend(own * bend for bend in _bends(features[:, at], KNOTS[feature]))
    return np.column_stack(columns)


def _bends(values: Values, knots: tuple[float, ...]) -> list[Values]:
    inside = np.clip(values, knots[0], knots[-1])
    return [np.maximum(inside - knot, 0) / (knots[-1] - knots[0]) for knot in knots[:-1]]


def _ranker(slopes: Values, features: Values, groups: Positions, weights: Values) -> PartnerRanker:
    """The tables of some slopes, each centred on what the examples of its group have: 0 is the usual."""
    rows: dict[str, list[tuple[float, ...]]] = {feature: [] for feature in FEATURES}
    base: list[float] = []
    at = 0
    for group in range(len(GROUPS)):
        own = groups == group
        start, at = float(slopes[at]), at + 1
        for column, feature in enumerate(FEATURES):
            knots = KNOTS[feature]
            line = np.column_stack(_bends(np.array(knots, dtype=np.float64), knots))
            values = line @ slopes[at : at + line.shape[1]]
            usual = float(np.average(np.interp(features[own, column], knots, values), weights=weights[own]))
            rows[feature].append(tuple(round(float(value) - usual, 4) for value in values))
            start, at = start + usual, at + line.shape[1]
        base.append(round(start, 4))
    tables = tuple(PartnerTable(feature, KNOTS[feature], tuple(rows[feature])) for feature in FEATURES)
    return PartnerRanker(tables, tuple(base), CROWDING, ROOM)


def out_of_fold(directory: Directory, data: Path, parts: dict[str, list[PartnerExamples]]) -> float:
    """Return nDCG@10 of dev's projects, each ranked by tables that have not seen it: FOLDS folds by project."""
    asked = labelled(data, "dev")
    run: dict[str, Ranked] = {}
    ids = sorted(parts)
    for fold in range(FOLDS):
        kept = [part for query_id in ids if ids.index(query_id) % FOLDS != fold for part in parts[query_id]]
        systems = PartnerSystems(directory, ranker=fit_ranker(kept))
        run |= {query_id: systems.remix(asked.queries[query_id], 10) for query_id in ids[fold::FOLDS]}
    values = ranking_measures(run, asked.qrels)[MAIN]
    return sum(values.values()) / len(values)


def main() -> None:
    """Train on dev and write the tables that ship with Remix."""
    data = data_folder()
    directory = read_directory(data)
    parts = examples_of(directory, data)
    ranker = fit_ranker([part for some in parts.values() for part in some])
    training = {
        "labels": "corpora/judgments/partners, dev: proposed by a language model",
        "projects": len(parts),
        "bodies": sum(len(part.grades) for some in parts.values() for part in some),
        "seed": SEED,
        "strength": STRENGTH,
        "out_of_fold_ndcg_10": round(out_of_fold(directory, data, parts), 4),
    }
    TABLES.write_text(ranker.to_json(training), encoding="utf-8")


if __name__ == "__main__":
    main()
