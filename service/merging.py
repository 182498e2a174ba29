"""What one import changes: every record compared with the stored one, written in bulk, counted.

record ──► no such key ─────────────────────────────► new         version 1
       ──► same text as stored ─────────────────────► unchanged
       ──► absent values filled from the stored one
           ├── nothing differs (but provenance) ────► unchanged   provenance refreshed in place
           └── something differs ───────────────────► changed     version + 1, old and new values kept
           (what a person set stays as it is, and is counted where the file says otherwise)
       ──► contradicts an earlier row of the file ──► quarantined
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from corpora.embedded import NAME as EMBEDDED
from corpora.rows import Quarantined
from matcher.records import Record
from matcher.serialization import content_hash, from_data, to_data, to_json
from service.filling import difference, keep_fields, lay_over
from service.incoming import Incoming
from service.kinds import NAME_OF, Columns, Kind
from service.tables import RecordChangeRow

CHUNK = 2000
"""Records written at once; the ids of a chunk also fit one SQL statement on every database."""


class Stored(NamedTuple):
    """What is known of a stored record without reading it whole."""

    content_hash: str
    source: str


class Current(NamedTuple):
    """A stored record as it is at the moment of writing: a person may have changed it since the import began."""

    data: dict[str, Any]
    version: int
    source: str
    hand_fields: list[str]


@dataclass(slots=True)
class Counts:
    """What became of the rows; ``rows_in`` is the sum of the other four, or the import fails."""

    rows_in: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    quarantined: int = 0
    kept_by_hand: int = 0


@dataclass(slots=True)
class Merger:
    """Takes the outcomes of one import in file order; ``finish`` writes the last ones.

    ``written`` names the kinds of record of which something was written.
    """

    connection: Connection
    import_id: int
    source: str
    file: str
    at: datetime
    counts: Counts = field(default_factory=Counts)
    quarantined: list[Quarantined] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    _stored: dict[Table, dict[str, Stored]] = field(default_factory=dict)
    _seen: dict[tuple[type[Record], str], tuple[int, str]] = field(default_factory=dict)
    _new: dict[Table, list[Columns]] = field(default_factory=dict)
    _differing: dict[Table, list[Incoming]] = field(default_factory=dict)
    _waiting: int = 0

    def add(self, row: Incoming | Quarantined) -> None:
        """Take one row of the file, made ready."""
        self.counts.rows_in += 1
        if isinstance(row, Quarantined):
            self._set_apart(row)
            return
        self._compare(row)
        if self._waiting >= CHUNK:
            self.finish()

    def finish(self) -> None:
        """Write what is waiting."""
        for table, rows in self._new.items():
            self.connection.execute(insert(table), rows)
            self.written.add(NAME_OF[table])
        for table, differing in self._differing.items():
            self._merge(table, differing)
        self._new.clear()
        self._differing.clear()
        self._waiting = 0

    def _compare(self, incoming: Incoming) -> None:
        kind = incoming.kind
        key = (kind.record_type, incoming.record.id)
        if key in self._seen:
            self._repeat(incoming, *self._seen[key])
            return
        self._seen[key] = (incoming.line, incoming.content_hash)
        stored = self._stored_in(kind.table).get(incoming.record.id)
        if stored is None:
            self.counts.new += 1
            self._new.setdefault(kind.table, []).append(self._first_row(incoming))
            self._waiting += 1
        elif stored.content_hash == incoming.content_hash and stored.source == self.source:
            self.counts.unchanged += 1
        else:
            self._differing.setdefault(kind.table, []).append(incoming)
            self._waiting += 1

    def _repeat(self, incoming: Incoming, first_line: int, first_hash: str) -> None:
        """Settle a key that the file has already had: the same again, or a contradiction."""
        if first_hash == incoming.content_hash:
            self.counts.unchanged += 1
            return
        reason = f"contradicts line {first_line}, which has the same id and was kept"
        self._set_apart(Quarantined(self.file, incoming.line, "id", incoming.record.id, reason))

    def _set_apart(self, row: Quarantined) -> None:
        self.counts.quarantined += 1
        self.quarantined.append(row)

    def _stored_in(self, table: Table) -> dict[str, Stored]:
        known = self._stored.get(table)
        if known is None:
            rows = self.connection.execute(select(table.c.id, table.c.content_hash, table.c.source))
            known = self._stored[table] = {id_: Stored(*rest) for id_, *rest in rows}
        return known

    def _first_row(self, incoming: Incoming) -> Columns:
        return self._row(incoming, version=1, source=self.source) | {"first_import_id": self.import_id}

    def _row(self, incoming: Incoming, *, version: int, source: str) -> Columns:
        return {
            "id": incoming.record.id,
            "source": source,
            "version": version,
            "content_hash": incoming.content_hash,
            "payload": incoming.text,
            "import_id": self.import_id,
            **incoming.kind.columns(incoming.record),
        }

    def _merge(self, table: Table, waiting: list[Incoming]) -> None:
        """Settle the records whose text is not the stored one: changed, or only poorer, or only read elsewhere."""
        current = self._current(table, [incoming.record.id for incoming in waiting])
        rows, changes = [], []
        for incoming in waiting:
            stored = current[incoming.record.id]
            merged, owner = self._filled(to_data(incoming.record), stored)
            differing_fields = difference(stored.data, merged)
            version = stored.version + bool(differing_fields)
            if differing_fields:
                changes.append(self._change(incoming, version, differing_fields))
            if merged != stored.data or owner != stored.source:
                rows.append(self._row(_incoming(incoming.kind, merged), version=version, source=owner))
        self.counts.changed += len(changes)
        self.counts.unchanged += len(waiting) - len(changes)
        self._update(table, rows)
        if changes:
            self.connection.execute(insert(RecordChangeRow), changes)

    def _current(self, table: Table, ids: list[str]) -> dict[str, Current]:
        columns = table.c.id, table.c.payload, table.c.version, table.c.source, table.c.hand_fields
        found = self.connection.execute(select(*columns).where(table.c.id.in_(ids)).with_for_update())
        return {id_: Current(json.loads(payload), *rest) for id_, payload, *rest in found}

    def _filled(self, incoming: dict[str, Any], stored: Current) -> tuple[dict[str, Any], str]:
        """Let the incoming values win, or the stored ones where an official record meets one of our own corpus.

        A field that a person set is neither's: it stays.
        """
        if self.source == EMBEDDED and stored.source != EMBEDDED:
            merged, owner = lay_over(incoming, stored.data), stored.source
        else:
            merged, owner = lay_over(stored.data, incoming), self.source
            said = [name for name in stored.hand_fields if name in incoming]
            self.counts.kept_by_hand += any(incoming[name] != stored.data.get(name) for name in said)
        return keep_fields(merged, stored.data, stored.hand_fields), owner

    def _change(self, incoming: Incoming, version: int, differing_fields: dict[str, list[Any]]) -> Columns:
        return {
            "kind": incoming.kind.name,
            "record_id": incoming.record.id,
            "version": version,
            "import_id": self.import_id,
            "at": self.at,
            "changes": differing_fields,
        }

    def _update(self, table: Table, rows: list[Columns]) -> None:
        if rows:
            # A parameter may not have the name of a column that is set.
            values: Columns = {name: bindparam(f"new_{name}") for name in rows[0] if name != "id"}
            parameters = [{f"new_{name}": value for name, value in row.items()} for row in rows]
            self.connection.execute(update(table).where(table.c.id == bindparam("new_id")).values(values), parameters)
            self.written.add(NAME_OF[table])


def _incoming(kind: Kind, data: dict[str, Any]) -> Incoming:
    record = from_data(kind.record_type, data)
    text = to_json(record)
    return Incoming(kind, record, text, content_hash(text))
