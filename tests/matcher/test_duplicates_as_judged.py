"""The rules for duplicates, held to what was judged by reading, on the official files."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from corpora.judged_duplicates import load_duplicates
from corpora.judged_pairs import pair_agreement
from corpora.rows import Read, Repairs
from corpora.sources import get_source
from matcher.duplicates import Groups, find_groups
from matcher.grouping import members
from matcher.records import FundingCall
from tests.fakes import HashingEncoder

LABELS = Path(__file__).resolve().parents[2] / "corpora" / "judgments" / "duplicates" / "judgments.tsv"
FILES = {
    "pnrr-misure": "pnrr_misure.csv",
    "pnrr-avvisi": "pnrr_bandi_avvisi.csv",
    "padigitale": "padigitale_avvisi.csv",
    "regione-lombardia": "rl_bandi_fulltext.jsonl.gz",
    "incentivi": "it_incentivi_catalogo.csv.gz",
}


@pytest.fixture(scope="module")
def calls(shared_data: Path) -> list[FundingCall]:
    found = {
        outcome.record.id: outcome.record
        for source, name in FILES.items()
        for outcome in get_source(source).read(shared_data / name, Repairs())
        if isinstance(outcome, Read)
    }
    return sorted(found.values(), key=lambda call: call.id)


@pytest.fixture(scope="module")
def groups(calls: list[FundingCall]) -> Groups:
    return find_groups(calls, HashingEncoder().encode_documents([call.title for call in calls]))


@pytest.fixture(scope="module")
def proposed(calls: list[FundingCall], groups: Groups) -> set[tuple[str, str]]:
    families = (np.flatnonzero(groups.family == family).tolist() for family in np.unique(groups.family))
    pairs = {pair for family in families for pair in combinations(family, 2)}
    pairs |= {tuple(sorted((p, int(m)))) for p, m in enumerate(groups.measure) if m >= 0}  # type: ignore[misc]
    return {(calls[one].id, calls[other].id) for one, other in pairs}


def test_what_is_grouped_is_one_and_most_of_what_is_one_is_grouped(calls, proposed) -> None:
    found = pair_agreement(load_duplicates(LABELS), proposed, {call.id for call in calls})
    assert found.precision.all >= 200
    assert found.precision.value >= 0.97
    assert found.recall.value >= 0.85


def test_a_notice_that_two_public_portals_carry_is_found_on_both(calls, proposed) -> None:
    portals = [j for j in load_duplicates(LABELS) if {i.split(":")[0] for i in j.pair} == {"padigitale", "pnrr-avvisi"}]
    assert sum(judgment.same for judgment in portals) >= 10
    assert [j.pair for j in portals if j.same != (j.pair in proposed)] == []


def test_no_group_swallows_the_catalogue(calls, groups) -> None:
    sizes = np.unique(groups.family, return_counts=True)[1]
    assert sizes.max() <= 20
    assert max(len(members(groups, position)) for position in range(0, len(calls), 37)) <= 60
