"""What is late and what is silent, by query.

late     not completed; the planned day of a milestone has passed, and nobody said on which day it was reached
silent   funded or under way, and nothing was said of it for a while (``monitoring_silence_days``)

Whatever has no day is unknown: it is never called late.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from service.register.kinds import EntryKind
from service.register.observation_rows import EntryNewsRow, Fact, ObservationRow
from service.register.tables import RegisterEntryRow

COMPLETED = "completed"
RUNNING = ("funded", "under_way")
"""The states of what somebody is at work on."""
SILENCE_DAYS = 180
"""Days without a word after which a project is called silent, unless the settings name others."""


class Attention(StrEnum):
    """Why somebody should ask after a project."""

    LATE = "late"
    SILENT = "silent"


def is_late(on: date) -> ColumnElement[bool]:
    """The condition on ``register_entries``: a milestone's planned day is before ``on``, and it was not reached."""
    newer = aliased(ObservationRow)
    overtaken = exists().where(
        newer.entry_id == ObservationRow.entry_id,
        newer.fact == Fact.MILESTONE,
        newer.name_key == ObservationRow.name_key,
        newer.withdrawn_at.is_(None),
        or_(
            newer.said_on > ObservationRow.said_on,
            and_(newer.said_on == ObservationRow.said_on, newer.at > ObservationRow.at),
        ),
    )
    late = RegisterEntryRow.id.in_(
        select(ObservationRow.entry_id).where(
            ObservationRow.fact == Fact.MILESTONE,
            ObservationRow.withdrawn_at.is_(None),
            ObservationRow.planned_on < on,
            ObservationRow.actual_on.is_(None),
            ~overtaken,
        )
    )
    return and_(late, RegisterEntryRow.state != COMPLETED)


def is_silent(on: date, days: int = SILENCE_DAYS) -> ColumnElement[bool]:
    """The condition on ``register_entries``: at work, and the last word on it is more than ``days`` days old.

    What a programme has funded and whose source gives no state counts as funded. Without any day it is not silent.
    """
    since = on - timedelta(days=days)
    at_work = or_(
        RegisterEntryRow.state.in_(RUNNING),
        and_(RegisterEntryRow.kind == EntryKind.PRECEDENT, RegisterEntryRow.state == ""),
    )
    said = select(ObservationRow.entry_id).where(ObservationRow.withdrawn_at.is_(None), ObservationRow.said_on >= since)
    # Few records are recent and most are not: what is left out is the shorter list.
    recent = select(EntryNewsRow.entry_id).where(or_(EntryNewsRow.said_on >= since, EntryNewsRow.said_on.is_(None)))
    return and_(at_work, RegisterEntryRow.id.not_in(recent), RegisterEntryRow.id.not_in(said))


def attention(session: Session, entry_id: str, on: date, days: int = SILENCE_DAYS) -> tuple[Attention, ...]:
    """Return why somebody should ask after one entry; nothing where all is well, or nothing is known."""
    return standing(session, [entry_id], on, days).get(entry_id, ())


def standing(
    session: Session, entry_ids: Sequence[str], on: date, days: int = SILENCE_DAYS
) -> dict[str, tuple[Attention, ...]]:
    """Return why somebody should ask after each of these entries, for those of which one should."""
    query = select(RegisterEntryRow.id, is_late(on), is_silent(on, days)).where(RegisterEntryRow.id.in_(entry_ids))
    found = {}
    for entry_id, late, silent in session.execute(query):
        flags = ((Attention.LATE, late), (Attention.SILENT, silent))
        if reasons := tuple(code for code, holds in flags if holds):
            found[entry_id] = reasons
    return found


def last_word(session: Session, entry_id: str) -> date | None:
    """Return the last day for which anything was said of an entry, by its source or by a person."""
    told = session.scalar(select(EntryNewsRow.said_on).where(EntryNewsRow.entry_id == entry_id))
    said = session.scalar(
        select(func.max(ObservationRow.said_on)).where(
            ObservationRow.entry_id == entry_id, ObservationRow.withdrawn_at.is_(None)
        )
    )
    return max((day for day in (told, said) if day is not None), default=None)
