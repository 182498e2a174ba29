"""Programmes as groups: what belongs to each, and what that comes to.

    frame items ──► programme:pnrr ──► programme:pui ──► programme:piani-urbani-integrati        parts
    codes       ──► programme:pnrr ──► M5 ──► M5C2 ──► M5C2I2.01.00                               measures

A project counts in the group that it is in, and in every one above.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from matcher.strategy import CODES, COMPONENT, MISSION
from service.errors import UnknownRecordError
from service.kinds import KIND_NAMED
from service.register.belonging import PNC, PNRR, above, with_those_below
from service.register.entries import of_programme
from service.register.groups import (
    Cell,
    CommuneShare,
    GroupTotals,
    cells_of,
    communes_by,
    how_many_nowhere,
    shares_of_communes,
    totals_of_cells,
)
from service.register.tables import RegisterEntryRow as Entry
from service.tag_wording import label

KINDS = ("programme", "axis")
"""The kinds of frame item that projects belong to."""
EXPECTED_COMMUNES: Mapping[str, int] = {"programme:bando-periferie": 31}
"""How many communes take part as the programme itself says: its projects in the register name fewer of them."""
_PNRR_CODE = re.compile(r"(M\d)(?:(C\d)([IR].+)?)?")
_PNC_CODE = re.compile(r"PNC-[A-Z]\.\d+")
_LENGTHS: Mapping[int, int] = {2: 4, 4: 12}
"""Characters of a PNRR code of one level, and of the next: mission, component, measure."""


@dataclass(frozen=True, slots=True)
class Programme:
    """A group of projects; ``id`` is a frame item's, or the beginning of a measure's code.

    ``kind``: programme, axis, mission, component or measure. ``whole``: the group that it is a part of, "" for none.
    ``communes``: in how many communes its projects are.
    """

    id: str
    kind: str
    code: str
    label: str
    whole: str
    totals: GroupTotals
    communes: int


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    """One programme: what is above it (the nearest last), its parts and measures, its communes of the metropolis.

    ``without_place``: projects that name no commune. ``expected_communes``: how many take part as it says itself.
    """

    programme: Programme
    description: str
    reference: str
    path: tuple[tuple[str, str], ...]
    parts: tuple[Programme, ...]
    measures: tuple[Programme, ...]
    communes: tuple[CommuneShare, ...]
    without_place: int
    expected_communes: int | None


@dataclass(frozen=True, slots=True)
class _Item:
    """What is needed of a frame item."""

    kind: str
    code: str
    label: str
    description: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class _Counted:
    """Everything that was counted for one answer, and the words for it."""

    frame: Mapping[str, _Item]
    cells: list[Cell]
    communes: Mapping[str, set[str]]
    language: str

    def programme(self, programme_id: str) -> Programme:
        """Return a programme of the frame with all that is below it."""
        item = self.frame.get(programme_id) or _Item("programme", programme_id, programme_id)
        below = with_those_below(programme_id)
        cells = [cell for cell in self.cells if cell.programme in below]
        communes = set().union(*(self.communes.get(one, ()) for one in below))
        totals = totals_of_cells(cells)
        return Programme(programme_id, item.kind, item.code, item.label, above(programme_id), totals, len(communes))


def list_programmes(session: Session, seen: ColumnElement[bool], language: str = "it") -> tuple[Programme, ...]:
    """Return the programmes of the frame that have projects, each followed by its parts, the largest first."""
    frame = _frame(session)
    communes = _first_of(communes_by(session, seen, Entry.programme))
    counted = _Counted(frame, cells_of(session, seen), communes, language)
    ids = {cell.programme for cell in counted.cells if cell.programme}
    ids |= {whole for one in ids for whole in _path(one)}
    made = sorted((counted.programme(one) for one in ids), key=_largest_first)
    return tuple(_each_with_parts(made, ""))


def read_programme(
    session: Session, seen: ColumnElement[bool], programme_id: str, language: str = "it"
) -> ProgrammeView:
    """Return one programme of the frame, or one group of measures by the beginning of their code (``M5C2``).

    Raises UnknownRecordError if there is neither a frame item nor a project that may be seen.
    """
    wanted, frame = and_(seen, of_programme(programme_id)), _frame(session)
    places = communes_by(session, wanted, Entry.programme, _measure_cut(programme_id))
    counted = _Counted(frame, cells_of(session, wanted), _first_of(places), language)
    item = frame.get(programme_id)
    if item is None and not counted.cells:
        raise UnknownRecordError(f"{programme_id}: no programme has this id, and no project such a code")
    programme = counted.programme(programme_id) if ":" in programme_id else _of_codes(counted, programme_id)
    ids = {part for cell in counted.cells for part in (cell.programme, *_path(cell.programme))}
    parts = (counted.programme(one) for one in ids if one and above(one) == programme_id)
    path = _path(programme_id) if item else _path_of_code(programme_id, counted.cells)
    return ProgrammeView(
        programme,
        item.description if item else "",
        item.reference if item else "",
        tuple((one, _name(one, counted)) for one in path),
        tuple(sorted(parts, key=_largest_first)),
        _measures(programme_id, counted, places),
        shares_of_communes(session, wanted),
        how_many_nowhere(session, wanted),
        EXPECTED_COMMUNES.get(programme_id),
    )


def path_of_entry(session: Session, entry: Entry, language: str = "it") -> tuple[tuple[str, str], ...]:
    """Return the groups that one project is in, from the whole to the measure, as ids and labels."""
    cell = Cell(entry.programme, entry.measure, entry.measure_label, entry.state, 1, 0, Decimal(0), 0)
    counted = _Counted(_frame(session), [cell], {}, language)
    ids = [*_path(entry.programme), entry.programme]
    if entry.measure:
        ids += [one for one in (*_path_of_code(entry.measure, [cell]), entry.measure) if one not in ids]
    return tuple((one, _name(one, counted)) for one in ids if one)


def below(base: str, measure: str) -> str:
    """Return the group of measures, one level below a programme or a code, that a measure is in; "" if there is none.

    ``M5C2I2.01.00`` is in M5 below the PNRR, in M5C2 below M5, and stands for itself below M5C2 or any other programme.
    """
    if measure == base:
        return ""
    if base == PNRR:
        return measure[:2]
    if base == PNC and (found := _PNC_CODE.match(measure)):
        return found[0]
    return measure[: _LENGTHS[2]] if len(base) == 2 and _PNRR_CODE.fullmatch(base) else measure


def frame_programmes(session: Session) -> dict[str, str]:
    """Return the ids of the programmes that a project may be put in, with their labels, in the order of these."""
    frame = _frame(session)
    wholes = {
        id_: frame[above(id_)].label for id_, item in frame.items() if item.kind == "axis" and above(id_) in frame
    }
    labels = {id_: f"{wholes[id_]}, {item.label}" if id_ in wholes else item.label for id_, item in frame.items()}
    return dict(sorted(labels.items(), key=lambda pair: pair[1]))


def _frame(session: Session) -> dict[str, _Item]:
    table = KIND_NAMED["frame"].table
    query = select(table.c.id, table.c.payload).where(table.c.kind.in_(KINDS), table.c.archived_at.is_(None))
    return {id_: _item(json.loads(payload)) for id_, payload in session.execute(query)}


def _item(data: Mapping[str, Any]) -> _Item:
    reference = (data.get("provenance") or {}).get("reference", "")
    return _Item(data["kind"], data["code"], data["label"], data.get("description", ""), reference)


def _measures(base: str, counted: _Counted, places: Mapping[tuple[str, ...], set[str]]) -> tuple[Programme, ...]:
    """The groups of measures one level below a programme or a code; ``places``: communes by programme and measure."""
    cells: dict[str, list[Cell]] = {}
    for cell in counted.cells:
        if code := below(base, cell.measure):
            cells.setdefault(code, []).append(cell)
    communes: dict[str, set[str]] = {}
    for (_, measure), found in places.items():
        communes.setdefault(below(base, measure), set()).update(found)
    made = (_group(code, of, base, len(communes.get(code, ())), counted.language) for code, of in cells.items())
    return tuple(sorted(made, key=_largest_first))


def _first_of(places: Mapping[tuple[str, ...], set[str]]) -> dict[str, set[str]]:
    """Communes by the first of the properties that they are told by."""
    found: dict[str, set[str]] = {}
    for (first, *_), communes in places.items():
        found.setdefault(first, set()).update(communes)
    return found


def _measure_cut(base: str) -> ColumnElement[str] | InstrumentedAttribute[str]:
    """A measure's code as far as it tells the groups below ``base`` apart."""
    length = 2 if base == PNRR else _LENGTHS.get(len(base)) if _PNRR_CODE.fullmatch(base) else None
    return func.substr(Entry.measure, 1, length) if length else Entry.measure


