"""What the incubator says of projects in the register: their programme, and which two of them go together.

A word on a project that a commune keeps is that commune's to say, in the project's own fields.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import or_, select

from service.errors import ConflictError, InvalidError
from service.ids import new_id
from service.moments import now
from service.register.programmes import frame_programmes
from service.register.tables import PairRow, PlacementRow, RegisterEntryRow
from service.register.upkeep import keep_entry
from service.work.acting import Acting
from service.work.authors import Author, authors
from service.work.sayings import Sayings

Row = TypeVar("Row", PlacementRow, PairRow)


@dataclass(frozen=True, slots=True)
class Placement:
    """The programme that a person put a project in; ``programme`` is a frame item's id."""

    id: str
    entry_id: str
    programme: str
    author: Author
    at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Pair:
    """Works and the services that accompany them, as a person put them together."""

    id: str
    entry_id: str
    other_id: str
    author: Author
    at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ties:
    """The programmes that a project may be put in, and the ids of what was said of it, "" for nothing."""

    programmes: tuple[tuple[str, str], ...]
    placement_id: str
    pair_id: str


def place(acting: Acting, entry_id: str, programme: str) -> Placement:
    """Put a project in a programme, whatever its codes say.

    Raises ForbiddenError for anybody but the incubator, InvalidError naming the field that cannot be accepted,
    ConflictError if somebody put the project in a programme already.
    """
    acting.must_be_staff()
    _must_be_entries(acting, project_id=entry_id)
    if programme not in frame_programmes(acting.session):
        raise InvalidError("programme", f"{programme}: no programme of the frame has this id")
    row = PlacementRow(
        id=new_id(), entry_id=entry_id, programme=programme, account_id=acting.account_id, at=now()
    )  # fmt: skip
    PLACEMENTS.say(acting, row)
    return _placements(acting, [_shown(acting, row)])[0]


def list_placements(
    acting: Acting, *, record_id: str = "", withdrawn: bool = False, after: str = "", limit: int = 20
) -> tuple[list[Placement], str]:
    """Return one page of the projects that were put in a programme, newest first, and where the next begins."""
    wanted = [PlacementRow.entry_id == record_id] if record_id else []
    rows, last = PLACEMENTS.newest(acting, *wanted, withdrawn=withdrawn, after=after, limit=limit)
    return _placements(acting, rows), last


def read_placement(acting: Acting, placement_id: str) -> Placement:
    """Return one placement; raises UnknownRecordError if there is none."""
    return _placements(acting, [PLACEMENTS.read(acting, placement_id)])[0]


def withdraw_placement(acting: Acting, placement_id: str) -> None:
    """Let the project's codes say its programme again."""
    _shown(acting, PLACEMENTS.withdraw(acting, placement_id))


def restore_placement(acting: Acting, placement_id: str) -> Placement:
    """Let a placement hold again; raises ConflictError if the project is in another programme by now."""
    return _placements(acting, [_shown(acting, PLACEMENTS.restore(acting, placement_id))])[0]


def pair(acting: Acting, entry_id: str, other_id: str) -> Pair:
    """Say that two projects go together.

    Raises ForbiddenError for anybody but the incubator, InvalidError naming the field that cannot be accepted,
    ConflictError if one of them goes with another one already.
    """
    acting.must_be_staff()
    if entry_id == other_id:
        raise InvalidError("other_id", "a project does not accompany itself")
    owners = _must_be_entries(acting, project_id=entry_id, other_id=other_id)
    if None not in (owners[entry_id], owners[other_id]) and owners[entry_id] != owners[other_id]:
        raise InvalidError("other_id", f"{other_id}: another commune keeps it to itself")
    if owners[other_id] is not None and owners[entry_id] is None:
        # What everybody may read never names what a commune keeps to itself.
        entry_id, other_id = other_id, entry_id
    row = PairRow(id=new_id(), entry_id=entry_id, other_id=other_id, account_id=acting.account_id, at=now())
    PAIRS.say(acting, row)
    return _pairs(acting, [_shown(acting, row)])[0]


def list_pairs(
    acting: Acting, *, record_id: str = "", withdrawn: bool = False, after: str = "", limit: int = 20
) -> tuple[list[Pair], str]:
    """Return one page of the pairs that the incubator made, newest first; ``record_id``: on either side."""
    wanted = [or_(PairRow.entry_id == record_id, PairRow.other_id == record_id)] if record_id else []
    rows, last = PAIRS.newest(acting, *wanted, withdrawn=withdrawn, after=after, limit=limit)
    return _pairs(acting, rows), last


