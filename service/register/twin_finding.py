"""Which projects of the register are probably one, found anew after imports and when somebody asks for it.

register_entries, tenders ──► entries (texts only where something has no CUP) ──► find_twins ──► project_twins
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.orm import Session

from matcher.project_entries import ProjectEntry, cup_in, entry_of
from matcher.project_twins import ProjectTwin, find_twins, open_places
from matcher.records import Precedent
from matcher.serialization import from_json
from service import revisions
from service.database import reading, writing_in_turn
from service.history import BY_HAND
from service.kinds import KIND_NAMED
from service.register.derivation import NOT_PROJECTS
from service.register.kinds import EntryKind
from service.register.tables import RegisterEntryRow as Entry
from service.register.tables import RegisterPlaceRow as Place
from service.register.twin_rows import ProjectTwinRow
from service.tables import CommuneRow, DataVersionRow, PrecedentRow

FOLLOWED = ("precedents", "projects")
"""What the pairs are found in, as ``revisions`` names it."""
_FOUND = "project-twins"
_AT_ONCE = 500
"""Ids in one statement: below the 999 parameters that the oldest SQLite in use allows."""


@dataclass(frozen=True, slots=True)
class Finding:
    """How many entries were compared, and how many pairs were found."""

    entries: int
    projects: int
    tenders: int


def find_again(engine: Engine) -> Finding:
    """Find the pairs anew and keep them in place of those of before; takes seconds for 100,000 entries."""
    with reading(engine) as session:
        revision = revisions.current(session, FOLLOWED)
        entries = [*_projects(session), *_tenders(session)]
    found = find_twins(entries)
    with writing_in_turn(engine) as session:
        session.execute(delete(ProjectTwinRow))
        for rows in _chunks([_row(twin) for twin in found]):
            session.execute(insert(ProjectTwinRow), rows)
        _note(session, revision)
    tenders = sum(twin.is_tender for twin in found)
    return Finding(len(entries), len(found) - tenders, tenders)


def find_if_stale(engine: Engine) -> None:
    """Find the pairs anew if records were written since: for whoever has just imported some."""
    with reading(engine) as session:
        stale = is_stale(session)
    if stale:
        find_again(engine)


def is_stale(session: Session) -> bool:
    """Return whether records were written since the pairs were found."""
    noted = session.scalar(select(DataVersionRow.stamp).where(DataVersionRow.name == _FOUND))
    return noted != revisions.current(session, FOLLOWED)


def _note(session: Session, revision: str) -> None:
    """Keep which state of the records the pairs were found in."""
    revisions.touch(session, _FOUND)
    row = session.get(DataVersionRow, _FOUND, populate_existing=True)
    if row is not None:
        row.stamp = revision


def _projects(session: Session) -> list[ProjectEntry]:
    places: dict[str, list[str]] = {}
    for entry_id, commune in session.execute(select(Place.entry_id, Place.commune_istat)):
        places.setdefault(entry_id, []).append(commune)
    names: dict[str, str] = {id_: name for id_, name in session.execute(select(CommuneRow.id, CommuneRow.name))}
    rows = session.execute(select(Entry).where(Entry.archived_at.is_(None))).scalars()
    return _with_texts(session, [_entry(row, places.get(row.id, ()), names) for row in rows])


def _entry(row: Entry, communes: Sequence[str], names: dict[str, str]) -> ProjectEntry:
    own = row.kind is EntryKind.PROJECT
    # A commune's own project is its body's unless it says whose it is.
    body = row.body or (names.get(row.owner_istat, "") if row.owner_istat else "")
    return ProjectEntry(
        id=row.id,
        # Each entry by hand stands for itself: people do enter one project twice.
        origin=row.id if row.owner_istat or row.source == BY_HAND else row.source,
        title=row.title,
        cup=row.cup,
        measure=row.measure,
        communes=frozenset(communes),
        place_names=" ".join(names.get(code, "") for code in communes),
        body=body,
        amount=row.amount,
        year=row.year,
        is_own=own,
    )


def _with_texts(session: Session, entries: Sequence[ProjectEntry]) -> list[ProjectEntry]:
    """Add what entries say where that may tell: in the communes where something has no CUP."""
    open_ones = open_places(entries)
    wanted = [entry.id for entry in entries if not entry.cup or entry.communes & open_ones]
    texts = {id_: text for kind in ("precedents", "projects") for id_, text in _texts(session, kind, wanted)}
    return [_said(entry, texts[entry.id]) if entry.id in texts else entry for entry in entries]


def _said(entry: ProjectEntry, text: str) -> ProjectEntry:
    return replace(entry, text=text, cup=entry.cup or cup_in(f"{entry.title} {text}"))


def _texts(session: Session, kind: str, ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    table = KIND_NAMED[kind].table
    for some in _chunks(ids):
        rows = session.execute(select(table.c.id, table.c.payload).where(table.c.id.in_(some)))
        yield from ((id_, json.loads(payload).get("text", "")) for id_, payload in rows)


def _tenders(session: Session) -> Iterator[ProjectEntry]:
    sources = sorted(NOT_PROJECTS)
    payloads = session.scalars(
        select(PrecedentRow.payload)
        .where(PrecedentRow.source.in_(sources), PrecedentRow.archived_at.is_(None))
        .execution_options(yield_per=2000)
    )
    for payload in payloads:
        yield entry_of(from_json(Precedent, payload), tenders=NOT_PROJECTS)


def _row(twin: ProjectTwin) -> dict[str, Any]:
    return {
        "first_id": twin.first,
        "second_id": twin.second,
        "evidence": [one.value for one in twin.evidence],
        "likeness": twin.likeness,
        "is_tender": twin.is_tender,
    }


def _chunks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    remaining = iter(rows)
    while some := list(islice(remaining, _AT_ONCE)):
        yield some
