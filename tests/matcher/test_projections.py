"""Projections: what is folded and kept says the same as updating every vector would."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.catalogue import build_catalogue
from matcher.errors import ArtifactError
from matcher.features import FEATURES, Evidence, Signals
from matcher.projections import EncoderUpdate, Projected, Projections, load_projections
from matcher.records import FundingCall
from tests import world
from tests.fakes import HashingEncoder

DIM, COMPONENTS = 6, 3
SHARP = [FEATURES.index(name) for name in ("sharp_passage", "sharp_title", "sharp_unusual")]
COMPONENT, PROGRAMME = FEATURES.index("component"), FEATURES.index("dense_programme")


def projections(seed: int = 1, dim: int = DIM) -> Projections:
    dice = np.random.default_rng(seed)
    shapes = ((dim, dim), (dim,), (dim,), (COMPONENTS, dim), (COMPONENTS,), (dim,), (dim,))
    arrays = [(dice.normal(size=shape) / 4).astype(np.float32) for shape in shapes]
    return Projections(EncoderUpdate(*arrays[:3]), *arrays[3:])


def unit(seed: int, n: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(n, DIM)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def read(lead: float, found: Projections | None, calls: Sequence[FundingCall] = world.CALLS) -> np.ndarray:
    """The features of the calls for one need, in the order of their ids."""
    encoder = HashingEncoder()
    catalogue = build_catalogue(calls, encoder.encode_documents, {})
    signals = Signals(catalogue, (0.0,) * 7, found)
    signals.warm_up()
    everything = np.ones(len(catalogue.calls), dtype=np.bool_)
    text = "asilo nido"
    evidence: Evidence = signals.evidence(
        text,
        text,
        encoder.encode_queries([text])[0],
        catalogue.lexical.scores([text])[0],
        signals.whole_calls.scores([text])[0],
        (),
        everything,
    )
    return signals.rows(evidence, np.arange(len(catalogue.calls)), everything.astype(np.float32), lead)


@given(seed=st.integers(0, 50))
def test_a_folded_similarity_is_the_cosine_of_the_updated_vectors(seed: int) -> None:
    found, queries, passages = projections(seed), unit(seed + 1, 3), unit(seed + 2, 9)
    cosines = found.update.queries(queries) @ found.update.documents(passages).T
    projected = Projected(found, passages, passages)
    assert projected.of_many(queries) == pytest.approx(cosines, abs=1e-4)
    some = np.arange(9) % 2 == 0
    one = projected.similarities(queries[1], some)
    assert one[some] == pytest.approx(cosines[1, some], abs=1e-4)
    assert np.isneginf(one[~some]).all()


def test_texts_that_are_likely_of_the_same_components_agree_most() -> None:
    found = replace(projections(), query_mean=np.zeros(DIM, np.float32), document_mean=np.zeros(DIM, np.float32))
    vectors = unit(3, 20)
    projected = Projected(found, vectors, vectors)
    for row, vector in enumerate(vectors):
        agreement = projected.agreement(vector, np.arange(20))
        assert agreement.argmax() == row
        assert agreement[row] == pytest.approx(1)
        assert (agreement >= 0).all()


def test_what_is_kept_in_half_precision_is_what_was_measured(tmp_path: Path) -> None:
    found = projections()
    found.save(tmp_path / "projections.npz")
    again, rounded = load_projections(tmp_path / "projections.npz"), found.rounded()
    assert np.array_equal(again.update.matrix, rounded.update.matrix)
    assert np.array_equal(again.weights, rounded.weights)
    assert again.update.matrix == pytest.approx(found.update.matrix, abs=1e-3)
    (tmp_path / "again.npz").write_bytes(b"")
    rounded.save(tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == (tmp_path / "projections.npz").read_bytes()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not an archive", None])
def test_a_damaged_file_is_refused_with_what_to_do(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "projections.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ArtifactError, match=r"projections\.npz: not a file of projections.*install Remix anew"):
        load_projections(path)


def test_where_precedents_lead_the_sharper_similarity_is_read_and_elsewhere_the_component() -> None:
    found = projections(dim=HashingEncoder.dim)
    project, need = read(1.0, found), read(0.0, found)
    assert np.ptp(project[:, SHARP], axis=0).min() > 0
    assert not project[:, COMPONENT].any()
    assert np.ptp(need[:, COMPONENT]) > 0
    assert not need[:, SHARP].any()
    others = [column for column in range(len(FEATURES)) if column not in (*SHARP, COMPONENT, PROGRAMME)]
    assert np.array_equal(project[:, others], need[:, others])


@pytest.mark.parametrize("found", [None, projections()])
def test_vectors_that_projections_do_not_fit_are_read_without_them(found: Projections | None) -> None:
    for lead in (0.0, 1.0):
        assert not read(lead, found)[:, [*SHARP, COMPONENT]].any()


def test_what_one_call_of_a_programme_says_counts_for_its_others() -> None:
    near, far = (replace(call, programme="M4C1", applicants_text="") for call in (world.NIDI, world.CALLS[-1]))
    other = replace(world.CALLS[1], id="world:altro", programme="")
    calls = sorted([near, far, other], key=lambda call: call.id)
    column = dict(zip((call.id for call in calls), read(0.0, None, calls)[:, PROGRAMME].tolist(), strict=True))
    assert column[near.id] == column[far.id] > column[other.id]