def read_pair(acting: Acting, pair_id: str) -> Pair:
    """Return one pair; raises UnknownRecordError if there is none."""
    return _pairs(acting, [PAIRS.read(acting, pair_id)])[0]


def withdraw_pair(acting: Acting, pair_id: str) -> None:
    """Part two projects again."""
    _shown(acting, PAIRS.withdraw(acting, pair_id))


def restore_pair(acting: Acting, pair_id: str) -> Pair:
    """Let a pair hold again; raises ConflictError if one of the two goes with another one by now."""
    return _pairs(acting, [_shown(acting, PAIRS.restore(acting, pair_id))])[0]


def meant(acting: Acting, words: str) -> str:
    """Return the id of the project that a person means by its id or its CUP.

    Raises InvalidError if there is none, or more than one with this CUP.
    """
    wanted, entries = words.strip(), RegisterEntryRow
    query = select(entries.id).where(or_(entries.id == wanted, (entries.cup == wanted.upper()) & (entries.cup != "")))
    found = list(acting.session.scalars(query.where(entries.merged_into == "").limit(2)))
    if len(found) != 1:
        raise InvalidError("other_id", f"{wanted}: {'several projects have' if found else 'no project has'} this code")
    return found[0]


def ties_of(acting: Acting, entry_id: str) -> Ties | None:
    """Return what the incubator said of a project and may choose; None for anybody else."""
    if not acting.principal.is_staff:
        return None
    session, placed = acting.session, select(PlacementRow.id).where(PlacementRow.entry_id == entry_id)
    paired = select(PairRow.id).where(or_(PairRow.entry_id == entry_id, PairRow.other_id == entry_id))
    return Ties(
        programmes=tuple(frame_programmes(session).items()),
        placement_id=session.scalars(placed.where(PlacementRow.withdrawn_at.is_(None))).first() or "",
        pair_id=session.scalars(paired.where(PairRow.withdrawn_at.is_(None))).first() or "",
    )


def _must_be_entries(acting: Acting, **named: str) -> dict[str, str | None]:
    """Return the commune that keeps each of these entries."""
    columns = RegisterEntryRow.id, RegisterEntryRow.owner_istat
    rows = acting.session.execute(select(*columns).where(RegisterEntryRow.id.in_(named.values())))
    owners: dict[str, str | None] = {entry_id: owner for entry_id, owner in rows}
    for field, entry_id in named.items():
        if entry_id not in owners:
            raise InvalidError(field, f"{entry_id}: no project in the register has this id")
    return owners


def _shown(acting: Acting, row: Row) -> Row:
    """Let the register show what a row says now."""
    keep_entry(acting.session, row.entry_id)
    return row


def _placements(acting: Acting, rows: Sequence[PlacementRow]) -> list[Placement]:
    known = authors(acting, (row.account_id for row in rows))
    return [
        Placement(row.id, row.entry_id, row.programme, known[row.account_id], row.at, row.withdrawn_at) for row in rows
    ]


def _pairs(acting: Acting, rows: Sequence[PairRow]) -> list[Pair]:
    known = authors(acting, (row.account_id for row in rows))
    return [Pair(row.id, row.entry_id, row.other_id, known[row.account_id], row.at, row.withdrawn_at) for row in rows]


def _is_single(acting: Acting, row: PairRow) -> None:
    """Refuse a pair of which one goes with another one already: a pair is two."""
    both = [row.entry_id, row.other_id]
    paired = or_(RegisterEntryRow.id.in_(both), RegisterEntryRow.paired_with.in_(both))
    for entry in acting.session.scalars(select(RegisterEntryRow).where(paired, RegisterEntryRow.paired_with != "")):
        raise ConflictError(f"{entry.id} goes with {entry.paired_with} already: part them first")


PLACEMENTS = Sayings(
    kind="placements",
    table=PlacementRow,
    key=lambda row: row.entry_id,
    commune=lambda _row: None,
    readable=lambda acting, _row: acting.principal.is_staff,
    writable=lambda acting, _row: acting.principal.is_staff,
    details=lambda row: {"entry_id": row.entry_id, "programme": row.programme},
)
PAIRS = Sayings(
    kind="pairs",
    table=PairRow,
    key=lambda row: row.entry_id,
    commune=lambda _row: None,
    readable=lambda acting, _row: acting.principal.is_staff,
    writable=lambda acting, _row: acting.principal.is_staff,
    details=lambda row: {"entry_id": row.entry_id, "other_id": row.other_id},
    agrees=_is_single,
)
