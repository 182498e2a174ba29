"""JSON as official portals publish it: an array, an envelope around an array, or one object a line."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from corpora.errors import SourceError
from corpora.tablefile import BadRow, Cells
from corpora.textfile import TextFile

_ENVELOPES = (("response", "docs"), ("result", "records"), ("docs",), ("records",), ("data",), ("results",), ("enti",))
_LINES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")

# JSON can escape what UTF-8 cannot write and no database stores.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")

_Item = tuple[int, Mapping[str, Any] | BadRow]


def is_json(text_file: TextFile) -> bool:
    """Whether the text starts as a JSON array or object does."""
    with text_file.open() as stream:
        for line in stream:
            if line.strip():
                return line.lstrip().startswith(("[", "{"))
    return False


def read_json(text_file: TextFile) -> Cells:
    """The items with their number (JSON Lines: with their line); lists are joined by ``;``, numbers stay as written.

    The columns are the keys that any item has. Raises SourceError if it is not JSON or holds no list of objects.
    """
    items = _lines(text_file) if _one_object_a_line(text_file) else _items(text_file)
    columns = list({key: None for _, item in items if not isinstance(item, BadRow) for key in item})
    return Cells(columns, _rows(items, columns))


def _rows(items: Sequence[_Item], columns: Sequence[str]) -> Iterator[tuple[int, Sequence[str] | BadRow]]:
    for line, item in items:
        if isinstance(item, BadRow):
            yield line, item
            continue
        texts = [_text(item.get(column)) for column in columns]
        bad = next((at for at, text in enumerate(texts) if _UNSTORABLE.search(text)), None)
        if bad is None:
            yield line, texts
        else:
            shown = _UNSTORABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", texts[bad])
            yield line, BadRow(columns[bad], shown, "a NUL or half a character, which no text may hold")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ";".join(text for text in map(_text, value) if text)
    return json.dumps(value, ensure_ascii=False)


class _Number(str):
    """A number as it was written, so that no amount passes through a binary fraction."""

    __slots__ = ()


def _parse(text: str) -> Any:
    return json.loads(text, parse_float=_Number, parse_int=_Number)


def _one_object_a_line(text_file: TextFile) -> bool:
    if text_file.path.name.endswith(_LINES):
        return True
    with text_file.open() as stream:
        first = next(line for line in stream if line.strip())
        try:
            item = _parse(first)
        except (ValueError, RecursionError):
            return False
        return isinstance(item, dict) and _enclosed(item) is None


def _lines(text_file: TextFile) -> list[_Item]:
    items: list[_Item] = []
    with text_file.open() as stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                items.append((number, _object(_parse(line))))
            except (ValueError, RecursionError) as error:
                items.append((number, BadRow("", line, f"not JSON: {error}")))
    return items


def _items(text_file: TextFile) -> list[_Item]:
    with text_file.open() as stream:
        try:
            document = _parse(stream.read())
        except (ValueError, RecursionError) as error:
            raise SourceError(f"{text_file.path}: not JSON: {error}: download it again") from error
    found = document if isinstance(document, list) else _enclosed(document)
    if found is None:
        raise SourceError(f"{text_file.path}: no list of records in it (looked for {_looked_for()})")
    return [(number, _object(item)) for number, item in enumerate(found, 1)]


def _object(item: Any) -> Mapping[str, Any] | BadRow:
    if isinstance(item, dict):
        return item
    return BadRow("", json.dumps(item, ensure_ascii=False), "not an object with named fields")


def _enclosed(document: Mapping[str, Any]) -> list[Any] | None:
    for path in _ENVELOPES:
        inside: Any = document
        for key in path:
            inside = inside.get(key) if isinstance(inside, dict) else None
        if isinstance(inside, list):
            return inside
    return None


def _looked_for() -> str:
    return ", ".join(".".join(path) for path in _ENVELOPES)
