"""The weights by which assets and needs are matched, learnt on the dev split: ``python -m training.assets``.

pairs of the dev split within reach ──► ridge regression of the grade, weights of a known sign ──► trained/assets.json

Sixteen assets are few: the weights may not turn a feature's meaning round, and are few enough to be read.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from sklearn.linear_model import Ridge

from evaluation.asset_needs import AssetSet, cross_validated, read_set
from evaluation.tasks.data import read_communes
from evaluation.workplace import data_folder, open_encoder
from matcher.assets.conditions import AssetCriterion
from matcher.assets.matching import AssetMatcher
from matcher.assets.weights import FEATURES, TRAINED, Weights
from matcher.encoder import Encoder
from matcher.records import Commune, Need, PublicAsset
from matcher.verdicts import Verdict

ALPHA = 1.0
"""Of 0.1, 1, 3, 10, 30 and 100 the one with the best nDCG@10 on dev where each asset is left out in turn (0.950)."""
DIGITS = 4
_FALLING = frozenset({"km"})
"""Features that may only lower the score."""


def fit(
    asked: AssetSet,
    communes: Mapping[str, Commune],
    encoder: Encoder,
    assets: Sequence[PublicAsset],
    alpha: float = ALPHA,
) -> Weights:
    """Fit the weights on the pairs of some assets that are within reach of each other."""
    matcher = AssetMatcher(communes, encoder.encode_queries)
    signs = np.array([-1.0 if name in _FALLING else 1.0 for name in FEATURES])
    rows, grades = [], []
    for asset in assets:
        near = [need for need in asked.needs if _within_reach(matcher, asset, need)]
        rows.append(matcher.features([(asset, need) for need in near]))
        grades += [asked.grades[asset.id].get(need.id, 0) for need in near]
    model = Ridge(alpha=alpha, positive=True).fit(np.vstack(rows) * signs, np.array(grades, dtype=np.float64))
    return Weights(tuple(round(float(value), DIGITS) + 0.0 for value in model.coef_ * signs))


def _within_reach(matcher: AssetMatcher, asset: PublicAsset, need: Need) -> bool:
    return matcher.fit(asset, need).of(AssetCriterion.NEAR).verdict is not Verdict.NOT_MET


def main(
    out: Annotated[Path, typer.Option("--out", help="Where the weights go.")] = TRAINED,
    alpha: Annotated[float, typer.Option("--alpha", min=0.0, help="How much the weights are held down.")] = ALPHA,
) -> None:
    """Fit the weights on dev, say how well they do on assets that were left out, and write them."""
    asked, communes = read_set("dev"), read_communes(data_folder())
    encoder = open_encoder(lambda _what, _done, _total: None)
    fitted = partial(fit, asked, communes, encoder, alpha=alpha)
    left_out = cross_validated(asked, communes, encoder, lambda assets: fitted(assets=assets))
    weights = fitted(assets=asked.assets)
    out.write_text(weights.to_json(), encoding="utf-8")
    typer.echo(f"nDCG@10 on dev, each asset left out in turn: {left_out:.3f}; written to {out}")


if __name__ == "__main__":
    typer.run(main)
