"""Changing stored records by hand: each change is a version with its author, and can be undone.

create ──► version 1 ──change──► 2 ──archive──► 3 ──undo──► 4      every step: old and new value of each field
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import RowMapping, insert, select, update

from matcher.errors import SerializationError
from matcher.records import Record
from matcher.serialization import content_hash, from_data, to_data, to_json
from service.errors import ConflictError, InvalidError, StaleError
from service.filling import Data, difference
from service.history import BY_HAND
from service.kinds import Kind, check
from service.moments import now
from service.register.upkeep import keep_record
from service.tables import RecordChangeRow
from service.work.acting import Acting

HAND_FIELDS, ARCHIVED = "hand_fields", "archived_at"
"""Changes besides those of the record's own fields, under the names of their columns."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A record as it is stored, with what people did to it.

    ``hand_fields``: the fields that a person set, which no import changes. ``owner_istat``: the commune that keeps it,
    None for what was imported and for kinds that nobody keeps.
    """

    kind: Kind
    record: Record
    version: int
    source: str
    owner_istat: str | None
    hand_fields: tuple[str, ...]
    archived_at: datetime | None

    @property
    def data(self) -> Data:
        """The record as the dict that JSON holds."""
        return to_data(self.record)


def kept_of(kind: Kind, row: RowMapping) -> Kept:
    """Return a stored row as a record with its state."""
    record = from_data(kind.record_type, json.loads(row["payload"]))
    hand_fields = tuple(row["hand_fields"])
    return Kept(
        kind, record, row["version"], row["source"], row.get("owner_istat"), hand_fields, row["archived_at"]
    )  # fmt: skip


def find(acting: Acting, kind: Kind, record_id: str, *, for_change: bool = False) -> Kept | None:
    """Return a stored record; for a change it is held until the transaction ends, so that two never change it."""
    query = select(kind.table).where(kind.table.c.id == record_id)
    row = acting.session.execute(query.with_for_update() if for_change else query).mappings().one_or_none()
    return None if row is None else kept_of(kind, row)


def create(acting: Acting, kind: Kind, data: Data, owner_istat: str) -> Kept:
    """Store a record that a person wrote; raises InvalidError naming a field that it may not hold so."""
    record = _record(kind, _patched({}, data))
    kept = Kept(kind, record, 1, BY_HAND, owner_istat, (), None)
    columns = {"owner_istat": owner_istat, "created_at": now(), "created_by": acting.account_id}
    acting.session.execute(insert(kind.table), [_columns(kept) | columns])
    _settled(acting, kept, "created", ())
    return kept


def change(acting: Acting, kept: Kept, version: int, patch: Mapping[str, Any]) -> Kept:
    """Lay a merge patch over a record; the fields in it are the person's from now on.

    Raises StaleError if ``version`` is not the stored one, ConflictError if the record is archived, InvalidError
    naming a field that it may not hold so.
    """
    must_be_current(kept, version, patch)
    if kept.archived_at is not None:
        raise ConflictError(f"{kept.record.id} is archived: restore it first")
    record = _record(kept.kind, _patched(kept.data, patch))
    differing = difference(kept.data, to_data(record)).keys()
    hand_fields = kept.hand_fields
    if kept.source != BY_HAND:
        hand_fields = tuple(sorted({*hand_fields, *differing}))
    return _store(acting, kept, replace(kept, record=record, hand_fields=hand_fields), "edited")


def archive(acting: Acting, kept: Kept) -> Kept:
    """Take a record out of what is offered, and keep it."""
    return (
        kept if kept.archived_at else _store(acting, kept, replace(kept, archived_at=now().astimezone(UTC)), "archived")
    )


def restore(acting: Acting, kept: Kept) -> Kept:
    """Offer an archived record again."""
    return _store(acting, kept, replace(kept, archived_at=None), "restored") if kept.archived_at else kept


def undo(acting: Acting, kept: Kept, version: int) -> Kept:
    """Undo the last change that a person made; undone once more, it is made again.

    What was created by hand and never changed is archived. Raises StaleError if ``version`` is not the stored one,
    ConflictError if no person changed the record, or if what the person wrote was changed since by an import.
    """
    must_be_current(kept, version, {})
    last = acting.session.scalars(
        select(RecordChangeRow)
        .where(
            RecordChangeRow.kind == kept.kind.name,
            RecordChangeRow.record_id == kept.record.id,
            RecordChangeRow.account_id.is_not(None),
        )
        .order_by(RecordChangeRow.version.desc())
        .limit(1)
    ).one_or_none()
    if last is None and kept.source == BY_HAND:
        return archive(acting, kept)
    if last is None:
        raise ConflictError(f"{kept.record.id}: no person has changed it, so there is nothing to undo")
    return _store(acting, kept, _reversed(kept, last.changes), "undone")


def must_be_current(kept: Kept, version: int, patch: Mapping[str, Any]) -> None:
    """Raise StaleError, with what is stored and what was sent, if an edit was made on another version."""
    if version != kept.version:
        stored = kept.data
        differing = {name: (stored.get(name), value) for name, value in patch.items() if stored.get(name) != value}
        raise StaleError(
            f"{kept.record.id} is at version {kept.version}, this was written on version {version}: "
            "nothing was changed; look at the difference and send it again",
            kept.version,
            differing,
        )


def _patched(data: Data, patch: Mapping[str, Any]) -> Data:
    """Return the data with a merge patch (RFC 7396) laid over it: null takes away, an object is merged."""
    merged = dict(data)
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, Mapping) and isinstance(merged.get(name), dict):
            merged[name] = _patched(merged[name], value)
        else:
            merged[name] = value
    return merged


def _reversed(kept: Kept, changes: Mapping[str, list[Any]]) -> Kept:
    """Return a record with the old values of a change, where it still has the new ones."""
    current = _state(kept)
    if overtaken := sorted(name for name, (_, new) in changes.items() if current.get(name) != new):
        raise ConflictError(f"{kept.record.id}: {', '.join(overtaken)} was changed since; edit it instead")
    state = current | {name: old for name, (old, _) in changes.items()}
    hand_fields, archived = tuple(state.pop(HAND_FIELDS)), state.pop(ARCHIVED)
    record = _record(kept.kind, _patched({}, state))
    archived_at = datetime.fromisoformat(archived) if archived else None
    return replace(kept, record=record, hand_fields=hand_fields, archived_at=archived_at)


def _state(kept: Kept) -> Data:
    """The record's data with what people did to it besides, as changes name them."""
    archived = kept.archived_at.astimezone(UTC).isoformat() if kept.archived_at else None
    return kept.data | {HAND_FIELDS: list(kept.hand_fields), ARCHIVED: archived}


