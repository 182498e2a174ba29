"""Real databases: an SQLite file always, PostgreSQL when REMIX_TEST_POSTGRES is the URL of one for tests."""

import os
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from service.database import open_database
from service.settings import Settings

WHOLE_SERVICE = frozenset(
    "access accounts answers audit catalogue copies digests events frame jobs live maps pages partners "
    "register requests web work".split()
)
"""Folders whose tests are marked ``service``: they open the whole application, many of them on both databases."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the default run short: what opens the whole service has a run of its own."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here) and item.path.relative_to(here).parts[0] in WHOLE_SERVICE:
            item.add_marker(pytest.mark.service)


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request, tmp_path):
    """Settings whose database does not exist yet (or is empty)."""
    url = "" if request.param == "sqlite" else _empty_schema()
    return Settings(home=tmp_path / "home", cache=tmp_path / "cache", database_url=url)


@pytest.fixture
def engine(settings):
    engine = open_database(settings, writing=True)
    yield engine
    engine.dispose()


def _empty_schema() -> str:
    """Empty the schema of this test process and return its URL, so that processes do not meet."""
    url = os.environ.get("REMIX_TEST_POSTGRES")
    if not url:
        pytest.skip("REMIX_TEST_POSTGRES is not set")
    schema = f"remix_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    server = create_engine(url)
    with server.begin() as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    server.dispose()
    own = make_url(url).update_query_dict({"options": f"-csearch_path={schema}"})
    return own.render_as_string(hide_password=False)
