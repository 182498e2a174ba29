"""The register kept in step with the records: after an import, after an edit by hand, or made anew from all of them.

What people say of a project besides (its programme, its pair) is laid over what its record says; ``merged_into`` is
kept by ``service.register.folding`` and no import changes it.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, Table, delete, insert, literal, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from service.kinds import KIND_NAMED
from service.register.derivation import NOT_PROJECTS, entry_of, places_of
from service.register.folding import fold
from service.register.kinds import EntryKind
from service.register.news import Author, keep_news, known
from service.register.tables import PairRow, PlacementRow, RegisterEntryRow, RegisterPlaceRow

KIND_OF_TABLE = {"precedents": EntryKind.PRECEDENT, "projects": EntryKind.PROJECT}
"""The kinds of record that are projects, and what their entries are called."""
CHUNK = 2000
_ENTRIES = cast(Table, RegisterEntryRow.__table__)
_PLACES = cast(Table, RegisterPlaceRow.__table__)


def keep_import(connection: Connection, import_id: int, kinds: Iterable[str]) -> None:
    """Bring in what one import wrote of these kinds of record."""
    for kind in sorted(set(kinds) & KIND_OF_TABLE.keys()):
        which = KIND_NAMED[kind].table.c.import_id == import_id
        before = known(connection, kind, which)
        _keep(connection, kind, which)
        keep_news(connection, kind, which, before, Author(import_id=import_id))


def keep_record(session: Session, kind: str, record_id: str, account_id: str | None = None) -> None:
    """Bring in one record; nothing to do for a kind that is no project.

    ``account_id``: who wrote it by hand just now, so that what is new is kept as said by this account.
    """
    if kind in KIND_OF_TABLE:
        connection, which = session.connection(), KIND_NAMED[kind].table.c.id == record_id
        before = known(connection, kind, which)
        _keep(connection, kind, which)
        keep_news(connection, kind, which, before, Author(account_id=account_id) if account_id else None)
        fold(session)


def keep_entry(session: Session, entry_id: str) -> None:
    """Bring in one project anew, after what was said of it changed."""
    for kind in KIND_OF_TABLE:
        keep_record(session, kind, entry_id)


def rebuild(connection: Connection) -> None:
    """Bring in every project there is."""
    for kind in KIND_OF_TABLE:
        _keep(connection, kind, true())
        keep_news(connection, kind, true())


def _keep(connection: Connection, kind: str, which: ColumnElement[bool]) -> None:
    said = _said(connection)
    rows = connection.execute(_records(kind, which).execution_options(yield_per=CHUNK)).mappings()
    for chunk in rows.partitions(CHUNK):
        data = [json.loads(row["payload"]) for row in chunk]
        entries = [_entry(kind, row, one) | said.get(one["id"], {}) for row, one in zip(chunk, data, strict=True)]
        places = [place for one in data for place in places_of(one)]
        _write(connection, entries, places)


def _said(connection: Connection) -> dict[str, dict[str, str]]:
    """What people say of projects beside their records: the columns that it sets, by entry."""
    placed = select(PlacementRow.entry_id, PlacementRow.programme).where(PlacementRow.withdrawn_at.is_(None))
    paired = select(PairRow.entry_id, PairRow.other_id).where(PairRow.withdrawn_at.is_(None))
    said: dict[str, dict[str, str]] = {}
    for column, query in (("programme", placed), ("paired_with", paired)):
        for entry_id, value in connection.execute(query):
            said.setdefault(entry_id, {})[column] = value
    return said


def _records(kind: str, which: ColumnElement[bool]) -> Select[Any]:
    table = KIND_NAMED[kind].table
    owner = table.c.owner_istat if "owner_istat" in table.c else literal(None).label("owner_istat")
    columns = table.c.payload, table.c.source, table.c.archived_at, owner
    return select(*columns).where(which, table.c.source.not_in(NOT_PROJECTS))


def _entry(kind: str, row: RowMapping, data: Mapping[str, Any]) -> dict[str, Any]:
    of_row = {name: row[name] for name in ("source", "archived_at", "owner_istat")}
    return entry_of(KIND_OF_TABLE[kind], data) | of_row


def _write(connection: Connection, entries: list[dict[str, Any]], places: list[dict[str, str]]) -> None:
    adding = (postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert)(_ENTRIES)
    again = {name: adding.excluded[name] for name in entries[0] if name != "id"}
    connection.execute(adding.on_conflict_do_update(index_elements=["id"], set_=again), entries)
    connection.execute(delete(_PLACES).where(_PLACES.c.entry_id.in_([entry["id"] for entry in entries])))
    if places:
        connection.execute(insert(_PLACES), places)
