"""Where the tests find the real open data, and what they say when it is not there."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the real open data (``REMIX_SHARED``, default ``../shared``); required in CI, skipped elsewhere."""
    folder = Path(os.environ.get("REMIX_SHARED", REPOSITORY.parent / "shared")) / "data"
    if not folder.is_dir():
        message = f"no real data at {folder}: set REMIX_SHARED to the folder that holds data/"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return folder
