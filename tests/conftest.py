"""What many tests need: the real open data, and the default encoder."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from matcher.e5.build import build_encoder, build_name
from matcher.onnx_encoder import OnnxEncoder
from service.settings import load_settings

REPOSITORY = Path(__file__).resolve().parent.parent

# How long an example takes is the machine's affair: benchmarks measure, tests do not.
settings.register_profile("remix", deadline=None)
settings.load_profile("remix")


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


@pytest.fixture(scope="session")
def default_encoder_folder() -> Path:
    """Folder of the default encoder, built at first use where the product keeps it."""
    folder = load_settings().cache / "encoders" / build_name()
    if not folder.exists():
        build_encoder(folder, lambda _share, _what: None)
    return folder


@pytest.fixture(scope="session")
def default_encoder(default_encoder_folder: Path) -> OnnxEncoder:
    """The encoder that the product uses where no other is set."""
    return OnnxEncoder.load(default_encoder_folder)
