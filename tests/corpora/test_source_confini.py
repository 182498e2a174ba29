"""Boundaries of communes: any of the usual property names, nothing guessed, neighbours that still touch."""

import json
from collections.abc import Sequence
from datetime import date
from math import isclose
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from importing import Imported, import_file

from corpora.errors import LayoutError, SourceError
from corpora.mercator import project, unproject
from corpora.outlines import outlines
from corpora.svgpaths import path_of, rings_of

WEST, NORTH, SIDE = 9.0, 45.6, 0.05


def square(column: int = 0, row: int = 0) -> list[list[list[float]]]:
    """The ring of one square of a chessboard near Milano; its neighbours share its corners."""
    left, top = WEST + column * SIDE, NORTH - row * SIDE
    right, bottom = left + SIDE, top - SIDE
    return [[[left, top], [right, top], [right, bottom], [left, bottom], [left, top]]]


def feature(coordinates: Any = None, kind: str = "Polygon", **properties: Any) -> dict[str, Any]:
    given = properties or {"istat": "015182", "comune": "Rho"}
    geometry = {"type": kind, "coordinates": square() if coordinates is None else coordinates}
    return {"type": "Feature", "properties": given, "geometry": geometry}


def imported(folder: Path, *features: Any, name: str = "confini.geojson", **more: Any) -> Imported:
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features), **more}), encoding="utf-8")
    return import_file("confini", path)


def one_problem(folder: Path, bad: Any) -> tuple[str, str]:
    """The field and reason of one bad feature; the good one beside it is read all the same."""
    found = imported(folder, bad, feature(square(3), istat="015146"))
    assert [one.istat for one in found.records] == ["015146"]
    (problem,) = found.quarantined
    assert problem.line == 1
    return problem.field, problem.reason


def points(path: str) -> list[tuple[int, int]]:
    """The corners of a path of one ring."""
    (ring,) = rings_of(path)
    return ring


def test_a_file_that_is_no_geojson_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("istat;comune\n015182;Rho\n")
    with pytest.raises(SourceError, match="not JSON"):
        import_file("confini", tmp_path / "a.json")
    (tmp_path / "b.json").write_text('{"type": "Topology", "objects": {}}')
    with pytest.raises(SourceError, match="no FeatureCollection"):
        import_file("confini", tmp_path / "b.json")


def test_a_file_without_istat_codes_is_refused_by_what_it_has(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match=r"no property with the ISTAT code .* found: den_reg"):
        imported(tmp_path, feature(den_reg="Lombardia"))


@pytest.mark.parametrize("code", ["15182", "15-182", "", True, 1.5, 10**7])
def test_a_code_that_is_no_istat_code_is_set_apart(tmp_path: Path, code: Any) -> None:
    assert one_problem(tmp_path, feature(istat=code))[0] in ("istat", "properties")


def test_metres_are_not_taken_for_degrees(tmp_path: Path) -> None:
    utm = [[[504000, 5041000], [505000, 5041000], [505000, 5042000], [504000, 5041000]]]
    assert "WGS84" in one_problem(tmp_path, feature(utm))[1]
    latitude_first = [[[lat, lon] for lon, lat in square()[0]]]
    assert "longitude first" in one_problem(tmp_path, feature(latitude_first))[1]


def test_a_boundary_that_crosses_itself_is_set_apart(tmp_path: Path) -> None:
    bow = [[[9.0, 45.0], [9.1, 45.1], [9.1, 45.0], [9.0, 45.1], [9.0, 45.0]]]
    assert one_problem(tmp_path, feature(bow))[1].startswith("it crosses itself")


@pytest.mark.parametrize(
    "bad",
    [
        "not a feature",
        {"type": "Feature", "properties": {"istat": "015182"}, "geometry": None},
        feature([9.0, 45.0], "Point"),
        feature([], "Polygon"),
        feature([[["a", "b"]]], "Polygon"),
        feature([[[9.0, 45.0], [9.1, 45.0]]], "Polygon"),
        feature([[[9.0, 45.0], [9.0 + 1e-7, 45.0], [9.0, 45.0 + 1e-7], [9.0, 45.0]]]),
    ],
)
def test_a_feature_without_an_area_is_set_apart(tmp_path: Path, bad: Any) -> None:
    assert one_problem(tmp_path, bad)[0] in ("geometry", "properties")


def test_a_commune_drawn_twice_keeps_the_first(tmp_path: Path) -> None:
    found = imported(tmp_path, feature(), feature(square(2)))
    (kept,), (apart,) = found.records, found.quarantined
    assert kept.left == round(project(WEST, NORTH)[0])
    assert (apart.line, apart.reason) == (2, "the same commune as feature 1: join the two into one")


