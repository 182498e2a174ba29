"""The language of ``--help``: known before the settings are read, so that the help is there at once."""

import os
from pathlib import Path

VARIABLE = "REMIX_LANGUAGE"


def either(italian: str, english: str) -> str:
    """Return the words of the reader's language, from the environment or the ``.env`` file; else Italian."""
    return english if _language() == "en" else italian


def _language() -> str | None:
    if VARIABLE in os.environ or not Path(".env").is_file():
        return os.environ.get(VARIABLE)
    from dotenv import dotenv_values

    return dotenv_values(".env").get(VARIABLE)
