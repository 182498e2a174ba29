import sys

import pytest

from matcher.errors import EncoderError
from matcher.hub_encoder import HubEncoder


def test_without_sentence_transformers_the_error_gives_the_pip_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(
        EncoderError,
        match=r"REMIX_ENCODER, value 'intfloat/x'.*pip install torch==\S+ && pip install 'remix\[training\]'.*unset",
    ):
        HubEncoder("intfloat/x")
