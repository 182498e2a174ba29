"""The application of the answers' tests, with a visitor."""

import pytest

from tests.service.answers.conftest import app, world_settings
from tests.service.web.clients import visitor

__all__ = ["app", "world_settings"]


@pytest.fixture(scope="module")
def client(app):
    return visitor(app)
