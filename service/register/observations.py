"""What was said of a project over time: written by the incubator or by the commune that keeps it, taken back, told.

A fact that is said again for the same day takes the place of the earlier one, which is kept as withdrawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, or_, select, true

from matcher.territory import place_key
from service.access.principal import Principal
from service.errors import InvalidError, UnknownRecordError
from service.ids import new_id
from service.moments import now
from service.register.news import show_observed
from service.register.observation_rows import Fact, ObservationRow
from service.register.tables import RegisterEntryRow
from service.register.upkeep import keep_record
from service.tables import ImportRow
from service.work.acting import Acting
from service.work.authors import Author, Office, authors
from service.work.sayings import Sayings

EURO = "EUR"
EARLIEST = date(1990, 1, 1)
"""Before it, a day is a slip of the pen."""
MOST = Decimal(10) ** 15
"""The largest number that is anybody's amount or indicator."""
AMOUNTS = ("funding", "committed", "spent")
"""What an amount can be: granted, committed to contractors, paid."""
MONITORED = "observations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A fact as a person says it; ``reference`` tells where it was read, ``note`` what else there is to know."""

    fact: Fact
    said_on: date
    state: str = ""
    name: str = ""
    planned_on: date | None = None
    actual_on: date | None = None
    value: Decimal | None = None
    unit: str = ""
    reference: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """A fact as it is kept; ``source`` is the file's publisher where an import said it, "" where a person did."""

    id: str
    entry_id: str
    said: Said
    author: Author
    source: str
    at: datetime
    withdrawn_at: datetime | None
    by_import: bool


def observe(acting: Acting, entry_id: str, said: Said) -> Observation:
    """Keep a fact about an entry of the register; what was said of the same for the same day is withdrawn.

    Raises UnknownRecordError for an entry that may not be written about, InvalidError naming the field that cannot be
    accepted.
    """
    entry = _entry_to_write(acting, entry_id)
    _check(said)
    row = ObservationRow(
        id=new_id(), at=now(), account_id=acting.account_id, entry_id=entry.id, owner_istat=entry.owner_istat,
        said_on=said.said_on, fact=said.fact, state=said.state, name=said.name, name_key=place_key(said.name),
        planned_on=said.planned_on, actual_on=said.actual_on, value=said.value,
        unit=EURO if said.fact is Fact.AMOUNT else said.unit, reference=said.reference, note=said.note,
    )  # fmt: skip
    if (same := OBSERVATIONS.holding(acting, _key(row))) is not None:
        OBSERVATIONS.withdraw(acting, same.id)
    OBSERVATIONS.say(acting, row)
    _show(acting, row)
    return _told(acting, [row])[0]


def read_observation(acting: Acting, observation_id: str) -> Observation:
    """Return one fact; raises UnknownRecordError if there is none that may be seen."""
    return _told(acting, [OBSERVATIONS.read(acting, observation_id)])[0]


def withdraw_observation(acting: Acting, observation_id: str) -> Observation:
    """Take a fact back; raises UnknownRecordError if there is none that may be changed."""
    row = OBSERVATIONS.withdraw(acting, observation_id)
    _show(acting, row)
    return _told(acting, [row])[0]


def restore_observation(acting: Acting, observation_id: str) -> Observation:
    """Let a withdrawn fact hold again; raises ConflictError if another one says the same for that day meanwhile."""
    row = OBSERVATIONS.restore(acting, observation_id)
    _show(acting, row)
    return _told(acting, [row])[0]


def list_observations(
    acting: Acting, *, entry_id: str = "", withdrawn: bool = False, after: str = "", limit: int = 20
) -> tuple[list[Observation], str]:
    """Return one page of what was said, newest first: of one entry, or of all that may be seen."""
    wanted = [seen_by(acting.principal)]
    if entry_id:
        wanted.append(ObservationRow.entry_id == entry_id)
    rows, last = OBSERVATIONS.newest(acting, *wanted, withdrawn=withdrawn, after=after, limit=limit)
    return _told(acting, rows), last


def of_entry(acting: Acting, entry_id: str) -> list[Observation]:
    """Return all that was said of one entry and holds, the oldest day first; nothing that may not be seen."""
    wanted = (ObservationRow.entry_id == entry_id, ObservationRow.withdrawn_at.is_(None), seen_by(acting.principal))
    order = ObservationRow.said_on, ObservationRow.at, ObservationRow.id
    return _told(acting, list(acting.session.scalars(select(ObservationRow).where(*wanted).order_by(*order))))


def milestones(said: Sequence[Observation]) -> list[Observation]:
    """Return the last word on each milestone among facts in the order of their days, by the day it falls on."""
    last = {place_key(one.said.name): one for one in said if one.said.fact is Fact.MILESTONE}
    return sorted(last.values(), key=lambda one: one.said.actual_on or one.said.planned_on or date.max)


