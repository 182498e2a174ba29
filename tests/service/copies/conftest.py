"""A filled database of each kind, and an empty place of each kind for its copy."""

from pathlib import Path
from shutil import copy2, copyfile

import pytest

from service.copies.backup import back_up
from service.database import open_database
from service.settings import DATABASE_FILE, Settings
from tests.service.conftest import _empty_schema
from tests.service.copies.places import copy_file, fill, silent

PAIRS = [("sqlite", "sqlite"), ("sqlite", "postgresql"), ("postgresql", "sqlite")]


def place(kind, folder):
    return Settings(home=folder, cache=folder / "cache", database_url=_empty_schema() if kind == "postgresql" else "")


@pytest.fixture(params=PAIRS, ids="-to-".join)
def places(request, tmp_path):
    """The settings of a database to copy from and of another to copy to; neither exists yet."""
    return tuple(place(kind, tmp_path / name) for kind, name in zip(request.param, ("from", "to"), strict=True))


@pytest.fixture(scope="session")
def made_once(tmp_path_factory):
    """A folder with an SQLite database that has a row in every table, and its copy."""
    folder = tmp_path_factory.mktemp("copies")
    engine = open_database(place("sqlite", folder), writing=True)
    fill(engine)
    back_up(engine, copy_file(folder), silent)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return folder


@pytest.fixture
def full(made_once, tmp_path):
    """An SQLite database with a row in every table."""
    (tmp_path / "full").mkdir()
    copyfile(made_once / DATABASE_FILE, tmp_path / "full" / DATABASE_FILE)
    engine = open_database(place("sqlite", tmp_path / "full"))
    yield engine
    engine.dispose()


@pytest.fixture
def copied(made_once, tmp_path):
    """A copy of such a database."""
    return Path(copy2(copy_file(made_once), copy_file(tmp_path)))


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request, tmp_path):
    """The settings of an empty place."""
    return place(request.param, tmp_path / "target")


@pytest.fixture
def nowhere(tmp_path):
    """The settings of a place that must stay as it is: a folder that is not there."""
    settings = place("sqlite", tmp_path / "nowhere")
    yield settings
    assert not settings.home.exists()
