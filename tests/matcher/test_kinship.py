"""A call that has funded nothing yet is near to those that have: by words, theme and issuer."""

from dataclasses import replace

import numpy as np
import pytest

from matcher.kinship import KINDS, Kinship
from tests import world

SCHOOL = replace(world.SCUOLE_SICURE, programme="A", themes=("istruzione", "scuole"), issuer="Ministero A")
SPORT = replace(world.CICLABILI, programme="B", themes=("mobilità", "piste"), issuer="Ministero B")
NEW_SCHOOL = replace(world.NIDI, themes=("istruzione", "scuole"), issuer="Ministero A")
SILENT = replace(world.DOTTORATI, themes=(), issuer="")
CALLS = (SCHOOL, SPORT, NEW_SCHOOL, SILENT)
OWN = np.array([0, 1, -1, -1])
VECTORS = np.array([[1, 0], [0, 1], [0.96, 0.28], [0.6, 0.8]], dtype=np.float32)


@pytest.fixture
def kinship() -> Kinship:
    return Kinship.build(CALLS, VECTORS, OWN, 2)


def _features(kinship: Kinship, affinity: tuple[float, float], call: int) -> dict[str, float]:
    row = kinship.features(np.array(affinity), np.array([call]))[0]
    return dict(zip(KINDS, row.tolist(), strict=True))


def test_a_new_call_gains_where_its_kin_funded_the_like_and_loses_where_others_did(kinship: Kinship) -> None:
    near, far = _features(kinship, (0.9, 0.1), 2), _features(kinship, (0.1, 0.9), 2)
    for kind in KINDS:
        assert near[kind] > 0 > far[kind], kind


def test_a_call_that_says_neither_theme_nor_issuer_gains_and_loses_nothing_by_them(kinship: Kinship) -> None:
    found = _features(kinship, (0.9, 0.1), 3)
    assert [found[kind] for kind in ("kin_theme", "kin_field", "kin_issuer")] == [0.0, 0.0, 0.0]


def test_what_a_calls_own_programme_funded_does_not_count_as_kin(kinship: Kinship) -> None:
    found = _features(kinship, (1.0, 0.0), 0)
    assert found["kin_words"] < 0
    assert found["kin_theme"] == 0.0


def test_where_nothing_was_funded_kinship_says_nothing() -> None:
    kinship = Kinship.build(CALLS, VECTORS, np.full(4, -1), 0)
    assert not kinship.features(np.empty(0), np.arange(4)).any()


def test_a_programme_is_where_its_measure_is_whatever_its_notices_say() -> None:
    measure = replace(SCHOOL, id="world:A")
    notice = replace(SILENT, programme="A", themes=("mobilità", "piste"), issuer="Dipartimento")
    vectors = np.array([VECTORS[1], VECTORS[0], VECTORS[1], VECTORS[2]], dtype=np.float32)
    found = Kinship.build((notice, measure, SPORT, NEW_SCHOOL), vectors, np.array([0, 0, 1, -1]), 2)
    alone = Kinship.build((measure, SPORT, NEW_SCHOOL), vectors[1:], np.array([0, 1, -1]), 2)
    for affinity in ((0.9, 0.1), (0.1, 0.9)):
        assert _features(found, affinity, 3) == pytest.approx(_features(alone, affinity, 2))
