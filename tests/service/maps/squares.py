"""A small country of square communes, each with its boundary, that share their sides."""

from corpora.mercator import project, unproject
from corpora.svgpaths import path_of
from matcher.records import Boundary, Commune

SIDE = 100
LEFT, TOP = 30_000, 40_000


def commune(column, row, *, zone="", population=1_000, province="Milano"):
    """Return the commune of one square of the board."""
    code = f"01{'5' if province == 'Milano' else '6'}{column}{row}0"
    lon, lat = unproject(LEFT + (column + 0.5) * SIDE, TOP + (row + 0.5) * SIDE)
    return Commune(
        istat=code, name=f"Q{column}{row}", province=province, province_code=code[:3], region="Lombardia",
        region_code="03", population=population, lat=lat, lon=lon, zone=zone,
    )  # fmt: skip


def boundary(column, row):
    """Return the boundary of that square."""
    left, top = LEFT + column * SIDE, TOP + row * SIDE
    right, bottom = left + SIDE, top + SIDE
    ring = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return Boundary(
        istat=commune(column, row).istat, path=path_of(ring), left=left, top=top, right=right, bottom=bottom,
        x=left + SIDE // 2, y=top + SIDE // 2,
    )  # fmt: skip


def on_plane(lon, lat):
    """Return where degrees stand, in whole units."""
    return tuple(map(round, project(lon, lat)))
