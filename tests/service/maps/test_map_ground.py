"""What maps are drawn on: outlines where there are any, centres elsewhere, zones without the borders inside them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.svgpaths import rings_of
from service.database import open_database, reading
from service.maps.ground import MARGIN, read_ground
from service.settings import Settings
from tests.service.maps.squares import LEFT, SIDE, TOP, boundary, commune, on_plane
from tests.service.register.register_world import store


def edges(path):
    """The sides of squares in a path, each as its two ends, however long its steps are."""
    found = set()
    for ring in rings_of(path):
        for (x, y), (to_x, to_y) in zip(ring, [*ring[1:], ring[0]], strict=True):
            assert (x, y) != (to_x, to_y)
            assert abs(x - to_x) + abs(y - to_y) == SIDE
            found.add(frozenset({(x, y), (to_x, to_y)}))
    return found


def ground(engine, communes):
    with reading(engine) as session:
        return read_ground(session, communes)


def test_a_commune_without_a_boundary_is_a_point_and_one_without_a_place_is_nowhere(engine):
    drawn, pointed = commune(0, 0), commune(1, 0)
    nowhere = type(drawn)(istat="015999", name="Altrove")
    store(engine, boundary(0, 0))
    found = ground(engine, [nowhere, pointed, drawn]).by_istat
    assert found[drawn.istat].path.startswith("M")
    assert (found[pointed.istat].path, found[pointed.istat].x, found[pointed.istat].y) == (
        "", *on_plane(pointed.lon, pointed.lat),
    )  # fmt: skip
    assert (found["015999"].x, found["015999"].y) == (None, None)


def test_where_nothing_has_a_place_there_is_no_map(engine):
    assert ground(engine, []).box is None


def test_all_that_is_drawn_lies_within_the_box(engine):
    store(engine, *(boundary(column, 0) for column in range(9)))
    left, top, width, height = ground(engine, [commune(column, 0) for column in range(9)]).box
    margin = 9 * SIDE * MARGIN
    assert left == pytest.approx(LEFT - margin)
    assert width == pytest.approx(9 * SIDE + 2 * margin)
    assert top < TOP
    assert top + height > TOP + SIDE


squares = st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1)


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    engine = open_database(Settings(home=tmp_path_factory.mktemp("home")), writing=True)
    store(engine, *(boundary(column, row) for column in range(5) for row in range(5)))
    yield engine
    engine.dispose()


@given(squares)
def test_the_outline_of_a_zone_is_the_sides_that_one_of_its_communes_alone_has(board, members):
    (zone,) = ground(board, [commune(*square, zone="Zona") for square in members]).zones
    sides = [side for square in members for side in edges(boundary(*square).path)]
    assert edges(zone.path) == {side for side in sides if sides.count(side) == 1}
