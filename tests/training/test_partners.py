"""The tables of partners are additive, centred, and the same for the same examples."""

import numpy as np

from matcher.partners.features import FEATURES
from training.partners import KNOTS, PartnerExamples, fit_ranker


def _examples(seed: int = 1) -> PartnerExamples:
    dice = np.random.default_rng(seed)
    n = 300
    features = np.column_stack([dice.uniform(KNOTS[name][0], KNOTS[name][-1], n) for name in FEATURES])
    groups = dice.integers(0, 3, n)
    near = features[:, FEATURES.index("distance")] < 2
    return PartnerExamples(features, groups, np.where(near, 3, 0), np.full(n, 1 / n))


def test_what_makes_partners_gets_the_larger_values():
    ranker = fit_ranker([_examples()])
    table = ranker.tables[FEATURES.index("distance")]
    assert all(values[0] > values[-1] for values in table.values)


def test_the_usual_body_of_a_group_is_worth_nothing_by_any_feature():
    examples = _examples()
    added = fit_ranker([examples]).contributions(examples.features, examples.groups)
    for group in range(3):
        assert np.abs(added[examples.groups == group, 1:].mean(axis=0)).max() < 1e-3


def test_equal_examples_give_equal_tables():
    assert fit_ranker([_examples()]).to_json({}) == fit_ranker([_examples()]).to_json({})
