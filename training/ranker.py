"""Training the re-ranker, from the open data to tables.

affinity  which programme funds this, by its projects alone        ── a softmax over programmes
tables    which call funds this, by everything                     ── one softmax over calls, in three situations:
          precedents known · the right measure's hidden · judged needs
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from evaluation.harness import open_bench
from evaluation.tasks import load_task
from evaluation.tasks.data import read_communes
from evaluation.tasks.pnrr import FundedProject, funded_projects, known_material
from evaluation.tasks.task import Fold, Material, Task
from matcher.encoder import Encoder
from matcher.feedback import Example
from matcher.projections import Projections
from matcher.reranker import Reranker, Table
from training.additive import Basis, Examples, fit, fit_softmax
from training.examples import (
    Reading,
    Sampling,
    codes_of,
    hidden_situation,
    needs_examples,
    project_weights,
    situation,
    with_negatives,
)
from training.feedback import feedback_task
from training.projections import train_projections

Progress = Callable[[str], None]
"""Told what is being done."""


BY_HAND = {
    "dense_any": 0.9,
    "dense_title": 0.1,
    "lexical_any": 0.15,
    "lexical_title": 0.05,
    "length": -0.1,
    "may_apply": 1.25,
    "project_mean": 0.3,
    "known": -0.45,
    "component": 1.0,
    "dense_programme": 0.15,
}
"""Slopes for what people tell, chosen on the dev split of the judged needs (docs/decisions/0005-ranking.md)."""


@dataclass(frozen=True, slots=True)
class RankerConfig:
    """Settings of the training.

    ``per_measure``: projects asked of each measure; ``known_share``: what the situation with precedents counts for,
    that without being 1; ``penalty`` on the squared weights; ``needs_penalty`` on the squared distance from those set
    by hand; ``iterations`` of L-BFGS at most; ``sampling``: how negatives are drawn.
    """

    per_measure: int = 60
    known_share: float = 1.0
    penalty: float = 4.0
    needs_penalty: float = 30.0
    iterations: int = 120
    sampling: Sampling = field(default_factory=Sampling)


@dataclass(frozen=True, slots=True)
class TrainedRanker:
    """A re-ranker and what it was made from: counts for the manifest, and ids that no test may ask."""

    reranker: Reranker
    counts: dict[str, Any]
    learned_from: tuple[str, ...]


def train_ranker(
    data: Path,
    encoder: Encoder,
    config: RankerConfig,
    seed: int,
    progress: Progress,
    decisions: Sequence[Example] = (),
) -> TrainedRanker:
    """Train the re-ranker; raises CorporaError for data that cannot be read.

    ``decisions``: what communes said of calls, beside the judged needs (see ``training.feedback``).
    """
    progress("projections")
    projections = train_projections(data, encoder)
    progress("projects of the train split")
    projects = funded_projects(data, "train", config.per_measure, most=1_000_000)
    needs = load_task("needs", data, "dev")
    assert isinstance(needs, Task)  # noqa: S101 - a task with a ranking, by its name
    tables, affinity = project_tables(known_material(data), projects, encoder, projections, config, seed, progress)
    reading = Reading(affinity, projections)
    progress("judged needs")
    judged = needs_examples(needs, encoder, reading)
    said = _said(decisions, needs, data, encoder, reading)
    progress("tables of needs")
    reranker = Reranker(
        tables,
        fit_tables([*judged, *said], config.needs_penalty, config.iterations, BY_HAND),
        affinity,
        projections,
    )
    counts = {
        "projects": len(projects),
        "measures": len({one.measure for one in projects}),
        "needs": len(judged),
        "decisions": len(decisions),
    }
    return TrainedRanker(reranker, counts, _learned_from(projects, needs))


def project_tables(
    material: Material,
    projects: Sequence[FundedProject],
    encoder: Encoder,
    projections: Projections,
    config: RankerConfig,
    seed: int,
    progress: Progress,
) -> tuple[tuple[Table, ...], tuple[float, ...]]:
    """Return the tables of projects and the weights of affinity, from projects and what is known of their measures."""
    bench = open_bench(Fold(material, ()), encoder)
    weight = project_weights(projects, config.sampling.cap)
    affinity = _affinity(codes_of(bench, projects), weight, config)
    reading = Reading(affinity, projections)
    progress("projects whose measure has precedents")
    known = with_negatives(situation(bench, reading, projects), weight * config.known_share, config.sampling, seed)
    progress("projects whose measure is new")
    found, order = hidden_situation(material, encoder, reading, projects, config.sampling.folds)
    hidden = with_negatives(found, weight[list(order)], config.sampling, seed + 1)
    progress("tables of projects")
    return fit_tables([known, hidden], config.penalty, config.iterations), affinity


def _said(
    decisions: Sequence[Example], needs: Task, data: Path, encoder: Encoder, reading: Reading
) -> tuple[Examples, ...]:
    if not decisions:
        return ()
    task, weights = feedback_task(decisions, needs.folds[0].material, read_communes(data))
    return needs_examples(task, encoder, reading, weights)


def fit_tables(
    parts: Sequence[Examples], penalty: float, iterations: int, prior: Mapping[str, float] | None = None
) -> tuple[Table, ...]:
    """Fit the tables on several sets of examples, each with its own weights; ``prior``: as in ``fit``."""
    examples = Examples.joined(parts)
    basis = Basis.of(examples)
    return basis.tables(fit(examples, basis, penalty, iterations, prior))


def _affinity(found: tuple[Any, Any], weight: Any, config: RankerConfig) -> tuple[float, ...]:
    features, right = found
    known = right >= 0
    target = np.zeros(features.shape[:2], dtype=np.float32)
    target[np.flatnonzero(known), right[known]] = 1
    present = np.ones((int(known.sum()), features.shape[1]), dtype=np.bool_)
    weights = fit_softmax(features[known], present, target[known], weight[known], config.penalty, config.iterations)
    return tuple(round(float(value), 6) for value in weights)


def _learned_from(projects: list[FundedProject], needs: Task) -> tuple[str, ...]:
    return tuple(sorted([one.query.id for one in projects] + [query.id for query in needs.queries]))
