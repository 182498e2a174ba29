"""The gate: what was once reached must not be lost unnoticed.

    floor.toml ──► Floor ── task, system, measure, stratum and value, bound, history
    Results    ──► check(results, floors) ──► Shortfall ── a sentence and the command that shows why

A floor only rises. Its ``history`` says when it was set, at what, and what had been measured then; an entry that lowers
it is refused.
"""

import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from evaluation.errors import FloorError
from evaluation.results import Result, Results

FLOORS = Path(__file__).with_name("floor.toml")
AT_LEAST, AT_MOST = "at least", "at most"
_KEYS = ("task", "system", "measure", "direction", "history")
_WHERE = ("stratum", "value")
_ENTRY = ("on", "bound", "measured")


@dataclass(frozen=True, slots=True)
class Entry:
    """When a floor was set, where, and the value measured that day."""

    on: date
    bound: float
    measured: float


@dataclass(frozen=True, slots=True)
class Floor:
    """What one measure of one system on one task must reach, over all queries or those of one stratum's value.

    ``direction``: ``at least`` where higher is better, ``at most`` where lower is. ``command`` shows why it fell.
    """

    task: str
    system: str
    measure: str
    direction: str
    history: tuple[Entry, ...]
    stratum: str = ""
    value: str = ""
    command: str = ""

    @property
    def bound(self) -> float:
        """The bound in force: that of the last entry."""
        return self.history[-1].bound

    @property
    def name(self) -> str:
        """The floor in words."""
        where = f" for {self.stratum} = {self.value}" if self.stratum else ""
        return f"{self.measure} of {self.system} on {self.task}{where}"

    def holds(self, measured: float) -> bool:
        """Whether a value is on the right side of the bound; nan never is."""
        return measured >= self.bound if self.direction == AT_LEAST else measured <= self.bound


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A floor that does not hold; ``measured`` is nan where no query of the stratum has a value."""

    floor: Floor
    measured: float

    @property
    def sentence(self) -> str:
        """What fell, by how much, and the command that shows why."""
        floor, last = self.floor, self.floor.history[-1]
        was = f"{floor.direction} {floor.bound:.3f} (set {last.on} from {last.measured:.3f})"
        if math.isnan(self.measured):
            return f"{floor.name} was not measured: no query has a value; it must be {was}. To see why: {floor.command}"
        fell = "fell to" if floor.direction == AT_LEAST else "rose to"
        by = abs(self.measured - floor.bound)
        return f"{floor.name} {fell} {self.measured:.3f}, {by:.3f} beyond {was}. To see why: {floor.command}"


def check(results: Results, floors: Iterable[Floor]) -> list[Shortfall]:
    """Return the floors that do not hold, furthest beyond its bound first.

    Raises ResultsError for a floor on a task, system or measure that the results do not have.
    """
    found = []
    for floor in floors:
        measured = _measured(results, floor)
        if not floor.holds(measured):
            found.append(Shortfall(floor, measured))
    return sorted(found, key=lambda s: -abs(s.measured - s.floor.bound) if s.measured == s.measured else -math.inf)


def _measured(results: Results, floor: Floor) -> float:
    if not floor.stratum and any(
        (t.task, t.system, t.measure) == (floor.task, floor.system, floor.measure) for t in results.totals
    ):
        return results.total(floor.task, floor.system, floor.measure).value
    result: Result = results.result(floor.task, floor.system, floor.measure)
    if not floor.stratum:
        return result.mean()
    return result.mean(results.task(floor.task).strata().get(floor.stratum, {}).get(floor.value, frozenset()))


def load_floors(path: Path = FLOORS) -> tuple[Floor, ...]:
    """Read the floors, in file order.

    Raises FloorError naming file, entry, field and value for the first entry that does not hold together, or whose
    history lowers it.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FloorError(f"{path} cannot be read as TOML: {error}") from error
    commands = found.get("command", {})
    floors = tuple(_floor(path, number, row, commands) for number, row in enumerate(found.get("floor", []), start=1))
    if not floors:
        raise FloorError(f"{path}: no [[floor]] in it; a gate without floors lets everything through")
    _refuse_twice(path, floors)
    return floors


def _floor(path: Path, number: int, row: Mapping[str, Any], commands: Mapping[str, str]) -> Floor:
    where = f"{path}, floor {number}"
    missing = [key for key in _KEYS if key not in row]
    extra = sorted(row.keys() - {*_KEYS, *_WHERE})
    if missing or extra or ("stratum" in row) != ("value" in row):
        fields = f"needs {', '.join(_KEYS)}, and may have both {' and '.join(_WHERE)}"
        raise FloorError(f"{where}: {fields}; missing {missing}, not known {extra}")
    if row["direction"] not in (AT_LEAST, AT_MOST):
        raise FloorError(f"{where}, field 'direction': {row['direction']!r} must be {AT_LEAST!r} or {AT_MOST!r}")
    if row["task"] not in commands:
        raise FloorError(f"{where}, field 'task': {row['task']!r} has no command in [command] that shows why it fell")
    history = tuple(_entry(where, entry) for entry in row["history"])
    floor = Floor(**{**row, "history": history, "command": commands[row["task"]]})
    _refuse_lowered(where, floor)
    return floor


def _entry(where: str, entry: Mapping[str, Any]) -> Entry:
    if sorted(entry) != sorted(_ENTRY) or type(entry["on"]) is not date:
        raise FloorError(f"{where}, field 'history': {entry!r} must have {', '.join(_ENTRY)}, the first a day")
    return Entry(entry["on"], float(entry["bound"]), float(entry["measured"]))


def _refuse_lowered(where: str, floor: Floor) -> None:
    history = floor.history
    if not history:
        raise FloorError(f"{where}, field 'history': is empty; say when the floor was set, at what, from what measure")
    sign = 1 if floor.direction == AT_LEAST else -1
    for entry in history:
        if sign * entry.measured < sign * entry.bound:
            raise FloorError(f"{where}, field 'history': the measured {entry.measured} does not reach {entry.bound}")
    for before, after in pairwise(history):
        if sign * after.bound < sign * before.bound or after.on < before.on:
            raise FloorError(f"{where}, field 'history': {after.bound} after {before.bound}; a floor only rises")


def _refuse_twice(path: Path, floors: tuple[Floor, ...]) -> None:
    names = [floor.name for floor in floors]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise FloorError(f"{path}: two floors for {twice[0]}; keep one, with both in its history")