def seen_by(principal: Principal) -> ColumnElement[bool]:
    """Which facts somebody may see: those about what everybody sees, and a commune those about its own."""
    if principal.is_staff:
        return true()
    public = ObservationRow.owner_istat.is_(None)
    own = principal.commune_istat
    return or_(public, ObservationRow.owner_istat == own) if principal.keeps(own) else public


def may_write(acting: Acting, entry: RegisterEntryRow) -> bool:
    """Whether somebody may say what becomes of an entry: the incubator, and the commune that keeps it."""
    return acting.principal.is_staff or acting.principal.keeps(entry.owner_istat)


def _entry_to_write(acting: Acting, entry_id: str) -> RegisterEntryRow:
    entry = acting.session.get(RegisterEntryRow, entry_id)
    if entry is None or not may_write(acting, entry):
        raise UnknownRecordError(f"{entry_id}: no project that you may write about has this id")
    return entry


def _check(said: Said) -> None:
    today = now().date()
    for field, day in (("said_on", said.said_on), ("actual_on", said.actual_on)):
        if day is not None and day > today:
            raise InvalidError(field, "a day to come: say it when it has happened")
    for field, day in (("said_on", said.said_on), ("planned_on", said.planned_on), ("actual_on", said.actual_on)):
        if day is not None and day < EARLIEST:
            raise InvalidError(field, f"before {EARLIEST.year}: look at the year again")
    for field, is_right in _complete(said):
        if not is_right:
            raise InvalidError(field, f"needed for a {said.fact.value}, and for nothing else")
    if said.fact is Fact.AMOUNT and said.name not in AMOUNTS:
        raise InvalidError("name", f"one of {', '.join(AMOUNTS)}")
    _check_value(said)


def _check_value(said: Said) -> None:
    if said.value is None:
        return
    if not said.value.is_finite() or abs(said.value) > MOST:
        raise InvalidError("value", f"a number of at most {MOST:,}")
    if said.fact is Fact.AMOUNT and said.value < 0:
        raise InvalidError("value", "an amount is not below zero")


def _complete(said: Said) -> list[tuple[str, bool]]:
    """Return for each field whether it is there exactly where the kind of fact has it."""
    has_value = said.fact in (Fact.AMOUNT, Fact.INDICATOR)
    is_milestone = said.fact is Fact.MILESTONE
    has_day = said.planned_on is not None or said.actual_on is not None
    return [
        ("state", bool(said.state) == (said.fact is Fact.STATE)),
        ("name", bool(said.name) == (said.fact is not Fact.STATE)),
        ("value", (said.value is not None) == has_value),
        ("planned_on", is_milestone or not has_day),
        ("unit", said.fact is Fact.INDICATOR or said.unit in ("", EURO if has_value else "")),
    ]


def _key(row: ObservationRow) -> str:
    # What an import said is never in the way of what a person says, and the other way round.
    who = "person" if row.account_id else f"import {row.id}"
    return f"{row.entry_id}|{row.fact.value}|{row.name_key}|{row.said_on.isoformat()}|{who}"


def _show(acting: Acting, row: ObservationRow) -> None:
    """Show the entry as it is after what was said or taken back."""
    if row.fact is Fact.STATE:
        entry = acting.session.get_one(RegisterEntryRow, row.entry_id)
        keep_record(acting.session, f"{entry.kind.value}s", row.entry_id)
        show_observed(acting.session.connection(), [row.entry_id])
        acting.session.expire(entry)


def _told(acting: Acting, rows: Sequence[ObservationRow]) -> list[Observation]:
    known = authors(acting, (row.account_id for row in rows))
    imports = sorted({row.import_id for row in rows if row.import_id is not None})
    found = acting.session.execute(select(ImportRow.id, ImportRow.source).where(ImportRow.id.in_(imports)))
    sources = {import_id: source for import_id, source in found}
    return [
        Observation(
            row.id,
            row.entry_id,
            said_of(row),
            known[row.account_id] if row.account_id else Author(Office.IMPORT),
            sources.get(row.import_id or 0, ""),
            row.at,
            row.withdrawn_at,
            row.import_id is not None,
        )
        for row in rows
    ]


def said_of(row: ObservationRow) -> Said:
    """Return what a row says."""
    return Said(
        fact=row.fact, said_on=row.said_on, state=row.state, name=row.name, planned_on=row.planned_on,
        actual_on=row.actual_on, value=row.value, unit=row.unit, reference=row.reference, note=row.note,
    )  # fmt: skip


OBSERVATIONS = Sayings(
    kind=MONITORED,
    table=ObservationRow,
    key=_key,
    commune=lambda row: row.owner_istat,
    readable=lambda acting, row: row.owner_istat is None or acting.principal.keeps(row.owner_istat),
    writable=lambda acting, row: acting.principal.is_staff or acting.principal.keeps(row.owner_istat),
    details=lambda row: {"entry_id": row.entry_id, "fact": row.fact.value, "said_on": row.said_on.isoformat()},
)
