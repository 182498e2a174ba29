"""A database with communes and calls, on SQLite and on PostgreSQL, made once for all tests of a module."""

import pytest

from service.initial import init_database
from service.settings import Settings
from tests.service.conftest import _empty_schema
from tests.service.digests.people import clear


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request, tmp_path_factory):
    """Settings and engine of a database that holds the embedded corpus."""
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home=home, cache=home, database_url="" if request.param == "sqlite" else _empty_schema())
    engine, _ = init_database(settings)
    yield settings, engine
    engine.dispose()


@pytest.fixture
def filled(database):
    """The engine of that database, without anybody who gets e-mails."""
    clear(database[1])
    return database[1]
