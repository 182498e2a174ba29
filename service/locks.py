"""Work that one process does at a time, and the others wait for; the right to it ends with the process."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

_POLL_S = 0.1


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock ``path``, as soon as nobody else does; raises OSError if it cannot be made.

    SQLite locks files the same way on every system, and lets go of them when a process dies.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        # Asked again and again, not waited for: SQLite's own waiting cannot be interrupted from the keyboard.
        while not _taken(connection):
            time.sleep(_POLL_S)
        yield


@contextmanager
def if_free(path: Path) -> Iterator[bool]:
    """Hold the lock ``path`` if nobody else does; yields whether it is held. Raises OSError if it cannot be made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        yield _taken(connection)


def _taken(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise OSError(str(error)) from error
        return False
    return True
