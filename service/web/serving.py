"""The application as a server's process runs it: with its settings, its log, and calls read at once."""

from fastapi import FastAPI

from service.logs import configure_logs
from service.settings import load_settings
from service.web.app import create_app

FACTORY = "service.web.serving:served_app"
"""What a server is told to import in each of its processes."""


def served_app() -> FastAPI:
    """Return the application of this process's settings; raises SettingsError."""
    settings = load_settings()
    configure_logs(settings)
    return create_app(settings, eager=True)
