"""Maps as GeoJSON: what RFC 7946 asks for, and null for what nobody knows."""

from decimal import Decimal

import pytest
import shapely

from corpora.svgpaths import path_of
from service.maps.figures import Figures, Measure
from service.maps.geojson import feature_collection
from service.maps.ground import Area, Ground
from tests.service.maps.squares import LEFT, TOP, commune

OUTER = [(LEFT, TOP), (LEFT + 90, TOP), (LEFT + 90, TOP + 90), (LEFT, TOP + 90)]
HOLE = [(LEFT + 30, TOP + 30), (LEFT + 60, TOP + 30), (LEFT + 60, TOP + 60), (LEFT + 30, TOP + 60)]
ISLAND = [(LEFT + 200, TOP), (LEFT + 230, TOP), (LEFT + 230, TOP + 30)]


def geometry_of(*rings):
    place = {"x": LEFT, "y": TOP} if rings else {}
    ground = Ground((Area(commune(0, 0), "".join(map(path_of, rings)), **place),), (), ())
    (feature,) = feature_collection(ground, {})["features"]
    return feature["geometry"]


@pytest.mark.parametrize("turn", [1, -1])
def test_outer_rings_run_against_the_clock_and_holes_with_it(turn):
    found = shapely.geometry.shape(geometry_of(OUTER[::turn], HOLE[::turn], ISLAND[::turn]))
    assert found.geom_type == "MultiPolygon"
    assert found.is_valid
    assert [len(part.interiors) for part in found.geoms] == [1, 0]
    assert all(part.exterior.is_ccw and not any(hole.is_ccw for hole in part.interiors) for part in found.geoms)


def test_one_ring_is_one_polygon_in_degrees():
    found = geometry_of(OUTER)
    assert found["type"] == "Polygon"
    (ring,) = found["coordinates"]
    assert ring[0] == ring[-1]
    assert all(8 < lon < 10 and 44 < lat < 46 for lon, lat in ring)


def test_a_commune_without_outline_is_a_point_and_one_without_place_is_nowhere():
    assert geometry_of() is None
    point = Ground((Area(commune(0, 0), "", LEFT, TOP),), (), ())
    (feature,) = feature_collection(point, {})["features"]
    assert feature["geometry"]["type"] == "Point"


def test_figures_are_properties_and_what_nobody_knows_is_null():
    ground = Ground((Area(commune(0, 0)), Area(commune(1, 0))), (), ("ISTAT",))
    one, other = (area.commune.istat for area in ground.areas)
    money = Figures({one: Decimal("10.50"), other: None}, Decimal("10.50"))
    found = feature_collection(ground, {Measure.MONEY: money, Measure.PROJECTS: Figures({one: 2, other: 0}, 2)})
    assert [feature["properties"]["money"] for feature in found["features"]] == [10.5, None]
    assert [feature["properties"]["projects"] for feature in found["features"]] == [2, 0]
    assert found["totals"] == {"money": 10.5, "projects": 2}
    assert found["references"] == ["ISTAT"]
