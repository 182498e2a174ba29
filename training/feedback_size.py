"""From how many decisions on may feedback move the ranking? ``python -m training.feedback_size`` measures it.

Decisions are simulated on the judged needs of the dev split: of a list as the product gives it, somebody looks at a
call the more likely the higher it stands, and decides by its grade; a share is wrong (``NOISES``). What is learnt is
one factor per feature on its contribution to the score, held to 1 by a penalty. Half of the queries are decided on, the
other half is measured; the halves are drawn anew each time, so that the spread shows what chance does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import typer
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from scipy.optimize import minimize

from evaluation.harness import open_bench
from evaluation.measures.ranking import MAIN, ranking_measures
from evaluation.results import Qrels
from evaluation.tasks.needs import load
from evaluation.workplace import data_folder, open_encoder
from matcher.explanation import Recommendations
from matcher.feedback import NOT_RELEVANT_WEIGHT, WEIGHTS, DecisionKind, share_of
from matcher.recommender import Recommender

SIZES = (25, 50, 100, 200, 400, 800, 1600)
REPEATS = 40
CANDIDATES = 60
"""Calls of a list that are put in a new order."""
LOOKED_AT = 10
NOISES = (0.15, 0.30)
"""Shares of decisions that are wrong: a slip, or a purpose of the commune that its text does not tell."""
USEFUL = 2
"""Grade from which on a commune would save a call."""
PENALTY = 300.0
"""What moving a factor by one costs, in decisions. With 10, people who look at the first ten calls alone teach the
ranking to distrust what brought these to the top (-0.02 to -0.06); with 10,000 nothing moves."""
WORST = 10
"""Percentile of the repeats that may not lose more than ``HARMLESS``."""
HARMLESS = -0.006
HELPFUL = 0.002
"""What the mean must gain: less is not worth a ranking that changes under people's eyes."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranked:
    """The first calls of one query: their ids and contributions, float64, (n_calls, n_features)."""

    query_id: str
    call_ids: tuple[str, ...]
    contributions: Matrix


@dataclass(frozen=True, slots=True)
class Effect:
    """What a number of decisions did to nDCG@10 on queries that nobody decided on: mean and worst tenth."""

    decisions: int
    mean: float
    worst: float

    @property
    def helps(self) -> bool:
        """Whether the mean gains, and nine in ten draws lose nothing worth speaking of."""
        return self.worst >= HARMLESS and self.mean >= HELPFUL


def ranked(answers: Sequence[Recommendations]) -> list[Ranked]:
    """Read the contributions of every call of some answers; queries without any result are left out."""
    return [
        Ranked(
            answer.query_id,
            tuple(found.call.id for found in answer.items),
            np.array([[c.contribution for c in found.contributions] for found in answer.items]),
        )
        for answer in answers
        if answer.items
    ]


def learn(features: Matrix, labels: NDArray[np.bool_], weights: Matrix, scale: Matrix) -> Matrix:
    """Return one factor per feature: float64, (n_features,); weighted logistic regression held to 1.

    ``features``: contributions of the calls decided on, float64, (n, n_features); ``scale``: their spread over all
    calls, so that the penalty means the same for each.
    """
    signs = np.where(labels, 1.0, -1.0)

    def loss(parameters: Matrix) -> tuple[float, Matrix]:
        shift, moves = parameters[0], parameters[1:]
        margins = signs * (features @ (1 + moves) + shift)
        wrong = 1 / (1 + np.exp(np.clip(margins, -30, 30)))
        value = weights @ np.logaddexp(0, -margins) + PENALTY / 2 * ((moves * scale) ** 2).sum()
        pull = -(weights * signs * wrong)
        return float(value), np.concatenate([[pull.sum()], features.T @ pull + PENALTY * moves * scale**2])

    found = minimize(loss, np.zeros(features.shape[1] + 1), jac=True, method="L-BFGS-B")
    factors: Matrix = 1 + found.x[1:]
    return factors


