"""The tasks by name: each says what is asked, over which calls, and what the right answers are."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import cast

from evaluation.errors import TaskError
from evaluation.tasks.task import Checked, Task

SPLITS = ("dev", "test")
# Name → the module and the function in it that loads the task; modules load when they are asked for.
_LOADERS = {
    "needs": ("evaluation.tasks.needs", "load"),
    "needs-small": ("evaluation.tasks.needs_small", "load"),
    "pnrr-warm": ("evaluation.tasks.pnrr", "load_warm"),
    "pnrr-cold": ("evaluation.tasks.pnrr", "load_cold"),
    "pnrr-procedures": ("evaluation.tasks.pnrr_procedures", "load"),
    "leaks": ("evaluation.tasks.leaks", "load"),
    "padigitale-bodies": ("evaluation.tasks.padigitale_bodies", "load"),
    "asset-needs": ("evaluation.tasks.assets", "load_needs_of_assets"),
    "need-assets": ("evaluation.tasks.assets", "load_assets_of_needs"),
    "asset-calls": ("evaluation.tasks.assets", "load_calls_of_assets"),
    "fr-tee": ("evaluation.tasks.french", "load_tee"),
    "fr-fonds-vert": ("evaluation.tasks.french", "load_fonds_vert"),
}
_FAMILIES = {"pnrr": ("pnrr-warm", "pnrr-cold"), "assets": ("asset-needs", "need-assets", "asset-calls")}
# The gate's own, there to fall when something breaks: run when it is asked for by name.
_ASKED_FOR = {"needs-small"}

NAMES = tuple(_LOADERS)
"""Every task, in the order in which they are run and reported."""


def chosen(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the tasks that some names stand for: ``pnrr`` for warm and cold, no name for all but the gate's own.

    Raises TaskError naming the known ones.
    """
    if unknown := [name for name in names if name not in _LOADERS and name not in _FAMILIES]:
        raise TaskError(f"--task {unknown[0]!r}: choose one of {', '.join([*NAMES, *_FAMILIES])}")
    wanted = {task for name in names for task in _FAMILIES.get(name, (name,))}
    return tuple(name for name in NAMES if (name in wanted if names else name not in _ASKED_FOR))


def load_task(name: str, data: Path, split: str) -> Task | Checked:
    """Load a task from the folder of the official files; ``split`` is dev or test.

    Raises TaskError for an unknown name or split, CorporaError for a file that cannot be read.
    """
    if split not in SPLITS:
        raise TaskError(f"--split {split!r}: choose one of {', '.join(SPLITS)}")
    (only,) = chosen((name,))
    module, function = _LOADERS[only]
    loader = cast(Callable[[Path, str], Task | Checked], getattr(import_module(module), function))
    return loader(data, split)
