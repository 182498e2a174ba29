"""What is new about a project when its record is written: kept as dated facts, so that state and money have a history.

record as it was ──┐
record as it is  ──┴──► what differs ──► observations        and what people observed later stays what is shown
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite

from matcher.territory import place_key
from service.ids import new_id
from service.kinds import KIND_NAMED
from service.moments import ROME, now
from service.register.observation_rows import EntryNewsRow, Fact, ObservationRow
from service.register.tables import RegisterEntryRow
from service.tables import ImportRow

FUNDING = "funding"
"""What the amount of a record is called: the money that was granted."""
MILESTONES, SPENDING = "milestones", ("committed", "spent")
"""What a record may say of its course besides its state and its funding."""
CHUNK = 2000
_ENTRIES: Table = RegisterEntryRow.__table__  # type: ignore[assignment]
_NEWS: Table = EntryNewsRow.__table__  # type: ignore[assignment]
_SAID: Table = ObservationRow.__table__  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a record: one of an import and an account."""

    import_id: int | None = None
    account_id: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What was known of an entry: the day that its record spoke for, its own state, its amount."""

    said_on: date | None
    state: str
    amount: Decimal | None


def known(connection: Connection, kind: str, which: ColumnElement[bool]) -> dict[str, Known]:
    """Return what is known of the entries of these records of a kind; a record that is new is not among them."""
    table = KIND_NAMED[kind].table
    entry, news = _ENTRIES.c, _NEWS.c
    query = (
        select(entry.id, news.said_on, news.state, entry.amount)
        .join(_NEWS, news.entry_id == entry.id)
        .where(entry.id.in_(select(table.c.id).where(which)))
    )
    return {id_: Known(*rest) for id_, *rest in connection.execute(query)}


def keep_news(
    connection: Connection,
    kind: str,
    which: ColumnElement[bool],
    before: Mapping[str, Known] | None = None,
    author: Author | None = None,
) -> None:
    """Keep for which day each of these records speaks, and what differs from ``before`` as facts that ``author`` says.

    Runs after the entries were written; an entry shows the state that a person observed after that day.
    """
    for chunk in _chunks(connection, kind, which):
        _upsert(connection, [{name: row[name] for name in ("entry_id", "said_on", "state")} for row in chunk])
        facts = [] if author is None else _differing(connection, chunk, before or {}, author)
        if author is not None:
            facts += _followed(connection, chunk, author)
        if facts:
            connection.execute(insert(_SAID), facts)
    show_observed(connection, select(KIND_NAMED[kind].table.c.id).where(which))


def show_observed(connection: Connection, entry_ids: Any) -> None:
    """Show for these entries the newest state that a person observed, where the record says nothing newer."""
    said = _SAID.c
    asked = (
        select(said.entry_id, said.state, _NEWS.c.said_on)
        .join(_NEWS, _NEWS.c.entry_id == said.entry_id)
        .where(said.fact == Fact.STATE, said.account_id.is_not(None), said.withdrawn_at.is_(None))
        .where(said.entry_id.in_(entry_ids), (_NEWS.c.said_on.is_(None)) | (said.said_on >= _NEWS.c.said_on))
        .order_by(said.said_on, said.at)
    )
    newest = {row.entry_id: row.state for row in connection.execute(asked)}
    for entry_id, state in newest.items():
        connection.execute(update(_ENTRIES).where(_ENTRIES.c.id == entry_id).values(state=state))


def _chunks(connection: Connection, kind: str, which: ColumnElement[bool]) -> Iterator[list[dict[str, Any]]]:
    table, imported = KIND_NAMED[kind].table, ImportRow.__table__.c
    created = table.c.created_at if "created_at" in table.c else literal(None).label("created_at")
    query = (
        select(table.c.id, table.c.payload, created, imported.started_at, *_of_entry())
        .outerjoin(ImportRow, table.c.import_id == imported.id)
        .join(_ENTRIES, _ENTRIES.c.id == table.c.id)
        .where(which)
        .execution_options(yield_per=CHUNK)
    )
    for rows in connection.execute(query).mappings().partitions(CHUNK):
        yield [_of(row) for row in rows]


def _of_entry() -> tuple[ColumnElement[Any], ...]:
    entry = _ENTRIES.c
    return entry.state, entry.amount, entry.owner_istat, entry.source


def _of(row: Mapping[Any, Any]) -> dict[str, Any]:
    data = json.loads(row["payload"])
    as_of = (data.get("provenance") or {}).get("as_of")
    written = row["started_at"] or row["created_at"]
    said_on = date.fromisoformat(as_of) if as_of else written.astimezone(ROME).date() if written else None
    return {
        **{name: row[name] for name in ("state", "amount", "owner_istat", "source")},
        **{name: data[name] for name in (MILESTONES, *SPENDING) if name in data},
        "said_on": said_on,
        "entry_id": row["id"],
    }


def _upsert(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    adding = (postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert)(_NEWS)
    again = {name: adding.excluded[name] for name in ("said_on", "state")}
    connection.execute(adding.on_conflict_do_update(index_elements=["entry_id"], set_=again), list(rows))


def _differing(
    connection: Connection, chunk: Sequence[Mapping[str, Any]], before: Mapping[str, Known], author: Author
) -> list[dict[str, Any]]:
    """Return the facts of a chunk that are new; with the first one of its kind also what held before it."""
    told = [(row, old) for row in chunk if (old := before.get(row["entry_id"])) is not None and _differs(row, old)]
    ids = [row["entry_id"] for row, _old in told]
    asked = connection.execute(select(_SAID.c.entry_id, _SAID.c.fact).where(_SAID.c.entry_id.in_(ids)))
    said = {(entry_id, fact) for entry_id, fact in asked}
    return [fact for row, old in told for fact in _facts(row, old, author, said)]


def _differs(row: Mapping[str, Any], old: Known) -> bool:
    return (bool(row["state"]) and row["state"] != old.state) or row["amount"] not in (None, old.amount)


def _facts(
    row: Mapping[str, Any], old: Known, author: Author, said: Collection[tuple[str, Fact]]
) -> Iterator[dict[str, Any]]:
    # A person writes today; a source speaks for a day of its own.
    day = now().date() if author.account_id else row["said_on"] or now().date()
    earlier = old.said_on if old.said_on is not None and old.said_on < day else None
    if row["state"] and row["state"] != old.state:
        if old.state and earlier and (row["entry_id"], Fact.STATE) not in said:
            yield _fact(row, author, earlier, Fact.STATE, state=old.state)
        yield _fact(row, author, day, Fact.STATE, state=row["state"])
    if row["amount"] not in (None, old.amount):
        if old.amount is not None and earlier and (row["entry_id"], Fact.AMOUNT) not in said:
            yield _fact(row, author, earlier, Fact.AMOUNT, name=FUNDING, value=old.amount)
        yield _fact(row, author, day, Fact.AMOUNT, name=FUNDING, value=row["amount"])


def _followed(connection: Connection, chunk: Sequence[Mapping[str, Any]], author: Author) -> list[dict[str, Any]]:
    """Return the milestones and the spending of a chunk that its source says for the first time, or otherwise."""
    told = [row for row in chunk if any(name in row for name in (MILESTONES, *SPENDING))]
    if not told:
        return []
    said = _SAID.c
    query = (
        select(said.entry_id, said.name_key, said.planned_on, said.actual_on, said.value)
        .where(said.entry_id.in_([row["entry_id"] for row in told]), said.import_id.is_not(None))
        .order_by(said.said_on, said.at)
    )
    last = {(entry_id, key): tuple(rest) for entry_id, key, *rest in connection.execute(query)}
    facts = (fact for row in told for fact in _course(row, author))
    return [
        fact
        for fact in facts
        if last.get((fact["entry_id"], fact["name_key"])) != (fact["planned_on"], fact["actual_on"], fact["value"])
    ]


def _course(row: Mapping[str, Any], author: Author) -> Iterator[dict[str, Any]]:
    day = row["said_on"] or now().date()
    for one in row.get(MILESTONES, ()):
        planned, actual = (date.fromisoformat(one[name]) if name in one else None for name in ("planned", "actual"))
        made = _fact(row, author, day, Fact.MILESTONE, name=one["name"])
        yield made | {"name_key": place_key(one["name"]), "planned_on": planned, "actual_on": actual}
    for name in SPENDING:
        if name in row and row[name].get("currency", "EUR") == "EUR":
            yield _fact(row, author, day, Fact.AMOUNT, name=name, value=Decimal(row[name]["amount"]))


def _fact(
    row: Mapping[str, Any],
    author: Author,
    day: date,
    fact: Fact,
    *,
    state: str = "",
    name: str = "",
    value: Decimal | None = None,
) -> dict[str, Any]:
    fact_id = new_id()
    return {
        "id": fact_id,
        "entry_id": row["entry_id"],
        "owner_istat": row["owner_istat"],
        "account_id": author.account_id,
        "import_id": author.import_id,
        "at": now(),
        "withdrawn_at": None,
        "active_key": fact_id,
        "said_on": day,
        "fact": fact,
        "state": state,
        "name": name,
        "name_key": place_key(name),
        "planned_on": None,
        "actual_on": None,
        "value": value,
        "unit": "EUR" if value is not None else "",
        "reference": "",
        "note": "",
    }
