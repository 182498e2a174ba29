"""Sources that read from memory instead of a format."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path

from corpora.errors import LayoutError, SourceError
from corpora.rows import Quarantined, Read, Repairs
from matcher.records import FundingCall, Record


class ListedSource:
    """Yields what it was given, a row a line; an exception in the list is raised when its turn comes."""

    holds = "calls"

    def __init__(self, *rows: Record | Quarantined | Exception, name: str = "prova", repaired: str = "") -> None:
        self.name = name
        self.rows = rows
        self.repaired = repaired

    def read(self, path: Path, repairs: Repairs) -> Iterable[Read | Quarantined]:
        if self.repaired:
            repairs.add(self.repaired)
        for line, row in enumerate(self.rows, start=1):
            if isinstance(row, Exception):
                raise row
            yield row if isinstance(row, Quarantined) else Read(line, row)


class JsonLinesSource:
    """Reads ``{"id", "title"}`` rows from a gzip, as strictly as the real sources do."""

    name = "prova"
    holds = "calls"

    def read(self, path: Path, repairs: Repairs) -> Iterable[Read | Quarantined]:
        try:
            with gzip.open(path, "rt") as lines:
                for number, line in enumerate(lines, start=1):
                    yield self._outcome(path, number, line)
        except EOFError as error:
            raise SourceError(f"{path}: truncated") from error

    def _outcome(self, path: Path, number: int, line: str) -> Read:
        row = json.loads(line)
        if "title" not in row:
            raise LayoutError(f"{path}: no column 'title'")
        return Read(number, call(row["id"], title=row["title"]))


def call(number: object = 1, source: str = "prova", **fields: object) -> FundingCall:
    return FundingCall(**{"id": f"{source}:{number}", "source": source, "title": "Asili nido"} | fields)


def bad(line: int = 2, file: str = "bandi.csv", value: str = "31/02/2025", reason: str = "no such day") -> Quarantined:
    return Quarantined(file, line, "scadenza", value, reason)
