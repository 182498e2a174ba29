"""The re-ranker reads tables: contributions that add up, files that must be the ones that were trained."""

import json
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.errors import ArtifactError
from matcher.features import FEATURES
from matcher.records import QueryKind
from matcher.reranker import (
    MANIFEST,
    PROJECTIONS,
    TABLES,
    Reranker,
    Table,
    default_reranker,
    load_reranker,
    precedents_lead,
)

KNOWN = FEATURES.index("known")
TABLE = {"dense_passage": Table("dense_passage", (0.0, 2.0, 4.0), (0.0, 1.0, 5.0), (0.0, 2.0, 2.0))}
NOTHING = tuple(Table(name, (0.0, 1.0), (0.0, 0.0), (0.0, 0.0)) for name in FEATURES)
PLAIN = Reranker(tuple(TABLE.get(table.feature, table) for table in NOTHING), NOTHING, (0.0,) * 7)


def _written(folder: Path, content: str, digest: str = "") -> Path:
    (folder / TABLES).write_text(content, encoding="utf-8")
    digest = digest or sha256(content.encode()).hexdigest()
    (folder / MANIFEST).write_text(json.dumps({"files": {TABLES: digest}}), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("similarity", "known", "added"),
    [(1.0, 1.0, 0.5), (3.0, 1.0, 3.0), (9.0, 1.0, 5.0), (-9.0, 1.0, 0.0), (1.0, 0.0, 1.0), (9.0, 0.0, 2.0)],
)
def test_a_feature_adds_what_its_groups_table_says_and_never_more(
    similarity: float, known: float, added: float
) -> None:
    row = np.zeros((1, len(FEATURES)))
    row[0, FEATURES.index("dense_passage")], row[0, KNOWN] = similarity, known
    assert PLAIN.contributions(row, 1.0).sum() == pytest.approx(added)
    assert PLAIN.contributions(row, 0.25).sum() == pytest.approx(added / 4)


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    assert load_reranker(_written(tmp_path, PLAIN.to_json())) == PLAIN


def test_tables_changed_since_they_were_trained_are_refused(tmp_path: Path) -> None:
    _written(tmp_path, PLAIN.to_json(), digest="0" * 64)
    with pytest.raises(ArtifactError, match=r"changed since it was trained.*remix train"):
        load_reranker(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 99}, "format 99"),
        ({"projects": []}, "features are not those of this version"),
        ({"affinity": None}, "not a trained re-ranker"),
    ],
)
def test_tables_that_do_not_fit_this_version_are_refused(
    tmp_path: Path, change: dict[str, object], message: str
) -> None:
    content = json.dumps({**json.loads(PLAIN.to_json()), **change})
    with pytest.raises(ArtifactError, match=message):
        load_reranker(_written(tmp_path, content))


def test_a_folder_without_a_reranker_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="remix train"):
        load_reranker(tmp_path)


@given(st.lists(st.floats(-1e6, 1e6), min_size=len(FEATURES), max_size=len(FEATURES)))
def test_the_one_that_ships_has_a_finite_answer_to_anything(values: list[float]) -> None:
    assert np.isfinite(default_reranker().contributions(np.array([values]), 0.5)).all()


def test_of_two_calls_that_differ_in_who_may_apply_the_likelier_is_first() -> None:
    rows = np.zeros((2, len(FEATURES)))
    rows[1, FEATURES.index("may_apply")] = -3.0
    for known in (0.0, 1.0):
        rows[:, KNOWN] = known
        likely, unlikely = default_reranker().contributions(rows, 0.0).sum(axis=1)
        assert likely > unlikely


@pytest.mark.parametrize(
    ("kind", "coverage", "share"),
    [
        (QueryKind.PROJECT, 0.25, 1.0),
        (QueryKind.PROJECT, 0.12, 0.5),
        (QueryKind.PROJECT, 0.05, 0.0),
        (QueryKind.NEED, 0.9, 0.0),
        (QueryKind.ASSET, 0.9, 0.0),
    ],
)
def test_precedents_lead_for_projects_among_calls_that_have_some(
    kind: QueryKind, coverage: float, share: float
) -> None:
    assert precedents_lead(kind, coverage) == pytest.approx(share)


def test_projections_changed_since_they_were_trained_are_refused(tmp_path: Path) -> None:
    _written(tmp_path, PLAIN.to_json())
    (tmp_path / PROJECTIONS).write_bytes(b"others")
    manifest = json.loads((tmp_path / MANIFEST).read_bytes())
    manifest["files"][PROJECTIONS] = "0" * 64
    (tmp_path / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(ArtifactError, match=r"projections\.npz: changed since it was trained"):
        load_reranker(tmp_path)
