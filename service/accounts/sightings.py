"""When a session or an API key was last used: written now and then, and never at the price of an answer."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, Update, text, update
from sqlalchemy.exc import SQLAlchemyError

from service.accounts.tables import ApiKeyRow, SessionRow
from service.database import BUSY_TIMEOUT_S
from service.moments import now

EVERY = timedelta(minutes=1)
"""How exactly it is known: one write a minute, not one a request."""
PATIENCE_MS = 100
"""While an import holds the database, requests go on; the next one tries again."""


def note_session(engine: Engine, row: SessionRow) -> None:
    """Remember that a session was used."""
    if _is_due(row.last_seen_at):
        seen = update(SessionRow).where(SessionRow.secret_hash == row.secret_hash)
        _write(engine, seen.values(last_seen_at=now()))


def note_api_key(engine: Engine, row: ApiKeyRow) -> None:
    """Remember that an API key was used."""
    if _is_due(row.last_used_at):
        _write(engine, update(ApiKeyRow).where(ApiKeyRow.id == row.id).values(last_used_at=now()))


def _write(engine: Engine, seen: Update) -> None:
    with (
        suppress(SQLAlchemyError),
        engine.execution_options(begin="IMMEDIATE").connect() as connection,
        _impatient(connection),
        connection.begin(),
    ):
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE_MS}ms'"))
        connection.execute(seen)


@contextmanager
def _impatient(connection: Connection) -> Iterator[None]:
    """Let this connection, if it is one to an SQLite file, wait for other writers only ``PATIENCE_MS``."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        yield
        return
    driver.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000:.0f}")


def _is_due(seen: datetime | None) -> bool:
    return seen is None or now() - seen >= EVERY
