"""Whether a place can serve a need: three values each, and what rules a pair out."""

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.assets.conditions import (
    AssetCriterion,
    Fit,
    free_of_contamination,
    free_of_heritage,
    judge,
    least_surface,
)
from matcher.assets.words import Named, PlaceKind, Use, place_kind, uses_named
from matcher.records import PublicAsset
from matcher.verdicts import Verdict

SCHOOL = PublicAsset(
    id="a", title="Ex scuola", text="Chiusa da anni.", commune_istat="015182", kind="ex scuola", surface_m2=900.0
)


def judged(asset: PublicAsset = SCHOOL, need: str = "Nuovo nido per il quartiere.", km: float = 0.0) -> Fit:
    kind = place_kind(asset.kind, asset.title)
    return judge(asset, kind, need, uses_named(need), km, km == 0.0)


def test_a_place_beyond_reach_is_ruled_out() -> None:
    assert judged(km=10.1).verdict is Verdict.NOT_MET
    assert dict(judged(km=10.1).of(AssetCriterion.NEAR).facts)["km"] == "10.1"


@pytest.mark.parametrize(
    ("km", "verdict"), [(0.0, Verdict.MET), (5.0, Verdict.MET), (7.0, Verdict.UNKNOWN), (math.nan, Verdict.UNKNOWN)]
)
def test_a_neighbour_is_near_and_what_is_between_is_to_be_agreed(km: float, verdict: Verdict) -> None:
    assert judged(km=km).of(AssetCriterion.NEAR).verdict is verdict


def test_an_unknown_place_names_what_is_missing() -> None:
    assert judged(km=math.nan).of(AssetCriterion.NEAR).missing == "place"


def test_a_wood_does_not_grow_in_a_flat_nor_a_nursery_on_bare_ground() -> None:
    flat = dataclasses.replace(SCHOOL, kind="appartamento")
    ground = dataclasses.replace(SCHOOL, kind="terreno")
    assert judged(flat, "Un bosco urbano con duemila alberi").verdict is Verdict.NOT_MET
    assert judged(ground, "Nuovo nido").of(AssetCriterion.KIND).verdict is Verdict.NOT_MET


def test_a_kind_that_is_not_known_stays_unknown() -> None:
    found = judged(dataclasses.replace(SCHOOL, kind="cosa", title="Bene 12")).of(AssetCriterion.KIND)
    assert (found.verdict, found.missing) == (Verdict.UNKNOWN, "kind")


def test_a_need_that_names_no_use_leaves_the_kind_unknown() -> None:
    assert judged(need="Vasche contro le piene").of(AssetCriterion.KIND).missing == "use"


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("almeno 1.200 mq", 1200.0),
        ("servono mille metri in centro", 1000.0),
        ("dieci alloggi", 280.0),
        ("80 posti letto", 720.0),
        ("sessanta mini appartamenti", 1680.0),
        ("un posto dove studiare", None),
    ],
)
def test_the_least_surface_is_read_from_figures_and_from_nothing_else(text: str, least: float | None) -> None:
    found = least_surface(text)
    assert (found and found[0]) == least


def test_what_is_far_too_small_is_ruled_out_and_what_holds_a_part_is_not() -> None:
    small = dataclasses.replace(SCHOOL, surface_m2=60.0)
    assert judged(small, "Studentato con 80 posti letto").verdict is Verdict.NOT_MET
    part = judged(dataclasses.replace(small, surface_m2=200.0), "Studentato con 80 posti letto")
    assert part.of(AssetCriterion.SURFACE).missing == "part"
    assert part.verdict is Verdict.UNKNOWN


def test_a_surface_that_nobody_states_is_unknown_and_never_zero() -> None:
    found = judged(dataclasses.replace(SCHOOL, surface_m2=None), "almeno 500 mq").of(AssetCriterion.SURFACE)
    assert (found.verdict, found.missing) == (Verdict.UNKNOWN, "surface")


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"heritage": True}, Verdict.NOT_MET),
        ({"heritage": False, "constraints": ("vincolo culturale",)}, Verdict.MET),
        ({"constraints": ("vincolo culturale",)}, Verdict.NOT_MET),
        ({"constraints": ("vincolo paesaggistico",)}, Verdict.UNKNOWN),
        ({}, Verdict.UNKNOWN),
    ],
)
def test_heritage_is_what_somebody_stated_else_what_is_read_else_unknown(change, verdict) -> None:
    assert free_of_heritage(dataclasses.replace(SCHOOL, **change)).verdict is verdict


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({"contamination": True}, Verdict.NOT_MET),
        ({"contamination": False}, Verdict.MET),
        ({"text": "Tetto in eternit."}, Verdict.NOT_MET),
        ({"constraints": ("bonifica da caratterizzare",)}, Verdict.UNKNOWN),
        ({}, Verdict.UNKNOWN),
    ],
)
def test_what_is_still_to_be_tested_is_not_called_contaminated(change, verdict) -> None:
    assert free_of_contamination(dataclasses.replace(SCHOOL, **change)).verdict is verdict


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        ("in abbandono", Verdict.MET),
        ("in uso", Verdict.NOT_MET),
        ("confiscato, non ancora assegnato", Verdict.UNKNOWN),
        ("", Verdict.UNKNOWN),
    ],
)
def test_a_place_in_use_is_told_and_not_ruled_out(state: str, verdict: Verdict) -> None:
    fit = judged(dataclasses.replace(SCHOOL, text="", state=state))
    assert fit.of(AssetCriterion.AVAILABLE).verdict is verdict
    assert fit.verdict is Verdict.MET


@given(
    kind=st.sampled_from(PlaceKind),
    use=st.sampled_from(Use),
    km=st.one_of(st.just(math.nan), st.floats(0, 400)),
    surface=st.none() | st.floats(1, 1e6),
    heritage=st.none() | st.booleans(),
    text=st.text(max_size=40),
)
def test_every_criterion_is_judged_once_and_the_verdict_follows_from_the_deciding_ones(
    kind, use, km, surface, heritage, text
) -> None:
    asset = dataclasses.replace(SCHOOL, surface_m2=surface, heritage=heritage, text=text)
    fit = judge(asset, kind, text, (Named(use, "x"),), km, False)
    assert [one.criterion for one in fit.conditions] == list(AssetCriterion)
    deciding = {fit.of(one).verdict for one in (AssetCriterion.NEAR, AssetCriterion.KIND, AssetCriterion.SURFACE)}
    expected = next(v for v in (Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.MET) if v in deciding)
    assert fit.verdict is expected
