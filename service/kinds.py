"""Which table holds which record, and how a record fills the columns that queries ask for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table

from matcher.errors import SerializationError
from matcher.records import (
    Boundary,
    Commune,
    FrameItem,
    FundingCall,
    Need,
    Organisation,
    Precedent,
    Project,
    PublicAsset,
    Record,
)
from service.tables import (
    BoundaryRow,
    CommuneRow,
    FrameItemRow,
    FundingCallRow,
    NeedRow,
    OrganisationRow,
    OwnedRow,
    PrecedentRow,
    ProjectRow,
    PublicAssetRow,
    RecordRow,
)

Columns = dict[str, Any]
_COMMON = frozenset(RecordRow.__annotations__) | frozenset(OwnedRow.__annotations__)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record: its name (as in ``Source.holds``), its class, its table, and what fills its own columns."""

    name: str
    record_type: type[Record]
    table: Table
    columns: Callable[[Any], Columns]


def _same_names(table: Table, *, besides: tuple[str, ...] = ()) -> Callable[[Any], Columns]:
    """Fill each column of the kind's own from the field of the same name."""
    names = tuple(column.name for column in table.columns if column.name not in _COMMON and column.name not in besides)
    return lambda record: {name: getattr(record, name) for name in names}


def _of_call(table: Table) -> Callable[[Any], Columns]:
    same = _same_names(table, besides=("opens_at", "closes_at"))

    def columns(call: FundingCall) -> Columns:
        opens_at, closes_at = call.opens and call.opens.at, call.closes and call.closes.at
        return {**same(call), "opens_at": opens_at, "closes_at": closes_at}

    return columns


def _kind(name: str, record_type: type[Record], row: type[RecordRow]) -> Kind:
    table = cast(Table, row.__table__)  # type: ignore[attr-defined] # each row class is a Base
    return Kind(name, record_type, table, _of_call(table) if record_type is FundingCall else _same_names(table))


KINDS = (
    _kind("communes", Commune, CommuneRow),
    _kind("organisations", Organisation, OrganisationRow),
    _kind("calls", FundingCall, FundingCallRow),
    _kind("precedents", Precedent, PrecedentRow),
    _kind("needs", Need, NeedRow),
    _kind("projects", Project, ProjectRow),
    _kind("assets", PublicAsset, PublicAssetRow),
    _kind("frame", FrameItem, FrameItemRow),
    _kind("boundaries", Boundary, BoundaryRow),
)
KIND_OF: dict[type[Any], Kind] = {kind.record_type: kind for kind in KINDS}
KIND_NAMED: dict[str, Kind] = {kind.name: kind for kind in KINDS}
NAME_OF: dict[Table, str] = {kind.table: kind.name for kind in KINDS}


def check(record: Record) -> None:
    """Raise SerializationError for a value that the tables refuse, so that one row is set apart and not all of them."""
    if not record.id:
        raise SerializationError(type(record).__name__, "id", "'': every record needs a key")
    if isinstance(record, Commune | Boundary) and not (len(record.istat) == 6 and record.istat.isdecimal()):
        raise SerializationError(record.id, "istat", f"{record.istat!r}: 6 digits expected")
    if isinstance(record, Commune) and record.population is not None and record.population < 0:
        raise SerializationError(record.id, "population", f"{record.population}: zero or more expected")