def _store(acting: Acting, before: Kept, after: Kept, verb: str) -> Kept:
    """Store the next version of a record with what it changes; nothing is written where nothing differs."""
    changes = difference(_state(before), _state(after))
    if not changes:
        return before
    following = replace(after, version=before.version + 1)
    table = before.kind.table
    acting.session.execute(update(table).where(table.c.id == before.record.id).values(_columns(following)))
    entry = RecordChangeRow(
        kind=before.kind.name,
        record_id=before.record.id,
        version=following.version,
        account_id=acting.account_id,
        at=now(),
        changes=changes,
    )
    acting.session.add(entry)
    acting.session.flush()
    _settled(acting, following, verb, changes)
    return following


def _settled(acting: Acting, kept: Kept, verb: str, fields: Any) -> None:
    keep_record(acting.session, kept.kind.name, kept.record.id, acting.account_id)
    acting.changed(kept.kind.name)
    own = (getattr(kept.record, name, "") for name in ("commune_istat", "istat"))
    commune = kept.owner_istat or next(filter(None, own), None)
    acting.did(kept.kind.name, verb, kept.record.id, commune, version=kept.version, fields=sorted(fields))


def _columns(kept: Kept) -> Data:
    text = to_json(kept.record)
    return {
        "id": kept.record.id,
        "source": kept.source,
        "version": kept.version,
        "content_hash": content_hash(text),
        "payload": text,
        "hand_fields": list(kept.hand_fields),
        "archived_at": kept.archived_at,
        **kept.kind.columns(kept.record),
    }


def _record(kind: Kind, data: Data) -> Record:
    try:
        record: Record = from_data(kind.record_type, data)
        check(record)
        to_json(record)
    except SerializationError as error:
        raise InvalidError(error.field.partition(".")[0], error.reason) from error
    return record
