"""What an importer hands over: records, quarantined rows, repairs; and the count that must add up.

    file ──► rows ──► Read(line, record)  |  Quarantined(file, line, field, value, reason)

Every row in is exactly one of the two, so that nothing is lost: ``rows in = records + quarantined``.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from matcher.records import Record


@dataclass(frozen=True, slots=True)
class Read:
    """One row that became a record; ``line`` is its 1-based line (or item number in JSON) in the file."""

    line: int
    record: Record


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One row that could not be read, and why; ``value`` is cut at 500 characters."""

    file: str
    line: int
    field: str
    value: str
    reason: str


@dataclass(slots=True)
class Repairs:
    """What was repaired in a file without loss, counted by kind (``byte order mark``, ``double-encoded text``…)."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, what: str, times: int = 1) -> None:
        """Count ``times`` more repairs of one kind."""
        self.counts[what] += times


class Source(Protocol):
    """One official publisher's format, in all the layouts in which it was seen."""

    name: str
    """The name used on the command line and as the first half of every id: ``pnrr-misure``."""
    holds: str
    """What its rows become: the name of a kind of record, such as ``calls``, ``communes`` or ``boundaries``."""

    def read(self, path: Path, repairs: Repairs) -> Iterator[Read | Quarantined]:
        """Yield one outcome per row of the file, in file order.

        Raises SourceError if the file cannot be read at all, LayoutError if a needed column is missing.
        """
        ...
