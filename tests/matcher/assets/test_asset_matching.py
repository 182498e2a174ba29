"""From an asset the needs it could serve, from a need the assets: one score of a pair, that adds up."""

import dataclasses
import json
import math
from pathlib import Path

import pytest

from matcher.assets.conditions import AssetCriterion
from matcher.assets.matching import AssetMatcher
from matcher.assets.weights import FEATURES, TRAINED, default_weights, load_weights
from matcher.errors import ArtifactError
from matcher.records import Commune, Need, PublicAsset
from matcher.verdicts import Verdict
from tests.fakes import HashingEncoder

RHO = Commune(istat="015182", name="Rho", lat=45.53, lon=9.04)
NEAR = Commune(istat="015171", name="Pero", lat=45.51, lon=9.08)
FAR = Commune(istat="001272", name="Torino", lat=45.07, lon=7.69)
NOWHERE = Commune(istat="015999", name="Altrove")
COMMUNES = {one.istat: one for one in (RHO, NEAR, FAR, NOWHERE)}
SCHOOL = PublicAsset(
    id="a:scuola", title="Ex scuola", text="Aule vuote.", commune_istat=RHO.istat, kind="ex scuola", surface_m2=900.0
)
FLAT = PublicAsset(
    id="a:casa", title="Trilocale", text="", commune_istat=RHO.istat, kind="appartamento", surface_m2=80.0
)


def need(key: str, title: str, commune: Commune = RHO) -> Need:
    return Need(id=f"n:{key}", commune_istat=commune.istat, title=title, text="")


STUDY = need("studio", "Aula studio per i ragazzi")
HOMES = need("case", "Alloggi per famiglie sfrattate", NEAR)
ROAD = need("strada", "Strada piena di buche")
DISTANT = need("lontano", "Aula studio", FAR)


@pytest.fixture
def matcher() -> AssetMatcher:
    return AssetMatcher(COMMUNES, HashingEncoder().encode_queries)


def test_nothing_to_match_is_an_empty_answer(matcher: AssetMatcher) -> None:
    assert matcher.needs_for(SCHOOL, []).items == ()
    assert matcher.assets_for(STUDY, []).n_candidates == 0


def test_a_need_beyond_reach_is_neither_shown_nor_among_the_excluded(matcher: AssetMatcher) -> None:
    found = matcher.needs_for(SCHOOL, [STUDY, DISTANT], excluded=5)
    assert [one.need.id for one in found.items] == [STUDY.id]
    assert found.excluded == ()
    assert (found.n_candidates, found.n_excluded) == (2, 1)


def test_what_the_place_suits_comes_first_in_both_directions(matcher: AssetMatcher) -> None:
    assert matcher.needs_for(SCHOOL, [HOMES, ROAD, STUDY]).items[0].need == STUDY
    assert matcher.needs_for(FLAT, [STUDY, ROAD, HOMES]).items[0].need == HOMES
    assert matcher.assets_for(HOMES, [SCHOOL, FLAT]).items[0].asset == FLAT


def test_the_contributions_sum_to_the_score_and_name_every_feature(matcher: AssetMatcher) -> None:
    for one in matcher.needs_for(SCHOOL, [HOMES, ROAD, STUDY]).items:
        assert [c.feature for c in one.contributions] == list(FEATURES)
        assert one.score == pytest.approx(sum(c.contribution for c in one.contributions))


def test_a_pair_has_one_score_whichever_side_asks(matcher: AssetMatcher) -> None:
    (by_asset,) = matcher.needs_for(SCHOOL, [STUDY]).items
    (by_need,) = matcher.assets_for(STUDY, [SCHOOL]).items
    assert by_asset.score == by_need.score


def test_the_reason_names_the_use_in_the_needs_own_words(matcher: AssetMatcher) -> None:
    (one,) = matcher.needs_for(SCHOOL, [STUDY]).items
    assert [named.words for named in one.reason.uses] == ["aula studio"]


def test_a_place_that_nobody_knows_is_not_ruled_out(matcher: AssetMatcher) -> None:
    (one,) = matcher.needs_for(SCHOOL, [need("altrove", "Aula studio", NOWHERE)]).items
    assert math.isnan(one.km)
    assert one.fit.of(AssetCriterion.NEAR).verdict is Verdict.UNKNOWN


def test_an_assets_own_coordinates_count_before_its_communes_centre(matcher: AssetMatcher) -> None:
    moved = dataclasses.replace(SCHOOL, lat=NEAR.lat, lon=NEAR.lon)
    (one,) = matcher.needs_for(moved, [HOMES]).items
    assert one.km == pytest.approx(0.0, abs=1e-6)


def test_the_order_of_what_comes_in_changes_nothing(matcher: AssetMatcher) -> None:
    needs = [HOMES, ROAD, STUDY]
    first = [(one.need.id, one.score) for one in matcher.needs_for(SCHOOL, needs).items]
    again = [(one.need.id, one.score) for one in matcher.needs_for(SCHOOL, needs[::-1]).items]
    assert [pair[0] for pair in first] == [pair[0] for pair in again]
    assert [pair[1] for pair in first] == pytest.approx([pair[1] for pair in again])


def test_no_more_than_was_asked_for_and_ranks_begin_at_one(matcher: AssetMatcher) -> None:
    found = matcher.needs_for(SCHOOL, [HOMES, ROAD, STUDY], k=2)
    assert [one.rank for one in found.items] == [1, 2]


def test_the_weights_that_ship_are_written_as_they_are_read() -> None:
    assert load_weights().to_json() == TRAINED.read_text()
    assert dict(zip(FEATURES, default_weights().values, strict=True))["km"] < 0


@pytest.mark.parametrize("content", ["", "{}", '{"format": 2, "weights": {}}', '{"format": 1, "weights": {"km": 1}}'])
def test_weights_of_another_version_are_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "w.json").write_text(content)
    with pytest.raises(ArtifactError):
        load_weights(tmp_path / "w.json")


def test_weights_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    found = json.loads(TRAINED.read_text())
    (tmp_path / "w.json").write_text(json.dumps(found | {"weights": dict.fromkeys(FEATURES, "x")}))
    with pytest.raises(ArtifactError):
        load_weights(tmp_path / "w.json")
