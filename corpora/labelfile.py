"""Rows of a label file, each with the place where it stands: what judged matches, partners and read facts share."""

import csv
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeVar

from corpora.errors import CorporaError

WHY_LIMIT = 120


class Asked(Protocol):
    """A labelled question."""

    @property
    def query_id(self) -> str:
        """Its id, its own in the file."""
        ...


class Reading(Protocol):
    """One reading of one pair by one judge."""

    @property
    def pair(self) -> tuple[str, str]:
        """The (query id, candidate id) that was judged."""
        ...

    @property
    def judge(self) -> str:
        """Who read."""
        ...


Q = TypeVar("Q", bound=Asked)
R = TypeVar("R", bound=Reading)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands, so that an error can name file, line, field and value."""

    path: Path
    line: int

    def error(self, field: str, value: object, must: str) -> CorporaError:
        """The error of a field, for a check of its own."""
        return CorporaError(f"{self.path}, line {self.line}, field {field!r}: {value!r} {must}")

    def one_of(self, field: str, value: Any, allowed: Sequence[Any]) -> Any:
        """The value, which must be one of those allowed; raises CorporaError."""
        if value not in allowed:
            raise self.error(field, value, f"must be one of {', '.join(map(str, allowed))}")
        return value

    def text(self, field: str, value: object) -> str:
        """A text that says something, without blanks around it; raises CorporaError."""
        if not isinstance(value, str) or not value.strip():
            raise self.error(field, value, "must be a text that is not empty")
        return value.strip()

    def day(self, field: str, value: object) -> date:
        """A day; raises CorporaError."""
        try:
            return date.fromisoformat(self.text(field, value))
        except ValueError as error:
            raise self.error(field, value, "must be a day as YYYY-MM-DD") from error

    def why(self, field: str, value: object) -> str:
        """A reason, in ``WHY_LIMIT`` characters; raises CorporaError."""
        why = self.text(field, value)
        if len(why) > WHY_LIMIT:
            raise self.error(field, why, f"has {len(why)} characters; say it in {WHY_LIMIT}")
        return why

    def commune(self, field: str, value: object) -> str:
        """The ISTAT code of a commune; raises CorporaError."""
        commune = self.text(field, value)
        if not (len(commune) == 6 and commune.isdecimal()):
            raise self.error(field, commune, "must be an ISTAT code of 6 digits, as text")
        return commune

    def source_id(self, field: str, value: object) -> str:
        """The id of a call or a body; raises CorporaError."""
        source_id = self.text(field, value)
        source, _, own = source_id.partition(":")
        if not (source and own):
            raise self.error(field, source_id, "must be <source>:<publisher's own id>")
        return source_id

    def each_of(self, field: str, values: object, allowed: Sequence[str]) -> tuple[str, ...]:
        """A list of values that are all allowed, possibly empty; raises CorporaError."""
        if not isinstance(values, list):
            raise self.error(field, values, "must be a list, empty where none fits")
        return tuple(self.one_of(field, value, allowed) for value in values)


def json_rows(path: Path) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every line of a JSONL file as an object with its place; raises CorporaError for the first that is none."""
    for number, line in enumerate(label_lines(path), start=1):
        place = Place(path, number)
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise place.error("line", line[:80], "must be one JSON object") from error
        if not isinstance(row, dict):
            raise place.error("line", line[:80], "must be one JSON object")
        yield place, row


def label_lines(path: Path) -> list[str]:
    """The lines of a file in UTF-8, without the last line's end; raises CorporaError if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CorporaError(f"{path} cannot be read: {error}; it must be a file in UTF-8") from error


def tsv_rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[Place, dict[str, str]]]:
    """Every row of a file of tab-separated fields under a header; raises CorporaError for the first that is none."""
    rows = csv.reader(label_lines(path), delimiter="\t", quoting=csv.QUOTE_NONE)
    header = next(rows, [])
    if header != list(columns):
        raise Place(path, 1).error("header", header, f"must be {', '.join(columns)}, separated by tabs")
    for number, row in enumerate(rows, start=2):
        if len(row) != len(columns):
            raise Place(path, number).error("line", row, f"must have {len(columns)} fields, has {len(row)}")
        yield Place(path, number), dict(zip(columns, row, strict=True))


def asked_once(queries: Iterable[tuple[Place, Q]]) -> list[Q]:
    """The queries in their order; raises CorporaError for an id that two of them have."""
    found: dict[str, Q] = {}
    for place, query in queries:
        if query.query_id in found:
            raise place.error("query_id", query.query_id, "is already used by an earlier line; give it its own")
        found[query.query_id] = query
    return list(found.values())


def judged_once(readings: Iterable[tuple[Place, R]], field: str, known: Collection[str], queries: Path) -> list[R]:
    """The readings in their order; ``field`` names the candidate, ``known`` are the ids that the file ``queries`` has.

    Raises CorporaError for a query that is not known, or a pair judged twice by the same judge.
    """
    seen: dict[tuple[str, str, str], int] = {}
    found = []
    for place, reading in readings:
        query_id, candidate = reading.pair
        if query_id not in known:
            raise place.error("query_id", query_id, f"is not in {queries}")
        key = (query_id, candidate, reading.judge)
        if key in seen:
            raise place.error(field, candidate, f"was judged by {reading.judge!r} on line {seen[key]}")
        seen[key] = place.line
        found.append(reading)
    return found
