"""Points of a map: none is lost, none hides another, things without coordinates stand with their commune."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.records import PublicAsset
from service.maps.ground import Area, Ground
from service.maps.points import CELLS, Stand, clustered, of_assets, of_figures
from tests.service.maps.squares import LEFT, SIDE, TOP, commune

HERE = Area(commune(0, 0), "", LEFT, TOP, (LEFT, TOP, LEFT + SIDE * 9, TOP + SIDE * 9))
NOWHERE = Area(commune(1, 0))
GROUND = Ground((HERE, NOWHERE), (), ())
stands = st.builds(
    Stand,
    st.integers(LEFT, LEFT + SIDE * 9),
    st.integers(TOP, TOP + SIDE * 9),
    st.integers(1, 50),
    st.sampled_from(["Rho", "Milano"]),
)


@given(st.lists(stands, max_size=40))
def test_points_stand_for_everything_and_keep_within_the_map(given_stands):
    found = clustered(GROUND, given_stands)
    assert sum(one.number for one in found) == sum(one.number for one in given_stands)
    assert [one.number for one in found] == sorted((one.number for one in found), reverse=True)
    assert all(LEFT <= one.x <= LEFT + SIDE * 9 and TOP <= one.y <= TOP + SIDE * 9 for one in found)
    assert {name for one in found for name in one.communes} == {one.commune for one in given_stands}
    assert len(found) <= CELLS * CELLS


def test_what_lies_off_the_map_is_not_drawn():
    assert clustered(GROUND, [Stand(LEFT - SIDE * 20, TOP, 1, "Torino")]) == ()
    assert clustered(Ground((), (), ()), [Stand(LEFT, TOP, 1, "Rho")]) == ()


@pytest.mark.parametrize("placed", [True, False])
def test_an_asset_without_coordinates_stands_with_its_commune(placed):
    degrees = {"lat": HERE.commune.lat, "lon": HERE.commune.lon} if placed else {}
    asset = PublicAsset(id="a", title="Villa", text="", commune_istat=HERE.commune.istat, **degrees)
    (stand,) = of_assets(GROUND, [SimpleNamespace(asset=asset)])
    assert (stand.x, stand.y) == ((LEFT + SIDE // 2, TOP + SIDE // 2) if placed else (LEFT, TOP))


def test_assets_of_communes_that_are_nowhere_or_not_on_the_map_are_left_out():
    codes = (NOWHERE.commune.istat, "001272")
    lines = [SimpleNamespace(asset=PublicAsset(id=code, title="", text="", commune_istat=code)) for code in codes]
    assert of_assets(GROUND, lines) == []


def test_counts_are_points_only_where_they_are_above_zero():
    (stand,) = of_figures(GROUND, {HERE.commune.istat: 3, NOWHERE.commune.istat: 2})
    assert stand.number == 3
    assert of_figures(GROUND, {HERE.commune.istat: 0}) == []
    assert of_figures(GROUND, {HERE.commune.istat: None}) == []
