"""The figures of a map as files to take along: CSV and XLSX, a line for each commune."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from matcher.records import Commune
from service.maps.classes import Figure
from service.spreadsheets import CSV_TYPE, XLSX_TYPE, Cell, csv_table, xlsx_table

TYPES: Mapping[str, str] = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE}
OF_COMMUNE = ("Codice ISTAT", "Comune", "Zona omogenea", "Abitanti")


@dataclass(frozen=True, slots=True)
class Line:
    """A commune in the table under a map; ``points`` is None where no points are drawn."""

    commune: Commune
    value: Figure | None
    share: Figure | None
    points: Figure | None
    level: str


def exported(lines: Iterable[Line], titles: Sequence[str], form: str) -> bytes:
    """Return the table as a file; ``titles`` name its columns after those of the commune: value, share and points.

    A figure that nobody knows is an empty cell, never a zero.
    """
    header = (*OF_COMMUNE, *titles)
    rows = [_row(one)[: len(header)] for one in lines]
    return csv_table(header, rows) if form == "csv" else xlsx_table("Mappa", header, rows)


def _row(one: Line) -> tuple[Cell, ...]:
    commune = one.commune
    return commune.istat, commune.name, commune.zone, commune.population, one.value, one.share, one.points
