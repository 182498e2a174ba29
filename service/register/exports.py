"""The register to take along: the projects that pass filters, and what was said of them, as CSV, XLSX or JSON.

rows of the database, some thousand at a time ──► a file on disk, however many there are
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Literal

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from service.errors import InvalidError
from service.register.entries import matching
from service.register.filters import RegisterFilters
from service.register.late import SILENCE_DAYS, is_late, is_silent
from service.register.observation_rows import EntryNewsRow, ObservationRow
from service.register.places import places_of_entries
from service.register.programmes import Programme
from service.register.tables import RegisterEntryRow as Entry
from service.spreadsheets import CSV_TYPE, XLSX_TYPE, Cell, csv_lines, write_xlsx
from service.tables import CommuneRow, FrameItemRow, ImportRow

Format = Literal["csv", "xlsx", "json"]
What = Literal["projects", "observations"]
TYPES: Mapping[str, str] = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE, "json": "application/json"}
MOST_IN_A_WORKBOOK = 20_000
"""Rows that a workbook is written with while somebody waits, some three seconds; the other forms take any number."""
CHUNK = 2000
_IN_MEMORY = 4 << 20
_PIECE = 1 << 16
_NAMES = "; "
_CENT = Decimal("0.01")
Columns = Mapping[str, str]

ENTRY_COLUMNS: Columns = {
    "id": "Codice",
    "cup": "CUP",
    "title": "Titolo",
    "state": "Stato",
    "amount": "Importo (EUR)",
    "year": "Anno",
    "body": "Ente attuatore",
    "communes": "Comuni (ISTAT)",
    "commune_names": "Comuni",
    "programme": "Codice del programma",
    "programme_name": "Programma",
    "measure": "Misura",
    "measure_name": "Nome della misura",
    "paired_with": "Progetto accoppiato",
    "last_word": "Ultimo dato",
    "late": "In ritardo",
    "silent": "Senza notizie",
    "source": "Fonte",
    "illustrative": "Esempio",
}
"""What is told of a project: the names in JSON, and the headings of the tables."""
OBSERVATION_COLUMNS: Columns = {
    "entry_id": "Codice del progetto",
    "cup": "CUP",
    "title": "Titolo",
    "said_on": "Data",
    "fact": "Che cosa",
    "name": "Nome",
    "state": "Stato",
    "planned_on": "Data prevista",
    "actual_on": "Data effettiva",
    "value": "Valore",
    "unit": "Unità",
    "reference": "Dove si legge",
    "note": "Nota",
    "source": "Fonte",
    "at": "Registrato il",
}


WORDS: Mapping[str, Mapping[str, str]] = {
    "state": {
        "idea": "idea",
        "defined": "definito",
        "funded": "finanziato",
        "under_way": "in corso",
        "completed": "concluso",
        "suspended": "sospeso",
        "postponed": "rinviato",
    },
    "kind": {
        "programme": "programma",
        "axis": "asse",
        "mission": "missione",
        "component": "componente",
        "measure": "misura",
    },
    "fact": {"state": "stato", "milestone": "tappa", "amount": "importo", "indicator": "indicatore"},
    "name": {"funding": "finanziamento", "committed": "impegnato", "spent": "speso"},
}
"""What codes are called in the tables; JSON keeps the codes."""

PROGRAMME_COLUMNS: Columns = {
    "id": "Codice",
    "label": "Programma",
    "kind": "Che cosa è",
    "whole": "Parte di",
    "projects": "Progetti",
    "with_amount": "Progetti con importo",
    "amount": "Importo (EUR)",
    "communes": "Comuni",
    "paired": "Progetti accoppiati",
    **{state: f"Progetti: {name}" for state, name in WORDS["state"].items()},
    "unknown": "Progetti: stato non indicato",
}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows to be written, read as they are asked for; ``name`` is the sheet's."""

    name: str
    columns: Columns
    rows: Iterator[dict[str, Any]]


def entries_table(
    session: Session,
    seen: ColumnElement[bool],
    filters: RegisterFilters,
    on: date,
    silence_days: int = SILENCE_DAYS,
) -> Table:
    """Return the projects that may be ``seen`` and pass, in the order of their ids, as they stand ``on`` a day."""
    flags = is_late(on).label("late"), is_silent(on, silence_days).label("silent")
    columns = [getattr(Entry, name) for name in _OF_ENTRY]
    query = (
        select(*columns, EntryNewsRow.said_on, *flags)
        .outerjoin(EntryNewsRow, EntryNewsRow.entry_id == Entry.id)
        .where(seen, matching(filters))
        .order_by(Entry.id)
    )
    names = _Names.of(session)
    found = session.execute(query.execution_options(yield_per=CHUNK)).partitions(CHUNK)
    rows = (line for chunk in found for line in _entry_lines(session, chunk, names))
    return Table("Progetti", ENTRY_COLUMNS, rows)


def observations_table(session: Session, seen: ColumnElement[bool], filters: RegisterFilters) -> Table:
    """Return all that was said of the projects that may be ``seen`` and pass, and holds, the oldest day first."""
    of_row = [getattr(ObservationRow, name) for name in OBSERVATION_COLUMNS if name not in ("cup", "title", "source")]
    query = (
        select(*of_row, Entry.cup, Entry.title, ImportRow.source)
        .join(Entry, Entry.id == ObservationRow.entry_id)
        .outerjoin(ImportRow, ImportRow.id == ObservationRow.import_id)
        .where(seen, matching(filters), ObservationRow.withdrawn_at.is_(None))
        .order_by(ObservationRow.entry_id, ObservationRow.said_on, ObservationRow.at, ObservationRow.id)
    )
    found = session.execute(query.execution_options(yield_per=CHUNK)).mappings()
    rows = ({name: _plain(row[name]) for name in OBSERVATION_COLUMNS} for row in found)
    return Table("Osservazioni", OBSERVATION_COLUMNS, rows)


