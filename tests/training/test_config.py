"""A configuration is read strictly."""

from pathlib import Path

import pytest

from training.config import load_config
from training.errors import ConfigError

DEFAULT = Path(__file__).resolve().parents[2] / "training" / "configs" / "default.toml"


def test_the_default_configuration_is_read() -> None:
    config = load_config(DEFAULT)
    assert config.seed == 7
    assert config.ranker.sampling.folds == 10
    assert "pnrr-cold" in config.evaluate


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seed = 1\n[ranker]\npenalti = 2", r"'ranker\.penalti': not known; there are: per_measure"),
        ("seed = 'x'", r"'seed': 'x' must be a number"),
        ("seed = 1\n[ranker]\npenalty = -1", r"'ranker\.penalty': -1 must be a number from 0 on"),
        ("seed = 1\n[ranker.sampling]\nhard = 2.5", r"'ranker\.sampling\.hard': 2\.5 must be a number"),
        ("[ranker]", "seed"),
        ("seed = 1\nevaluate = 'needs'", "must be a list of names"),
        ("seed = ", "cannot be read as TOML"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "train.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        load_config(path)
