"""The matrix and its gaps as tables for a spreadsheet: one row for each cell, one for each gap."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from matcher.strategy import DRIVER
from service.frame.gaps import Gap, Gaps
from service.frame.matrix import DRIVERS, MISSIONS, Cell, Coverage
from service.frame.naming import driver_label, mission_label, zone_label
from service.frame.unmet import Why
from service.moments import ROME
from service.spreadsheets import CSV_TYPE, XLSX_TYPE, csv_table, xlsx_table
from service.spreadsheets import Cell as Value
from service.tag_wording import label

TYPES: Mapping[str, str] = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE}
_MATRIX = (
    ("Zona", "Zone"),
    ("Linea", "Driver"),
    ("Nome della linea", "Name of the driver"),
    ("Missione", "Mission"),
    ("Nome della missione", "Name of the mission"),
    ("Progetti", "Projects"),
    ("Importo (euro)", "Amount (EUR)"),
    ("Bandi aperti", "Open calls"),
    ("Bisogni", "Needs"),
)
_HEADERS: Mapping[Gap, tuple[tuple[str, str], ...]] = {
    Gap.NEEDS: (
        ("Codice", "Id"),
        ("Bisogno", "Need"),
        ("Comune", "Commune"),
        ("Zona", "Zone"),
        ("Perché", "Why"),
        ("Bando meno lontano", "Nearest call"),
    ),
    Gap.CALLS: (
        ("Codice", "Id"),
        ("Bando", "Call"),
        ("Chi lo pubblica", "Issuer"),
        ("Scadenza", "Deadline"),
        ("Linee", "Drivers"),
        ("Zone", "Zones"),
    ),
    Gap.LINES: (
        ("Linea", "Driver"),
        ("Nome della linea", "Name of the driver"),
        ("Zona", "Zone"),
        ("Bisogni", "Needs"),
    ),
}
_WHY = {
    Why.NONE_ADMITTED: ("il comune non può fare domanda per nessun bando", "the commune may apply for no call"),
    Why.NONE_NEAR: ("nessun bando ne parla", "no call speaks of it"),
}


def why_words(why: Why, language: str) -> str:
    """Return why there is no call for a need."""
    return _WHY[why][language == "en"]


def matrix_table(found: Coverage, language: str) -> tuple[list[str], list[list[Value]]]:
    """Return header and rows of the matrix: every zone, then all together; amounts in EUR."""
    english = language == "en"
    header = [names[english] for names in _MATRIX][: 9 if found.counts_all else 8]
    return header, [list(row) for row in _matrix_rows(found, language)]


def gap_table(gap: Gap, found: Gaps, language: str) -> tuple[list[str], list[list[Value]]]:
    """Return header and rows of one of the lists of gaps."""
    header = [names[language == "en"] for names in _HEADERS[gap]]
    rows: Mapping[Gap, Iterator[list[Value]]] = {
        Gap.NEEDS: _need_rows(found, language),
        Gap.CALLS: _call_rows(found, language),
        Gap.LINES: _line_rows(found, language),
    }
    return header, list(rows[gap])


def exported(name: str, header: Sequence[str], rows: Sequence[Sequence[Value]], form: str) -> bytes:
    """Return a table as a file; ``form`` is one of ``TYPES``."""
    return csv_table(header, rows) if form == "csv" else xlsx_table(name, header, rows)


def _matrix_rows(found: Coverage, language: str) -> Iterator[list[Value]]:
    for zone in (*found.zones, ""):
        matrix = found.matrices[zone]
        for driver in DRIVERS:
            for mission in MISSIONS:
                own: list[Value] = [
                    zone_label(zone, language),
                    driver,
                    driver_label(driver, language),
                    mission,
                    mission_label(mission, language),
                ]
                yield own + _figures(matrix.cells[driver, mission], found)


def _figures(cell: Cell, found: Coverage) -> list[Value]:
    calls = cell.calls if found.has_calls else None
    return [cell.projects, cell.amount, calls, *([cell.needs] if found.counts_all else [])]


def _need_rows(found: Gaps, language: str) -> Iterator[list[Value]]:
    for need in found.needs:
        why = why_words(need.sight.why, language) if need.sight.why else ""
        yield [need.id, need.title, need.commune_name, need.zone, why, need.sight.call_title]


def _call_rows(found: Gaps, language: str) -> Iterator[list[Value]]:
    for call in found.calls:
        closes = datetime.fromtimestamp(call.closes_at, ROME).date() if call.closes_at is not None else None
        drivers = "; ".join(label(DRIVER, code, language) for code in sorted(call.drivers, key=int))
        yield [call.id, call.title, call.issuer, closes, drivers, "; ".join(sorted(call.zones))]


def _line_rows(found: Gaps, language: str) -> Iterator[list[Value]]:
    for line in found.lines:
        yield [line.driver, driver_label(line.driver, language), zone_label(line.zone, language), line.needs]