def _of_codes(counted: _Counted, code: str) -> Programme:
    """The group of all the measures whose code begins so."""
    communes = set().union(*counted.communes.values()) if counted.communes else set()
    path = _path_of_code(code, counted.cells)
    return _group(code, counted.cells, path[-1] if path else "", len(communes), counted.language)


def _group(code: str, cells: list[Cell], whole: str, communes: int, language: str) -> Programme:
    kind = "measure"
    if found := _PNRR_CODE.fullmatch(code):
        kind = "measure" if found[3] else "component" if found[2] else "mission"
    return Programme(code, kind, code, _label(code, cells, language), whole, totals_of_cells(cells), communes)


def _label(code: str, cells: list[Cell], language: str) -> str:
    for scheme in (MISSION, COMPONENT):
        if code in CODES[scheme]:
            return label(scheme, code, language)
    return max((cell.measure_label for cell in cells), default="") or code


def _name(one: str, counted: _Counted) -> str:
    return counted.frame[one].label if one in counted.frame else _label(one, counted.cells, counted.language)


def _path(programme: str) -> tuple[str, ...]:
    """The programmes that one is a part of, the nearest last."""
    whole = above(programme)
    return (*_path(whole), whole) if whole else ()


def _path_of_code(code: str, cells: list[Cell]) -> tuple[str, ...]:
    """The groups that a group of measures is a part of, the nearest last."""
    if found := _PNRR_CODE.fullmatch(code):
        mission, component, measure = found.groups()
        return (PNRR, *((mission,) if component else ()), *((mission + component,) if measure else ()))
    if found := _PNC_CODE.match(code):
        return (PNC, found[0]) if found[0] != code else (PNC,)
    programmes = {cell.programme for cell in cells}
    only = programmes.pop() if len(programmes) == 1 else ""
    return (*_path(only), only) if only else ()


def _largest_first(programme: Programme) -> tuple[int, str]:
    return -programme.totals.projects, programme.label


def _each_with_parts(programmes: list[Programme], whole: str) -> Iterable[Programme]:
    for programme in programmes:
        if programme.whole == whole:
            yield programme
            yield from _each_with_parts(programmes, programme.id)
