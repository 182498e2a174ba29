"""Trains what the ranker reads from vectors besides their cosine (``matcher.projections``).

    pairs of texts that belong together ──► the update of the encoder (``training.encoder_update``)
    texts whose component of the plan is known ──► a logistic regression per component, for both sides at once

No project is learned with the measure that funded it by the update; the components are, as any text of a measure is,
and are read only where precedents do not lead. What was judged for the ranking is left out of both.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from matcher.encoder import Encoder, Vectors
from matcher.passages import calm
from matcher.projections import Projections
from matcher.strategy import CODES, COMPONENT
from training.encoder_pairs import read_pair_sets
from training.encoder_update import UpdateConfig, fit_update
from training.tag_material import TagExample, material

REGULARISATION, SCALE = 3.0, 3.0
"""C of the logistic regressions, and what vectors are multiplied with: as of the strategy tags."""
SEED = 1
"""Of the phrases in which half of the pairs are asked, as in docs/decisions/0007."""
LONGEST = 600
"""Characters of a text that are read: as long as a need is told."""
_JUDGED = "needs:"


def train_projections(data: Path, encoder: Encoder) -> Projections:
    """Train on the official files in ``data``; raises CorporaError for one that cannot be read."""
    config = UpdateConfig()
    update = fit_update(read_pair_sets(data, config.per_document), encoder, config, SEED)
    known = [one for one in material(data) if one.codes[COMPONENT] and not one.id.startswith(_JUDGED)]
    texts = [calm(one.text[:LONGEST]) for one in known]
    sides = encoder.encode_queries(texts), encoder.encode_documents(texts)
    means = [side.mean(axis=0) for side in sides]
    centred = np.concatenate([side - mean for side, mean in zip(sides, means, strict=True)])
    weights, intercepts = _components(centred * SCALE, [*known, *known])
    return Projections(update, weights * SCALE, intercepts, *means).rounded()


def _components(vectors: Vectors, known: Sequence[TagExample]) -> tuple[Vectors, Vectors]:
    weight = [one.weight for one in known]
    models = []
    # One thread, so that the last bits do not depend on their number.
    with threadpool_limits(1):
        for code in CODES[COMPONENT]:
            truth = [code in (one.codes[COMPONENT] or ()) for one in known]
            models.append(LogisticRegression(C=REGULARISATION, max_iter=500).fit(vectors, truth, sample_weight=weight))
    weights = np.concatenate([model.coef_ for model in models])
    return weights.astype(np.float32), np.concatenate([model.intercept_ for model in models]).astype(np.float32)
