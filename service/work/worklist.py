"""The incubator's worklist over communes and calls: who follows what, how far it is, when to look again.

add ──► to_call ──change──► called, interested, preparing, applied, declined, done      every change can be undone
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from service.accounts.tables import AccountRow
from service.errors import InvalidError, UnknownRecordError
from service.ids import new_id
from service.moments import now
from service.tables import CommuneRow
from service.work.acting import Acting
from service.work.staff import must_be_of_the_incubator
from service.work.subjects import call_titles, shown_call
from service.work.tables import WorkItemRow, WorkNoteRow, WorkState
from service.work.versioned import flush, last_change, must_be_current, store, values_before

KIND = "work_items"
EDITABLE = ("owner_id", "state", "remind_on", "archived_at")
MOST_COMMUNES = 200
"""Communes to which a call is put on the list at once."""
_NO_DAY = date.max
_PARSERS = {"state": WorkState, "remind_on": date.fromisoformat, "archived_at": datetime.fromisoformat}


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One commune and one call on the list; ``owner_name`` is empty where nobody follows it."""

    id: str
    commune_istat: str
    commune_name: str
    call_id: str
    call_title: str
    owner_id: str | None
    owner_name: str
    state: WorkState
    remind_on: date | None
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class WorkNote:
    """A note, written once."""

    id: str
    author_name: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WorkFilters:
    """Which items are listed; empty means all. ``due_by``: to be looked at until that day."""

    owner_id: str = ""
    state: WorkState | None = None
    due_by: date | None = None
    commune_istat: str = ""
    call_id: str = ""
    archived: bool = False


class Outcome(StrEnum):
    """What became of one commune of a batch."""

    ADDED = "added"
    THERE_ALREADY = "there_already"
    RESTORED = "restored"
    UNKNOWN_COMMUNE = "unknown_commune"


@dataclass(frozen=True, slots=True)
class Added:
    """One commune of a batch and its item; ``item_id`` is empty where no commune has this code."""

    commune_istat: str
    outcome: Outcome
    item_id: str


def list_work(
    acting: Acting, filters: WorkFilters, *, after: str = "", limit: int = 20
) -> tuple[list[WorkItem], str, int]:
    """Return one page of the list, the next reminder first, where the next page begins, and how many there are."""
    acting.must_be_staff()
    wanted = _wanted(filters)
    total = acting.session.scalar(select(func.count()).select_from(WorkItemRow).where(wanted)) or 0
    day = case((WorkItemRow.remind_on.is_(None), _NO_DAY), else_=WorkItemRow.remind_on)
    query = select(WorkItemRow).where(wanted).order_by(day, WorkItemRow.id).limit(limit + 1)
    if after:
        last_day, last_id = _position(after)
        query = query.where(or_(day > last_day, and_(day == last_day, WorkItemRow.id > last_id)))
    rows = list(acting.session.scalars(query))
    last = f"{rows[limit - 1].remind_on or _NO_DAY}\n{rows[limit - 1].id}" if len(rows) > limit else ""
    acting.did(KIND, "listed", "", filters.commune_istat or None, count=min(len(rows), limit))
    return _shown(acting, rows[:limit]), last, total


def read_work(acting: Acting, item_id: str) -> WorkItem:
    """Return one item; raises UnknownRecordError if there is none."""
    row = _row(acting, item_id)
    acting.saw(KIND, row.id, row.commune_istat)
    return _shown(acting, [row])[0]


def add_work(
    acting: Acting,
    communes: Sequence[str],
    call_id: str,
    *,
    owner_id: str | None = None,
    state: WorkState = WorkState.TO_CALL,
    remind_on: date | None = None,
) -> list[Added]:
    """Put a call on the list for each commune; what is on it stays as it is, what was taken off it comes back.

    A code that no commune has stops none of the others. Raises ForbiddenError for anybody but the incubator,
    InvalidError naming the field that cannot be accepted.
    """
    acting.must_be_staff()
    call = shown_call(acting, call_id)
    must_be_of_the_incubator(acting, owner_id)
    wanted = list(dict.fromkeys(communes))
    known = set(acting.session.scalars(select(CommuneRow.id).where(CommuneRow.id.in_(wanted))))
    before = _items_of(acting, call, wanted)
    added = []
    for istat in wanted:
        row = before.get(istat)
        if istat not in known:
            added.append(Added(istat, Outcome.UNKNOWN_COMMUNE, ""))
        elif row is not None and row.archived_at is None:
            added.append(Added(istat, Outcome.THERE_ALREADY, row.id))
        elif row is not None:
            _store(acting, row, {"archived_at": None}, "restored")
            added.append(Added(istat, Outcome.RESTORED, row.id))
        else:
            added.append(Added(istat, Outcome.ADDED, _add(acting, istat, call, owner_id, state, remind_on)))
    flush(acting)
    return added


def change_work(acting: Acting, item_id: str, version: int, patch: Mapping[str, Any]) -> WorkItem:
    """Change owner, state or reminder; ``patch`` holds the fields to change, None to take a value away.

    Raises UnknownRecordError, StaleError if ``version`` is not the stored one, InvalidError naming a field.
    """
    row = _row(acting, item_id, for_change=True)
    must_be_current(row, version, patch)
    if patch.get("state", row.state) is None:
        raise InvalidError("state", "an item has a state; choose one")
    must_be_of_the_incubator(acting, patch.get("owner_id"))
    return _store(acting, row, {name: patch[name] for name in EDITABLE if name in patch}, "edited")


