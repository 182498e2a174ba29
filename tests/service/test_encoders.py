import shutil
import sys
from pathlib import Path

import pytest

from matcher.errors import EncoderError
from matcher.onnx_encoder import OnnxEncoder
from service.encoders import open_encoder


def no_build(share: float, what: str) -> None:
    raise AssertionError(f"nothing was to be built, yet at {share}: {what}")


@pytest.mark.parametrize("setting", ["", "default"])
def test_the_default_encoder_is_opened_where_it_was_built(
    setting: str, default_encoder_folder: Path, default_encoder: OnnxEncoder
) -> None:
    cache = default_encoder_folder.parent.parent
    assert open_encoder(setting, cache, no_build).id == default_encoder.id


def test_the_first_use_builds_and_the_second_does_not(tmp_path: Path) -> None:
    told: list[str] = []
    first = open_encoder("default", tmp_path, lambda _share, what: told.append(what))
    assert told[-1] == "done"
    assert open_encoder("default", tmp_path, no_build).id == first.id


def test_a_damaged_encoder_is_refused_and_not_built_over(tmp_path: Path, default_encoder_folder: Path) -> None:
    folder = tmp_path / "encoders" / default_encoder_folder.name
    shutil.copytree(default_encoder_folder, folder)
    (folder / "model.onnx").write_bytes(b"")
    with pytest.raises(EncoderError, match=r"model\.onnx: its sha256"):
        open_encoder("default", tmp_path, no_build)


def test_any_other_setting_is_the_name_of_a_sentence_transformers_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(EncoderError, match="REMIX_ENCODER, value 'intfloat/multilingual-e5-base'"):
        open_encoder("intfloat/multilingual-e5-base", tmp_path, no_build)
