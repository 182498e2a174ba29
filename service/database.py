"""The database opened, migrated and used in one transaction at a time.

    open_database(settings, writing=…) ──► Engine ──► write_transaction(engine) ──► Connection
                                                 └──► reading(engine)           ──► Session

SQLite (WAL, foreign keys on) unless the settings name another; PostgreSQL through psycopg 3.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

import service.schema  # noqa: F401 - every table is known before the first query
from service.errors import DatabaseError
from service.settings import Settings

HEAD = "0019"
"""The newest migration (a test compares): known without loading Alembic, so that opening stays quick."""
MIGRATIONS = Path(__file__).parent / "migrations"
_ADVICE = {
    "lock": "in use by another import; try again when it has ended",
    "readonly": "set REMIX_HOME to a folder that can be written: also reading needs it",
    "unable to open": "set REMIX_HOME to a folder that can be written: also reading needs it",
    "not a database": "move the file away and run `remix init`",
    "malformed": "move the file away and run `remix init`",
}
"""What a driver's message says, and what a person can do about it."""
BUSY_TIMEOUT_S = 30
"""How long one process waits for another one's import to end."""
_TURN = Lock()


def open_database(settings: Settings, *, writing: bool = False) -> Engine:
    """Open the database; for writing, create it or bring it to the newest version first.

    Raises DatabaseError if it is missing or behind (opened for reading), newer than this program, or not a database.
    """
    engine = _engine(settings.database)
    try:
        _make_ready(engine, writing)
    except DatabaseError:
        engine.dispose()
        raise
    return engine


def _make_ready(engine: Engine, writing: bool) -> None:
    file = _file(engine)
    if file is not None and writing:
        _make_folder(file.parent)
    elif file is not None and not file.exists():
        raise DatabaseError(f"{file}: there is no database yet; create it with `remix init`")
    with _named_errors(engine):
        revision = current_revision(engine)
        if revision == HEAD:
            return
        if not writing:
            raise DatabaseError(
                f"{_shown(engine)}: version {revision or 'none'} of the tables, {HEAD} expected; "
                "run `remix init` to bring it up to date"
            )
        upgrade(engine)


def open_lasting(settings: Settings) -> Engine:
    """Open the database so that what was committed also outlives a power cut, which takes a write to the disk each.

    PostgreSQL does so anyway; SQLite otherwise only outlives the death of processes. Raises DatabaseError.
    """
    engine = open_database(settings)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous = FULL"))
        engine.dispose()
    return engine


def open_as_it_is(settings: Settings) -> Engine:
    """Open a database of whatever version, to copy it; raises DatabaseError if there is none, or nothing in it."""
    engine = _engine(settings.database)
    file = _file(engine)
    with _named_errors(engine):
        if (file is None or file.exists()) and current_revision(engine) is not None:
            return engine
    engine.dispose()
    raise DatabaseError(f"{_shown(engine)}: there is no database yet; create it with `remix init`")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseError(f"{folder}: cannot be made ({error.strerror}); set REMIX_HOME") from error


def is_new(settings: Settings) -> bool:
    """Whether there is no database yet: no file, or one without tables. Raises DatabaseError if it cannot be asked."""
    engine = _engine(settings.database)
    file = _file(engine)
    if file is not None and not file.exists():
        return True
    try:
        with _named_errors(engine):
            return current_revision(engine) is None
    finally:
        engine.dispose()


def current_revision(engine: Engine) -> str | None:
    """The migration at which the database stands; None if it is empty."""
    with engine.connect() as connection:
        return revision_of(connection)


def revision_of(connection: Connection) -> str | None:
    """The migration at which the database stands, as this transaction sees it; None if it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Migrate the database up to ``revision``, in one transaction. Raises DatabaseError if it is newer than we are."""
    _migrate(engine, revision, up=True)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Migrate the database down to ``revision``, in one transaction; what only newer tables hold is lost."""
    _migrate(engine, revision, up=False)


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Connection]:
    """Hold the only writing transaction: committed at the end, undone whole on any error.

    Raises DatabaseError if another import holds the database for longer than ``BUSY_TIMEOUT_S``.
    """
    with _named_errors(engine), engine.execution_options(begin="IMMEDIATE").begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = '{BUSY_TIMEOUT_S * 1000:.0f}ms'"))
            connection.execute(text("LOCK TABLE imports IN SHARE ROW EXCLUSIVE MODE"))
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Hold a session that reads one state of the database, whatever others write meanwhile."""
    one_state = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with _named_errors(engine), Session(engine.execution_options(**one_state)) as session:
        yield session