def programmes_table(programmes: Iterable[Programme]) -> Table:
    """Return what each programme comes to; a project counts in every group above its own, so columns do not add up."""
    return Table("Programmi", PROGRAMME_COLUMNS, (_programme_line(one) for one in programmes))


def table_of(
    what: What,
    session: Session,
    seen: ColumnElement[bool],
    filters: RegisterFilters,
    on: date,
    silence_days: int = SILENCE_DAYS,
) -> Table:
    """Return the projects that pass, or what was said of them."""
    if what == "observations":
        return observations_table(session, seen, filters)
    return entries_table(session, seen, filters, on, silence_days)


def must_fit(session: Session, seen: ColumnElement[bool], filters: RegisterFilters, form: Format) -> None:
    """Raise InvalidError for a workbook of so many projects that somebody would wait too long for it."""
    if form != "xlsx":
        return
    number = session.scalar(select(func.count()).select_from(Entry).where(seen, matching(filters))) or 0
    if number > MOST_IN_A_WORKBOOK:
        raise InvalidError("format", f"{number} projects, more than {MOST_IN_A_WORKBOOK}: take CSV, or filter")


def written(table: Table, form: Format) -> IO[bytes]:
    """Return a table as a file at its beginning, on disk if it is large; whoever asked for it closes it.

    A workbook of ``MOST_IN_A_WORKBOOK`` rows takes seconds: see ``must_fit``.
    """
    file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - handed on open
    try:
        if form == "xlsx":
            write_xlsx(file, table.name, list(table.columns.values()), _cells(table))
        else:
            file.writelines(csv_lines(list(table.columns.values()), _cells(table)) if form == "csv" else _json(table))
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Yield a file piece by piece and close it."""
    with file:
        while piece := file.read(_PIECE):
            yield piece


def _cells(table: Table) -> Iterator[list[Cell]]:
    return ([_cell(name, row[name]) for name in table.columns] for row in table.rows)


def _cell(name: str, value: Any) -> Cell:
    if isinstance(value, bool):
        return "sì" if value else "no"
    if isinstance(value, list):
        return _NAMES.join(value)
    told: Cell = WORDS.get(name, {}).get(value, value)
    return told


def _json(table: Table) -> Iterator[bytes]:
    """Yield one JSON document, an item a line; amounts are texts, so that none is rounded."""
    yield b'{"items": ['
    for number, row in enumerate(table.rows):
        yield b",\n" if number else b"\n"
        yield json.dumps(row, ensure_ascii=False, default=_in_json).encode()
    yield b"\n]}\n"


def _in_json(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else value.isoformat()


_OF_ENTRY = (
    "id", "cup", "title", "state", "amount", "year", "body", "programme", "measure", "measure_label", "paired_with",
    "source", "illustrative",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Names:
    """What communes and programmes are called."""

    communes: Mapping[str, str]
    programmes: Mapping[str, str]

    @classmethod
    def of(cls, session: Session) -> "_Names":
        communes = {id_: name for id_, name in session.execute(select(CommuneRow.id, CommuneRow.name))}
        programmes = {id_: label for id_, label in session.execute(select(FrameItemRow.id, FrameItemRow.label))}
        return cls(communes, programmes)


def _entry_lines(session: Session, chunk: Sequence[Any], names: _Names) -> Iterable[dict[str, Any]]:
    ids = [row.id for row in chunk]
    places = places_of_entries(session, ids)
    said_on = func.max(ObservationRow.said_on)
    asked = select(ObservationRow.entry_id, said_on).where(
        ObservationRow.entry_id.in_(ids), ObservationRow.withdrawn_at.is_(None)
    )
    said = {entry_id: day for entry_id, day in session.execute(asked.group_by(ObservationRow.entry_id))}
    return [_entry_line(row, places.get(row.id, []), said.get(row.id), names) for row in chunk]


def _entry_line(row: Any, places: list[str], said_on: date | None, names: _Names) -> dict[str, Any]:
    own: dict[str, Any] = {name: getattr(row, name) for name in _OF_ENTRY}
    days = [day for day in (row.said_on, said_on) if day is not None]
    own |= {
        "amount": None if row.amount is None else row.amount.quantize(_CENT),
        "communes": places,
        "commune_names": [names.communes.get(istat, istat) for istat in places],
        "programme_name": names.programmes.get(row.programme, ""),
        "measure_name": row.measure_label,
        "last_word": max(days, default=None),
        "late": bool(row.late),
        "silent": bool(row.silent),
    }
    return {name: own[name] for name in ENTRY_COLUMNS}


def _programme_line(one: Programme) -> dict[str, Any]:
    totals = one.totals
    own = {
        "id": one.id,
        "label": one.label,
        "kind": one.kind,
        "whole": one.whole,
        "projects": totals.projects,
        "with_amount": totals.with_amount,
        "amount": totals.amount.quantize(_CENT),
        "communes": one.communes,
        "paired": totals.paired,
    }
    states = {state: totals.states.get(state, 0) for state in WORDS["state"]}
    return own | states | {"unknown": totals.states.get("", 0)}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(microsecond=0)
    return value.value if isinstance(value, Enum) else value
