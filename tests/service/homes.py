"""A home that is filled once and copied for each test: a copy costs less than filling it again."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from service.database import open_database
from service.settings import Settings


def settings_of(home: Path) -> Settings:
    """The settings of a home with the database of its own."""
    return Settings(home=home, database_url="")


def filled_home(home: Path, fill: Callable[[Engine, Path], None]) -> Path:
    """Fill a new home and return it, with nothing left open."""
    engine = open_database(settings_of(home), writing=True)
    fill(engine, home)
    engine.dispose()
    return home


@contextmanager
def copied_home(home: Path, place: Path) -> Iterator[Engine]:
    """Hold the database of a copy of a home, made at ``place``, which must not be there yet."""
    shutil.copytree(home, place)
    engine = open_database(settings_of(place), writing=True)
    yield engine
    engine.dispose()