@contextmanager
def writing_in_turn(engine: Engine) -> Iterator[Session]:
    """Hold a session as ``writing`` does, the threads of this process one after another.

    SQLite lets those who wait try by lot, and the unlucky ones wait for seconds. For a breath of work within one
    function only: whoever holds the turn must need nobody else to end.
    """
    turn = _TURN if engine.dialect.name == "sqlite" else nullcontext()
    with turn, writing(engine) as session:
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """Hold a session whose work is committed at the end, undone whole on any error.

    On SQLite the database is taken from the start, so that a reader never turns out to be unable to write.
    """
    with _named_errors(engine), Session(engine.execution_options(begin="IMMEDIATE")) as session, session.begin():
        yield session


def _engine(url: str, *, foreign_keys: bool = True, **options: Any) -> Engine:
    try:
        engine = create_engine(url, **options)
    except ArgumentError as error:
        # The value is not shown: it may hold a password.
        raise DatabaseError("REMIX_DATABASE_URL: not a database URL, such as postgresql://user@host/name") from error
    except ModuleNotFoundError as error:
        raise DatabaseError(f"REMIX_DATABASE_URL: {error}; for PostgreSQL, pip install 'remix[postgres]'") from error
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine, foreign_keys)
    return engine


def _prepare_sqlite(engine: Engine, foreign_keys: bool) -> None:
    """Give SQLite real transactions (also for DDL) and the pragmas that make it a database for two processes."""

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000:.0f}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")


def _migrate(engine: Engine, revision: str, *, up: bool) -> None:
    with _remaking(engine.url.render_as_string(hide_password=False)) as connection:
        migrate(connection, revision, up=up)


@contextmanager
def remaking(settings: Settings) -> Iterator[Connection]:
    """Hold one transaction in which tables are made and filled: committed at the end, undone whole on any error.

    Rows may point to rows that come later; at the end none may point nowhere, else DatabaseError is raised.
    """
    file = _file(_engine(settings.database))
    if file is not None:
        _make_folder(file.parent)
    with _remaking(settings.database) as connection:
        yield connection


@contextmanager
def _remaking(url: str) -> Iterator[Connection]:
    # SQLite rebuilds a table to alter it, which foreign keys would forbid: a connection of its own, checked at the end.
    engine = _engine(url, foreign_keys=False, poolclass=NullPool)
    with _named_errors(engine), engine.execution_options(begin="IMMEDIATE").begin() as connection:
        yield connection
        _check_foreign_keys(connection)


def migrate(connection: Connection, revision: str = "head", *, up: bool = True) -> None:
    """Migrate in a transaction that ``remaking`` holds; raises DatabaseError for a revision that is not known."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        (command.upgrade if up else command.downgrade)(config, revision)
    except CommandError as error:
        raise DatabaseError(
            f"{_shown(connection.engine)}: {error}; it may have been made by a newer Remix: update this one"
        ) from error


def known_revisions() -> frozenset[str]:
    """The migrations that this program knows."""
    from alembic.script import ScriptDirectory

    return frozenset(script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions())


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise DatabaseError("this would leave rows that point nowhere; it was undone")


@contextmanager
def _named_errors(engine: Engine) -> Iterator[None]:
    """Say which database failed, and what to do, instead of the driver's words alone."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        reason = str(getattr(error, "orig", None) or error)
        advice = next((f"; {advice}" for sign, advice in _ADVICE.items() if sign in reason), "")
        raise DatabaseError(f"{_shown(engine)}: {reason}{advice}") from error


def _file(engine: Engine) -> Path | None:
    name = engine.url.database
    return Path(name) if engine.dialect.name == "sqlite" and name and name != ":memory:" else None


def _shown(engine: Engine) -> str:
    return str(_file(engine) or engine.url.render_as_string(hide_password=True))
