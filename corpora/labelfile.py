"""Rows of a label file, each with the place where it stands: what the judged matches and the read facts share."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from corpora.errors import CorporaError


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

    def call_id(self, field: str, value: object) -> str:
        """The id of a call; raises CorporaError."""
        call_id = self.text(field, value)
        source, _, own = call_id.partition(":")
        if not (source and own):
            raise self.error(field, call_id, "must be <source>:<publisher's own id>")
        return call_id


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
