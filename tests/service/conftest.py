"""Real databases: an SQLite file always, PostgreSQL when REMIX_TEST_POSTGRES names one that the tests may empty."""

import os

import pytest
from sqlalchemy import create_engine, text

from service.database import open_database
from service.settings import Settings


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request, tmp_path):
    """Settings whose database does not exist yet (or is empty)."""
    if request.param == "sqlite":
        return Settings(home=tmp_path / "home", cache=tmp_path / "cache", database_url="")
    url = os.environ.get("REMIX_TEST_POSTGRES")
    if not url:
        pytest.skip("REMIX_TEST_POSTGRES is not set")
    server = create_engine(url)
    with server.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    server.dispose()
    return Settings(home=tmp_path / "home", cache=tmp_path / "cache", database_url=url)


@pytest.fixture
def engine(settings):
    engine = open_database(settings, writing=True)
    yield engine
    engine.dispose()
