"""The application of the answers' tests."""

from tests.service.answers.conftest import app, world_settings

__all__ = ["app", "world_settings"]
