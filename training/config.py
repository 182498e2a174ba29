"""The configuration of a training, read strictly: a misspelt setting is refused, not ignored."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from training.errors import ConfigError
from training.examples import Sampling
from training.ranker import RankerConfig


@dataclass(frozen=True, slots=True)
class Config:
    """What is trained and how; ``evaluate``: names of the tasks that are measured afterwards, on dev.

    ``tags``: also train the strategy tags.
    """

    seed: int
    ranker: RankerConfig
    tags: bool = True
    evaluate: tuple[str, ...] = ()


def load_config(path: Path) -> Config:
    """Read a configuration; raises ConfigError naming the file, the field and the value that cannot be used."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path}: cannot be read as TOML ({error})") from error
    ranker = dict(found.pop("ranker", {}))
    sampling = _built(Sampling, path, "ranker.sampling", ranker.pop("sampling", {}))
    settings = _built(RankerConfig, path, "ranker", {**ranker, "sampling": sampling})
    tasks = found.pop("evaluate", [])
    if not isinstance(tasks, list) or not all(isinstance(name, str) for name in tasks):
        raise ConfigError(f"{path}, field 'evaluate': {tasks!r} must be a list of names of tasks")
    return _built(Config, path, "", {**found, "ranker": settings, "evaluate": tuple(tasks)})


def _built(kind: type[Any], path: Path, table: str, values: Mapping[str, Any]) -> Any:
    known = {one.name: one for one in fields(kind)}
    for name, value in values.items():
        where = f"{path}, field {f'{table}.{name}'.lstrip('.')!r}"
        if name not in known:
            raise ConfigError(f"{where}: not known; there are: {', '.join(known)}")
        wanted = known[name].type
        if wanted in (int, float) and (isinstance(value, bool) or not isinstance(value, int | wanted) or value < 0):
            raise ConfigError(f"{where}: {value!r} must be a number from 0 on ({wanted.__name__})")
    try:
        return kind(**values)
    except TypeError as error:
        raise ConfigError(f"{path}: {error}; add what is missing") from error