@pytest.mark.parametrize(
    ("properties", "repaired"),
    [
        ({"PRO_COM_T": "015182", "COMUNE": "Rho", "PRO_COM": 15182}, False),
        ({"com_istat_code": "015182", "name": "Rho", "com_istat_code_num": 15182}, False),
        ({"PRO_COM": 15182, "Comune": "Rho"}, True),
    ],
)
def test_the_usual_names_of_the_code_are_known(tmp_path: Path, properties: dict[str, Any], repaired: bool) -> None:
    found = imported(tmp_path, feature(**properties))
    (rho,) = found.records
    assert (rho.id, rho.istat, rho.name) == ("confini:015182", "015182", "Rho")
    assert ("leading zeros of a code" in found.repairs) is repaired


def test_islands_and_holes_are_drawn(tmp_path: Path) -> None:
    hole = [[9.02, 45.58], [9.02, 45.56], [9.04, 45.56], [9.04, 45.58], [9.02, 45.58]]
    (rho,) = imported(tmp_path, feature([[*square(), hole][0:2], square(4)], "MultiPolygon")).records
    assert rho.path.count("M") == rho.path.count("z") == 3
    assert rho.left < rho.x < rho.right
    assert rho.top < rho.y < rho.bottom


def test_the_day_stands_in_the_name_that_istat_gives(tmp_path: Path) -> None:
    (dated,) = imported(tmp_path, feature(), name="Com01012024_g_WGS84.geojson").records
    (undated,) = imported(tmp_path, feature(), name="Com99992024.geojson").records
    assert dated.provenance.as_of == date(2024, 1, 1)
    assert undated.provenance.as_of is None


@given(st.floats(6.5, 18.5), st.floats(35.5, 47.5))
def test_the_plane_gives_the_degrees_back(lon: float, lat: float) -> None:
    x, y = project(lon, lat)
    back = unproject(x, y)
    assert isclose(back[0], lon, abs_tol=1e-9)
    assert isclose(back[1], lat, abs_tol=1e-9)
    assert x > 0
    assert y > 0


@given(st.lists(st.lists(st.tuples(st.integers(0, 9_999), st.integers(0, 9_999)), min_size=2, max_size=9), max_size=4))
def test_a_path_gives_its_rings_back(rings: list[list[tuple[int, int]]]) -> None:
    assert rings_of("".join(map(path_of, rings))) == rings


wiggles: st.SearchStrategy[Sequence[float]] = st.lists(st.floats(-0.015, 0.015), min_size=4, max_size=40)


@given(wiggles)
def test_neighbours_touch_after_their_border_was_drawn_with_fewer_points(wiggle: Sequence[float]) -> None:
    heights = np.linspace(NORTH, NORTH - SIDE, len(wiggle)).tolist()
    border = [(WEST + SIDE + (0 if at in (0, len(wiggle) - 1) else by), heights[at]) for at, by in enumerate(wiggle)]
    left = shapely.Polygon([*border, (WEST, heights[-1]), (WEST, NORTH)])
    right = shapely.Polygon([*border, (WEST + 2 * SIDE, heights[-1]), (WEST + 2 * SIDE, NORTH)])
    drawn = [shapely.Polygon(points(one.path)) for one in outlines([left, right]) if one is not None]
    assert len(drawn) == 2
    corners = [set(points(one.path)) for one in outlines([left, right]) if one is not None]
    shared = {tuple(map(round, project(lon, lat))) for lon, lat in (border[0], border[-1])}
    assert shared <= corners[0] & corners[1]
    whole = shapely.box(*shapely.total_bounds(drawn))
    assert isclose(sum(one.area for one in drawn), whole.area, rel_tol=1e-9)


def test_the_metropolitan_city_is_drawn_whole(shared_data: Path) -> None:
    found = import_file("confini", shared_data / "confini_cm_milano.geojson")
    assert len(found.records) == found.distinct_ids == 133
    assert not found.quarantined
    assert sum(len(one.path) for one in found.records) < 30_000
    edges: dict[frozenset[tuple[int, int]], int] = {}
    for one in found.records:
        ring = points(one.path)
        for edge in zip(ring, [*ring[1:], ring[0]], strict=True):
            edges[frozenset(edge)] = edges.get(frozenset(edge), 0) + 1
    assert set(edges.values()) == {1, 2}
    assert sum(count == 2 for count in edges.values()) > 2 * sum(count == 1 for count in edges.values())
