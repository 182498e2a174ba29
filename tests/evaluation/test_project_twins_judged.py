"""One project in two sources, held to what was judged by reading, on the official files."""

from pathlib import Path

import pytest

from corpora.judged_project_twins import HIDDEN, READ, load_project_twins
from evaluation.project_twins import BAR, LABELS, agreement, find_all


@pytest.mark.slow
def test_what_is_proposed_is_one_project_with_its_cup_and_without(shared_data: Path) -> None:
    found = find_all(shared_data)
    assert sum(not twin.is_tender for twin in found.twins[READ]) == 4
    measured = agreement(found, load_project_twins(LABELS))
    assert measured["all"].precision.all >= 200
    assert measured["all"].precision.interval[0] >= BAR
    assert measured["held out"].precision.value >= BAR
    assert measured[f"all, CUPs {READ}"].recall.value >= 0.9
    assert measured[f"all, CUPs {HIDDEN}"].recall.value >= 0.6
    assert found.with_reading < 60


def test_nothing_is_judged_in_one_half_only() -> None:
    judged = load_project_twins(LABELS)
    halves = [[one for one in judged if one.is_held_out is held] for held in (True, False)]
    for half in halves:
        assert len(half) >= 150
        assert {(one.cups, one.same) for one in half} == {
            (cups, same) for cups in (READ, HIDDEN) for same in (True, False)
        }