def decide(
    lists: Sequence[Ranked], grades: Qrels, n_decisions: int, noise: float, chance: np.random.Generator
) -> tuple[Matrix, NDArray[np.bool_], Matrix]:
    """Draw decisions: the contributions of the calls decided on, whether they were wanted, and what that weighs."""
    looks = 1 / np.log2(np.arange(2, LOOKED_AT + 2))
    rows, labels = [], []
    for one, n in zip(lists, chance.multinomial(n_decisions, [1 / len(lists)] * len(lists)), strict=True):
        shown = looks[: len(one.call_ids)]
        seen = chance.choice(len(shown), size=n, p=shown / shown.sum())
        graded = np.array([grades.get(one.query_id, {}).get(call_id, 0) for call_id in one.call_ids])
        rows.append(one.contributions[seen])
        labels.append((graded[seen] >= USEFUL) != (chance.random(n) < noise))
    decided = np.concatenate(labels)
    weights = np.where(decided, WEIGHTS[DecisionKind.SAVED], NOT_RELEVANT_WEIGHT)
    return np.vstack(rows), decided, weights * share_of(float(weights.sum()))


def quality(lists: Sequence[Ranked], factors: Matrix, grades: Mapping[str, Mapping[str, int]]) -> float:
    """Return the mean nDCG@10 of lists put in the order of their adjusted scores; equal ones stay as they were."""
    run = {}
    for one in lists:
        scores = one.contributions @ factors
        order = np.argsort(-scores, kind="stable")
        run[one.query_id] = [(one.call_ids[i], float(scores[i])) for i in order]
    values = ranking_measures(run, {query: grades[query] for query in run})[MAIN]
    return float(np.mean(list(values.values())))


def effects(
    lists: Sequence[Ranked],
    grades: Qrels,
    noise: float,
    sizes: Sequence[int] = SIZES,
    repeats: int = REPEATS,
    seed: int = 7,
) -> list[Effect]:
    """Measure every size over halves drawn anew each time; ``noise`` is the share of decisions that are wrong."""
    scale = np.vstack([one.contributions for one in lists]).std(axis=0)
    changes: dict[int, list[float]] = {size: [] for size in sizes}
    chance = np.random.default_rng(seed)
    for _ in range(repeats):
        mixed = [lists[i] for i in chance.permutation(len(lists))]
        taught, held = mixed[: len(mixed) // 2], mixed[len(mixed) // 2 :]
        before = quality(held, np.ones(len(scale)), grades)
        for size in sizes:
            factors = learn(*decide(taught, grades, size, noise, chance), scale)
            changes[size].append(quality(held, factors, grades) - before)
    return [Effect(n, float(np.mean(found)), float(np.percentile(found, WORST))) for n, found in changes.items()]


def helps_from(found: Sequence[Effect]) -> int | None:
    """Return the smallest number of decisions from which on every size helps, None if there is none."""
    kept: int | None = None
    for one in reversed(found):
        if not one.helps:
            break
        kept = one.decisions
    return kept


def _answers() -> tuple[list[Recommendations], Qrels]:
    task = load(data_folder(), "dev")
    (fold,) = task.folds
    recommender: Recommender = open_bench(fold, open_encoder(lambda *_: None)).recommender
    request = replace(task.request, k=CANDIDATES, grouped=False)
    return list(recommender.recommend_many(fold.queries, request)), task.qrels


def main() -> None:
    """Print the table of effects and the smallest number of decisions that does no harm."""
    answers, grades = _answers()
    console = Console()
    for noise in NOISES:
        found = effects(ranked(answers), grades, noise)
        table = Table("decisions", "nDCG@10, mean change", f"worst {WORST}%", "helps", title=f"{noise:.0%} wrong")
        for one in found:
            table.add_row(str(one.decisions), f"{one.mean:+.4f}", f"{one.worst:+.4f}", "yes" if one.helps else "no")
        console.print(table)
        console.print(f"helps from this many decisions on: {helps_from(found)}")


if __name__ == "__main__":
    typer.run(main)
