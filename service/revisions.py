"""What was written when, in one number per kind of thing: whoever serves something looks here for "look again".

touch(session, "calls") ──► data_versions: number + 1, a new stamp ──► current(session) is another text
"""

from collections.abc import Iterable
from hashlib import sha256
from uuid import uuid4

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from service.tables import DataVersionRow

SERVED = ("calls", "precedents", "communes", "organisations", "frame", "criteria", "merges", "distinctions", "tags")
"""What recommendations depend on; needs, projects and assets are the questions, and are read when they are asked."""
BUILT_FROM = ("calls", "precedents", "merges")
"""What artifacts are made of; the rest is laid over them when they are served."""


def touch(connection: Session | Connection, *names: str) -> None:
    """Say that the things of these names were written; they become visible with the writer's transaction."""
    insert = postgresql.insert if _dialect(connection) == "postgresql" else sqlite.insert
    # In one order, so that two writers of several things never wait for each other.
    for name in sorted(set(names)):
        stamp = uuid4().hex
        again = {"number": DataVersionRow.number + 1, "stamp": stamp}
        row = insert(DataVersionRow).values(name=name, number=1, stamp=stamp)
        connection.execute(row.on_conflict_do_update(index_elements=["name"], set_=again))


def current(connection: Session | Connection, names: Iterable[str] = SERVED) -> str:
    """Return 16 hex digits that change whenever one of these things was written."""
    wanted = sorted(set(names))
    query = select(DataVersionRow.name, DataVersionRow.number, DataVersionRow.stamp)
    rows = connection.execute(query.where(DataVersionRow.name.in_(wanted)).order_by(DataVersionRow.name))
    lines = "\n".join(f"{name} {number} {stamp}" for name, number, stamp in rows)
    return sha256(lines.encode()).hexdigest()[:16]


def _dialect(connection: Session | Connection) -> str:
    bind = connection.get_bind() if isinstance(connection, Session) else connection
    return bind.dialect.name
