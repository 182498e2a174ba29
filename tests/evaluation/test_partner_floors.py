"""The suggested partners keep the level that the README quotes, on the labelled projects held back."""

from pathlib import Path

import pytest

from evaluation.measures.ranking import MAIN
from evaluation.measures.roles import NAME
from evaluation.partner_material import labelled, read_directory
from evaluation.partners import OWN, measure_labelled


@pytest.mark.slow
def test_partners_keep_their_bar_and_stay_above_every_baseline(shared_data: Path) -> None:
    measured = measure_labelled(read_directory(shared_data), labelled(shared_data, "test"), "partners", lambda _: None)
    means = {(one.system, one.measure): one.mean() for one in measured.results}
    assert means[OWN, MAIN] >= 0.77
    assert means[OWN, NAME] >= 0.75
    for baseline in ("nearest", "most-funded", "words"):
        assert means[baseline, MAIN] < means[OWN, MAIN]
        assert means[baseline, NAME] < means[OWN, NAME]