def archive_work(acting: Acting, item_id: str) -> None:
    """Take an item off the list; it is kept."""
    row = _row(acting, item_id, for_change=True)
    if row.archived_at is None:
        _store(acting, row, {"archived_at": now().astimezone(UTC)}, "archived")


def undo_work(acting: Acting, item_id: str, version: int) -> WorkItem:
    """Undo the last change of an item; undone once more, it is made again. What is new is taken off the list.

    Raises UnknownRecordError, StaleError if ``version`` is not the stored one.
    """
    row = _row(acting, item_id, for_change=True)
    must_be_current(row, version, {})
    last = last_change(acting, KIND, row)
    if last is None:
        return _store(acting, row, {"archived_at": now().astimezone(UTC)}, "undone")
    return _store(acting, row, values_before(last, _PARSERS), "undone")


def add_note(acting: Acting, item_id: str, text: str) -> WorkNote:
    """Add a note to an item; raises UnknownRecordError if there is none."""
    row = _row(acting, item_id)
    note = WorkNoteRow(id=new_id(), work_item_id=row.id, account_id=acting.account_id, text=text, at=now())
    acting.session.add(note)
    acting.session.flush()
    acting.did(KIND, "noted", row.id, row.commune_istat, note_id=note.id)
    return _notes(acting, [note])[0]


def list_notes(acting: Acting, item_id: str) -> list[WorkNote]:
    """Return the notes of an item, oldest first; raises UnknownRecordError if there is no such item."""
    row = _row(acting, item_id)
    acting.saw(KIND, row.id, row.commune_istat)
    notes = select(WorkNoteRow).where(WorkNoteRow.work_item_id == row.id).order_by(WorkNoteRow.at, WorkNoteRow.id)
    return _notes(acting, acting.session.scalars(notes).all())


def _items_of(acting: Acting, call_id: str, communes: Sequence[str]) -> dict[str, WorkItemRow]:
    """The items of a call by commune, held for a change."""
    query = select(WorkItemRow).where(WorkItemRow.call_id == call_id, WorkItemRow.commune_istat.in_(communes))
    # In one order, so that two who add the same never wait for each other.
    rows = acting.session.scalars(query.order_by(WorkItemRow.id).with_for_update())
    return {row.commune_istat: row for row in rows}


def _add(
    acting: Acting, istat: str, call_id: str, owner_id: str | None, state: WorkState, remind_on: date | None
) -> str:
    at = now()
    row = WorkItemRow(
        id=new_id(), commune_istat=istat, call_id=call_id, owner_id=owner_id, state=state, remind_on=remind_on,
        created_at=at, updated_at=at, version=1,
    )  # fmt: skip
    acting.session.add(row)
    acting.did(KIND, "created", row.id, istat, call_id=call_id)
    return row.id


def _row(acting: Acting, item_id: str, *, for_change: bool = False) -> WorkItemRow:
    acting.must_be_staff()
    row = acting.session.get(WorkItemRow, item_id, with_for_update=True if for_change else None)
    if row is None:
        raise UnknownRecordError(f"{item_id}: nothing on the worklist has this id")
    return row


def _wanted(filters: WorkFilters) -> ColumnElement[bool]:
    archived = WorkItemRow.archived_at
    conditions: list[ColumnElement[bool]] = [archived.is_not(None) if filters.archived else archived.is_(None)]
    equal = {
        WorkItemRow.owner_id: filters.owner_id,
        WorkItemRow.state: filters.state,
        WorkItemRow.commune_istat: filters.commune_istat,
        WorkItemRow.call_id: filters.call_id,
    }
    conditions += [column == value for column, value in equal.items() if value]
    if filters.due_by:
        conditions.append(WorkItemRow.remind_on <= filters.due_by)
    return and_(*conditions)


def _store(acting: Acting, row: WorkItemRow, values: Mapping[str, Any], verb: str) -> WorkItem:
    store(acting, KIND, row, values, verb)
    return _shown(acting, [row])[0]


def _shown(acting: Acting, rows: Sequence[WorkItemRow]) -> list[WorkItem]:
    titles = call_titles(acting, (row.call_id for row in rows))
    communes = _names(acting, CommuneRow, [row.commune_istat for row in rows])
    owners = _names(acting, AccountRow, [row.owner_id for row in rows if row.owner_id])
    return [
        WorkItem(
            row.id, row.commune_istat, communes[row.commune_istat], row.call_id, titles[row.call_id], row.owner_id,
            owners[row.owner_id] if row.owner_id else "", row.state, row.remind_on, row.created_at, row.updated_at,
            row.archived_at, row.version,
        )
        for row in rows
    ]  # fmt: skip


def _notes(acting: Acting, notes: Sequence[WorkNoteRow]) -> list[WorkNote]:
    names = _names(acting, AccountRow, [note.account_id for note in notes])
    return [WorkNote(note.id, names[note.account_id], note.text, note.at) for note in notes]


def _names(acting: Acting, table: type[CommuneRow] | type[AccountRow], ids: Sequence[str]) -> dict[str, str]:
    rows = acting.session.execute(select(table.id, table.name).where(table.id.in_(sorted(set(ids)))))
    return {key: name for key, name in rows}


def _position(after: str) -> tuple[date, str]:
    day, _, item_id = after.partition("\n")
    try:
        return date.fromisoformat(day), item_id
    except ValueError as error:
        raise InvalidError("cursor", "not a cursor of this list; start again without one") from error
