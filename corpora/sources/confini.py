"""``confini``: the boundaries of communes as GeoJSON, such as ISTAT's *Confini delle unità amministrative*.

    id  ``confini:`` and the ISTAT code

Feature by feature: a polygon in degrees (WGS84) and the ISTAT code, under any of the names by which it was seen. All
boundaries of a file are drawn with fewer points together, so that neighbours still touch.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import shapely
from shapely.errors import ShapelyError

from corpora.errors import LayoutError, SourceError
from corpora.mercator import in_italy
from corpora.outlines import Outline, outlines
from corpora.reading import MAX_VALUE, FieldError
from corpora.rows import Quarantined, Read, Repairs
from corpora.textfile import inspect
from matcher.records import Boundary, Provenance

NAME = "confini"
CODE_NAMES = ("pro_com_t", "istat", "com_istat_code", "codice_istat", "cod_istat", "istat_code", "pro_com")
"""Properties that hold the ISTAT code, in small letters; ``pro_com`` is a number, without its leading zeros."""
COMMUNE_NAMES = ("comune", "name", "nome", "denominazione", "com_name")
SHAPES = ("Polygon", "MultiPolygon")
_ISTAT = re.compile(r"\d{6}")
_DATED = re.compile(r"Com(\d{2})(\d{2})(\d{4})")


@dataclass(frozen=True, slots=True)
class _Area:
    """One feature that was read: ``line`` is its number in the file."""

    line: int
    istat: str
    name: str
    polygon: Any


class Boundaries:
    """The source of boundaries."""

    name = NAME
    holds = "boundaries"

    def read(self, path: Path, repairs: Repairs) -> Iterator[Read | Quarantined]:
        """Yield one outcome per feature, in file order.

        Raises SourceError if it is no GeoJSON of features, LayoutError if none of them has an ISTAT code.
        """
        document = _document(path, repairs)
        read = list(_areas(path, document["features"], repairs))
        areas = [one for one in read if isinstance(one, _Area)]
        drawn = dict(zip((one.line for one in areas), outlines([one.polygon for one in areas]), strict=True))
        provenance = Provenance("ISTAT, confini dei comuni", _dated(f"{path.name} {document.get('name', '')}"))
        for one in read:
            if isinstance(one, Quarantined):
                yield one
            elif (outline := drawn[one.line]) is None:
                yield Quarantined(path.name, one.line, "geometry", one.istat, "too small to be drawn")
            else:
                yield Read(one.line, _boundary(one, outline, provenance))


def _document(path: Path, repairs: Repairs) -> Mapping[str, Any]:
    with inspect(path, repairs).open() as stream:
        try:
            document = json.load(stream)
        except (ValueError, RecursionError) as error:
            raise SourceError(f"{path}: not JSON: {error}: export the boundaries as GeoJSON (EPSG:4326)") from error
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        raise SourceError(f"{path}: no FeatureCollection: export the boundaries as GeoJSON (EPSG:4326)")
    named = [set(_properties(feature)) for feature in document["features"]]
    if named and not any(names & set(CODE_NAMES) for names in named):
        raise LayoutError(
            f"{path}: no property with the ISTAT code (looked for {', '.join(CODE_NAMES)}); "
            f"found: {', '.join(sorted(set().union(*named)))}. Is this the right source?"
        )
    return document


def _areas(path: Path, features: Sequence[Any], repairs: Repairs) -> Iterator[_Area | Quarantined]:
    earlier: dict[str, int] = {}
    for line, feature in enumerate(features, 1):
        try:
            area = _area(line, feature, repairs)
            if (first := earlier.setdefault(area.istat, line)) != line:
                raise FieldError("id", area.istat, f"the same commune as feature {first}: join the two into one")
            yield area
        except FieldError as error:
            yield Quarantined(path.name, line, error.field, error.value[:MAX_VALUE], error.reason)


def _area(line: int, feature: Any, repairs: Repairs) -> _Area:
    properties = _properties(feature)
    name = next((str(properties[key]) for key in COMMUNE_NAMES if properties.get(key)), "")
    return _Area(line, _istat(properties, repairs), name.strip(), _polygon(feature.get("geometry")))


def _properties(feature: Any) -> dict[str, Any]:
    found = feature.get("properties") if isinstance(feature, dict) else None
    return {str(name).casefold(): value for name, value in found.items()} if isinstance(found, dict) else {}


def _istat(properties: Mapping[str, Any], repairs: Repairs) -> str:
    name = next((name for name in CODE_NAMES if properties.get(name) not in (None, "")), "")
    if not name:
        raise FieldError("properties", ", ".join(properties), f"no ISTAT code (looked for {', '.join(CODE_NAMES)})")
    value = properties[name]
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**6:
        repairs.add("leading zeros of a code")
        return f"{value:06}"
    if not isinstance(value, str) or not _ISTAT.fullmatch(value.strip()):
        raise FieldError(name, str(value), "a code is text of 6 digits, with its leading zeros")
    return value.strip()


def _polygon(geometry: Any) -> Any:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in SHAPES:
        raise FieldError("geometry", str(kind or ""), "a boundary is a Polygon or a MultiPolygon")
    try:
        polygon = shapely.force_2d(shapely.from_geojson(json.dumps(geometry)))
    except (ShapelyError, ValueError) as error:
        raise FieldError("geometry", str(kind), f"not a geometry: {error}") from error
    if polygon.is_empty:
        raise FieldError("geometry", str(kind), "empty")
    west, south, east, north = polygon.bounds
    if not (in_italy(west, south) and in_italy(east, north)):
        reason = "not degrees in Italy, longitude first: export it in WGS84 (EPSG:4326)"
        raise FieldError("geometry", f"{west:.5g} {south:.5g} {east:.5g} {north:.5g}", reason)
    if not polygon.is_valid:
        reason = f"it crosses itself ({shapely.is_valid_reason(polygon)}): mend it, as QGIS does with Fix geometries"
        raise FieldError("geometry", str(kind), reason)
    return polygon


def _boundary(area: _Area, outline: Outline, provenance: Provenance) -> Boundary:
    left, top, right, bottom = outline.box
    x, y = outline.centre
    return Boundary(
        istat=area.istat,
        name=area.name,
        path=outline.path,
        left=left,
        top=top,
        right=right,
        bottom=bottom,
        x=x,
        y=y,
        provenance=provenance,
    )


def _dated(text: str) -> date | None:
    """Return the day for which ISTAT's boundaries speak, which is in the name of its files: ``Com01012024_g``."""
    found = _DATED.search(text)
    if found is None:
        return None
    day, month, year = map(int, found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


SOURCE = Boundaries()
